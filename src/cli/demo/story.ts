/** The seed's case: an investment adviser at a securities firm resigns while a customer's complaint against him is open. */
import type { Client } from './gateway.ts';
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

const TOLD = ['risk.warned', 'exit.gated', 'filing.outcome_unknown', 'filing.held', 'exit.completed'];

/** @returns the exit's id. @throws Error with the reason when the way does not end where it must. */
export async function play(cast: Cast): Promise<string> {
  const { desk, screen } = cast;
  const today = todayOf();
  await listen(cast);
  await reportSignals(cast, today);
  await arrangeTrouble(desk);
  screen.step(
    'at the agencies: labour will lose one answer after it has taken the filing; insurance is in maintenance for 4 s',
  );
  const exit = await postExit(cast, today);
  for (const blocker of exit.blockers) await clear(cast, exit.id, blocker);

  const end = await awaitEvent(cast, ends, 'the end of the exit');
  if (end.type !== 'exit.completed') throw new Error(`the exit needs a person: ${JSON.stringify(end.data)}`);
  screen.step('completed: every agency has been read back');
  await checkAgencies(desk);
  await checkWebhooks(cast, exit.id, TOLD);
  await printTable(cast, exit.id);
  return exit.id;
}

/** Two things that agencies do: lose the line after the commit, and close for maintenance. */
async function arrangeTrouble(desk: Client): Promise<void> {
  await setClerks(desk);
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
