// Resident ID (GB 11643) and unified social credit code (GB 32100), written from the standards. Not shared with the
// gateway on purpose: a mock that shares its checks would agree with its bugs.
import { readDay } from './time.ts';

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
const ORGANISATION_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

export function isResidentId(text: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return false;
  if (readDay(text.slice(6, 14)) === undefined) return false;
  return text[17] === expectedCheck(text);
}

/** Of the first 17 digits. */
export function expectedCheck(body: string): string | undefined {
  const sum = ID_WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return '10X98765432'[sum % 11];
}

/** Whom a case is about, in the one shape that all agencies' cases have. */
export const personLine = (
  persons: readonly { readonly name: string; readonly idNumber: string }[],
): string => [...new Set(persons.map(({ name, idNumber }) => `${name} ${idNumber}`))].join(', ');

/** @param region six digits @param birth yyyyMMdd @param sequence 0–999 */
export function residentId(region: string, birth: string, sequence: number): string {
  const body = `${region}${birth}${String(sequence).padStart(3, '0')}`;
  return `${body}${expectedCheck(body)}`;
}

/** `inner` also demands the organisation code's own check digit, which some registries skip. */
export function isUscc(text: string, options: { inner?: boolean } = {}): boolean {
  if (text.length !== 18) return false;
  const values = [...text].map((char) => USCC_ALPHABET.indexOf(char));
  if (values.includes(-1)) return false;
  let sum = 0;
  for (let at = 0, weight = 1; at < 17; at += 1, weight = (weight * 3) % 31)
    sum += weight * (values[at] ?? 0);
  if (values[17] !== (31 - (sum % 31)) % 31) return false;
  return !options.inner || isOrganisationCode(text.slice(8, 17));
}

function isOrganisationCode(text: string): boolean {
  const sum = ORGANISATION_WEIGHTS.reduce(
    (total, weight, at) => total + weight * ORGANISATION_ALPHABET.indexOf(text[at] ?? ''),
    0,
  );
  const check = 11 - (sum % 11);
  return text[8] === (check === 11 ? '0' : check === 10 ? 'X' : String(check));
}
