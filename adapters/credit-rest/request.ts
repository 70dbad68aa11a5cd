/** Building of requests: the exact body bytes, and a detached JWS that binds them to method, path and minute. Pure. */
import type { SigningIdentity } from '../../src/crypto/certificates.ts';
import { signDetached } from '../../src/crypto/jws.ts';
import type { FilingOrder } from '../adapter.ts';
import { changeOf, type Practitioner, queryOf } from './map.ts';

export interface Question {
  /** The agency's name of the operation, without numbers: for what is kept and logged. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the address of the server: what `htu` binds, also behind a prefix. */
  readonly path: string;
  readonly body: Buffer | undefined;
}

const CHANGES = '/v1/registration-changes';
const json = (value: object): Buffer => Buffer.from(JSON.stringify(value), 'utf8');

export const ping = (): Question => ({
  operation: 'GET /v1/ping',
  method: 'GET',
  path: '/v1/ping',
  body: undefined,
});

/** The same filing and serial give the same bytes. */
export const submitChange = (filing: FilingOrder, serial: string, practitioner: Practitioner): Question => ({
  operation: `POST ${CHANGES}`,
  method: 'POST',
  path: CHANGES,
  body: json(changeOf(filing, serial, practitioner)),
});

/** Addressed by any serial under which the agency has the case; the content goes anew under ours. */
export const amendChange = (
  earlier: string,
  filing: FilingOrder,
  serial: string,
  practitioner: Practitioner,
): Question => ({
  operation: `PATCH ${CHANGES}/{serial}`,
  method: 'PATCH',
  path: `${CHANGES}/${earlier}`,
  body: json(changeOf(filing, serial, practitioner)),
});

export const getChange = (serial: string): Question => ({
  operation: `GET ${CHANGES}/{serial}`,
  method: 'GET',
  path: `${CHANGES}/${serial}`,
  body: undefined,
});

export const withdrawChange = (serial: string): Question => ({
  operation: `POST ${CHANGES}/{serial}/withdrawal`,
  method: 'POST',
  path: `${CHANGES}/${serial}/withdrawal`,
  body: json({}),
});

export const queryPractitioner = (filing: FilingOrder, practitioner: Practitioner): Question => ({
  operation: 'POST /v1/practitioners/query',
  method: 'POST',
  path: '/v1/practitioners/query',
  body: json(queryOf(filing, practitioner)),
});

export const inquire = (body: object): Question => ({
  operation: 'POST /v1/inquiries',
  method: 'POST',
  path: '/v1/inquiries',
  body: json(body),
});

/** The query is part of what is bound, so it is written once, here. */
const list = (path: string, query: Readonly<Record<string, string | undefined>>): Question => {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  const search = new URLSearchParams(given);
  return {
    operation: `GET ${path}`,
    method: 'GET',
    path: search.size === 0 ? path : `${path}?${search}`,
    body: undefined,
  };
};
export const listChanges = (from: string, to: string, cursor: string | undefined): Question =>
  list(CHANGES, { from, to, cursor });
export const listPractitioners = (cursor: string | undefined): Question =>
  list('/v1/practitioners', { cursor });

/** `wallNow`: real time, whatever clock the business runs on; the agency takes five minutes of difference. */
export function signatureOf(question: Question, identity: SigningIdentity, wallNow: Date): string {
  return signDetached(question.body ?? Buffer.alloc(0), identity, {
    iat: Math.floor(wallNow.getTime() / 1000),
    htm: question.method,
    htu: question.path,
  });
}
