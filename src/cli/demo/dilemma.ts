/**
 * The dilemma: the dispute is not settled, and the law ends the relation all the same. Both clocks are shown, the escalation
 * is told, a named person releases with reserved claims, the labour agency asks for the claim document, and gets it.
 */
import type { DeadlineView, ExitView, FilingView } from './gateway.ts';
import type { ReceivedEvent } from './hr-core.ts';
import {
  awaitEvent,
  type Cast,
  checkAgencies,
  checkWebhooks,
  clear,
  listen,
  postExit,
  printTable,
  reportSignals,
  setClerks,
  todayOf,
} from './stage.ts';

const TOLD = [
  'exit.deadline_approaching',
  'exit.decision_required',
  'exit.released',
  'filing.correction_requested',
  'filing.amended',
  'exit.completed',
];
const DAY_MS = 86_400_000;

const RELEASE = {
  actor: '合规总监 陈某',
  reason: '三十日通知期已满，劳动关系依法解除；客户投诉尚未处理完毕，保留追偿',
  reserved_claims: [
    {
      title: '对员工的追偿权',
      summary: '保留就客户李某投诉私下受托交易向张某追偿的权利',
      dispute: 'C-88',
      amount: '200000.00',
      reference: 'CL-2026-009',
    },
  ],
};

/** @returns the exit's id. @throws Error with the reason when the way does not end where it must. */
export async function playDilemma(cast: Cast): Promise<string> {
  const { hr, desk, screen } = cast;
  const today = todayOf();
  await listen(cast);
  await reportSignals(cast, today);
  await setClerks(desk);
  await desk.post('/faults', { fault: 'correction', agency: 'labor' });
  screen.step('at the agencies: the labour clerk will ask for the claim document');

  const exit = await postExit(cast, today);
  for (const blocker of exit.blockers.filter(({ gate }) => gate !== 'open_dispute'))
    await clear(cast, exit.id, blocker);
  screen.step('the dispute is not settled: only open_dispute (C-88) still holds the exit');
  const limit = await showClocks(cast, exit);

  const early = await hr.refused(`/v1/exits/${exit.id}/release`, RELEASE);
  if (early.code !== 'release_too_early') throw new Error(`released before the limit: ${early.code}`);
  screen.step(`a release today is refused: ${early.detail}`);

  await cast.goTo(new Date(limit.getTime() - DAY_MS + 60_000));
  await awaitEvent(cast, approaching('P1D'), 'the escalation on the last day');
  screen.step('the last day: the escalation has gone out');
  await cast.goTo(new Date(limit.getTime() + 1_000));
  await awaitEvent(cast, ({ type }) => type === 'exit.decision_required', 'the question for a decision');
  screen.step('the limit: the gate may hold no longer, somebody must clear or release');

  const released = await hr.post<ExitView>(`/v1/exits/${exit.id}/release`, RELEASE);
  screen.step(`${RELEASE.actor} releases with the claim reserved → ${released.status}`);
  const asked = await awaitEvent(
    cast,
    ({ type }) => type === 'filing.correction_requested',
    'the correction',
  );
  screen.step(`the labour agency asks for more: ${JSON.stringify(asked.data.message)}`);
  await answer(cast, String(asked.data.filing_id));

  await awaitEvent(cast, ({ type }) => type === 'exit.completed', 'the end of the exit');
  screen.step('completed: concluded with the claim on record, every agency read back');
  await checkAgencies(desk);
  await checkWebhooks(cast, exit.id, TOLD);
  await printTable(cast, exit.id);
  return exit.id;
}

/** Both clocks: until when the gate may hold, and by when the law wants the filings. @returns the first. */
async function showClocks({ hr, screen }: Cast, { id, notice_date }: ExitView): Promise<Date> {
  const { decision } = await hr.get<ExitView>(`/v1/exits/${id}`);
  if (decision === null) throw new Error('the exit has no limit');
  const { data } = await hr.get<{ data: readonly DeadlineView[] }>(`/v1/deadlines?exit_id=${id}`);
  screen.step('the two clocks:');
  screen.note(
    `the gate may hold until ${decision.due_at}: 30 days' notice from ${notice_date} (Labour Contract Law §37)`,
  );
  for (const { kind, clock, raw, due } of data)
    screen.note(`${kind}: ${clock}, last day ${raw ?? '–'}, rolled ${due ?? '–'}`);
  return new Date(decision.due_at);
}

/** The text of the claim document goes to the agency as the answer: its messages carry no files. */
async function answer({ hr, screen }: Cast, filingId: string): Promise<void> {
  const filing = await hr.post<FilingView>(`/v1/filings/${filingId}/amendments`, {
    actor: '合规部 王某',
    note: '补充权利主张书',
    supplements: [
      {
        kind: 'claim',
        title: '权利主张书 CL-2026-009',
        text: '就客户李某投诉私下受托交易，公司保留向张某追偿的权利，金额200000元',
      },
    ],
  });
  screen.step(`compliance answers with the claim document → revision ${filing.revision}`);
}

const approaching =
  (distance: string) =>
  ({ type, data }: ReceivedEvent) =>
    type === 'exit.deadline_approaching' && data.clock === 'gate_hold' && data.distance === distance;
