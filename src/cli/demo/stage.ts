/** What both stories share: the cast, the case, and what must be true at their end. */
import { addDays, businessDate } from '../../domain/dates.ts';
import { EXAMPLE_EMPLOYER } from '../sandbox.ts';
import type { Blocker, Client, ExitView, FilingView } from './gateway.ts';
import type { HrCore, ReceivedEvent } from './hr-core.ts';
import type { Screen } from './screen.ts';

export interface Cast {
  readonly hr: Client;
  readonly desk: Client;
  readonly core: HrCore;
  readonly screen: Screen;
  /** The gateway's time and the agencies', moved forward together: everything that is due until then happens. */
  readonly goTo: (instant: Date) => Promise<void>;
}

const LIMIT_MS = 55_000;

/** Thirty days' notice that end the day after tomorrow, in whatever year the demo is played. */
export function exitOf(today: string) {
  const lastDay = addDays(today, 2);
  return {
    external_id: 'HR-2026-0017',
    profile: 'securities',
    reason: 'resignation',
    employer: EXAMPLE_EMPLOYER,
    employee: {
      external_id: 'E-1024',
      name: '张某',
      id_type: 'resident_id',
      id_number: '11010519491231002X',
      post: '投资顾问',
      contract: { type: 'fixed_term', start: addDays(today, -1000), end: addDays(today, 94) },
    },
    notice_date: addDays(today, -28),
    last_attendance_date: lastDay,
    exit_date: lastDay,
    disputes: [
      {
        external_id: 'C-88',
        kind: 'customer_complaint',
        summary: '客户李某投诉私下受托交易',
        amount: '200000.00',
      },
    ],
    handover: [
      { external_id: 'H-1', kind: 'customer', title: '所服务客户 32 户', receiver: '投资顾问 刘某' },
      { external_id: 'H-2', kind: 'access', title: '交易终端与 CRM 账号', receiver: '信息技术部 周某' },
    ],
    finance_items: [{ external_id: 'F-7', kind: 'loan', summary: '备用金借款未归还', amount: '5000.00' }],
    non_compete: { months: 12, monthly_compensation: '9000.00', competitors: ['91440300708461136T'] },
  };
}

/** Three violations with losses of 150000 yuan altogether, reported in the months before. */
export async function reportSignals({ hr, screen }: Cast, today: string): Promise<void> {
  const violations = [
    { external_id: 'V-1', days: 200, amount: '40000.00', summary: '未经书面授权操作客户账户' },
    { external_id: 'V-2', days: 120, amount: '50000.00', summary: '代客户下单' },
    { external_id: 'V-3', days: 40, amount: '60000.00', summary: '私下受托交易' },
  ];
  for (const { external_id, days, amount, summary } of violations)
    await hr.post('/v1/signals', {
      external_id,
      employee_external_id: 'E-1024',
      kind: 'violation',
      occurred_on: addDays(today, -days),
      amount,
      summary,
      source: 'compliance',
      profile: 'securities',
    });
  screen.step(
    'HR has reported three violations of 张某 in the months before; the risk rose above its threshold',
  );
}

/** Posts the exit, and shows by what it is held and how it is judged. */
export async function postExit(cast: Cast, today: string): Promise<ExitView> {
  const { hr, screen } = cast;
  const exit = await hr.post<ExitView>('/v1/exits', exitOf(today));
  if (exit.status !== 'gated' || !exit.blockers.some(({ gate }) => gate === 'open_dispute'))
    throw new Error(`the open complaint should have gated the exit; it is ${exit.status}`);
  screen.step(
    `posted: 张某, 投资顾问, resigns → ${exit.id} is ${exit.status}, held by ${exit.blockers.length} items:`,
  );
  for (const { title, item, subject, owner, clears } of exit.blockers)
    screen.note(`${title} (${item ?? subject}) → ${owner}: ${clears}`);
  const { level, text } = await hr.get<{ level: string; text: { zh: string } }>(
    `/v1/exits/${exit.id}/assessment`,
  );
  screen.step(`assessment (${level}): ${text.zh}`);
  await hr.post(`/v1/exits/${exit.id}/documents`, { kind: 'termination_certificate' });
  screen.step('termination certificate made (Labour Contract Law §50); it goes along with the labour filing');
  return exit;
}

const ACTORS: Readonly<Record<string, string>> = {
  compliance: '合规部 王某',
  sales: '投资顾问 刘某',
  finance: '财务部 孙某',
  information_technology: '信息技术部 周某',
};

