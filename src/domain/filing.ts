/** One exit's business with one agency: what it is, and which step is next. What an answer makes of it: settle.ts. Pure. */

import type { EventDraft } from './events.ts';
import type { Clocked } from './filing-clocks.ts';
import type { Absent, Outcome, ReadBack } from './outcome.ts';
import type { BusinessDate, FilingKind } from './words.ts';

export const FILING_STATES = [
  'waiting',
  'due',
  'submitted',
  'in_review',
  'correction_requested',
  'accepted',
  'verified',
  'rejected',
  'unknown',
  'manual',
  'withdrawn',
] as const;
export type FilingState = (typeof FILING_STATES)[number];

export interface Correction {
  readonly code: string;
  readonly fields: readonly string[];
  readonly due?: BusinessDate;
  /** Absent in what was asked for before this was kept. */
  readonly askedOn?: BusinessDate;
}

export interface Filing extends Clocked {
  readonly id: string;
  readonly kind: FilingKind;
  readonly connectionId: string;
  /** The connection's adapter: the queue that the filing travels on. */
  readonly adapter: string;
  readonly serial: string;
  readonly revision: number;
  /** The exit's facts that it carries, by their revision. */
  readonly factsRevision: number;
  /** How the current revision goes out: as a filing of its own, or as the answer to a correction. */
  readonly via: 'submit' | 'amend';
  /** Of an answer to a correction: the serial under which the agency has what it amends. */
  readonly previousSerial?: string;
  /** It is to be withdrawn, to be filed anew or for good. In doubt, it is looked up first; refused, it is followed to its end. */
  readonly withdrawing?: {
    readonly to: 'refile' | 'end';
    readonly stage: 'asked' | 'doubt' | 'refused';
  };
  readonly after: readonly FilingKind[];
  readonly state: FilingState;
  readonly receipt?: string;
  /** Calls that burnt an attempt since the filing last got anywhere. */
  readonly attempts: number;
  /** Answers `still theirs to decide` since the last change of state. */
  readonly polls: number;
  /** How often the agency has said of its own accord that something happened. */
  readonly news: number;
  /** When the next step is due; absent when only something else can move the filing. */
  readonly nextAt?: Date;
  /** Fixed at the first claim of a revision, so that a resend has the same bytes. */
  readonly preparedAt?: Date;
  /** Since when the agency has been closed to us: told once, not at every try. */
  readonly heldSince?: Date;
  readonly lastError?: string;
  readonly correction?: Correction;
  /** Documents of the exit that go along, by id: fixed at the first claim of a revision, like `preparedAt`. */
  readonly attachments?: readonly string[];
}

/** The calls an adapter can make; which of them it makes next is the row's to say. */
export type Step = 'submit' | 'amend' | 'withdraw' | 'lookup' | 'readBack';
export type StepResult = Outcome | Absent | ReadBack;

/** The step that a filing's state asks for; undefined when only a person, another filing or a gate can move it. */
export function nextStep(filing: Filing): Step | undefined {
  const withdraw = filing.withdrawing?.stage === 'asked';
  switch (filing.state) {
    case 'due':
      return filing.via;
    case 'unknown':
      return 'lookup';
    case 'submitted':
    case 'in_review':
      return withdraw ? 'withdraw' : 'lookup';
    case 'correction_requested':
      if (withdraw) return 'withdraw';
      // It waits for us, and is asked about only where the agency has said something (news.ts), or its day is over.
      return filing.nextAt === undefined ? undefined : 'lookup';
    case 'accepted':
      return 'readBack';
    case 'manual':
    // In a person's hands; asked about after an answer that the agency did not take.
    case 'verified':
    case 'rejected':
    case 'withdrawn':
      // Ended; looked at again where the agency has said something (second-look.ts).
      return filing.nextAt === undefined ? undefined : 'lookup';
    default:
      return undefined;
  }
}

/** After so many fruitless calls a person is told; the calls go on. */
export const ATTENTION_AFTER_ATTEMPTS = 10;

/** A filing as it is to become, and what to tell about it. */
export interface Settled {
  readonly filing: Filing;
  readonly events: readonly EventDraft[];
}
