/** Cancelling an exit that does not take place after all: what was not sent is dropped, what was is withdrawn. Pure. */
import type { Change, Exit } from './exit.ts';
import { judged, newlyAttended, timed } from './exit-course.ts';
import { type Pursuit, pursue, toldActions } from './pursue.ts';

export interface Cancellation {
  readonly actor: string;
  readonly reason: string;
}

export function cancel(
  exit: Exit,
  { actor, reason }: Cancellation,
  context: Pursuit & { readonly distances: readonly string[] },
): Change | 'exit_cancelled' {
  if (exit.cancelledAt !== undefined) return 'exit_cancelled';
  const goal = { factsRevision: exit.factsRevision, cancelledAt: context.now };
  const pursued = exit.filings.map((filing) => pursue(filing, goal, context, true));
  const filings = pursued.map(({ filing }) => filing);
  const { decisionDueAt: _due, ...rest } = exit;
  const after = timed({ ...rest, cancelledAt: context.now, status: 'cancelled', filings }, context.distances);
  return judged(exit, after, [
    { type: 'exit.cancelled', data: { filings: toldActions(pursued) }, personal: { actor, reason } },
    ...pursued.flatMap((each) => each.events),
    ...newlyAttended(exit.filings, filings),
  ]);
}
