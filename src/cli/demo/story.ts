/** The seed's case: an investment adviser at a securities firm resigns while a customer's complaint against him is open. */
import { addDays, businessDate } from '../../domain/dates.ts';
import { EXAMPLE_EMPLOYER } from '../sandbox.ts';
import type { Client, ExitView, FilingView } from './gateway.ts';
import type { HrCore, ReceivedEvent } from './hr-core.ts';
import type { Screen } from './screen.ts';

export interface Cast {
  readonly hr: Client;
  readonly desk: Client;
  readonly core: HrCore;
  readonly screen: Screen;
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
    non_compete: { months: 12, monthly_compensation: '9000.00', competitors: ['91440300708461136T'] },
  };
}

/** @returns the exit's id. @throws Error with the reason when the way does not end where it must. */
export async function play({ hr, desk, core, screen }: Cast): Promise<string> {
  const endpoint = await hr.post<{ secret: string }>('/v1/webhook-endpoints', {
    url: core.url,
    description: 'demo HR core',
  });
  core.trust(endpoint.secret);
  screen.step(
    'the HR core has registered its webhook endpoint; it checks every signature with the standardwebhooks package',
  );

  await arrangeTrouble(desk);
  screen.step(
    'at the agencies: labour will lose one answer after it has taken the filing; insurance is in maintenance for 4 s',
  );

  const ended = new Promise<ReceivedEvent>((resolve) =>
    core.onEvent((event) => ends(event) && resolve(event)),
  );
  core.onEvent((event) =>
    screen.note(`webhook ${String(event.sequence).padStart(2)}  ${event.type}${summary(event)}`),
  );

  const exit = await hr.post<ExitView>('/v1/exits', exitOf(businessDate(new Date())));
  const [blocker] = exit.blockers;
  if (exit.status !== 'gated' || blocker === undefined)
    throw new Error(`the open complaint should have gated the exit; it is ${exit.status}`);
  screen.step(
    `posted: 张某, 投资顾问, resigns → ${exit.id} is ${exit.status}: ${blocker.title} (${blocker.subject}, ${blocker.owner})`,
  );

  const cleared = await hr.post<ExitView>(`/v1/exits/${exit.id}/clearances`, {
    gate: blocker.gate,
    subject: blocker.subject,
    actor: '合规部 王某',
    note: '双方已签署和解协议',
    documents: [{ title: '和解协议', reference: 'SA-2026-031' }],
  });
  screen.step(`compliance clears it with the settlement agreement → ${cleared.status}`);

  const end = await Promise.race([ended, timeLimit()]);
  if (end.type !== 'exit.completed') throw new Error(`the exit needs a person: ${JSON.stringify(end.data)}`);
  screen.step('completed: every agency has been read back');
  await checkAgencies(desk);
  checkWebhooks(core, await hr.get<{ data: readonly unknown[] }>(`/v1/exits/${exit.id}/events?limit=100`));
  await printTable(hr, core, screen, exit.id);
  return exit.id;
}

/** Two things that agencies do: lose the line after the commit, and close for maintenance. */
async function arrangeTrouble(desk: Client): Promise<void> {
  for (const [agency, delay] of [
    ['labor', 'PT3S'],
    ['insurance', 'PT2S'],
    ['credit', 'PT1S'],
  ])
    await desk.put(`/clerk/${agency}`, { policy: 'accept', delay });
  await desk.post('/faults', {
    fault: 'commit-then-lose-reply',
    agency: 'labor',
    operation: 'SubmitTermination',
  });
  await desk.post('/faults', {
    fault: {
      phase: 'before-commit',
      kind: 'status',
      status: 503,
      retry_after: 4,
      code: 'MAINTENANCE',
      reason: 'the agency is under maintenance',
    },
    agency: 'insurance',
    operation: 'stop',
  });
}

const ends = (event: ReceivedEvent) =>
  event.type === 'exit.completed' || event.type === 'exit.attention_required';

function timeLimit(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`not completed within ${LIMIT_MS / 1000} s`)), LIMIT_MS).unref();
  });
}

function summary({ type, data }: ReceivedEvent): string {
  const parts = [data.kind, data.receipt, data.reason].filter((part) => typeof part === 'string');
  const meaning: Record<string, string> = {
    'filing.outcome_unknown': '→ not sent again: looked up by our serial',
    'filing.held': '→ waiting, no attempt burnt',
  };
  return `  ${[...parts, meaning[type] ?? ''].join('  ')}`.trimEnd();
}

async function checkAgencies(desk: Client): Promise<void> {
  const cases = await desk.get<readonly unknown[]>('/cases?agency=labor');
  if (cases.length !== 1)
    throw new Error(`the labour agency should hold one filing, and holds ${cases.length}`);
}

function checkWebhooks(core: HrCore, { data }: { data: readonly unknown[] }): void {
  const sequences = core.received.map((event) => event.sequence);
  if (sequences.some((sequence, index) => sequence !== index + 1))
    throw new Error(`webhooks out of order: ${sequences.join(' ')}`);
  if (sequences.length !== data.length)
    throw new Error(`${data.length} events, but ${sequences.length} webhooks`);
  for (const type of ['exit.gated', 'filing.outcome_unknown', 'filing.held'])
    if (!core.received.some((event) => event.type === type)) throw new Error(`nobody was told ${type}`);
  if (core.refused() > 0) throw new Error(`${core.refused()} webhooks had a wrong signature`);
}

async function printTable(hr: Client, core: HrCore, screen: Screen, exitId: string): Promise<void> {
  const { filings } = await hr.get<ExitView>(`/v1/exits/${exitId}`);
  const whole = await Promise.all(filings.map((filing) => hr.get<FilingView>(`/v1/filings/${filing.id}`)));
  const rows = whole.map((filing) => [
    filing.agency,
    filing.kind,
    filing.receipt ?? '',
    filing.state,
    String(filing.attempt_log.length),
    String(core.received.filter((event) => event.data.filing_id === filing.id).length),
  ]);
  const ofExit = core.received.filter((event) => event.data.filing_id === undefined).length;
  screen.table(
    ['agency', 'filing', 'receipt', 'state', 'attempts', 'webhooks'],
    [...rows, ['', 'the exit itself', '', 'completed', '', String(ofExit)]],
  );
}
