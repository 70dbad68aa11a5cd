/**
 * What is kept of an exit under the person's key, and nowhere in clear: whom it is about, what is open, and what was decided,
 * in whose words. With the key it is gone.
 */
import type { OpenItems, Person } from './facts.ts';

/** The encrypted part of an exit: whoever may read it holds the person's key. */
export interface ExitSecret extends OpenItems {
  readonly person: Person;
  readonly earlierPersons: readonly { readonly revision: number; readonly person: Person }[];
  readonly clearances: readonly RecordedClearance[];
  readonly release?: Release;
  /** What was sent along with the answers to corrections. */
  readonly answers: readonly Answer[];
}

export const CLEARANCE_DECISIONS = ['cleared', 'waived', 'revoked'] as const;
export type ClearanceDecision = (typeof CLEARANCE_DECISIONS)[number];

/** A document that a clearance rests on; the document itself stays with the firm. */
export interface ClearanceDocument {
  readonly title: string;
  /** Its kind, where the gate asks for some (profiles/words/terms.yaml). */
  readonly kind?: string;
  readonly reference?: string;
  readonly sha256?: string;
}

/** What settles a gate; the words and names in it are personal. */
export interface Clearance {
  readonly gate: string;
  /** One item of the gate; absent: all that are open (or, revoked, all that are cleared). */
  readonly subject?: string;
  readonly decision: ClearanceDecision;
  readonly actor: string;
  readonly note?: string;
  readonly documents: readonly ClearanceDocument[];
}

/** A clearance as it is kept, under the person's key. */
export interface RecordedClearance extends Omit<Clearance, 'subject'> {
  readonly subjects: readonly string[];
  /** Those of the subjects that are disputes: another gate may have an item of the same name. */
  readonly disputes: readonly string[];
  /** ISO 8601. */
  readonly at: string;
  /** Came when filing had begun: it is on record, and no longer goes along with what was already sent. */
  readonly late?: true;
}

/** A claim that the firm keeps although it lets the employee go; its words are personal. */
export interface ReservedClaim {
  readonly title: string;
  readonly summary: string;
  /** External id of the dispute that it is about. */
  readonly dispute?: string;
  /** Yuan with two decimals. */
  readonly amount?: string;
  /** Where the claim document lies: a reference of the firm, or a document of this exit. */
  readonly reference?: string;
}

export interface ReleaseDraft {
  /** Who decided. */
  readonly actor: string;
  readonly reason: string;
  readonly claims: readonly ReservedClaim[];
}

/** A release as it is kept, under the person's key. */
export interface Release extends ReleaseDraft {
  readonly by: 'person' | 'policy';
  /** ISO 8601. */
  readonly at: string;
  /** What was open: `code` and `subject` of each gate. */
  readonly open: readonly { readonly gate: string; readonly subject: string }[];
}

export interface Supplement {
  /** `settlement`, `claim`, `open_item`, `certificate`, `handover`, or a kind that the agency asked for. */
  readonly kind: string;
  readonly title: string;
  readonly text: string;
}

/** What answered an agency's request for corrections, with the revision of the filing that carries it. */
export interface Answer {
  readonly filingId: string;
  readonly revision: number;
  readonly actor: string;
  readonly note?: string;
  readonly supplements: readonly Supplement[];
}

/** The person as they were at a revision. */
export const personAt = ({ person, earlierPersons }: ExitSecret, revision: number): Person =>
  earlierPersons.find((each) => each.revision === revision)?.person ?? person;
