// Where strangers play, no real person belongs: ID numbers that could be somebody's, in whatever text a request carries.
import { type Call, type Message, Refusal } from './agency.ts';
import { isResidentId } from './identifiers.ts';
import { isSynthetic } from './limits.ts';

/** Eighteen characters that stand alone; a longer number has nothing to do with it. */
const NUMBER = /(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])/g;
const DEPTH = 12;

export const REAL_DATA = 'no real person belongs here: use ID numbers of region 99xxxx';

export const realData = () => new Refusal('REAL_DATA', REAL_DATA);

export const hasRealNumber = (text: string): boolean =>
  (text.match(NUMBER) ?? []).some((found) => {
    const number = found.toUpperCase();
    return isResidentId(number) && !isSynthetic(number);
  });

/** As it came over the wire: what is encrypted or encoded stays hidden. */
export const showsRealNumber = ({ path, query, body }: Pick<Call, 'path' | 'query' | 'body'>): boolean =>
  hasRealNumber(decoded(path)) ||
  [...query.values()].some(hasRealNumber) ||
  hasRealNumber(body.toString('utf8'));

/** As the agency has read it: decrypted and decoded. */
export const namesRealNumber = (message: Message): boolean => textsOf(message, 0).some(hasRealNumber);

/** Texts of plain data; what has a class of its own (keys, dates, documents) says nothing of people. */
export function textsOf(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value];
  if (Buffer.isBuffer(value)) return [value.toString('utf8')];
  if (typeof value !== 'object' || value === null || depth > DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((part) => textsOf(part, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return [];
  return Object.values(value).flatMap((part) => textsOf(part, depth + 1));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