/** One department settles one item. */
export async function clear({ hr, screen }: Cast, exitId: string, blocker: Blocker): Promise<void> {
  const { gate, subject, owner, documents } = blocker;
  const kind = documents?.kinds[0];
  const after = await hr.post<ExitView>(`/v1/exits/${exitId}/clearances`, {
    gate,
    subject,
    actor: ACTORS[owner] ?? owner,
    ...(gate === 'open_dispute' ? { note: '双方已签署和解协议' } : {}),
    documents: kind === undefined ? [] : [{ title: TITLES[kind] ?? kind, kind, reference: 'SA-2026-031' }],
  });
  screen.step(
    `${ACTORS[owner] ?? owner} clears ${gate} (${subject}) → ${after.blockers.length} left, ${after.status}`,
  );
}

const TITLES: Readonly<Record<string, string>> = {
  settlement_agreement: '和解协议',
  compliance_pledge: '离职合规承诺书',
};

/** Registers the HR core's endpoint and shows each webhook as it comes. */
export async function listen({ hr, core, screen }: Cast): Promise<void> {
  const endpoint = await hr.post<{ secret: string }>('/v1/webhook-endpoints', {
    url: core.url,
    description: 'demo HR core',
  });
  core.trust(endpoint.secret);
  screen.step(
    'the HR core has registered its webhook endpoint; it checks every signature with the standardwebhooks package',
  );
  core.onEvent((event) =>
    screen.note(`webhook ${String(event.sequence).padStart(2)}  ${event.type}${summary(event)}`),
  );
}

/** The first event that fits, also one that has come before. @throws Error when it does not come in time. */
export function awaitEvent(
  { core }: Pick<Cast, 'core'>,
  fits: (event: ReceivedEvent) => boolean,
  what: string,
): Promise<ReceivedEvent> {
  const known = core.received.find(fits);
  if (known !== undefined) return Promise.resolve(known);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${what} did not come within ${LIMIT_MS / 1000} s`)),
      LIMIT_MS,
    );
    timer.unref();
    core.onEvent((event) => {
      if (fits(event)) {
        clearTimeout(timer);
        resolve(event);
      }
    });
  });
}

function summary({ type, data }: ReceivedEvent): string {
  const parts = [data.kind, data.receipt, data.reason, data.clock, data.distance].filter(
    (part) => typeof part === 'string',
  );
  const meaning: Record<string, string> = {
    'filing.outcome_unknown': '→ not sent again: looked up by our serial',
    'filing.held': '→ waiting, no attempt burnt',
  };
  return `  ${[...parts, meaning[type] ?? ''].join('  ')}`.trimEnd();
}

export async function checkAgencies(desk: Client): Promise<void> {
  const cases = await desk.get<readonly unknown[]>('/cases?agency=labor');
  if (cases.length !== 1)
    throw new Error(`the labour agency should hold one filing, and holds ${cases.length}`);
}

/** Every event of the exit came as a webhook, in order, and those that the story is about are among them. */
export async function checkWebhooks(
  { hr, core }: Cast,
  exitId: string,
  told: readonly string[],
): Promise<void> {
  const { data } = await hr.get<{ data: readonly unknown[] }>(`/v1/exits/${exitId}/events?limit=100`);
  const sequences = core.received.filter((event) => event.exit_id === exitId).map(({ sequence }) => sequence);
  if (sequences.some((sequence, index) => sequence !== index + 1))
    throw new Error(`webhooks out of order: ${sequences.join(' ')}`);
  if (sequences.length !== data.length)
    throw new Error(`${data.length} events, but ${sequences.length} webhooks`);
  for (const type of told)
    if (!core.received.some((event) => event.type === type)) throw new Error(`nobody was told ${type}`);
  if (core.refused() > 0) throw new Error(`${core.refused()} webhooks had a wrong signature`);
}

export async function printTable({ hr, core, screen }: Cast, exitId: string): Promise<void> {
  const { filings } = await hr.get<ExitView>(`/v1/exits/${exitId}`);
  const whole = await Promise.all(filings.map((filing) => hr.get<FilingView>(`/v1/filings/${filing.id}`)));
  const mine = core.received.filter((event) => event.exit_id === exitId);
  const rows = whole.map((filing) => [
    filing.agency,
    filing.kind,
    filing.receipt ?? '',
    filing.state,
    String(filing.attempt_log.length),
    String(mine.filter((event) => event.data.filing_id === filing.id).length),
  ]);
  const ofExit = mine.filter((event) => event.data.filing_id === undefined).length;
  screen.table(
    ['agency', 'filing', 'receipt', 'state', 'attempts', 'webhooks'],
    [...rows, ['', 'the exit itself', '', 'completed', '', String(ofExit)]],
  );
}

export const todayOf = (): string => businessDate(new Date());

/** The clerks' patience, short enough for an audience. */
export async function setClerks(desk: Client): Promise<void> {
  for (const [agency, delay] of [
    ['labor', 'PT3S'],
    ['insurance', 'PT2S'],
    ['credit', 'PT1S'],
  ])
    await desk.put(`/clerk/${agency}`, { policy: 'accept', delay });
}
