// The monthly window: the days of the month on which batches are taken. One per sandbox, default the whole month.
import { Refusal, type Room } from '../kernel/agency.ts';
import { day } from '../kernel/time.ts';

export interface Window {
  /** Days of the month, 1–31, both inclusive, opens ≤ closes; a short month cuts them to its last day. */
  readonly opens: number;
  readonly closes: number;
}

const settings = (room: Room) => room.store.table<Window>('insurance.settings');

export const windowOf = (room: Room): Window => settings(room).get('window') ?? { opens: 1, closes: 31 };

export function setWindow(window: Window, room: Room): void {
  const { opens, closes } = window;
  if (![opens, closes].every(Number.isInteger) || opens < 1 || closes > 31 || opens > closes)
    throw new RangeError('a window is { opens, closes } with 1 ≤ opens ≤ closes ≤ 31');
  settings(room).put('window', { opens, closes });
}

/** Throws Refusal WINDOW_CLOSED with `until`, the next opening, `yyyyMMddHHmmss`. */
export function requireOpen(room: Room): void {
  const { opens, closes } = windowOf(room);
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
