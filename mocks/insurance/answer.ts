// From an answer or a refusal to the Envelope that goes out: payload, check against the schema, signature, encryption.
import { createHash } from 'node:crypto';
import type { Call, Identity, Refusal, Reply, Room } from '../kernel/agency.ts';
import { compactTime } from '../kernel/time.ts';
import { signDetached } from './cms.ts';
import { type Answer, type Head, type Request, readHead } from './message.ts';
import { encrypt, type Session } from './session.ts';
import { attributes, checkXml, NAMESPACE, tag } from './xml.ts';

export interface Draft {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly head: Head & { readonly time: string; readonly code: string; readonly message: string };
  readonly payload: Buffer;
  /** Encrypts the answer and stands in its Head; none: plain. */
  readonly session: Session | undefined;
}

/** Refusals that have an HTTP status of their own; all others travel with 200. */
const ownStatus = (status: number) => status >= 500 || [405, 409, 413, 415, 429].includes(status);
/** Stands for the Head of a request that could not be read. */
const UNREADABLE: Head = { transCode: '0000', messageId: 'UNREADABLE', unit: '0'.repeat(18) };

export function encode(
  answer: Answer,
  head: Head,
  session: Session | undefined,
  call: Call,
  room: Room,
): Draft {
  const bound = attributes({
    xmlns: NAMESPACE,
    TransCode: head.transCode,
    MessageId: head.messageId,
    Unit: head.unit,
    Session: session?.id,
    Code: answer.code,
    RequestHash: createHash('sha256').update(call.body).digest('hex'),
  });
  return {
    status: 200,
    headers: { 'content-type': 'application/xml; charset=UTF-8' },
    head: {
      transCode: head.transCode,
      messageId: head.messageId,
      unit: head.unit,
      time: compactTime(room.now()),
      code: answer.code,
      message: answer.message.slice(0, 500),
    },
    payload: Buffer.from(
      `<Payload${bound}><${answer.element}>${answer.content}</${answer.element}></Payload>`,
    ),
    session,
  };
}

export function refuse(refusal: Refusal, call: Call, request: Request | undefined, room: Room): Draft {
  const { detail, until } = refusal.extra;
  const details = Array.isArray(detail) ? detail.slice(0, 20) : [];
  const answer: Answer = {
    code: refusal.code,
    message: refusal.message,
    element: 'Error',
    content:
      details.map((line) => tag('Detail', String(line).slice(0, 500))).join('') +
      (typeof until === 'string' ? tag('Until', until) : ''),
  };
  const draft = encode(answer, request ?? claimedHead(call), request?.session, call, room);
  const seconds = refusal.retryAfterSeconds;
  return {
    ...draft,
    status: ownStatus(refusal.status) ? refusal.status : 200,
    headers: {
      ...draft.headers,
      ...(refusal.status === 405 && { allow: 'POST' }),
      ...(seconds !== undefined && { 'retry-after': String(seconds) }),
    },
  };
}

function claimedHead(call: Call): Head {
  try {
    return readHead(call.body).head;
  } catch {
    return UNREADABLE;
  }
}

/** Payload and Envelope against the published schema; the signature is not there yet, its place is. */
export function check(draft: Draft): void {
  checkXml(draft.payload, 'Payload');
  checkXml(Buffer.from(envelope(draft, '', '')), 'Envelope');
}

export function seal(draft: Draft, signer: Identity, room: Room): Reply {
  const signature = signDetached(draft.payload, signer, room.now());
  return {
    status: draft.status,
    headers: draft.headers,
    body: envelope(draft, signature.toString('base64'), draft.payload),
  };
}

function envelope(draft: Draft, signature: string, payload: Buffer | ''): string {
  const { head, session } = draft;
  const sealed = session && payload !== '' ? encrypt(payload, session) : undefined;
  const data = sealed?.data ?? (payload === '' ? '' : payload.toString('base64'));
  return [
    `<?xml version="1.0" encoding="UTF-8"?>\n<Envelope${attributes({ xmlns: NAMESPACE })}><Head>`,
    tag('TransCode', head.transCode),
    tag('MessageId', head.messageId),
    tag('Time', head.time),
    tag('Unit', head.unit),
    tag('Session', session?.id),
    tag('Code', head.code),
    tag('Message', head.message),
    tag('Signature', signature),
    `</Head><Body${attributes({ encoding: session?.algorithm ?? 'plain', iv: sealed?.iv })}>${data}</Body></Envelope>`,
  ].join('');
}
