/** Wire formats that several agencies share. Times on the wire are China Standard Time: UTC+8, no daylight saving. */
import type { BusinessDate } from '../src/domain/words.ts';

const shifted = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString();

/** `2026-11-25` → `20261125` */
export const compactDate = (date: BusinessDate): string => date.replaceAll('-', '');

/** `2026-11` → `202611` */
export const compactMonth = (month: string): string => month.replace('-', '');

/** `20261125093000` */
export const cnCompactTime = (at: Date): string => shifted(at).slice(0, 19).replace(/\D/g, '');

/** `20261125` or `2026-11-25` → `2026-11-25`; undefined when there is no such day. */
export function readDate(text: string): BusinessDate | undefined {
  const match = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(text.trim());
  if (!match) return undefined;
  const date = `${match[1]}-${match[3]}-${match[4]}`;
  const read = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(date) ? date : undefined;
}

/** `20261125093000` in China Standard Time; undefined when there is no such moment. */
export function readCompactTime(text: string): Date | undefined {
  const match = /^(\d{8})(\d\d)(\d\d)(\d\d)$/.exec(text);
  const date = readDate(match?.[1] ?? '');
  const at = match && date ? new Date(`${date}T${match[2]}:${match[3]}:${match[4]}+08:00`) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at : undefined;
}

/** Identity numbers are upper-case on the wire (a final `x` of a resident ID included), without spaces around them. */
export const idNumber = (text: string): string => text.trim().toUpperCase();
