/** What an adapter's call returns: outcomes are values, never exceptions. */
import type { BusinessDate } from './words.ts';

/** `reason` and `code` hold no personal datum and no secret; `message` is the agency's own text and is treated as personal. */
export type Outcome =
  /** Final yes. */
  | { readonly kind: 'accepted'; readonly receipt: string; readonly document?: Uint8Array }
  /** Theirs to decide; ask again after `pollAfter` seconds. */
  | {
      readonly kind: 'pending';
      readonly receipt: string;
      readonly stage: 'received' | 'in_review';
      readonly pollAfter?: number;
    }
  /** They want more before they decide. */
  | {
      readonly kind: 'correction';
      readonly receipt?: string;
      readonly code: string;
      readonly message: string;
      readonly fields: readonly { readonly field: string; readonly message: string }[];
      readonly due?: BusinessDate;
    }
  /** Final no; never retried. Of an amendment without a receipt: the answer was not taken, and the filing stands as it did. */
  | { readonly kind: 'refused'; readonly receipt?: string; readonly code: string; readonly message: string }
  | Setback
  /** Only at a counter or by upload. */
  | { readonly kind: 'manual'; readonly instructions: string };

/**
 * What a setback says of the agency rather than of this filing. `unreachable`: no connection, no answer, a server error;
 * `maintenance`: it says so, or shows a web page; `busy`: too many requests; `address`: what answers there is not the agency.
 */
export type Symptom = 'unreachable' | 'maintenance' | 'busy' | 'address';

/** Nothing is decided. Of a question, any of them means that it was not answered. */
export type Setback =
  /** Certainly not taken; try again, not before `after` seconds. */
  | {
      readonly kind: 'retry';
      readonly reason: string;
      readonly after?: number;
      readonly symptom?: Symptom;
      /** The agency does not know a code of ours: its tables are fetched anew, and the filing is made by those. */
      readonly codes?: 'outdated';
    }
  /** Window closed, maintenance: wait; burns no attempt. `until` is what somebody said, and is told on; `again` is when to look where nobody did. */
  | {
      readonly kind: 'hold';
      readonly reason: string;
      readonly until?: Date;
      readonly again?: Date;
      readonly symptom?: Symptom;
    }
  /** Sent, and what came of it cannot be known from here: `lookup` decides, never a blind resend. */
  | { readonly kind: 'unsure'; readonly reason: string; readonly symptom?: Symptom };

/** Answer of `lookup` alone: the agency has never seen the serial, so sending it (again) is safe. */
export interface Absent {
  readonly kind: 'absent';
}

/** Answer of `readBack`: does the state that the filing should have produced stand at the agency? */
export type ReadBack =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'differs'; readonly reason: string }
  | Setback;
