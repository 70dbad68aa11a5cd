/**
 * A filing whose agency waits for our answer. Nobody asks about it of his own accord before the day that the agency has set
 * is over; where the agency said that something has happened, and from that day on, it is looked up. Pure.
 */
import { endOfDay } from './clocks.ts';
import { businessDate } from './dates.ts';
import type { Correction, Filing, Settled, Step, StepResult } from './filing.ts';
import type { FilingClock } from './filing-clocks.ts';
import { same } from './same.ts';

/** It was concluded there with what was said before: a person settles the difference at the counter. */
const TOO_LATE = 'AMENDED_AFTER_CONCLUSION';

type Asks = Extract<StepResult, { kind: 'correction' }>;

/** What the agency asks for, without its words. */
export const correctionOf = ({ code, fields, due }: Asks, now: Date): Correction => ({
  code,
  fields: fields.map(({ field }) => field),
  ...(due === undefined ? {} : { due }),
  askedOn: businessDate(now),
});

const HOUR = 3_600_000;
/** Agencies work through what has run out in the night after. */
const NIGHT_MS = 6 * HOUR;
const DAY_MS = 24 * HOUR;

/** When to ask what has become of it: after the night of its last day, and then daily. Without a day: never. */
export function lookUpAfter(due: Correction['due'], now: Date): Pick<Filing, 'nextAt'> {
  if (due === undefined) return {};
  const first = new Date(endOfDay(due).getTime() + NIGHT_MS);
  return { nextAt: first > now ? first : new Date(now.getTime() + DAY_MS) };
}

/** The day that the agency has set, as a clock of the filing: no holiday moves it. */
export function correctionClock({ state, correction, withdrawing }: Filing): FilingClock | undefined {
  if (state !== 'correction_requested' || withdrawing?.stage === 'asked') return undefined;
  if (correction?.due === undefined) return undefined;
  const { due, askedOn } = correction;
  return {
    id: 'correction',
    basis: { en: 'The day by which the agency wants its correction', zh: '主管部门要求的补正期限' },
    starts: askedOn ?? due,
    raw: due,
    due,
    warnOn: due,
    warnsAt: endOfDay(due),
    closesAt: endOfDay(due),
  };
}

/** All that run for a filing, the nearest first. */
export function clocksRunning(filing: Filing): readonly FilingClock[] {
  const asked = correctionClock(filing);
  return asked === undefined
    ? filing.clocks
    : [asked, ...filing.clocks].toSorted((a, b) => a.closesAt.getTime() - b.closesAt.getTime());
}

/**
 * What a look-up leaves as it is: the same is still asked for, which was told. `absent` as well: the agency has asked about
 * it, so that it had it, and the content that it did not want is not sent again; what it has lost, reconciliation finds.
 * @param calm the filing without its transport state. @returns undefined when the filing moves.
 */
export function stillAskedFor(step: Step, result: StepResult, calm: Filing, now: Date): Settled | undefined {
  if (calm.state !== 'correction_requested' || step !== 'lookup') return undefined;
  const still: Settled = { filing: { ...calm, attempts: 0, polls: 0 }, events: [] };
  // The adapter has no look-up: there is nobody to ask.
  if (result.kind === 'manual') return still;
  const unmoved =
    result.kind === 'absent' || (result.kind === 'correction' && isSame(result, calm.correction, now));
  return unmoved
    ? { ...still, filing: { ...still.filing, ...lookUpAfter(calm.correction?.due, now) } }
    : undefined;
}

function isSame(asks: Asks, known: Correction | undefined, now: Date): boolean {
  const { askedOn: _now, ...asked } = correctionOf(asks, now);
  const { askedOn: _then, ...before } = known ?? {};
  return same(asked, before);
}

/**
 * An answer that the agency did not take, whatever its reason: in a person's hands. What stands there is looked up: the time
 * to answer may be over, or the filing settled.
 * @param calm the filing without its transport state.
 */
export const answerRefused = (
  calm: Filing,
  code: string,
  { now, canLookUp }: { readonly now: Date; readonly canLookUp: boolean },
): Filing => ({
  ...calm,
  state: 'manual',
  attempts: 0,
  polls: 0,
  lastError: code,
  ...(canLookUp && calm.previousSerial !== undefined ? { nextAt: now } : {}),
});

/** Under which serial the agency is asked: after an answer that it did not take, it has the filing under the one before. */
export const askedUnder = ({ state, serial, previousSerial }: Filing): string =>
  state === 'manual' ? (previousSerial ?? serial) : serial;

/**
 * What a look-up says after a refused answer. That the filing was rejected there is its end; that it was concluded, without
 * what the answer said, is told to whom has it in hand. Everything else is for him as it was.
 */
export function stillInHand(step: Step, result: StepResult, filing: Filing): Settled | undefined {
  if (filing.state !== 'manual' || step !== 'lookup') return undefined;
  if (result.kind === 'retry' || result.kind === 'hold' || result.kind === 'unsure') return undefined;
  if (result.kind === 'refused') return undefined;
  const { nextAt: _next, heldSince: _held, ...calm } = filing;
  const inHand: Filing = { ...calm, attempts: 0 };
  if (result.kind !== 'accepted') return { filing: inHand, events: [] };
  const { id, kind, serial, revision } = filing;
  const data = { filing_id: id, kind, serial, revision, receipt: result.receipt, reason: TOO_LATE };
  return { filing: { ...inHand, lastError: TOO_LATE }, events: [{ type: 'filing.manual_required', data }] };
}
