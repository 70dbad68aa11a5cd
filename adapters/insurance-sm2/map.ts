/** What the agency calls things: its code tables as we know them, and the content of a change. Pure. */
import type { BusinessDate, ExitReason } from '../../src/domain/words.ts';
import type { CodeTable, FilingOrder } from '../adapter.ts';
import { idNumber } from '../format.ts';

/** Table XZ. */
export const INSURANCES = {
  '01': { en: 'pension', zh: '养老' },
  '02': { en: 'medical', zh: '医疗' },
  '03': { en: 'unemployment', zh: '失业' },
  '04': { en: 'work injury', zh: '工伤' },
  '05': { en: 'maternity', zh: '生育' },
} as const;
export type Insurance = keyof typeof INSURANCES;

const STOPPED: readonly Insurance[] = ['01', '02', '03', '04', '05'];
/** Work injury and maternity insurance do not follow the person (Social Insurance Law §19, §32, §52). */
const TRANSFERRED: readonly Insurance[] = ['01', '02', '03'];

/** Table TBYY. Our own mapping of the canonical reasons. */
export const REASONS: Readonly<Record<ExitReason, string>> = {
  resignation: '222',
  resignation_in_probation: '222',
  mutual_by_employee: '221',
  mutual_by_employer: '221',
  employer_fault: '221',
  dismissal_for_cause: '223',
  dismissal_no_fault: '223',
  redundancy: '223',
  contract_expired: '221',
  retirement: '210',
  death: '211',
  employer_closed: '221',
  group_transfer: '241',
};

/** 10 stop, 20 transfer. */
export const businessOf = ({ kind }: Pick<FilingOrder, 'kind'>): '10' | '20' =>
  kind === 'insurance_transfer' ? '20' : '10';

export const insurancesOf = (filing: FilingOrder): readonly Insurance[] =>
  filing.kind === 'insurance_transfer' ? TRANSFERRED : STOPPED;

export interface Person {
  readonly id_type: string;
  readonly id_number: string;
  readonly name: string;
}

/** One word of ours is two of the agency's: the residence permit has a number like a resident ID, the travel permit not. */
export function personOf(person: FilingOrder['person']): Person {
  const number = idNumber(person.id_number ?? '');
  const permit = /^8[123]\d{15}[\dX]$/.test(number) ? '02' : '04';
  const types: Readonly<Record<string, string>> = { resident_id: '01', hmt_permit: permit, passport: '03' };
  return {
    id_type: types[person.id_type ?? ''] ?? '01',
    id_number: number,
    name: (person.name ?? '').trim(),
  };
}

/** GB/T 2260. Nobody knows the next employer's region at the exit: the relation waits where it was, for that one to call it. */
export const targetRegion = (filing: FilingOrder): string => filing.employer.region;

/** The state that a filing should have produced, per insurance: since which day it is no longer paid. */
export const settledSince = (filing: FilingOrder): BusinessDate => filing.exitDate;

/** Members stand in the order of the contract; `unitNo` is the agency's own number of the unit. */
export function changeOf(filing: FilingOrder, serial: string, unitNo: string) {
  return {
    serial,
    unit_no: unitNo,
    business: businessOf(filing),
    person: personOf(filing.person),
    post: filing.post,
    reason: REASONS[filing.reason],
    exit_date: filing.exitDate,
    end_month: filing.insuranceEndMonth,
    ...(filing.kind === 'insurance_transfer' ? { target_region: targetRegion(filing) } : {}),
    items: insurancesOf(filing).map((insurance) => ({ insurance })),
    ...(filing.supplements.length > 0
      ? { materials: filing.supplements.map(({ kind, title, text }) => ({ kind, title, text })) }
      : {}),
  };
}

/**
 * A code of ours that a table of the agency's no longer has, as `TBYY 222`; undefined when all are there or the table was
 * never fetched. The message is the same whatever the table says: a code is not exchanged for another by a program.
 */
export function retiredCode(filing: FilingOrder, tables: readonly CodeTable[]): string | undefined {
  const used: readonly (readonly [string, string])[] = [
    ['TBYY', REASONS[filing.reason]],
    ...insurancesOf(filing).map((code) => ['XZ', code] as const),
  ];
  const gone = used.find(([name, code]) => {
    const table = tables.find((each) => each.name === name);
    return table !== undefined && !Object.hasOwn(table.entries, code);
  });
  return gone?.join(' ');
}
