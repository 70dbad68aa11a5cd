/** Building of requests: the sealed body, and the SM2 signature that binds it to path, time and nonce. Pure. */
import { sealBody } from '../../src/crypto/body-cipher.ts';
import { type Sm2Form, type Sm2KeyPair, signSm2 } from '../../src/crypto/sm2.ts';
import type { FilingOrder } from '../adapter.ts';
import { changeOf, type Person, personOf } from './map.ts';

export interface Question {
  /** The agency's name of the operation: for what is kept and logged. */
  readonly operation: string;
  /** Below the address of the server: what the signature binds, also behind a prefix. */
  readonly path: string;
  readonly content: object;
}

export interface Identity {
  readonly clientId: string;
  readonly keys: Sm2KeyPair;
  readonly form: Sm2Form;
  /** SM4, 16 bytes. */
  readonly bodyKey: Buffer;
}

export interface Envelope {
  readonly headers: Readonly<Record<string, string>>;
  readonly nonce: string;
  /** What travels. */
  readonly body: Buffer;
  /** What was sealed in it. */
  readonly content: Buffer;
}

const ask = (path: string, content: object): Question => ({ operation: `POST ${path}`, path, content });

export const CHANGES = '/api/v2/changes';
export const ping = (): Question => ask('/api/v2/ping', {});
export const codeTables = (): Question => ask('/api/v2/codes', {});
export const queryUnit = (uscc: string): Question => ask('/api/v2/unit', { uscc });
export const fileChange = (filing: FilingOrder, serial: string, unitNo: string): Question =>
  ask(CHANGES, changeOf(filing, serial, unitNo));
export const amendChange = (filing: FilingOrder, serial: string, unitNo: string): Question =>
  ask(`${CHANGES}/amend`, { receipt: filing.receipt ?? '', ...changeOf(filing, serial, unitNo) });
export const withdrawChange = (serial: string): Question => ask(`${CHANGES}/withdraw`, { serial });
export const queryChange = (serial: string): Question => ask(`${CHANGES}/query`, { serial });
export const listChanges = (period: { from: string; to: string }, page?: string): Question =>
  ask(`${CHANGES}/list`, { from: period.from, to: period.to, ...(page === undefined ? {} : { page }) });
export const personState = (filing: FilingOrder): Question =>
  ask('/api/v2/persons/state', personOf(filing.person));
export const listPersons = (page?: string): Question =>
  ask('/api/v2/persons/list', page === undefined ? {} : { page });
export const queryEnrolment = (person: Person): Question => ask('/api/v2/enrolments/query', person);

/** What a signature covers: these lines, each ended by a line feed, then the exact bytes of the body. */
export const signedBytes = (lines: readonly string[], body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(lines.map((line) => `${line}\n`).join('')), body]);

/**
 * The same question gives the same body; time and nonce are the sending's. `wallNow`: real time, whatever clock the
 * business runs on. @param nonce 16 to 64 letters and digits, never used before
 */
export function envelopeOf(
  { path, content: asked }: Question,
  { clientId, keys, form, bodyKey }: Identity,
  wallNow: Date,
  nonce: string,
): Envelope {
  const content = Buffer.from(JSON.stringify(asked), 'utf8');
  const { iv, bytes } = sealBody('sm4-cbc', bodyKey, content);
  const body = Buffer.from(JSON.stringify({ iv: iv.toString('base64'), data: bytes.toString('base64') }));
  const timestamp = String(wallNow.getTime());
  const signature = signSm2(signedBytes(['POST', path, timestamp, nonce], body), keys, form);
  const headers = {
    'Content-Type': 'application/json',
    'X-Client-Id': clientId,
    'X-Timestamp': timestamp,
    'X-Nonce': nonce,
    'X-Signature': signature,
  };
  return { headers, nonce, body, content };
}
