/**
 * Statutory clocks: which run for an exit, and when each of them runs out. Pure; the calendar and the table are arguments.
 * Counting is Civil Code §201–§203: the first day is not counted; a last day on a statutory holiday moves to the day after
 * it; the day ends at 24:00, or at the agency's closing time where it has business hours.
 *
 * §203 names the statutory holiday ("法定休假日") and, unlike §154 of the General Principles before it, no longer names
 * Sunday. So a last day on an ordinary weekend stays where it is here. Practice often moves it as well; this is the
 * stricter reading, and nobody is ever late by the stricter one.
 */
import type { Calendar, CalendarGap } from './calendar.ts';
import type { Clock, ClockStart, ClockSubject } from './clock-data.ts';
import { addDays } from './dates.ts';
import type { BusinessDate, ExitReason } from './words.ts';

/** The dates of one exit that clocks start from. */
export type ClockFacts = { readonly [Start in ClockStart]?: BusinessDate };

/** One clock, read for one exit. */
export type ClockReading = {
  readonly id: string;
  readonly sense: Clock['sense'];
  readonly basis: Clock['basis'];
  readonly region: string;
  /** The date it starts from. */
  readonly starts: BusinessDate;
  /** The unrolled last day; a working-day count has none. */
  readonly raw?: BusinessDate;
  /** The day to warn on: the unrolled one; uncovered, the earliest day it can be. */
  readonly warnOn: BusinessDate;
  readonly warnsAt: Date;
  /** From this instant it has run out: the end of `due`, and of `warnOn` when `due` cannot be known. */
  readonly closesAt: Date;
} & (
  | {
      /** The outer limit: the last day, rolled. */
      readonly due: BusinessDate;
      readonly uncovered?: undefined;
    }
  | { readonly due?: undefined; readonly uncovered: CalendarGap }
);

interface ClockChoice {
  /** GB/T 2260, where the person works. */
  readonly region: string;
  /** The date whose law counts: the exit date. */
  readonly on: BusinessDate;
  /** Leaves out the clocks that run for other reasons; absent: all. */
  readonly reason?: ExitReason;
  readonly data: readonly Clock[];
}

/** The clocks that run for a subject, one per id: the most specific region's, and of that the version in force. */
export function clocksFor(subject: ClockSubject, choice: ClockChoice): readonly Clock[] {
  const { reason } = choice;
  return inForce(choice).filter(
    (clock) =>
      clock.applies_to.includes(subject) &&
      (reason === undefined || clock.reasons === undefined || clock.reasons.includes(reason)),
  );
}

/** The clock of that name in force there and then. */
export function clockOf(id: string, choice: Omit<ClockChoice, 'reason'>): Clock | undefined {
  return inForce(choice).find((clock) => clock.id === id);
}

function inForce({ region, on, data }: Omit<ClockChoice, 'reason'>): readonly Clock[] {
  const best = new Map<string, Clock>();
  for (const clock of data) {
    if (!region.startsWith(clock.region) || clock.effective_from > on) continue;
    const other = best.get(clock.id);
    const nearer = clock.region.length - (other?.region.length ?? -1);
    if (other === undefined || nearer > 0 || (nearer === 0 && clock.effective_from > other.effective_from))
      best.set(clock.id, clock);
  }
  return [...best.values()];
}

/** When a clock runs out. @throws RangeError when the facts lack the date it starts from */
export function computeClock(clock: Clock, facts: ClockFacts, calendar: Calendar): ClockReading {
  const starts = facts[clock.starts];
  if (starts === undefined) throw new RangeError(`clock ${clock.id} needs ${clock.starts}`);
  const raw = clock.unit === 'working' ? undefined : lastDay(clock, starts);
  const end =
    raw === undefined
      ? workingDays(starts, clock.length, calendar)
      : clock.roll === 'none'
        ? { day: raw }
        : afterHoliday(raw, calendar);
  // A holiday's roll can only move the day back, so that the unrolled one is the earliest it can be.
  const warnOn = raw ?? end.day;
  const warnsAt = endOfDay(warnOn, clock.closes);
  const { id, sense, basis, region } = clock;
  const about = { id, sense, basis, region, starts, ...(raw === undefined ? {} : { raw }), warnOn, warnsAt };
  return end.gap === undefined
    ? { ...about, due: end.day, closesAt: endOfDay(end.day, clock.closes) }
    : { ...about, uncovered: end.gap, closesAt: warnsAt };
}

/** All clocks of a subject, read for an exit, the nearest first: that one decides. */
export function readingsFor(
  subject: ClockSubject,
  facts: ClockFacts,
  choice: ClockChoice,
  calendar: Calendar,
): readonly ClockReading[] {
  return nearestFirst(clocksFor(subject, choice).map((clock) => computeClock(clock, facts, calendar)));
}

/** The most urgent first: by the instant it runs out, then by the day to warn on. */
export function nearestFirst<Reading extends Pick<ClockReading, 'closesAt' | 'warnsAt'>>(
  readings: readonly Reading[],
): readonly Reading[] {
  return readings.toSorted(
    (a, b) => a.closesAt.getTime() - b.closesAt.getTime() || a.warnsAt.getTime() - b.warnsAt.getTime(),
  );
}

/**
 * The day the relation ends by the employee's notice alone (Labour Contract Law §37: 30 days, 3 in probation), whatever
 * a gate holds; nothing for a reason that no notice of the employee ends.
 */
export function noticeEnds(
  noticeDate: BusinessDate,
  reason: ExitReason,
  data: readonly Clock[],
): BusinessDate | undefined {
  const clock = clocksFor('notice', { region: '', on: noticeDate, reason, data })[0];
  return clock === undefined ? undefined : lastDay(clock, noticeDate);
}

/** The instant a business day is over: 24:00 China Standard Time, or the closing time `HH:MM`. */
export function endOfDay(date: BusinessDate, closes?: string): Date {
  return closes === undefined
    ? new Date(`${addDays(date, 1)}T00:00:00+08:00`)
    : new Date(`${date}T${closes}:00+08:00`);
}

/** The same day `months` later, or that month's last day where it has no such day (Civil Code §202). */
export function addMonths(date: BusinessDate, months: number): BusinessDate {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const monthEnd = new Date(Date.UTC(year, month + months, 0));
  monthEnd.setUTCDate(Math.min(day, monthEnd.getUTCDate()));
  return monthEnd.toISOString().slice(0, 10);
}

function lastDay({ unit, length }: Clock, starts: BusinessDate): BusinessDate {
  return unit === 'months' ? addMonths(starts, length) : addDays(starts, length);
}

/** A day, or where the calendar ends: the earliest day it can be. */
interface End {
  readonly day: BusinessDate;
  readonly gap?: CalendarGap;
}

function afterHoliday(raw: BusinessDate, calendar: Calendar): End {
  for (let day = raw; ; day = addDays(day, 1)) {
    const gap = calendar.gap(day);
    if (gap !== undefined) return { day: raw, gap };
    if (!calendar.isStatutoryHoliday(day)) return { day };
  }
}

function workingDays(starts: BusinessDate, length: number, calendar: Calendar): End {
  let day = starts;
  for (let left = length; left > 0; ) {
    day = addDays(day, 1);
    const gap = calendar.gap(day);
    // At the earliest every day from here is worked: any weekend may be made a working one.
    if (gap !== undefined) return { day: addDays(day, left - 1), gap };
    if (calendar.isWorkday(day)) left -= 1;
  }
  return { day };
}
