// One request as read: route, client, signature, freshness, and the opened body.
import { type Call, type Message, Refusal, type Room } from '../kernel/agency.ts';
import { fits, requireContent } from './contract.ts';
import { type Client, findClient } from './keys.ts';
import { type Route, requireRoute } from './routes.ts';
import { type Form, formOf, open, type Sealed, verifies } from './sm2.ts';

/** An authentic request. `content` follows the contract only after `validate`. */
export interface Request extends Message {
  readonly route: Route;
  readonly client: Client;
  readonly unit: string;
  readonly form: Form;
  readonly content: unknown;
}

/** Seconds that a client's clock may be off. */
const LEEWAY_MS = 300_000;
const bad = (code: string, why: string) => new Refusal(code, why, { status: 200 });

/** Exactly what a request's signature covers. */
export const signedRequest = (call: Call): Buffer =>
  Buffer.concat([
    Buffer.from(
      `${call.method}\n${call.path}\n${call.headers['x-timestamp'] ?? ''}\n${call.headers['x-nonce'] ?? ''}\n`,
    ),
    call.body,
  ]);

/** Who calls, by name alone: an answer is sealed for that client whatever else is wrong with the request. */
export const claimedClient = (call: Call, room: Room): Client | undefined =>
  findClient(call.headers['x-client-id'] ?? '', room);

/** Throws Refusal; the order of the checks is the README's. */
export function authenticate(call: Call, room: Room): Request {
  const route = requireRoute(call);
  if (!/^application\/json\b/i.test(call.headers['content-type'] ?? ''))
    throw new Refusal('MEDIA_TYPE', 'application/json expected', { status: 415 });
  if (call.query.size > 0) throw bad('SCHEMA_INVALID', 'No operation takes a query');
  const client = claimedClient(call, room);
  if (!client) throw bad('AUTH_CLIENT', 'X-Client-Id is not registered');
  const form = requireSignature(call, client);
  requireFresh(call, room);
  return {
    operation: route.operation,
    route,
    client,
    unit: client.uscc,
    form,
    content: openBody(call, client),
  };
}

export function requireSignature(call: Call, client: Client): Form {
  const { 'x-nonce': nonce = '', 'x-timestamp': at = '', 'x-signature': signature = '' } = call.headers;
  if (!fits('Nonce', nonce) || !fits('Timestamp', at))
    throw bad('AUTH_SIGNATURE', 'X-Nonce or X-Timestamp is not as published');
  const form = formOf(signature);
  if (!form) throw bad('AUTH_SIGNATURE', 'X-Signature is none of the four forms');
  if (!verifies(signedRequest(call), signature, form, client.publicKey))
    throw bad('AUTH_SIGNATURE', 'The signature does not fit the request');
  return form;
}

function requireFresh(call: Call, room: Room): void {
  const off = Math.abs(room.wallNow().getTime() - Number(call.headers['x-timestamp']));
  if (off > LEEWAY_MS) throw bad('AUTH_STALE', 'X-Timestamp is too old or too early');
}

/** Throws Refusal BODY_UNREADABLE. */
export function openBody(call: Call, client: Client): unknown {
  const sealed = readJson(call.body);
  if (!fits('Sealed', sealed)) throw bad('BODY_UNREADABLE', 'The body is not { iv, data }');
  const plain = open(sealed as Sealed, Buffer.from(client.bodyKey, 'hex'));
  const content = plain && readJson(plain);
  if (content === undefined) throw bad('BODY_UNREADABLE', 'The data does not open to JSON in UTF-8');
  return content;
}

export function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** The content against the contract, and the unit it names against the client. */
export function validate({ route, content, unit }: Request): void {
  requireContent(route.path, content);
  const claimed: unknown =
    typeof content === 'object' && content !== null ? Reflect.get(content, 'uscc') : undefined;
  if (claimed !== undefined && claimed !== unit)
    throw bad('AUTH_UNIT', 'The client does not speak for that unit');
}
