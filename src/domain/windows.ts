/**
 * Monthly windows: between which days of a month an agency takes a kind of filing. What comes after counts for the next
 * month. Days are China Standard Time. A window that nobody has confirmed is unknown; none is ever made up.
 */
import { areaOf } from './connections.ts';
import { businessDate } from './dates.ts';
import type { BusinessDate, FilingKind } from './words.ts';

/** AAE140: pension, unemployment, medical, work injury, maternity. */
export const INSURANCES = ['110', '210', '310', '410', '510'] as const;
export type Insurance = (typeof INSURANCES)[number];

/** What each windowed kind of filing is about: it is taken only while all of these are. */
export const WINDOWED = {
  insurance_stop: INSURANCES,
  insurance_transfer: ['110', '210', '310'],
} as const satisfies Partial<Record<FilingKind, readonly Insurance[]>>;
export type WindowedKind = keyof typeof WINDOWED;

export const isWindowed = (kind: FilingKind): kind is WindowedKind => kind in WINDOWED;

export interface Window {
  /** GB/T 2260 prefix: `11`, `1101`, `110105`. */
  readonly region: string;
  /** `*`: all of them. */
  readonly insurance: Insurance | '*';
  /** `YYYY-MM`, of the calendar and of what counts. */
  readonly month: string;
  /** Days of the month, 1 to 31, both inclusive; a short month cuts them to its last day. */
  readonly opens: number;
  readonly closes: number;
}

/** A window and who vouches for it. */
export interface ConfirmedWindow extends Window {
  readonly source: string;
  readonly confirmedBy: string;
  readonly confirmedOn: BusinessDate;
}

export type WindowVerdict =
  /** A filing made now counts for `month`. */
  | { readonly kind: 'open'; readonly month: string }
  /** The next opening, and the month that counts then; `known` is false when nobody has confirmed that month's window. */
  | { readonly kind: 'closed'; readonly until: Date; readonly month: string; readonly known: boolean }
  | { readonly kind: 'unknown'; readonly region: string; readonly month: string };

/**
 * May a filing be made now? The most specific region speaks for an insurance, and within it the insurance's own window
 * before that of all. One insurance without a window makes the month unknown: a window of some would be an invention.
 * A month in which the insurances' windows have no day in common is passed over.
 */
export function judgeWindow(asked: {
  readonly region: string;
  readonly kind: WindowedKind;
  readonly now: Date;
  readonly windows: readonly Window[];
}): WindowVerdict {
  const { region, kind, now, windows } = asked;
  const today = businessDate(now);
  let month = today.slice(0, 7);
  let days = daysIn(month, region, kind, windows);
  if (days === undefined) return { kind: 'unknown', region, month };
  if (days.opens <= today && today <= days.closes) return { kind: 'open', month };
  while (days.opens > days.closes || days.opens < today) {
    month = monthAfter(month);
    days = daysIn(month, region, kind, windows);
    if (days === undefined) return { kind: 'closed', until: startOf(`${month}-01`), month, known: false };
  }
  return { kind: 'closed', until: startOf(days.opens), month, known: true };
}

/** The insurances of a month that nobody has confirmed a window for. */
export function unconfirmed(
  region: string,
  kind: WindowedKind,
  month: string,
  windows: readonly Window[],
): readonly Insurance[] {
  return WINDOWED[kind].filter((insurance) => windowOf(insurance, month, region, windows) === undefined);
}

/** The month whose window a verdict lacks: what somebody has to be asked for. */
export function monthLacking(verdict: WindowVerdict): string | undefined {
  if (verdict.kind === 'open') return undefined;
  return verdict.kind === 'unknown' || !verdict.known ? verdict.month : undefined;
}

/**
 * The month that a filing is to carry: never before the one in which it counts, nor before the one that it carries
 * already (at first the exit's own). So it stays the same over every resend, however windows are corrected meanwhile. It
 * moves on only when a filing that the agency has certainly not taken missed its window altogether.
 */
export function countingMonth(verdict: WindowVerdict, carried: string): string {
  return verdict.kind !== 'unknown' && verdict.month > carried ? verdict.month : carried;
}

/** Why a filing waits: names the region, the window and the month. */
export function closedReason(
  region: string,
  kind: FilingKind,
  { until, month, known }: Extract<WindowVerdict, { kind: 'closed' }>,
): string {
  const opening = `region ${region} takes ${kind} for ${month} from ${businessDate(until)}`;
  return known ? `window closed: ${opening}` : `window closed: ${opening} at the earliest, not confirmed yet`;
}

/** First and last day on which all insurances of a kind are taken; undefined when one of them is unknown. */
function daysIn(month: string, region: string, kind: WindowedKind, windows: readonly Window[]) {
  const found = WINDOWED[kind].map((insurance) => windowOf(insurance, month, region, windows));
  const known = found.filter((window) => window !== undefined);
  if (known.length < found.length) return undefined;
  return {
    opens: dayOf(month, Math.max(...known.map((window) => window.opens))),
    closes: dayOf(month, Math.min(...known.map((window) => window.closes))),
  };
}

function windowOf(
  insurance: Insurance,
  month: string,
  region: string,
  windows: readonly Window[],
): Window | undefined {
  return windows
    .filter(
      (window) =>
        window.month === month &&
        (window.insurance === insurance || window.insurance === '*') &&
        region.startsWith(areaOf(window.region)),
    )
    .toSorted(
      (a, b) =>
        areaOf(b.region).length - areaOf(a.region).length ||
        Number(a.insurance === '*') - Number(b.insurance === '*'),
    )[0];
}

function dayOf(month: string, day: number): BusinessDate {
  const [year, index] = partsOf(month);
  const last = new Date(Date.UTC(year, index, 0)).getUTCDate();
  return `${month}-${String(Math.min(day, last)).padStart(2, '0')}`;
}

function monthAfter(month: string): string {
  const [year, index] = partsOf(month);
  return index === 12 ? `${year + 1}-01` : `${year}-${String(index + 1).padStart(2, '0')}`;
}

const partsOf = (month: string) => [Number(month.slice(0, 4)), Number(month.slice(5))] as const;
const startOf = (day: BusinessDate) => new Date(`${day}T00:00:00+08:00`);
