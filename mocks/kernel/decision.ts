// What a clerk can decide, and what is planned for a case.

/** Words of DECISIONS; which of them a case allows, its state machine says. */
export type Decision =
  | {
      readonly decision: 'accept';
      readonly warning?: { readonly code: string; readonly reason: string };
      /** Of a batch the first row alone. */
      readonly partial?: boolean;
    }
  | { readonly decision: 'reject'; readonly code: string; readonly reason: string }
  | {
      readonly decision: 'correction';
      readonly code: string;
      readonly field: string;
      readonly reason: string;
      /** Day `yyyy-MM-dd`. */
      readonly due: string;
    }
  /** Stays where it is until somebody decides. */
  | { readonly decision: 'hold' }
  /** Accepts, but only so many sandbox milliseconds from now. */
  | { readonly decision: 'late'; readonly delayMs: number }
  /** The agency no longer knows the case. */
  | { readonly decision: 'lose' }
  /** Takes an acceptance back, and restores what it had changed. */
  | { readonly decision: 'annul'; readonly code: string; readonly reason: string };

export const DECISIONS: readonly Decision['decision'][] = [
  'accept',
  'reject',
  'correction',
  'hold',
  'late',
  'lose',
  'annul',
];

/** What the clerk will do with a case that has just come in. Store it on the case, so that later steps keep it. */
export interface Plan {
  /** undefined: policy `manual`; schedule nothing, somebody decides through the desk. */
  readonly decision?: Decision;
  /** Milliseconds of sandbox time from receipt to the decision; split it over your steps as you like. */
  readonly delayMs: number;
  /** Code of the scenario that the case keeps, and by what it was chosen. */
  readonly scenario?: string;
  readonly rule?: string;
  /** How many decisions of the scenario's script have been planned. */
  readonly round?: number;
  /** What still happens once it is decided, so much later: schedule it as event `case.afterwards`. */
  readonly afterwards?: { readonly decision: Decision; readonly delayMs: number };
}

/** A clerk's code where it is one that a contract carries, else the agency's own. */
export const codeOf = (code: string, otherwise: string): string =>
  /^[A-Z][A-Z0-9_.]{1,39}$/.test(code) ? code : otherwise;
