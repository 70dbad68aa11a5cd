/** Requests: the exact bytes of the body, and a detached JWS that binds them to method, path and minute. Pure. */
import type { FilingOrder } from '../../adapters/adapter.ts';
import type { SigningIdentity } from '../../src/crypto/certificates.ts';
import { signDetached } from '../../src/crypto/jws.ts';
import { exitOf, type Person } from './map.ts';

export interface Question {
  /** The agency's name of the operation, without numbers: for what is kept and logged. */
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: Buffer;
}

const NOTHING = Buffer.alloc(0);
const json = (value: object): Buffer => Buffer.from(JSON.stringify(value), 'utf8');
const post = (operation: string, path: string, body: Buffer): Question => ({
  operation,
  method: 'POST',
  path,
  body,
});
const get = (operation: string, path: string): Question => ({
  operation,
  method: 'GET',
  path,
  body: NOTHING,
});

export const ping = (): Question => get('GET /ping', '/ping');

export const submitExit = (filing: FilingOrder, serial: string, person: Person): Question =>
  post('POST /exits', '/exits', json(exitOf(filing, serial, person)));

export const getExit = (serial: string): Question => get('GET /exits/{serial}', `/exits/${serial}`);

/** Under the receipt, which stays; the serial is a new one. */
export const amendExit = (receipt: string, filing: FilingOrder, serial: string, person: Person): Question =>
  post(
    'POST /receipts/{receipt}/amendment',
    `/receipts/${receipt}/amendment`,
    json(exitOf(filing, serial, person)),
  );

export const cancelExit = (serial: string): Question =>
  post('POST /exits/{serial}/cancellation', `/exits/${serial}/cancellation`, json({}));

export const queryPerson = (filing: FilingOrder, person: Person): Question =>
  post('POST /people/query', '/people/query', json({ unit: filing.employer.uscc, person }));

/** `wallNow`: real time, whatever clock the business runs on; the agency takes five minutes of difference. */
export const signatureOf = (
  { method, path, body }: Question,
  identity: SigningIdentity,
  wallNow: Date,
): string =>
  signDetached(body, identity, { iat: Math.floor(wallNow.getTime() / 1000), htm: method, htu: path });
