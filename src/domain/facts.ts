/** What HR says of an exit: business facts, and the personal ones that are encrypted at rest and masked wherever they are shown. */
import type { DisputeKind, FinanceKind, HandoverKind } from './fact-kinds.ts';
import type { BusinessDate, ExitReason, IdType } from './words.ts';

export interface Employer {
  readonly name: string;
  readonly uscc: string;
  /** GB/T 2260, where the person works. */
  readonly region: string;
}

export interface Contract {
  readonly type: 'fixed_term' | 'open_ended' | 'task';
  readonly start: BusinessDate;
  readonly end?: BusinessDate;
}

export interface NonCompete {
  readonly months: number;
  readonly monthly_compensation: string;
  readonly competitors: readonly string[];
}

export interface ExitFacts {
  readonly externalId: string;
  readonly employeeExternalId: string;
  readonly profile: string;
  readonly reason: ExitReason;
  readonly employer: Employer;
  readonly post: string;
  readonly contract: Contract;
  readonly noticeDate: BusinessDate;
  readonly lastAttendanceDate: BusinessDate;
  readonly exitDate: BusinessDate;
  readonly insuranceEndMonth: string;
  readonly nonCompete?: NonCompete;
}

export interface Person {
  readonly name: string;
  readonly id_type: IdType;
  readonly id_number: string;
  readonly phone?: string;
  readonly address?: string;
}

/** A claim of a customer, a court or the firm that is not settled. */
export interface Dispute {
  readonly external_id: string;
  readonly kind: DisputeKind;
  readonly summary: string;
  /** Yuan with two decimals. */
  readonly amount?: string;
}

/** Something that the employee hands over, and who takes it. */
export interface HandoverItem {
  readonly external_id: string;
  readonly kind: HandoverKind;
  readonly title: string;
  readonly receiver?: string;
}

/** What is open between the employee and the firm's accounts. */
export interface FinanceItem {
  readonly external_id: string;
  readonly kind: FinanceKind;
  readonly summary: string;
  /** Yuan with two decimals. */
  readonly amount?: string;
}

/** The open items of an exit: each may raise a gate. */
export interface OpenItems {
  readonly disputes: readonly Dispute[];
  readonly handover: readonly HandoverItem[];
  readonly finance: readonly FinanceItem[];
}
