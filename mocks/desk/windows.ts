// The monthly windows of the agencies that have one, by one pair of words: the days of the month on which they open and
// close. 1 to 31 is a window that never closes, for the second city too, which keeps none then.
import { setWindow, windowOf } from '../insurance/index.ts';
import { windowOf as secondOf, setWindow as setSecond } from '../insurance-sm2/index.ts';
import type { AgencyName, Room } from '../kernel/agency.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { DeskError } from './problem.ts';
import { agencyOf } from './route.ts';

export interface Window {
  readonly opens: number;
  readonly closes: number;
}

interface Place {
  readonly of: (room: Room, unit?: string) => Window;
  readonly set: (window: Window, room: Room, unit?: string) => void;
}

const ALWAYS: Window = { opens: 1, closes: 31 };
const isAlways = ({ opens, closes }: Window) => opens === ALWAYS.opens && closes === ALWAYS.closes;

const PLACES: Readonly<Record<string, Place>> = {
  insurance: {
    of: windowOf,
    set(window, room, unit) {
      if (window.opens > window.closes)
        throw invalid('opens must not be after closes', 'opens 不得晚于 closes');
      setWindow(window, room, unit);
    },
  },
  'insurance-sm2': {
    of: (room, unit) => secondOf(room, unit) ?? ALWAYS,
    set(window, room, unit) {
      if (!isAlways(window) && Math.max(window.opens, window.closes) > 28)
        throw invalid(
          'the window of insurance-sm2 opens and closes on a day from 1 to 28; 1 to 31 never closes',
          'insurance-sm2 的窗口起止日只能为 1 至 28 日；1 至 31 日表示始终开放',
        );
      setSecond(isAlways(window) ? undefined : window, room, unit);
    },
  },
};

const invalid = (en: string, zh: string) => new DeskError(400, 'WINDOW_INVALID', { en, zh });

function placeOf(sandbox: Sandbox, name: string): { agency: AgencyName; place: Place } {
  const agency = agencyOf(sandbox, name);
  const place = PLACES[agency];
  if (!place)
    throw new DeskError(409, 'NO_WINDOW', {
      en: `agency: ${agency} has no window; those that have one: ${Object.keys(PLACES).join(', ')}`,
      zh: `agency：机构 ${agency} 没有申报窗口；有窗口的机构：${Object.keys(PLACES).join('、')}`,
    });
  return { agency, place };
}

const DEFAULT = 'insurance';

/** @param unit absent: of all that have none of their own */
export function readWindow(sandbox: Sandbox, name: string = DEFAULT, unit?: string) {
  const { agency, place } = placeOf(sandbox, name);
  const next = sandbox.agency(agency)?.window?.(sandbox.room(agency));
  return { agency, ...place.of(sandbox.room(agency), unit), next };
}

/** @param unit absent: for all that have none of their own */
export function putWindow(sandbox: Sandbox, name: string = DEFAULT, window: Window, unit?: string): void {
  const { agency, place } = placeOf(sandbox, name);
  sandbox.transaction(() => place.set(window, sandbox.room(agency), unit));
}

/** The first opening or closing ahead, of the agency named or of any. */
export function nextOfWindow(sandbox: Sandbox, edge: 'opens' | 'closes', name?: string): number | undefined {
  const agencies = name === undefined ? sandbox.names : [agencyOf(sandbox, name)];
  const ahead = agencies.flatMap((agency) => {
    const next = sandbox.agency(agency)?.window?.(sandbox.room(agency));
    return next ? [next[edge].getTime()] : [];
  });
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}
