/** Business dates: the business day is China Standard Time (UTC+8, no daylight saving) whatever the server's zone. */
import type { BusinessDate } from './words.ts';

const CST_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** The business date at an instant. */
export function businessDate(at: Date): BusinessDate {
  return new Date(at.getTime() + CST_OFFSET_MS).toISOString().slice(0, 10);
}

/** True for a date that exists, written `YYYY-MM-DD`; 2026-02-30 does not. */
export function isBusinessDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === value;
}

/**
 * `days` calendar days later; the first day is not counted (Civil Code §201).
 * @throws RangeError outside the years 0001 to 9999, which four digits can write.
 */
export function addDays(date: BusinessDate, days: number): BusinessDate {
  const at = new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
  const year = at.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw new RangeError(`${days} days from ${date} is no business date`);
  return at.toISOString().slice(0, 10);
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: BusinessDate, to: BusinessDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}
