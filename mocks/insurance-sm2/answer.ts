// From an answer or a refusal to what goes out: checked against the contract, sealed for the client, signed.
import { createHmac } from 'node:crypto';
import type { Call, Identity, Refusal, Reply, Room } from '../kernel/agency.ts';
import { checkAnswer, checkBody } from './contract.ts';
import { clientOf, keysOf } from './keys.ts';
import { claimedClient, type Request } from './message.ts';
import { findRoute } from './routes.ts';
import { DEFAULT_FORM, type Form, formOf, seal as sealed, sign } from './sm2.ts';

export interface Answer {
  readonly code: 'OK' | 'DUPLICATE';
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Draft {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Refusals that have an HTTP status of their own; all others travel with 200. */
const ownStatus = (status: number) => status >= 500 || [404, 405, 409, 413, 415, 429].includes(status);

export const encode = ({ code, data }: Answer): Draft => ({
  status: 200,
  headers: {},
  content: { code, data },
});

export function refuse({ code, message, status, retryAfterSeconds, extra }: Refusal): Draft {
  const { until, errors } = extra;
  return {
    status: ownStatus(status) ? status : 200,
    headers: {
      ...(status === 405 && { allow: 'POST' }),
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
    content: {
      code,
      message: message.slice(0, 500),
      ...(typeof until === 'string' && { until }),
      ...(Array.isArray(errors) && { errors }),
    },
  };
}

export const check = ({ content }: Draft, call: Call): void => checkAnswer(findRoute(call)?.path, content);

/** @param lead the lines before the body, each ended by a line feed */
export function signed(
  lead: readonly string[],
  body: Buffer,
  signer: Identity,
  form: Form,
  room: Room,
): string {
  const text = Buffer.concat([Buffer.from(lead.map((line) => `${line}\n`).join('')), body]);
  return sign(text, keysOf(signer, room), form);
}

export function seal(
  draft: Draft,
  call: Call,
  request: Request | undefined,
  signer: Identity,
  room: Room,
): Reply {
  const client = claimedClient(call, room);
  const content = Buffer.from(JSON.stringify(draft.content));
  const body = client
    ? Buffer.from(JSON.stringify(sealed(content, Buffer.from(client.bodyKey, 'hex'))))
    : content;
  checkBody(JSON.parse(body.toString()));
  const at = String(room.wallNow().getTime());
  // A header of ours repeats what the client sent: only what the contract lets through, and never a line break.
  const nonce = /^[A-Za-z0-9]{16,64}$/.exec(call.headers['x-nonce'] ?? '')?.[0] ?? '';
  const form = request?.form ?? formOf(call.headers['x-signature'] ?? '') ?? DEFAULT_FORM;
  return {
    status: draft.status,
    headers: {
      ...draft.headers,
      'content-type': 'application/json',
      'x-timestamp': at,
      'x-nonce': nonce,
      'x-signature': signed([String(draft.status), call.path, at, nonce], body, signer, form, room),
    },
    body,
  };
}

/** A message to the unit that nobody asked for: the word CALLBACK and the client stand where method and path would. */
export function sealCallback(
  id: string,
  content: object,
  uscc: string,
  form: Form,
  signer: Identity,
  room: Room,
): Pick<Reply, 'headers' | 'body'> {
  const client = clientOf(uscc, room);
  const body = Buffer.from(
    JSON.stringify(sealed(Buffer.from(JSON.stringify(content)), Buffer.from(client.bodyKey, 'hex'))),
  );
  const at = String(room.wallNow().getTime());
  const nonce = createHmac('sha256', room.seed).update(`${id} ${at}`).digest('hex').slice(0, 32);
  return {
    headers: {
      'content-type': 'application/json',
      'x-client-id': client.clientId,
      'x-timestamp': at,
      'x-nonce': nonce,
      'x-signature': signed(['CALLBACK', client.clientId, at, nonce], body, signer, form, room),
    },
    body,
  };
}
