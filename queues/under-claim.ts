/**
 * A call under a short claim that is renewed, rather than under one as long as the longest call: a dead worker's filing
 * is free again soon. The call is told to stop when its time is up, when the claim is lost and when the process ends;
 * one that does not is left behind after another lease, and what it did cannot be known.
 */
import type { Logger } from 'pino';
import type { StepResult } from '../src/domain/filing.ts';
import type { Store } from '../src/store/index.ts';

export async function underClaim(
  worker: {
    readonly store: Pick<Store, 'filings'>;
    readonly clock: () => Date;
    readonly log: Logger;
    readonly signal: AbortSignal;
    readonly leaseMs: number;
  },
  claim: { readonly filingId: string; readonly token: string; readonly seconds: number },
  work: (signal: AbortSignal) => Promise<StepResult>,
): Promise<StepResult> {
  const { filingId, token } = claim;
  // Not AbortSignal.any(…timeout()): Node 20 may collect such a signal before it fires.
  const stop = new AbortController();
  const halt = () => stop.abort();
  worker.signal.addEventListener('abort', halt, { once: true });
  if (worker.signal.aborted) halt();
  let heldUntil = worker.clock().getTime() + worker.leaseMs;
  const renewal = setInterval(() => {
    const until = worker.clock().getTime() + worker.leaseMs;
    worker.store.filings.renew(filingId, token, new Date(until)).then(
      (ours) => {
        if (ours) heldUntil = until;
        else halt();
      },
      (error: unknown) => {
        worker.log.warn({ filing: filingId, error: String(error) }, 'claim not renewed');
        if (worker.clock().getTime() >= heldUntil) halt();
      },
    );
  }, worker.leaseMs / 3);
  const timeUp = setTimeout(halt, claim.seconds * 1000);
  let patience: NodeJS.Timeout | undefined;
  const leftBehind = new Promise<StepResult>((resolve) => {
    stop.signal.addEventListener('abort', () => {
      const unsure: StepResult = {
        kind: 'unsure',
        reason: 'the adapter did not return when its time was up',
        symptom: 'unreachable',
      };
      patience = setTimeout(() => resolve(unsure), worker.leaseMs);
    });
  });
  try {
    return await Promise.race([work(stop.signal), leftBehind]);
  } finally {
    clearInterval(renewal);
    clearTimeout(timeUp);
    clearTimeout(patience);
    worker.signal.removeEventListener('abort', halt);
  }
}
