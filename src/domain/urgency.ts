/** How near a deadline is, and which announced distances it has come within: pure, for events that are told once. */
import { businessDate, daysBetween } from './dates.ts';
import type { BusinessDate } from './words.ts';

/** What of a clock's reading matters here (`ClockReading` has it). */
export interface Deadline {
  readonly warnOn: BusinessDate;
  readonly warnsAt: Date;
  readonly closesAt: Date;
}

/** `rolled`: the unrolled last day is over, and only the holiday's roll still allows it. */
export type Stage = 'ahead' | 'last_day' | 'rolled' | 'missed';

export interface Urgency {
  readonly stage: Stage;
  /** Calendar days from today to the day to warn on; negative once that is past. */
  readonly daysLeft: number;
  /** Until it has run out; negative afterwards. */
  readonly msLeft: number;
}

export function urgency(deadline: Deadline, now: Date): Urgency {
  const daysLeft = daysBetween(businessDate(now), deadline.warnOn);
  const msLeft = deadline.closesAt.getTime() - now.getTime();
  const stage: Stage =
    msLeft <= 0 ? 'missed' : now >= deadline.warnsAt ? 'rolled' : daysLeft === 0 ? 'last_day' : 'ahead';
  return { stage, daysLeft, msLeft };
}

const DISTANCE = /^P(?=\d|T\d)(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,4})M)?)?$/;

/** An ISO 8601 duration of days, hours and minutes (`P7D`, `PT12H`) in milliseconds; nothing when it is not one. */
export function distanceMs(text: string): number | undefined {
  const parts = DISTANCE.exec(text);
  if (parts === null) return undefined;
  const [days = 0, hours = 0, minutes = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60_000;
}

const DURATION =
  /^P(?=\d|T\d)(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})(?:\.(\d{1,3}))?S)?)?$/;

/** An ISO 8601 duration of fixed length (weeks, days of 24 hours, down to milliseconds); nothing when it is not one. */
export function durationMs(text: string): number | undefined {
  const parts = DURATION.exec(text);
  if (parts === null) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1, 6)
    .map((part) => Number(part ?? 0));
  const thousandths = Number((parts[6] ?? '').padEnd(3, '0'));
  return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + thousandths;
}

/**
 * The distances before the warning day's end that time has come within since `since` (exclusive) until `now` (inclusive),
 * the farthest first; without `since`, all it is within. None once the deadline is missed: that has its own event.
 * @throws RangeError on a distance that is no duration
 */
export function approaching(
  { warnsAt, closesAt }: Pick<Deadline, 'warnsAt' | 'closesAt'>,
  now: Date,
  distances: readonly string[],
  since?: Date,
): readonly string[] {
  const marks = distances.map((distance) => {
    const before = distanceMs(distance);
    if (before === undefined) throw new RangeError(`not a duration of days, hours and minutes: ${distance}`);
    return { distance, at: warnsAt.getTime() - before };
  });
  if (now >= closesAt) return [];
  return marks
    .filter(({ at }) => at <= now.getTime() && (since === undefined || at > since.getTime()))
    .toSorted((a, b) => a.at - b.at)
    .map(({ distance }) => distance);
}
