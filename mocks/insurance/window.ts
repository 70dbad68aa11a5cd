// The monthly window: the days of the month on which batches are taken. One per sandbox, default the whole month.
import { Refusal, type Room } from '../kernel/agency.ts';
import { day } from '../kernel/time.ts';

export interface Window {
  /** Days of the month, 1–31, both inclusive, opens ≤ closes; a short month cuts them to its last day. */
  readonly opens: number;
  readonly closes: number;
}

const settings = (room: Room) => room.store.table<Window>('insurance.settings');

/** A unit's own window, else the one of all. */
export const windowOf = (room: Room, unit?: string): Window =>
  (unit === undefined ? undefined : settings(room).get(`window ${unit}`)) ??
  settings(room).get('window') ?? { opens: 1, closes: 31 };

/** @param unit absent: for all that have none of their own */
export function setWindow(window: Window, room: Room, unit?: string): void {
  const { opens, closes } = window;
  if (![opens, closes].every(Number.isInteger) || opens < 1 || closes > 31 || opens > closes)
    throw new RangeError('a window is { opens, closes } with 1 ≤ opens ≤ closes ≤ 31');
  settings(room).put(unit === undefined ? 'window' : `window ${unit}`, { opens, closes });
}

const MIDNIGHT = 'T00:00:00+08:00';
const monthEnd = (year: number, month: number) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
const dayOf = (year: number, month: number, wanted: number) =>
  new Date(Date.UTC(year, month, Math.min(wanted, monthEnd(year, month)))).toISOString().slice(0, 10);

/** The first opening and the first closing after now, midnight in China; undefined where it never closes. */
export function nextWindow(room: Room, unit?: string): { opens: Date; closes: Date } | undefined {
  const { opens, closes } = windowOf(room, unit);
  if (opens === 1 && closes >= 31) return undefined;
  const now = room.now();
  const [year = 0, month = 0] = day(now).split('-').map(Number);
  const first = (instants: readonly Date[]) => instants.find((at) => at > now) ?? now;
  const months = [month - 1, month, month + 1];
  return {
    opens: first(months.map((at) => new Date(`${dayOf(year, at, opens)}${MIDNIGHT}`))),
    closes: first(
      months.map((at) => new Date(new Date(`${dayOf(year, at, closes)}${MIDNIGHT}`).getTime() + 86_400_000)),
    ),
  };
}

/** Throws Refusal WINDOW_CLOSED with `until`, the next opening, `yyyyMMddHHmmss`. */
export function requireOpen(room: Room, unit: string): void {
  if (!room.keeps('insurance.window')) return;
  const { opens, closes } = windowOf(room, unit);
  const [year = 0, month = 0, today = 0] = day(room.now()).split('-').map(Number);
  const cut = (wanted: number, monthIndex: number) =>
    Math.min(wanted, new Date(Date.UTC(year, monthIndex + 1, 0)).getUTCDate());
  if (today >= cut(opens, month - 1) && today <= closes) return;
  const ahead = today < cut(opens, month - 1) ? month - 1 : month;
  const next = new Date(Date.UTC(year, ahead, cut(opens, ahead)));
  const until = `${next.toISOString().slice(0, 10).replaceAll('-', '')}000000`;
  throw new Refusal('WINDOW_CLOSED', `Batches are taken from day ${opens} to day ${closes} of the month`, {
    extra: { until },
  });
}
