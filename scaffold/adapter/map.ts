/** What the agency calls things, and the fields of a filing. Pure. */
import type { FilingOrder } from '../../adapters/adapter.ts';
import { idNumber } from '../../adapters/format.ts';
import type { ExitReason } from '../../src/domain/words.ts';

/** Its table of reasons, version 1. Written out for every word of ours: one that is missing does not compile. */
export const REASONS: Readonly<Record<ExitReason, string>> = {
  resignation: '10',
  resignation_in_probation: '11',
  mutual_by_employee: '20',
  mutual_by_employer: '21',
  employer_fault: '30',
  dismissal_for_cause: '31',
  dismissal_no_fault: '32',
  redundancy: '33',
  contract_expired: '40',
  retirement: '50',
  death: '51',
  employer_closed: '60',
  group_transfer: '70',
};

export interface Person {
  readonly id_type: string;
  readonly id_number: string;
  readonly name: string;
}

/** undefined when the agency has no word for the document: a person has to go to the counter. */
export function personOf({ person }: FilingOrder): Person | undefined {
  const type = person.id_type;
  if (type !== 'resident_id' && type !== 'passport') return undefined;
  return { id_type: type, id_number: idNumber(person.id_number ?? ''), name: (person.name ?? '').trim() };
}

/** Body of a submission and of an amendment. Members stand in one order, so that a resend has the same bytes. */
export function exitOf(filing: FilingOrder, serial: string, person: Person) {
  return {
    serial,
    unit: filing.employer.uscc,
    person,
    post: filing.post,
    reason: REASONS[filing.reason],
    exit_date: filing.exitDate,
    supplements: filing.supplements.map(({ kind, title, text }) => ({ kind, title, text })),
  };
}
