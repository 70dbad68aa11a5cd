/**
 * The holiday calendar as a value: which days are worked and which are free by the State Council's yearly notice.
 * The notice for a year appears in the November before. A date it does not settle yet is refused, never guessed:
 * by the week alone 1 January would pass for a workday.
 */
import type { BusinessDate } from './words.ts';

/** What the notices say, as data: days off (lieu days and the weekend days inside a holiday included), and make-up workdays. */
export interface HolidayTable {
  /** Years whose notice is known in full. */
  readonly years: readonly number[];
  readonly holidays: ReadonlySet<BusinessDate>;
  readonly makeUpDays: ReadonlySet<BusinessDate>;
}

/** Why a date cannot be judged: the year whose notice is missing, and the sentence for people. */
export interface CalendarGap {
  readonly year: number;
  readonly sentence: { readonly en: string; readonly zh: string };
}

export interface Calendar {
  covers(year: number): boolean;
  /** What is missing to judge this date; nothing when it can be judged. Ask before `isWorkday`. */
  gap(date: BusinessDate): CalendarGap | undefined;
  /** Weekdays and make-up days, without the holidays. @throws UncoveredYear */
  isWorkday(date: BusinessDate): boolean;
  /**
   * A day that the yearly notice sets free (Civil Code §203 "法定休假日"). The notice's whole holiday counts, its lieu
   * days too: 2026-05-05 is one. An ordinary Saturday or Sunday is not. @throws UncoveredYear
   */
  isStatutoryHoliday(date: BusinessDate): boolean;
  /** The last date of the unbroken run of known years that nothing can change any more; empty when none is known. */
  readonly publishedThrough: BusinessDate | '';
}

/** Asked about a date that no published notice settles. */
export class UncoveredYear extends Error {
  readonly gap: CalendarGap;
  constructor(gap: CalendarGap) {
    super(gap.sentence.en);
    this.name = 'UncoveredYear';
    this.gap = gap;
  }
}

// New Year's holiday belongs to the next year's notice and has reached back into December (30 and 31 December 2007
// and 2018 free, 29 December worked instead), so the last days of a year wait for that notice too.
const NEXT_NOTICE_FROM = '12-26';
const LAST_SETTLED = '12-25';

export function createCalendar({ years, holidays, makeUpDays }: HolidayTable): Calendar {
  const known = new Set(years);
  const latest = [...known].sort((a, b) => a - b).find((year) => !known.has(year + 1));
  const gapOf = (year: number): CalendarGap => ({
    year,
    sentence:
      latest !== undefined && year < latest
        ? {
            en: `The holiday calendar has no data for ${year}`,
            zh: `日历中没有 ${year} 年的放假安排`,
          }
        : {
            en: `The holiday calendar for ${year} is not published yet`,
            zh: `${year} 年放假安排尚未公布`,
          },
  });
  const gap = (date: BusinessDate): CalendarGap | undefined => {
    const year = Number(date.slice(0, 4));
    if (!known.has(year)) return gapOf(year);
    if (date.slice(5) >= NEXT_NOTICE_FROM && !known.has(year + 1)) return gapOf(year + 1);
    return undefined;
  };
  const judged = (date: BusinessDate) => {
    const missing = gap(date);
    if (missing !== undefined) throw new UncoveredYear(missing);
    return date;
  };
  return {
    covers: (year) => known.has(year),
    gap,
    isWorkday: (date) => {
      const weekday = new Date(`${judged(date)}T00:00:00Z`).getUTCDay();
      return makeUpDays.has(date) || (weekday !== 0 && weekday !== 6 && !holidays.has(date));
    },
    isStatutoryHoliday: (date) => holidays.has(judged(date)),
    publishedThrough: latest === undefined ? '' : `${latest}-${LAST_SETTLED}`,
  };
}
