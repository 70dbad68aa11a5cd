/** Building of messages: payload bytes, signature over exactly these, envelope around them. Pure. */
import { type BodyCipher, sealBody } from '../../src/crypto/body-cipher.ts';
import type { SigningIdentity } from '../../src/crypto/certificates.ts';
import { signCms } from '../../src/crypto/cms.ts';
import type { FilingOrder } from '../adapter.ts';
import { cnCompactTime, compactDate } from '../format.ts';
import { type Person, type Row, stopRows, transferRows } from './map.ts';
import { type Content, NAMESPACE, writeXml } from './xml.ts';

/** Transaction codes of the agency. */
export const TRANS = {
  connectivityTest: '0001',
  signIn: '0002',
  queryUnit: '1001',
  queryPerson: '1002',
  stop: '2001',
  transfer: '2002',
  progress: '3001',
  personState: '3002',
  batchList: '3003',
  unitRoster: '3004',
} as const;
export type TransCode = (typeof TRANS)[keyof typeof TRANS];

export interface Transaction {
  readonly code: TransCode;
  readonly messageId: string;
  /** The one element inside the Payload. */
  readonly element: string;
  readonly content: Content;
  /** Sender's time in the Head. */
  readonly time: Date;
}

export interface Session {
  readonly number: string;
  readonly cipher: BodyCipher;
  readonly key: Buffer;
}

export interface Envelope {
  /** What travels. */
  readonly bytes: Buffer;
  /** What is signed. */
  readonly payload: Buffer;
}

/**
 * The message id is the filing's serial and the time its preparedAt, so a resend differs only by the number of the
 * session, which the agency wants inside the signed payload: within one session the bytes are the same altogether.
 */
export function filingTransaction(filing: FilingOrder, serial: string, local: string): Transaction {
  const transfer = filing.kind === 'insurance_transfer';
  const rows = transfer ? transferRows(filing, local) : stopRows(filing, local);
  return {
    code: transfer ? TRANS.transfer : TRANS.stop,
    messageId: serial,
    element: transfer ? 'Transfer' : 'Stop',
    content: { Row: rows.map(numbered) },
    time: filing.preparedAt,
  };
}

const numbered = (row: Row, at: number): Content => ({ $: { no: String(at + 1) }, ...row });

type Query = (messageId: string, time: Date) => Transaction;

const query =
  (code: TransCode, element: string, content: Content): Query =>
  (messageId, time) => ({ code, messageId, element, content, time });

export const connectivityTest = query(TRANS.connectivityTest, 'ConnectivityTest', '');
export const signIn = (cipher: BodyCipher) => query(TRANS.signIn, 'SignIn', { Algorithm: cipher });
export const queryUnit = (uscc: string) => query(TRANS.queryUnit, 'QueryUnit', { BAB010: uscc });
export const queryPerson = (person: Person) =>
  query(TRANS.queryPerson, 'QueryPerson', { AAC002: person.idNumber, AAC003: person.name });
export const progress = (serial: string) => query(TRANS.progress, 'Progress', { MessageId: serial });
export const personState = (local: string) => query(TRANS.personState, 'PersonState', { AAC001: local });
const at = (cursor: string | undefined): { readonly Cursor?: string } =>
  cursor === undefined ? {} : { Cursor: cursor };
export const batchList = (from: string, to: string, cursor: string | undefined) =>
  query(TRANS.batchList, 'BatchList', { From: compactDate(from), To: compactDate(to), ...at(cursor) });
export const unitRoster = (cursor: string | undefined) =>
  query(TRANS.unitRoster, 'UnitRoster', { ...at(cursor) });

/** The bytes that are signed. The head is repeated in them, because the signature does not cover it. */
export function payloadOf(transaction: Transaction, unit: string, session: Session | undefined): Buffer {
  const { code, messageId, element, content } = transaction;
  const bound = { xmlns: NAMESPACE, TransCode: code, MessageId: messageId, Unit: unit };
  const attributes = session ? { ...bound, Session: session.number } : bound;
  return writeXml('Payload', { $: attributes, [element]: content });
}

/** With a session the body is encrypted by its key; without one (0001, 0002) it is plain. */
export function envelopeOf(
  transaction: Transaction,
  unit: string,
  session: Session | undefined,
  identity: SigningIdentity,
): Envelope {
  const payload = payloadOf(transaction, unit, session);
  const head = {
    TransCode: transaction.code,
    MessageId: transaction.messageId,
    Time: cnCompactTime(transaction.time),
    Unit: unit,
    ...(session ? { Session: session.number } : {}),
    Signature: signCms(payload, identity).toString('base64'),
  };
  const body = session
    ? encrypted(session, payload)
    : { $: { encoding: 'plain' }, _: payload.toString('base64') };
  return { payload, bytes: writeXml('Envelope', { $: { xmlns: NAMESPACE }, Head: head, Body: body }) };
}

function encrypted(session: Session, payload: Buffer): Content {
  const { iv, bytes } = sealBody(session.cipher, session.key, payload);
  return { $: { encoding: session.cipher, iv: iv.toString('base64') }, _: bytes.toString('base64') };
}
