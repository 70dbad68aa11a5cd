/** From an HTTP answer to what a verified signature covers: status and body, and that it answers our request. Pure. */
import { createHash } from 'node:crypto';
import type { Answered } from '../../adapters/http.ts';
import { parseJson } from '../../adapters/json.ts';
import type { Trust } from '../../src/crypto/certificates.ts';
import { verifyDetached } from '../../src/crypto/jws.ts';

export const SIGNATURE = 'x-signature';

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
  // A signature covers the body alone: without these two an old answer, or one under another status, would pass.
  if (verdict.header.rid !== requestId(sent)) return untrusted('the answer is to another request');
  if (verdict.header.status !== answer.status) return untrusted('the answer was signed under another status');
  const body = parseJson(answer.body);
  return body === undefined
    ? untrusted('the answer is unreadable')
    : { kind: 'opened', status: answer.status, body };
}

export const requestId = (signature: string): string =>
  createHash('sha256').update(signature).digest('base64url');
