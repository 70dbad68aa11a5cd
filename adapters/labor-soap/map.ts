/** Business facts → fields of the labour filing (domain: 劳动用工备案). Pure; everything agency-specific is a table. */
import type { ExitReason, IdType } from '../../src/domain/words.ts';
import type { FilingOrder } from '../adapter.ts';
import { compactDate, idNumber } from '../format.ts';

/**
 * `abc917`, four digits, by version of the agency's table. Our own mapping of the canonical reasons.
 * `1-broad` is for agencies whose table has neither 6313 nor 6317 and takes the broader code for them.
 */
const VERSION_1: Readonly<Record<ExitReason, string>> = {
  resignation: '6313',
  resignation_in_probation: '6313',
  mutual_by_employee: '6319',
  mutual_by_employer: '6321',
  employer_fault: '6320',
  dismissal_for_cause: '6317',
  dismissal_no_fault: '6321',
  redundancy: '6321',
  contract_expired: '6322',
  retirement: '6308',
  death: '6401',
  employer_closed: '6323',
  group_transfer: '6302',
};
export const REASON_TABLES: Readonly<Record<string, Readonly<Record<ExitReason, string>>>> = {
  '1': VERSION_1,
  '1-broad': {
    ...VERSION_1,
    resignation: '6319',
    resignation_in_probation: '6319',
    dismissal_for_cause: '6321',
  },
};

/** `AAC058` */
const DOCUMENT_TYPES: Readonly<Record<IdType, string>> = {
  resident_id: '01',
  hmt_permit: '02',
  passport: '04',
};

/** `AAC013`, only where the contract says it: a contract's term tells nothing of full or part time. */
const FORMS_OF_EMPLOYMENT: Readonly<Record<string, string>> = {
  full_time: '1',
  part_time: '2',
  dispatched: '3',
};

/** Kinds of supplement that the agency knows by name; all others are `other`. */
const SUPPLEMENT_KINDS: Readonly<Record<string, string>> = {
  settlement: 'settlement',
  claim: 'claim',
  reserved_claim: 'claim',
  certificate: 'certificate',
  handover: 'handover',
};

export interface Person {
  readonly AAC058: string;
  readonly AAC002: string;
  readonly AAC003: string;
}

/** undefined: the order does not name the person fully, or by a document this agency does not know. */
export function personOf({ person }: FilingOrder): Person | undefined {
  const type = Object.entries(DOCUMENT_TYPES).find(([idType]) => idType === person.id_type)?.[1];
  const number = idNumber(person.id_number ?? '');
  const name = plain(person.name ?? '').trim();
  return type && number && name ? { AAC058: type, AAC002: number, AAC003: name } : undefined;
}

export const reasonOf = (filing: FilingOrder, version: string): string | undefined =>
  REASON_TABLES[version]?.[filing.reason];

/** The agency's own numbers, looked up before every filing. */
export interface LocalNumbers {
  readonly AAB001: string;
  readonly AAC001: string;
}

export type Field = string | { readonly [name: string]: string };
/** In the order of the schema; undefined stands for an element that is left out. */
export type Fields = { readonly [name: string]: Field | readonly Field[] | undefined };

/** The group `Content` of the agency's schema. Nothing in it depends on when, or how often, it is sent. */
export function contentOf(
  filing: FilingOrder,
  person: Person,
  local: LocalNumbers,
  serial: string,
  version: string,
): Fields {
  const { contract, employer, exitDate, lastAttendanceDate } = filing;
  return {
    BAE941: serial,
    AAB001: local.AAB001,
    BAB010: employer.uscc,
    AAB004: plain(employer.name),
    AAC001: local.AAC001,
    ...person,
    AAC013: FORMS_OF_EMPLOYMENT[contract.type],
    abc913: compactDate(contract.start),
    abc914: contract.end && compactDate(contract.end),
    post: plain(filing.post),
    abc916: compactDate(exitDate),
    abc917: reasonOf(filing, version),
    yearsOfService: yearsOfService(contract.start, exitDate),
    lastAttendance: compactDate(lastAttendanceDate),
    supplement: filing.supplements.map(({ kind, title, text }) => ({
      kind: SUPPLEMENT_KINDS[kind] ?? 'other',
      title: plain(title),
      text: plain(text),
    })),
  };
}

/** Whole years, and the rest as hundredths of the year it lies in, rounded down: 2022-03-01 to 2026-11-25 is 4.73. */
export function yearsOfService(start: string, end: string): string {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  if (!(to > from)) return '0.00';
  let years = 0;
  while (anniversary(from, years + 1) <= to) years += 1;
  const [last, next] = [anniversary(from, years), anniversary(from, years + 1)];
  const hundredths = Math.floor(((to - last) / (next - last)) * 100);
  return `${years}.${String(hundredths).padStart(2, '0')}`;
}

function anniversary(from: number, years: number): number {
  const date = new Date(from);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
}

/** XML 1.0 cannot carry most control characters, and receivers turn CR into LF, which would break the signature. */
function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/(?![\t\n])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '');
}
