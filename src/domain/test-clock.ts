/** What a move of an organisation's test time meets, in words that the API, the mover and the mock agencies' desk share. */
import type { Jump, Move } from './test-time.ts';

/** What has its time: deadlines of an exit to tell, an agency to be asked whether it is back, a filing's next step, something at a mock agency. */
export type Ahead = { readonly at: Date } & (
  | { readonly source: 'deadline'; readonly exitId: string }
  | { readonly source: 'probe'; readonly connectionId: string }
  | {
      readonly source: 'filing';
      readonly exitId: string;
      readonly filingId: string;
      readonly kind: string;
      /** A worker has it in hand. */
      readonly inHand: boolean;
    }
  | { readonly source: 'agency'; readonly agency: string; readonly event: string; readonly subject: string }
);

/** What happened on the way: an event of ours, or one at a mock agency with its sentence on it. */
export type Passed = { readonly at: Date } & (
  | {
      readonly source: 'gateway';
      readonly id: string;
      readonly type: string;
      readonly exitId: string | null;
      readonly filingId: string | null;
    }
  | {
      readonly source: 'agency';
      readonly agency: string;
      readonly event: string;
      readonly subject: string;
      readonly note: string;
    }
);

/** A sandbox of the mock agencies whose time moves along. */
export interface SandboxTime {
  readonly url: string;
  readonly now: Date;
}

export interface ClockView {
  readonly now: Date;
  readonly frozen: boolean;
  readonly sandboxes: readonly SandboxTime[];
  /** In the order in which it comes due. */
  readonly due: readonly Ahead[];
}

export interface MoveWish extends Move {
  /** Whether time stands still afterwards; as before when left out. */
  readonly frozen?: boolean | undefined;
  readonly dryRun: boolean;
}

export interface Moved extends ClockView {
  readonly target: Date;
  /** False when something that is due did not come to its end within the patience: `now` is how far time went. */
  readonly reached: boolean;
  /** In the order of time; what happens at one instant in the order in which it happened. */
  readonly events: readonly Passed[];
  /** More happened than is listed. */
  readonly more: number;
}

export type MoveRefused =
  | { readonly refused: 'busy' }
  | { readonly refused: 'backwards'; readonly now: Date }
  | { readonly refused: 'too_far'; readonly most: Date }
  | { readonly refused: 'nothing_ahead'; readonly jump: Jump };

/** Up to so many of each are told in one answer. */
export const MOST_TOLD = 1000;

/** By time; what was found first comes first at the same instant. */
export const inOrder = <Item extends { readonly at: Date }>(items: readonly Item[]): readonly Item[] =>
  items.toSorted((a, b) => a.at.getTime() - b.at.getTime());

/** The earliest of some instants, none of them before `now`: what should have happened already is due now. */
export function soonest(instants: readonly (Date | undefined)[], now: Date): Date | undefined {
  const known = instants.filter((at) => at !== undefined).map((at) => at.getTime());
  return known.length === 0 ? undefined : new Date(Math.max(Math.min(...known), now.getTime()));
}

/** The desk of the mock agencies did not answer, or not as it should. */
export class DeskFailed extends Error {
  readonly url: string;
  constructor(url: string, reason: string, cause?: unknown) {
    super(reason, { cause });
    this.url = url;
  }
}
