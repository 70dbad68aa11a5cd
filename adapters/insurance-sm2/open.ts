/** From bytes to what the agency's SM2 signature covers: an answer to our request, or a callback. Pure. */
import { openBody } from '../../src/crypto/body-cipher.ts';
import { type Sm2Form, verifySm2 } from '../../src/crypto/sm2.ts';
import type { CallbackRequest } from '../adapter.ts';
import type { Answered } from '../http.ts';
import { signedBytes } from './request.ts';

/** Whom we believe, and the key under which bodies are sealed for us. */
export interface Trust {
  readonly agencyKey: string;
  readonly form: Sm2Form;
  readonly bodyKey: Buffer;
}

export type Opened =
  /** `content` are the bytes that were sealed; `sentAt` is the agency's real time. */
  | { readonly kind: 'opened'; readonly content: Buffer; readonly value: unknown; readonly sentAt: Date }
  /** Nobody we trust has said this, or not in answer to us. `reason` is fixed text. */
  | { readonly kind: 'untrusted'; readonly reason: string };

const untrusted = (reason: string): Opened => ({ kind: 'untrusted', reason });
/** How far the agency's clock and ours may lie apart, and how old a callback may be. */
const FRESH_MS = 300_000;

/** `asked` is the request that is answered. */
export function openAnswer(answer: Answered, asked: { path: string; nonce: string }, trust: Trust): Opened {
  const { 'x-timestamp': at = '', 'x-nonce': nonce = '', 'x-signature': signature } = answer.headers;
  if (signature === undefined) return untrusted(`HTTP ${answer.status} without a signature`);
  const text = signedBytes([String(answer.status), asked.path, at, nonce], answer.body);
  if (!verifySm2(text, signature, trust.agencyKey, trust.form))
    return untrusted('the signature does not match');
  // The nonce was ours alone: without it an old answer would pass for the one to this request.
  if (nonce !== asked.nonce) return untrusted('the answer is to another request');
  return contentOf(answer.body, at, trust);
}

/** `wallNow`: real time. */
export function openCallback(
  request: CallbackRequest,
  clientId: string,
  trust: Trust,
  wallNow: Date,
): Opened {
  const { 'x-client-id': client, 'x-timestamp': at = '', 'x-nonce': nonce = '' } = request.headers;
  if (request.method !== 'POST' || client !== clientId)
    return untrusted('the callback is not for this client');
  const text = signedBytes(['CALLBACK', clientId, at, nonce], request.body);
  if (!verifySm2(text, request.headers['x-signature'] ?? '', trust.agencyKey, trust.form))
    return untrusted('the signature does not match');
  if (!(Math.abs(wallNow.getTime() - Number(at)) <= FRESH_MS))
    return untrusted('the callback is too old, or the clocks lie apart');
  return contentOf(request.body, at, trust);
}

function contentOf(body: Uint8Array, at: string, trust: Trust): Opened {
  const outer = readJson(body);
  // For a client that it does not know the agency cannot seal anything: such a refusal is signed all the same.
  const sealed = sealedIn(outer);
  const content = sealed ? openBody('sm4-cbc', trust.bodyKey, sealed) : Buffer.from(body);
  const value = content && readJson(content);
  return content === undefined || value === undefined
    ? untrusted('the answer is unreadable')
    : { kind: 'opened', content, value, sentAt: new Date(Number(at)) };
}

function sealedIn(value: unknown): { iv: Buffer; bytes: Buffer } | undefined {
  if (typeof value !== 'object' || value === null || !('iv' in value && 'data' in value)) return undefined;
  const { iv, data } = value;
  if (typeof iv !== 'string' || typeof data !== 'string') return undefined;
  return { iv: Buffer.from(iv, 'base64'), bytes: Buffer.from(data, 'base64') };
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
