// The window: days of the month on which changes are taken. Here it may run over the end of the month, closed only while
// the month is being settled (opens 26, closes 20). Default: it never closes.
import { Refusal, type Room } from '../kernel/agency.ts';
import { day } from '../kernel/time.ts';

export interface Window {
  /** Days of the month, 1–28, both inclusive; opens > closes runs over the end of the month. */
  readonly opens: number;
  readonly closes: number;
}

const settings = (room: Room) => room.store.table<Window>('insurance-sm2.settings');
const LAST = 28;

/** undefined: it never closes. */
export const windowOf = (room: Room, unit?: string): Window | undefined =>
  (unit === undefined ? undefined : settings(room).get(`window ${unit}`)) ?? settings(room).get('window');

/** @param window undefined: never closed @param unit absent: of all that have none of their own */
export function setWindow(window: Window | undefined, room: Room, unit?: string): void {
  const key = unit === undefined ? 'window' : `window ${unit}`;
  if (window === undefined) {
    settings(room).delete(key);
    return;
  }
  const { opens, closes } = window;
  if (![opens, closes].every((each) => Number.isInteger(each) && each >= 1 && each <= LAST))
    throw new RangeError(`a window is { opens, closes }, both from 1 to ${LAST}`);
  settings(room).put(key, { opens, closes });
}

const isOpen = ({ opens, closes }: Window, today: number): boolean =>
  opens <= closes ? today >= opens && today <= closes : today >= opens || today <= closes;

/** The first midnight in China, after now, of a day with that number. */
function nextDay(room: Room, wanted: number): Date {
  const [year = 0, month = 0, today = 0] = day(room.now()).split('-').map(Number);
  const next = new Date(Date.UTC(year, today < wanted ? month - 1 : month, wanted));
  return new Date(`${next.toISOString().slice(0, 10)}T00:00:00+08:00`);
}

export function nextWindow(room: Room, unit?: string): { opens: Date; closes: Date } | undefined {
  const window = windowOf(room, unit);
  return window && { opens: nextDay(room, window.opens), closes: nextDay(room, window.closes + 1) };
}

/** Throws Refusal WINDOW_CLOSED with `until`, the next opening. */
export function requireOpen(room: Room, unit: string): void {
  const window = windowOf(room, unit);
  if (!window || isOpen(window, Number(day(room.now()).slice(8)))) return;
  const until = `${day(nextDay(room, window.opens))}T00:00:00+08:00`;
  throw new Refusal('WINDOW_CLOSED', `Changes are taken from day ${window.opens} to day ${window.closes}`, {
    extra: { until },
  });
}
