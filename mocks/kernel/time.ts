// Pure helpers for time: China Standard Time (UTC+8, no daylight saving) and ISO 8601 durations.

const shift = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString();

/** `2026-11-25` */
export const day = (at: Date): string => shift(at).slice(0, 10);
/** `20261125` */
export const compactDay = (at: Date): string => day(at).replaceAll('-', '');
/** `202611` */
export const compactMonth = (at: Date): string => compactDay(at).slice(0, 6);
/** `20261125093000` */
export const compactTime = (at: Date): string => shift(at).slice(0, 19).replace(/\D/g, '');

/** `20261125` or `2026-11-25` → `2026-11-25`; undefined when there is no such day. */
export function readDay(text: string): string | undefined {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
  if (!match) return undefined;
  const iso = `${match[1]}-${match[2]}-${match[3]}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
}

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** `2026-11-25T09:00:00Z`; undefined when there is no such day, or when it depends on where the machine stands. */
export function readInstant(text: string): Date | undefined {
  const match = INSTANT.exec(text);
  return match && readDay(match[1] ?? '') !== undefined ? new Date(text) : undefined;
}

const DURATION = /^P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Milliseconds of an ISO 8601 duration in weeks, days, hours, minutes, seconds (`P15D`, `PT2.5S`); undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (
    (((weeks ?? 0) * 7 + (days ?? 0)) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) *
    1000
  );
}

const DAY = 86_400_000;

/**
 * Milliseconds from `from` to the same time of day so many working days later, in China. Working days are Monday to
 * Friday: the agencies know no public holidays.
 */
export function workingDaysMs(from: Date, days: number): number {
  let later = 0;
  for (let left = days; left > 0; ) {
    later += 1;
    const weekday = new Date(from.getTime() + 8 * 3_600_000 + later * DAY).getUTCDay();
    if (weekday >= 1 && weekday <= 5) left -= 1;
  }
  return later * DAY;
}
