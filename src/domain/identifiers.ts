/** Checks of the identifiers that a filing stands on: resident ID (GB 11643) and USCC (GB 32100). */
// One country's one number: the package's own entry loads those of all the world, in every process that starts.
import { validate } from 'stdnum/lib/cjs/cn/ric.js';

/** What is wrong with an identifier; each has a sentence in the catalogue of faults. */
export type ResidentIdFault = 'length' | 'characters' | 'birth_date' | 'check_digit';
export type UsccFault = 'length' | 'characters' | 'check_digit' | 'organisation_check_digit';

export type IdentifierCheck<Fault> =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly fault: Fault };

/** Resident ID, and the residence permits of Hong Kong, Macau and Taiwan, which share its form. A lower-case `x` becomes `X`. */
export function checkResidentId(input: string): IdentifierCheck<ResidentIdFault> {
  const value = input.trim().toUpperCase();
  if (value.length !== 18) return { ok: false, fault: 'length' };
  if (!/^\d{17}[\dX]$/.test(value)) return { ok: false, fault: 'characters' };
  const { isValid, error } = validate(value);
  if (isValid) return { ok: true, value };
  return { ok: false, fault: error?.name === 'InvalidComponent' ? 'birth_date' : 'check_digit' };
}

const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** Unified social credit code: its own check character, and that of the organisation code inside it (GB 11714, characters 9–17). */
export function checkUscc(input: string): IdentifierCheck<UsccFault> {
  const value = input.trim().toUpperCase();
  if (value.length !== 18) return { ok: false, fault: 'length' };
  if ([...value].some((character) => !USCC_ALPHABET.includes(character)))
    return { ok: false, fault: 'characters' };
  // Not by stdnum, which refuses every code that ends in 0, and those of farmers' organisations (N…) and others (Y…).
  const total = [...value.slice(0, 17)].reduce(
    (before, character, index) => before + USCC_ALPHABET.indexOf(character) * (3 ** index % 31),
    0,
  );
  if (value[17] !== USCC_ALPHABET[(31 - (total % 31)) % 31]) return { ok: false, fault: 'check_digit' };
  // Here letters count 10–35 by the plain alphabet (GB 11714).
  const sum = [...value.slice(8, 16)].reduce(
    (total, character, index) => total + Number.parseInt(character, 36) * (ORGANISATION_WEIGHTS[index] ?? 0),
    0,
  );
  const expected = '0123456789X'[(11 - (sum % 11)) % 11];
  return value[16] === expected ? { ok: true, value } : { ok: false, fault: 'organisation_check_digit' };
}
