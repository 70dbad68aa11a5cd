/** Telling deadlines: as they come near, once more when one is missed, and the question at the limit of a hold. Pure. */
import { nextTelling, type Running, running } from './deadlines.ts';
import type { EventDraft } from './events.ts';
import type { Change, Exit } from './exit.ts';
import { timed } from './exit-course.ts';
import { atLimit, type ReleasePolicy } from './release.ts';
import { approaching } from './urgency.ts';

/**
 * Tells what has come near or been missed since it was last told: of several distances crossed at once only the nearest.
 * @param distances ISO 8601 durations before the day to warn on, such as `P7D`.
 * @param isNew a deadline that was never told, because an amendment has just made it.
 */
export function tellClocks(
  exit: Exit,
  distances: readonly string[],
  now: Date,
  isNew: (each: Running) => boolean = () => false,
): Change {
  const events = running(exit).flatMap((each): EventDraft[] => {
    const { about, hold, ...clock } = each;
    const since = isNew(each) ? undefined : exit.clocksToldUntil;
    if (clock.closesAt <= now && hold === undefined && (since === undefined || clock.closesAt > since))
      return [{ type: 'exit.deadline_missed', data: about }];
    const distance = approaching(clock, now, distances, since).at(-1);
    return distance === undefined
      ? []
      : [{ type: 'exit.deadline_approaching', data: { ...about, distance } }];
  });
  const { clocksNextAt: _next, ...rest } = exit;
  const told: Exit = { ...rest, clocksToldUntil: now };
  const next = nextTelling(told, distances, now);
  return { exit: next === undefined ? told : { ...told, clocksNextAt: next }, events };
}

/** A deadline that ends at another time is another one. */
const ends = ({ about, closesAt }: Running): string =>
  `${about.filing_id ?? about.clock} ${closesAt.toISOString()}`;

/** Whether a change has made a deadline that nobody was told of: an agency has set a day, or a filing is open again. */
export function hasNewDeadline(before: Exit, after: Exit): boolean {
  const known = new Set(running(before).map(ends));
  return running(after).some((each) => !known.has(ends(each)));
}

/** The change with the exit's deadlines timed anew; those that it has made are told where they are near. */
export function retold(before: Exit, change: Change, distances: readonly string[], now: Date): Change {
  const known = new Set(running(before).map(ends));
  const later = timed(change.exit, distances);
  if (before.clocksToldUntil === undefined) return { ...change, exit: later };
  const told = tellClocks(later, distances, now, (each) => !known.has(ends(each)));
  return { ...change, exit: told.exit, events: [...change.events, ...told.events] };
}

/** Tells deadlines, and at the limit of a hold asks for the decision or takes the policy's. */
export function tellDeadlines(
  exit: Exit,
  {
    distances,
    policy,
    now,
  }: { readonly distances: readonly string[]; readonly policy: ReleasePolicy; readonly now: Date },
): Change {
  const told = tellClocks(exit, distances, now);
  const decided = atLimit(told.exit, policy, now);
  const { clocksNextAt: _next, ...rest } = decided.exit;
  const next = nextTelling(rest, distances, now);
  return {
    ...decided,
    exit: { ...rest, ...(next === undefined ? {} : { clocksNextAt: next }) },
    events: [...told.events, ...decided.events],
  };
}
