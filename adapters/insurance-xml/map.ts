/** What the agency calls things: code tables (version 1 of the agency's tables) and the rows of a filing. Pure. */
import type { BusinessDate, ExitReason } from '../../src/domain/words.ts';
import type { FilingOrder } from '../adapter.ts';
import { compactDate, compactMonth, idNumber } from '../format.ts';

/** AAE140. */
export const INSURANCES = {
  '110': { en: 'pension', zh: '养老' },
  '210': { en: 'unemployment', zh: '失业' },
  '310': { en: 'medical', zh: '医疗' },
  '410': { en: 'work injury', zh: '工伤' },
  '510': { en: 'maternity', zh: '生育' },
} as const;
export type Insurance = keyof typeof INSURANCES;

/** Stopped one by one, in this order; the order gives the row its number. */
export const STOPPED: readonly Insurance[] = ['110', '210', '310', '410', '510'];
/** Work injury and maternity insurance do not follow the person (Social Insurance Law §19, §32, §52). */
export const TRANSFERRED: readonly Insurance[] = ['110', '210', '310'];

/** AAC050: change of type "stop". */
const STOP = '22';

/** AAE160. Our own mapping of the canonical reasons; another city has another table. */
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

export interface Person {
  readonly idNumber: string;
  readonly name: string;
}

export function personOf(filing: FilingOrder): Person {
  return { idNumber: idNumber(filing.person.id_number ?? ''), name: (filing.person.name ?? '').trim() };
}

/** Which insurances the filing is about, in the order of its rows. */
export const insurancesOf = (filing: FilingOrder): readonly Insurance[] =>
  filing.kind === 'insurance_transfer' ? TRANSFERRED : STOPPED;

export type Row = Readonly<Record<string, string>>;

/** Rows of transaction 2001 without their numbers; members stand in the order of the schema. `local` is AAC001. */
export function stopRows(filing: FilingOrder, local: string): Row[] {
  const person = personOf(filing);
  return STOPPED.map((insurance) => ({
    AAC001: local,
    AAC002: person.idNumber,
    AAC003: person.name,
    AAE140: insurance,
    AAC050: STOP,
    AAE160: REASONS[filing.reason],
    AAE035: compactDate(filing.exitDate),
    AAE003: compactMonth(filing.insuranceEndMonth),
  }));
}

/** Rows of transaction 2002. */
export function transferRows(filing: FilingOrder, local: string): Row[] {
  const person = personOf(filing);
  return TRANSFERRED.map((insurance) => ({
    AAC001: local,
    AAC002: person.idNumber,
    AAC003: person.name,
    AAE140: insurance,
    AAE035: compactDate(filing.exitDate),
    TargetRegion: targetRegion(filing),
  }));
}

/** GB/T 2260. Nobody knows the next employer's region at the exit: the relation waits where it was, for that one to call it. */
export const targetRegion = (filing: FilingOrder): string => filing.employer.region;

/** The state that a filing should have produced, per insurance: since which day it is no longer paid. */
export const settledSince = (filing: FilingOrder): BusinessDate => filing.exitDate;
