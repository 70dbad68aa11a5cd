/** Telling deadlines: as they come near, once more when one is missed, and the question at the limit of a hold. Pure. */
import { nextTelling, running } from './deadlines.ts';
import type { EventDraft } from './events.ts';
import type { Change, Exit } from './exit.ts';
import { atLimit, type ReleasePolicy } from './release.ts';
import { approaching } from './urgency.ts';

/**
 * Tells what has come near or been missed since it was last told: of several distances crossed at once only the nearest.
 * At the limit of a hold it asks for the decision, or takes the policy's.
 * @param distances ISO 8601 durations before the day to warn on, such as `P7D`.
 */
export function tellDeadlines(
  exit: Exit,
  {
    distances,
    policy,
    now,
  }: { readonly distances: readonly string[]; readonly policy: ReleasePolicy; readonly now: Date },
): Change {
  const since = exit.clocksToldUntil;
  const events = running(exit).flatMap(({ about, hold, ...clock }): EventDraft[] => {
    if (clock.closesAt <= now && hold === undefined && (since === undefined || clock.closesAt > since))
      return [{ type: 'exit.deadline_missed', data: about }];
    const distance = approaching(clock, now, distances, since).at(-1);
    return distance === undefined
      ? []
      : [{ type: 'exit.deadline_approaching', data: { ...about, distance } }];
  });
  const decided = atLimit({ ...exit, clocksToldUntil: now }, policy, now);
  const { clocksNextAt: _next, ...rest } = decided.exit;
  const next = nextTelling(rest, distances, now);
  return {
    ...decided,
    exit: { ...rest, ...(next === undefined ? {} : { clocksNextAt: next }) },
    events: [...events, ...decided.events],
  };
}
