/**
 * An organisation's test time: for its sandbox data alone, so far from real time, or standing still. Everything that is
 * business (dates, limits, windows, what is due) goes by it; leases, webhooks and keys go by real time. Pure.
 */
import { durationMs } from './urgency.ts';

export interface TestTime {
  /** Milliseconds before real time; negative once it has stood still for longer than it was ahead. */
  readonly aheadMs: number;
  /** Where it stands, as long as `frozen` or until `movingUntil` (real time). */
  readonly standsAt?: Date;
  readonly frozen: boolean;
  readonly movingUntil?: Date;
}

/** The store's SQL says the same: see NOW_OF in src/store/test-time.ts. */
export function testNow({ aheadMs, standsAt, frozen, movingUntil }: TestTime, real: Date): Date {
  const stands = frozen || (movingUntil !== undefined && real < movingUntil);
  return stands && standsAt !== undefined ? standsAt : new Date(real.getTime() + aheadMs);
}

/** What the caller asks for: a duration, an instant, or the next of something. */
export interface Move {
  readonly by?: string | undefined;
  readonly to?: string | undefined;
}

/** `next-event`: whatever is due next. `next-deadline`: a limit that runs out, ours or the agencies'. */
export const JUMPS = ['next-event', 'next-deadline'] as const;
export type Jump = (typeof JUMPS)[number];

export const isJump = (text: string | undefined): text is Jump => JUMPS.some((jump) => jump === text);

/** Further ahead of real time no calendar, window or certificate means anything. */
export const MOST_AHEAD_YEARS = 5;

export type Target =
  | { readonly kind: 'at'; readonly at: Date }
  | { readonly kind: 'backwards'; readonly at: Date }
  | { readonly kind: 'too_far'; readonly at: Date; readonly most: Date }
  | { readonly kind: 'nothing_ahead'; readonly jump: Jump };

/**
 * Where a move ends. Without `by` and `to` it stays where it is.
 * @param next when the next of each kind is, by the organisation's time
 * @throws RangeError on a duration or an instant that the schema should have refused
 */
export function targetOf(
  { by, to }: Move,
  {
    now,
    real,
    next,
  }: { readonly now: Date; readonly real: Date; readonly next: (jump: Jump) => Date | undefined },
): Target {
  if (isJump(to)) {
    const at = next(to);
    return at === undefined ? { kind: 'nothing_ahead', jump: to } : within(at, now, real);
  }
  if (to !== undefined) return within(new Date(to), now, real);
  const length = by === undefined ? 0 : durationMs(by);
  if (length === undefined) throw new RangeError(`not a duration: ${by}`);
  return within(new Date(now.getTime() + length), now, real);
}

function within(at: Date, now: Date, real: Date): Target {
  const most = new Date(real);
  most.setUTCFullYear(most.getUTCFullYear() + MOST_AHEAD_YEARS);
  if (Number.isNaN(at.getTime()) || at > most) return { kind: 'too_far', at, most };
  return at < now ? { kind: 'backwards', at } : { kind: 'at', at };
}
