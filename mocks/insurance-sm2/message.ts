// One request as read: route, client, signature, freshness, and the opened body.
import { type Call, type Message, Refusal, type Room } from '../kernel/agency.ts';
import { fits, requireContent } from './contract.ts';
import { type Client, findClient } from './keys.ts';
import { type Route, requireRoute } from './routes.ts';
import { DEFAULT_FORM, type Form, formOf, open, type Sealed, verifies } from './sm2.ts';

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
  const route = requireRoute(call, room);
  const isJson = /^application\/json\b/i.test(call.headers['content-type'] ?? '');
  if (room.keeps('insurance-sm2.media-type') && !isJson)
    throw new Refusal('MEDIA_TYPE', 'application/json expected', { status: 415 });
  if (room.keeps('insurance-sm2.no-query') && call.query.size > 0)
    throw bad('SCHEMA_INVALID', 'No operation takes a query');
  const client = claimedClient(call, room);
  if (!client) throw bad('AUTH_CLIENT', 'X-Client-Id is not registered');
  const form = requireSignature(call, client, room);
  requireFresh(call, room);
  return {
    operation: route.operation,
    route,
    client,
    unit: client.uscc,
    form,
    content: openBody(call, client, room),
  };
}

export function requireSignature(call: Call, client: Client, { keeps }: Room): Form {
  const { 'x-nonce': nonce = '', 'x-timestamp': at = '', 'x-signature': signature = '' } = call.headers;
  if (keeps('insurance-sm2.nonce') && !fits('Nonce', nonce))
    throw bad('AUTH_SIGNATURE', 'X-Nonce is not as published');
  if (keeps('insurance-sm2.timestamp') && !fits('Timestamp', at))
    throw bad('AUTH_SIGNATURE', 'X-Timestamp is not as published');
  const form = formOf(signature) ?? (keeps('insurance-sm2.signature-form') ? undefined : DEFAULT_FORM);
  if (!form) throw bad('AUTH_SIGNATURE', 'X-Signature is none of the four forms');
  const verified = verifies(signedRequest(call), signature, form, client.publicKey);
  if (keeps('insurance-sm2.signature') && !verified)
    throw bad('AUTH_SIGNATURE', 'The signature does not fit the request');
  return form;
}

function requireFresh(call: Call, room: Room): void {
  const off = Math.abs(room.wallNow().getTime() - Number(call.headers['x-timestamp']));
  if (room.keeps('insurance-sm2.fresh') && off > LEEWAY_MS)
    throw bad('AUTH_STALE', 'X-Timestamp is too old or too early');
}

/** Throws Refusal BODY_UNREADABLE. */
export function openBody(call: Call, client: Client, { keeps }: Room): unknown {
  const sealed = readJson(call.body);
  const isSealed = fits('Sealed', sealed);
  if (keeps('insurance-sm2.sealed') && !isSealed)
    throw bad('BODY_UNREADABLE', 'The body is not { iv, data }');
  const plain = isSealed ? open(sealed as Sealed, Buffer.from(client.bodyKey, 'hex')) : call.body;
  const content = plain && readJson(plain, keeps('insurance-sm2.encoding'));
  if (content === undefined) throw bad('BODY_UNREADABLE', 'The data does not open to JSON in UTF-8');
  return content;
}

function readJson(bytes: Buffer, fatal = true): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** The content against the contract, and the unit it names against the client. */
export function validate({ route, content, unit }: Request, { keeps }: Room): void {
  if (keeps('insurance-sm2.schema')) requireContent(route.path, content);
  const claimed: unknown =
    typeof content === 'object' && content !== null ? Reflect.get(content, 'uscc') : undefined;
  if (keeps('insurance-sm2.unit') && claimed !== undefined && claimed !== unit)
    throw bad('AUTH_UNIT', 'The client does not speak for that unit');
}
