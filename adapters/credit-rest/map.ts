/** What the agency calls things, and the fields of a filing. Pure. */
import type { ExitReason } from '../../src/domain/words.ts';
import type { FilingOrder } from '../adapter.ts';
import { idNumber } from '../format.ts';

/** The agency's words happen to be ours; written out, so that a new word of ours does not leave unnoticed. */
export const REASONS: Readonly<Record<ExitReason, string>> = {
  resignation: 'resignation',
  resignation_in_probation: 'resignation_in_probation',
  mutual_by_employee: 'mutual_by_employee',
  mutual_by_employer: 'mutual_by_employer',
  employer_fault: 'employer_fault',
  dismissal_for_cause: 'dismissal_for_cause',
  dismissal_no_fault: 'dismissal_no_fault',
  redundancy: 'redundancy',
  contract_expired: 'contract_expired',
  retirement: 'retirement',
  death: 'death',
  employer_closed: 'employer_closed',
  group_transfer: 'group_transfer',
};

/** One word of ours is two of the agency's: told apart by the number (GB 11643 regions 81, 82, 83; permit letters). */
const PERMITS: readonly (readonly [RegExp, string])[] = [
  [/^(8[12]\d{15}[\dX]|[HM]\d{8,10})$/, 'hk_macau_permit'],
  [/^(83\d{15}[\dX]|\d{8})$/, 'taiwan_permit'],
];

/** The agency's id_type; undefined when the number does not say which permit it is. */
export function idTypeOf(type: string | undefined, number: string): string | undefined {
  if (type === 'hmt_permit') return PERMITS.find(([form]) => form.test(number))?.[1];
  return type === 'resident_id' || type === 'passport' ? type : undefined;
}

export interface Practitioner {
  readonly id_type: string;
  readonly id_number: string;
  readonly name: string;
}

/** undefined when the document cannot be named in the agency's words. */
export function practitionerOf(filing: Pick<FilingOrder, 'person'>): Practitioner | undefined {
  const number = idNumber(filing.person.id_number ?? '');
  const type = idTypeOf(filing.person.id_type, number);
  return type ? { id_type: type, id_number: number, name: (filing.person.name ?? '').trim() } : undefined;
}

/** Body of a registration change; members stand in the order of the contract. */
export function changeOf(filing: FilingOrder, serial: string, practitioner: Practitioner) {
  return {
    serial,
    unit_uscc: filing.employer.uscc,
    practitioner,
    change: 'cancel',
    effective_date: filing.exitDate,
    reason: REASONS[filing.reason],
    ...(filing.supplements.length > 0
      ? { supplements: filing.supplements.map(({ kind, title, text }) => ({ kind, title, text })) }
      : {}),
  };
}

export function queryOf(filing: FilingOrder, practitioner: Practitioner) {
  return { ...practitioner, unit_uscc: filing.employer.uscc };
}
