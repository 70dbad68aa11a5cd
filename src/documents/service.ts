/** Years of service in the unit (Implementing Regulations of the Labour Contract Law §24), exact to the day. */
import { addDays, daysBetween } from '../domain/dates.ts';
import type { BusinessDate } from '../domain/words.ts';
import type { Words } from '../language.ts';

export interface Service {
  readonly years: number;
  readonly months: number;
  readonly days: number;
}

/**
 * From the first day of service to the exit date, both worked. A month ends on the day before its corresponding day, or
 * with the month where there is no such day (Civil Code §202): from 29 February a year ends on the next 28 February.
 * @throws RangeError when the exit date is before the first day.
 */
export function serviceOf(first: BusinessDate, exitDate: BusinessDate): Service {
  if (exitDate < first) throw new RangeError(`service from ${first} cannot end on ${exitDate}`);
  const after = addDays(exitDate, 1);
  const [year, month] = first.split('-').map(Number) as [number, number];
  const [endYear, endMonth] = after.split('-').map(Number) as [number, number];
  const most = (endYear - year) * 12 + endMonth - month;
  const whole = corresponding(first, most) <= after ? most : most - 1;
  return {
    years: Math.floor(whole / 12),
    months: whole % 12,
    days: daysBetween(corresponding(first, whole), after),
  };
}

/** The first day past `months` months from `first` on: where the day is wanting, the first of the month after. */
function corresponding(first: BusinessDate, months: number): BusinessDate {
  const [year, month, day] = first.split('-').map(Number) as [number, number, number];
  const index = month - 1 + months;
  const last = new Date(Date.UTC(year, index + 1, 0)).getUTCDate();
  // `Date` itself would carry 30 February over to 1 or 2 March.
  const past = day <= last ? Date.UTC(year, index, day) : Date.UTC(year, index + 1, 1);
  return new Date(past).toISOString().slice(0, 10);
}

/** 4年8个月25天 · 4 years 8 months 25 days; a part that is nought is left out. */
export function serviceWords({ years, months, days }: Service): Words {
  const parts: [number, string, string][] = [
    [years, '年', 'year'],
    [months, '个月', 'month'],
    [days, '天', 'day'],
  ];
  const told = parts.filter(([count]) => count > 0);
  return {
    zh: told.map(([count, zh]) => `${count}${zh}`).join(''),
    en: told.map(([count, , en]) => `${count} ${en}${count === 1 ? '' : 's'}`).join(' '),
  };
}
