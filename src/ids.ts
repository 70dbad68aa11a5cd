/** Prefixed, time-ordered identifiers: `exit_` and a UUIDv7 (RFC 9562) in Crockford's base 32, so that ids sort by birth. */
import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export const ID_PREFIXES = {
  organisation: 'org',
  apiKey: 'key',
  connection: 'con',
  person: 'per',
  exit: 'exit',
  gate: 'gate',
  filing: 'fil',
  attempt: 'att',
  event: 'evt',
  endpoint: 'ep',
  delivery: 'del',
  document: 'doc',
  employee: 'emp',
  signal: 'sig',
  window: 'win',
  maintenance: 'mnt',
  rule: 'rule',
  reconciliation: 'rec',
  finding: 'fnd',
  upload: 'upl',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

/** An agency's idempotency key for one revision of a filing: `[A-Z0-9-]`, 29 characters. */
export const newSerial = (now: Date = new Date()): string =>
  newId('filing', now).replace(/^fil_/, 'EG-').toUpperCase();

export function newId(kind: IdKind, now: Date = new Date()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  let bits = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let index = 0; index < 26; index++) {
    text = ALPHABET[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return `${ID_PREFIXES[kind]}_${text}`;
}
