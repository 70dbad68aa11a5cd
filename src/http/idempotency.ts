/** Idempotency-Key on every POST: done once, answered as often as asked. */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Logger } from 'pino';
import { problem } from '../problem.ts';
import type { IdempotencyStore } from '../store/idempotency.ts';
import type { Caller } from './auth.ts';
import { loggable } from './errors.ts';
import { isRepeated } from './headers.ts';

/** An answer as it is kept: a replay is what the first client saw, language included. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Checked before the body is read. */
export function idempotencyKeyOf(request: Request): string {
  const key = request.headers['idempotency-key'];
  if (key === undefined) throw problem('idempotency_key_missing', {});
  if (isRepeated(request, 'idempotency-key') || typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key))
    throw problem('idempotency_key_malformed', {});
  return key;
}

const RETRY_SECONDS = 1;

export type Once = (
  caller: Caller,
  given: { readonly key: string; readonly method: string; readonly path: string; readonly bytes: Uint8Array },
  work: () => Promise<Answer>,
) => Promise<Answer>;

export function createOnce(store: IdempotencyStore, log: Logger): Once {
  return async ({ orgId, sandbox }, { key, method, path, bytes }, work) => {
    // Test and live are two worlds: a key used in one says nothing in the other.
    const name = `${sandbox ? 'test' : 'live'}:${key}`;
    const fingerprint = createHash('sha256').update(`${method} ${path}\n`).update(bytes).digest();
    const begun = await store.begin(orgId, name, fingerprint);
    if (begun.kind === 'other_body') throw problem('idempotency_key_reused', {});
    if (begun.kind === 'in_flight')
      throw problem(
        'idempotency_in_flight',
        { seconds: RETRY_SECONDS },
        { headers: { 'Retry-After': String(RETRY_SECONDS) } },
      );
    if (begun.kind === 'replay') {
      const kept = begun.body as Answer;
      return { ...kept, headers: { ...kept.headers, 'Idempotent-Replayed': 'true' } };
    }
    let answer: Answer;
    try {
      answer = await work();
    } catch (error) {
      // Nothing was done, so the same key may carry the mended request. If this fails too, the key frees itself in time.
      await store.forget(orgId, name).catch((failure: unknown) => {
        log.warn({ error: loggable(failure) }, 'an idempotency key could not be freed');
      });
      throw error;
    }
    // The work stands: a failure to remember the answer must not turn it into a refusal. The external_id still guards it.
    await store.finish(orgId, name, answer.status, answer).catch((failure: unknown) => {
      log.error({ error: loggable(failure) }, 'an answer could not be kept for replay');
    });
    return answer;
  };
}
