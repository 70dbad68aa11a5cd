/** The nouns that more than one room uses: the glossary of docs/architecture.md as types. */

/** One exit's business with one agency. */
export const FILING_KINDS = [
  'labor_filing',
  'insurance_stop',
  'insurance_transfer',
  'credit_update',
] as const;
export type FilingKind = (typeof FILING_KINDS)[number];

/** Canonical exit reasons (Labour Contract Law §36–§44); agencies' codes are mapped per adapter and version. */
export const EXIT_REASONS = [
  'resignation',
  'resignation_in_probation',
  'mutual_by_employee',
  'mutual_by_employer',
  'employer_fault',
  'dismissal_for_cause',
  'dismissal_no_fault',
  'redundancy',
  'contract_expired',
  'retirement',
  'death',
  'employer_closed',
  'group_transfer',
] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** Identity documents an employee may be filed under. */
export const ID_TYPES = ['resident_id', 'hmt_permit', 'passport'] as const;
export type IdType = (typeof ID_TYPES)[number];

/** A calendar date in China Standard Time, `YYYY-MM-DD`. */
export type BusinessDate = string;

/** The personal fields an adapter's manifest may ask for; nothing else is handed over (PIPL: minimisation). */
export const PERSON_FIELDS = ['name', 'id_type', 'id_number', 'phone', 'address'] as const;
export type PersonField = (typeof PERSON_FIELDS)[number];
