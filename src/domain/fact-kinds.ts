/** The kinds of fact that an exit names. Gates are raised by them; their words stand in profiles/words/terms.yaml. */

/** What is in dispute with the employee, or about what the employee did. */
export const DISPUTE_KINDS = ['customer_complaint', 'lawsuit', 'arbitration', 'internal'] as const;
export type DisputeKind = (typeof DISPUTE_KINDS)[number];

/** What the employee hands over or gives back. */
export const HANDOVER_KINDS = [
  'work',
  'customer',
  'asset',
  'access',
  'equipment',
  'safety_record',
  'intellectual_property',
  'document',
] as const;
export type HandoverKind = (typeof HANDOVER_KINDS)[number];

/** What is open between the employee and the employer's accounts. */
export const FINANCE_KINDS = ['loan', 'advance', 'reimbursement', 'other'] as const;
export type FinanceKind = (typeof FINANCE_KINDS)[number];
