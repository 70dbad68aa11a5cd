/** Masks of personal data in answers: enough to tell two people apart, too little to use. */
import type { IdType } from '../domain/words.ts';

/** First character, then a star for each other: 张某 → 张*. */
export function maskName(name: string): string {
  const [first = '', ...rest] = [...name];
  return first + '*'.repeat(rest.length);
}

/**
 * Resident IDs: the first three and the last four characters. The usual six and four would give away the county, and
 * leave only the date of birth to guess, which the check digit then confirms; three tell no more than the province.
 */
export function maskIdNumber(type: IdType, number: string): string {
  const [head, tail] = type === 'resident_id' || number.length === 18 ? [3, 4] : [1, 2];
  return number.slice(0, head) + '*'.repeat(Math.max(0, number.length - head - tail)) + number.slice(-tail);
}
