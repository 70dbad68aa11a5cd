/** The nouns of reconciliation: what is compared, and what a difference is. */
import type { FilingState } from './filing.ts';
import type { BusinessDate, FilingKind } from './words.ts';

export const FINDING_KINDS = [
  'filed_elsewhere',
  'missing_there',
  'state_differs',
  'still_enrolled',
  'identity_differs',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const THEIR_STATES = [
  'in_review',
  'correction_requested',
  'accepted',
  'rejected',
  'withdrawn',
] as const;
export type TheirState = (typeof THEIR_STATES)[number];

export interface Named {
  readonly name?: string;
  readonly id_number: string;
}

/** A filing of ours, with the facts that it carries. */
export interface OurFiling {
  readonly filingId: string;
  readonly exitId: string;
  /** The connection it is planned on; another one may lead to the same agency. */
  readonly connectionId: string;
  readonly kind: FilingKind;
  readonly state: FilingState;
  readonly serial: string;
  /** Of earlier revisions: what the agency still lists under them is superseded. */
  readonly earlierSerials: readonly string[];
  readonly receipt?: string;
  /** It is being taken back, or is about to be. */
  readonly withdrawing: boolean;
  readonly exitDate: BusinessDate;
  readonly person: { readonly name: string; readonly id_number: string };
  /** When the agency first said that it has this revision; absent: it has not. */
  readonly receivedAt?: Date;
  /** Since when it is in its state, or was last asked after. */
  readonly changedAt: Date;
}

export interface TheirFiling {
  readonly serial?: string;
  readonly receipt: string;
  readonly kind: FilingKind;
  readonly state: TheirState;
  readonly person: Named;
  readonly exitDate?: BusinessDate;
}

export interface Enrolled {
  readonly kind: FilingKind;
  readonly person: Named;
  readonly since?: BusinessDate;
}

export interface Comparison {
  readonly connectionId: string;
  /** Exit dates that are judged; the list may reach beyond. */
  readonly period: { readonly from: BusinessDate; readonly to: BusinessDate };
  readonly ours: readonly OurFiling[];
  readonly theirs: readonly TheirFiling[];
  /** undefined: the agency has none to show, or it could not be read. */
  readonly roster?: readonly Enrolled[];
  /** List and roster were read to their ends: only then is what is not in them missing. */
  readonly complete: boolean;
  readonly today: BusinessDate;
  /** What was received or has changed since then may not show there yet. */
  readonly settledBefore: Date;
}

export interface Finding {
  readonly kind: FindingKind;
  readonly filingKind: FilingKind;
  /** Tells it from every other of its connection, and stays the same from run to run. May hold a number: never shown. */
  readonly identity: string;
  readonly exitId?: string;
  readonly filingId?: string;
  /** The exit date it is about; absent: none is known. */
  readonly on?: BusinessDate;
  readonly ours?: FilingState;
  readonly theirs?: TheirState | 'enrolled' | 'absent';
  readonly receipt?: string;
  /** Since when the agency counts the person as the employer's. */
  readonly since?: BusinessDate;
  /** Whom it is about as the agency knows them, or as we do where it does not. */
  readonly person: Named;
  /** The number that we have, where the agency has another. */
  readonly ourNumber?: string;
}

export const FINDING_STATES = ['open', 'resolved', 'dismissed'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

/** What a finding says in the clear: codes, ids, dates. */
export const findingData = (finding: Omit<Finding, 'identity' | 'person' | 'ourNumber'>) => ({
  kind: finding.kind,
  filing_kind: finding.filingKind,
  filing_id: finding.filingId ?? null,
  exit_date: finding.on ?? null,
  ours: finding.ours ?? null,
  theirs: finding.theirs ?? null,
  receipt: finding.receipt ?? null,
  since: finding.since ?? null,
});
