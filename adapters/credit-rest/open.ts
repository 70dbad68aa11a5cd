/** From an HTTP answer to what a verified signature covers: status, body, and that it answers our request. Pure. */
import { createHash } from 'node:crypto';
import type { Trust } from '../../src/crypto/certificates.ts';
import { verifyDetached } from '../../src/crypto/jws.ts';
import type { Answered } from '../http.ts';

export const SIGNATURE = 'x-jws-signature';

export type Opened =
  | { readonly kind: 'opened'; readonly status: number; readonly body: unknown }
  /** Nobody we trust has said this, or not in answer to us. `reason` is fixed text. */
  | { readonly kind: 'untrusted'; readonly reason: string };

const untrusted = (reason: string): Opened => ({ kind: 'untrusted', reason });

/** `sent` is the signature of the request that is answered. */
export function openAnswer(answer: Answered, sent: string, trust: Trust, now: Date): Opened {
  const signature = answer.headers[SIGNATURE];
  if (signature === undefined) return untrusted(`HTTP ${answer.status} without a signature`);
  const verdict = verifyDetached(signature, answer.body, trust, now);
  if (!verdict.ok) return untrusted(verdict.reason);
  // A signature covers the body only: without these two an old answer, or one under another status, would pass.
  if (verdict.header.rid !== requestId(sent)) return untrusted('the answer is to another request');
  if (verdict.header.status !== answer.status) return untrusted('the answer was signed under another status');
  const body = readJson(answer.body);
  return body === undefined
    ? untrusted('the answer is unreadable')
    : { kind: 'opened', status: answer.status, body };
}

export const requestId = (signature: string): string =>
  createHash('sha256').update(signature).digest('base64url');

export type OpenedCallback =
  | { readonly kind: 'opened'; readonly id: string; readonly sentAt: Date; readonly body: unknown }
  | { readonly kind: 'untrusted'; readonly reason: string };

/** Signed as an answer of status 200 is, but to no request: an old answer is no callback. */
export function openCallback(
  signature: string | undefined,
  bytes: Uint8Array,
  trust: Trust,
  now: Date,
): OpenedCallback {
  const no = (reason: string): OpenedCallback => ({ kind: 'untrusted', reason });
  if (signature === undefined) return no('no signature');
  const verdict = verifyDetached(signature, bytes, trust, now);
  if (!verdict.ok) return no(verdict.reason);
  const { status, rid, iat } = verdict.header;
  if (status !== 200 || rid !== undefined) return no('an answer, and no callback');
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat))
    return no('the signature does not say when it was made');
  const body = readJson(bytes);
  if (body === undefined) return no('unreadable');
  // Of what is signed, not of the signature: its last character can be written in several ways.
  const [signed = ''] = signature.split('..');
  const id = createHash('sha256').update(`${signed}.`).update(bytes).digest('base64url');
  return { kind: 'opened', id, sentAt: new Date(iat * 1000), body };
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
