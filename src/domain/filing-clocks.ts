/** The clocks of a filing: counted when its exit opens or is amended, and kept with it. Pure. */
import type { Calendar } from './calendar.ts';
import type { Clock } from './clock-data.ts';
import { type ClockReading, clockOf, computeClock, nearestFirst } from './clocks.ts';
import type { ExitFacts } from './facts.ts';
import type { BusinessDate } from './words.ts';

/** One clock of a filing, as it is kept with it. */
export interface FilingClock {
  readonly id: string;
  readonly basis: { readonly en: string; readonly zh: string };
  /** The date it is counted from. */
  readonly starts: BusinessDate;
  /** The unrolled last day; a count of working days has none. */
  readonly raw?: BusinessDate;
  /** The outer limit, rolled; absent while the year's calendar is not published. */
  readonly due?: BusinessDate;
  readonly uncovered?: { readonly en: string; readonly zh: string };
  readonly warnOn: BusinessDate;
  readonly warnsAt: Date;
  /** From this instant it has run out. */
  readonly closesAt: Date;
}

/** Statutes and calendar, as an exit needs them. */
export interface ClockWork {
  readonly clocks: readonly Clock[];
  readonly calendar: Calendar;
}

/** What a filing keeps of its clocks. */
export interface Clocked {
  /** Nearest first. */
  readonly clocks: readonly FilingClock[];
  /** The statutory limit, that of the nearest clock: filings are taken earliest first. */
  readonly deadline: BusinessDate;
}

/**
 * A filing's clocks for an exit, the nearest first: the law in force at the exit date, where the person works.
 * A clock that does not run for the exit's reason is left out; @throws Error for an id that the table does not know.
 */
export function filingClocks(
  ids: readonly string[],
  facts: ExitFacts,
  { clocks, calendar }: ClockWork,
): readonly FilingClock[] {
  const choice = { region: facts.employer.region, on: facts.exitDate, data: clocks };
  const dates = { exit_date: facts.exitDate, notice_date: facts.noticeDate };
  const readings = ids.flatMap((id) => {
    const clock = clockOf(id, choice);
    if (clock === undefined && !clocks.some((each) => each.id === id))
      throw new Error(`there is no clock ${id}`);
    const runs = clock !== undefined && (clock.reasons === undefined || clock.reasons.includes(facts.reason));
    return runs ? [computeClock(clock, dates, calendar)] : [];
  });
  return nearestFirst(readings).map(kept);
}

function kept(reading: ClockReading): FilingClock {
  const { id, basis, starts, raw, due, uncovered, warnOn, warnsAt, closesAt } = reading;
  return {
    id,
    basis,
    starts,
    warnOn,
    warnsAt,
    closesAt,
    ...(raw === undefined ? {} : { raw }),
    ...(due === undefined ? {} : { due }),
    ...(uncovered === undefined ? {} : { uncovered: uncovered.sentence }),
  };
}

/** A filing's clocks for these facts, and the limit of the nearest. */
export function clocksOf(ids: readonly string[], facts: ExitFacts, work: ClockWork): Clocked {
  const clocks = filingClocks(ids, facts, work);
  const [nearest] = clocks;
  return { clocks, deadline: nearest?.due ?? nearest?.warnOn ?? facts.exitDate };
}

export const unrolled = (filings: readonly Clocked[]): readonly BusinessDate[] =>
  filings.map(({ clocks, deadline }) => clocks[0]?.warnOn ?? deadline);
