/** The clocks of an exit's filings: counted when it opens, told as they come near, and once more when one is missed. Pure. */
import type { Calendar } from './calendar.ts';
import type { Clock } from './clock-data.ts';
import { type ClockReading, clockOf, computeClock, nearestFirst } from './clocks.ts';
import type { EventDraft } from './events.ts';
import type { Change, Exit, ExitFacts } from './exit.ts';
import type { Filing } from './filing.ts';
import { approaching, distanceMs } from './urgency.ts';
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

/** Settled with the agency, or taken back: its clocks run no more. */
const isSettled = ({ state }: Filing) =>
  state === 'accepted' || state === 'verified' || state === 'withdrawn';

function running(exit: Exit): readonly { readonly filing: Filing; readonly clock: FilingClock }[] {
  if (exit.status === 'completed' || exit.status === 'cancelled') return [];
  return exit.filings
    .filter((filing) => !isSettled(filing))
    .flatMap((filing) => filing.clocks.slice(0, 1).map((clock) => ({ filing, clock })));
}

/** The next instant at which there is something to tell, after `since`; undefined when nothing is running. */
export function nextTelling(exit: Exit, distances: readonly string[], since?: Date): Date | undefined {
  const instants = running(exit)
    .flatMap(({ clock }) => [
      ...distances.map((distance) => clock.warnsAt.getTime() - (distanceMs(distance) ?? 0)),
      clock.closesAt.getTime(),
    ])
    .filter((at) => since === undefined || at > since.getTime());
  return instants.length === 0 ? undefined : new Date(Math.min(...instants));
}

/**
 * Tells what has come near or been missed since it was last told: of several distances crossed at once only the nearest.
 * @param distances ISO 8601 durations before the day to warn on, such as `P7D`.
 */
export function tellDeadlines(exit: Exit, distances: readonly string[], now: Date): Change {
  const since = exit.clocksToldUntil;
  const events = running(exit).flatMap(({ filing, clock }): EventDraft[] => {
    const about = {
      filing_id: filing.id,
      kind: filing.kind,
      state: filing.state,
      clock: clock.id,
      raw: clock.raw ?? null,
      due: clock.due ?? null,
      closes_at: clock.closesAt.toISOString(),
    };
    if (clock.closesAt <= now && (since === undefined || clock.closesAt > since))
      return [{ type: 'exit.deadline_missed', data: about }];
    const distance = approaching(clock, now, distances, since).at(-1);
    return distance === undefined
      ? []
      : [{ type: 'exit.deadline_approaching', data: { ...about, distance } }];
  });
  const { clocksNextAt: _next, ...rest } = exit;
  const next = nextTelling(exit, distances, now);
  return {
    exit: { ...rest, clocksToldUntil: now, ...(next === undefined ? {} : { clocksNextAt: next }) },
    events,
  };
}
