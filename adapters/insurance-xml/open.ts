/**
 * From the bytes of an answer to what a verified signature covers, and nothing else. Pure.
 * The Head is outside the signature: every word of it is compared with the Payload or left unread (Time, Message).
 */
import { createHash } from 'node:crypto';
import { openBody } from '../../src/crypto/body-cipher.ts';
import type { Trust } from '../../src/crypto/certificates.ts';
import { verifyCms } from '../../src/crypto/cms.ts';
import type { Session, TransCode } from './request.ts';
import { child, type Element, field, readXml } from './xml.ts';

export interface Expected {
  readonly code: TransCode;
  readonly messageId: string;
  readonly unit: string;
  readonly session: Session | undefined;
  /** The HTTP body that is answered. */
  readonly request: Uint8Array;
}

export type Opened =
  | { readonly kind: 'opened'; readonly code: string; readonly content: Element; readonly payload: Buffer }
  /** Nobody we trust has said this, or not in answer to us. `reason` is fixed text. */
  | { readonly kind: 'untrusted'; readonly reason: string };

const CODE = /^(0|[A-Z][A-Z0-9_]{1,39})$/;
const untrusted = (reason: string): Opened => ({ kind: 'untrusted', reason });

export function openAnswer(bytes: Uint8Array, expected: Expected, trust: Trust, now: Date): Opened {
  const envelope = readXml(bytes);
  const head = child(envelope, 'Head');
  const body = child(envelope, 'Body');
  if (envelope?.name !== 'Envelope' || !head || !body) return untrusted('the answer is unreadable');
  const payload = decrypted(body, expected.session);
  if (!payload) return untrusted('the body of the answer cannot be opened');
  const signature = Buffer.from(field(head, 'Signature') ?? '', 'base64');
  const verdict = verifyCms(signature, payload, trust, now);
  if (!verdict.ok) return untrusted(verdict.reason);

  const document = readXml(payload);
  const [content] = document?.children ?? [];
  if (document?.name !== 'Payload' || !content || document.children.length !== 1)
    return untrusted('the signed payload is unreadable');
  const bound = document.attributes;
  for (const name of ['TransCode', 'MessageId', 'Unit', 'Session', 'Code'])
    if (field(head, name) !== bound[name]) return untrusted('head and signed payload differ');
  if (bound.RequestHash !== createHash('sha256').update(expected.request).digest('hex'))
    return untrusted('the answer is to another request');
  const code = bound.Code ?? '';
  if (!CODE.test(code)) return untrusted('the answer carries no code');
  const done = code === '0' || code === 'DUPLICATE';
  const session = expected.session?.number;
  const ours =
    bound.TransCode === expected.code &&
    bound.MessageId === expected.messageId &&
    bound.Unit === expected.unit &&
    (bound.Session === session || (!done && bound.Session === undefined));
  // A request that the agency could not read at all is answered under a name of its own; the hash says it was ours.
  const unread = bound.TransCode === '0000' && bound.MessageId === 'UNREADABLE';
  if (!ours && (done || !unread)) return untrusted('the answer is to another message');
  if (done && session !== undefined && body.attributes.encoding === 'plain')
    return untrusted('the answer should have been encrypted');
  return { kind: 'opened', code, content, payload };
}

function decrypted(body: Element, session: Session | undefined): Buffer | undefined {
  const bytes = Buffer.from(body.text, 'base64');
  const { encoding, iv } = body.attributes;
  if (encoding === 'plain') return bytes;
  if (!session || encoding !== session.cipher || !iv) return undefined;
  return openBody(session.cipher, session.key, { iv: Buffer.from(iv, 'base64'), bytes });
}
