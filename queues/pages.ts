/** Reads an agency's list or roster to its end: under the run's claim, within the agency's rate, and not while it is away. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Manifest, Page } from '../adapters/adapter.ts';
import { holdOf, paceOf } from '../src/domain/health.ts';
import type { Incomplete } from '../src/domain/incomplete.ts';
import type { RunClaim } from '../src/store/runs.ts';
import type { ReconciliationWorker } from './reconciliations.ts';

/** More than any employer has; an agency that pages for ever ends here. */
const MOST_PAGES = 2_000;
/** For a turn: filings go first, and a night is long. */
const LONGEST_WAIT_MS = 60_000;

interface Read<Entry> {
  readonly entries: readonly Entry[];
  /** Why it did not come to the end. */
  readonly stopped?: Incomplete;
}

/** No answer of the agency's: it was not asked, or its adapter gave none. */
interface Stopped {
  readonly kind: 'stopped';
  readonly why: Incomplete;
}
const stoppedBy = (why: Incomplete): Stopped => ({ kind: 'stopped', why });

/** The claim is renewed before each page for as long as the page may take. */
export function pageReader(worker: ReconciliationWorker, claim: RunClaim, token: string, manifest: Manifest) {
  const { clock, leaseMs, store, log } = worker;
  const hashes: string[] = [];
  const own = log.child({ reconciliation: claim.id, adapter: manifest.name });
  let lost = false;

  const began = clock().getTime();
  const now = () => new Date(claim.now.getTime() + clock().getTime() - began);

  /** Waits for a turn within what the agency allows. @returns why nothing is to be asked now. */
  async function leave(): Promise<Incomplete | undefined> {
    const { health } = (await store.health.load(claim.connectionId)) ?? {};
    if (health !== undefined && health.state !== 'available')
      return holdOf(health, now()) === undefined
        ? { code: 'being_asked' }
        : { code: health.cause ?? 'unreachable', since: health.since.toISOString() };
    if (health?.busyUntil !== undefined && health.busyUntil > now())
      return { code: 'busy', until: health.busyUntil.toISOString() };
    if (manifest.rate === undefined) return undefined;
    const pace = paceOf(manifest.rate);
    for (let waited = 0; waited < LONGEST_WAIT_MS; ) {
      const turn = await store.rates.take(claim.connectionId, pace, now());
      if (turn === undefined) return undefined;
      const wait = Math.max(1, turn.getTime() - now().getTime());
      if (wait > LONGEST_WAIT_MS) break;
      await sleep(wait, undefined, { signal: worker.signal }).catch(() => {});
      waited += wait;
    }
    return { code: 'rate_used_up' };
  }

  const callOf = (signal: AbortSignal): Call => ({
    serial: claim.id.replace(/^rec_/, 'R-').toUpperCase(),
    attempt: 1,
    signal,
    now: claim.now,
    codes: [],
    log: (message) => own.info(message),
    // A roster holds everybody the unit employs, nearly all of whom it is not about: the hash proves what was said, and
    // nobody's data is kept for it.
    keep: ({ body }) => void hashes.push(createHash('sha256').update(body).digest('hex')),
  });

  async function ask<Entry>(
    work: (call: Call, page?: string) => Promise<Page<Entry>>,
    page: string | undefined,
  ): Promise<Page<Entry> | Stopped> {
    const until = new Date(clock().getTime() + manifest.timeout * 1000 + leaseMs);
    lost = worker.signal.aborted || !(await store.reconciliations.renew(claim.id, token, until));
    if (lost) return { kind: 'unsure', reason: 'the claim was lost' };
    const closed = await leave();
    if (closed !== undefined) return stoppedBy(closed);
    try {
      const answer = await inTime(worker, manifest, (signal) => work(callOf(signal), page));
      // What it shows of the agency is for the filings as well.
      if (!worker.signal.aborted && answer.kind !== 'stopped')
        await worker.health.note(claim.connectionId, answer.kind === 'page' ? { kind: 'agrees' } : answer);
      return answer;
    } catch (error) {
      // An adapter that throws breaks its contract; its message may quote somebody.
      own.error({ error: error instanceof Error ? error.name : 'unknown' }, 'adapter threw in a list');
      return stoppedBy({ code: 'adapter_failed' });
    }
  }

  return {
    hashes,
    /** Told to stop, or the claim is another's: what was read so far is of no use. */
    lost: () => lost || worker.signal.aborted,
    async read<Entry>(work: (call: Call, page?: string) => Promise<Page<Entry>>): Promise<Read<Entry>> {
      const entries: Entry[] = [];
      const seen = new Set<string>();
      for (let page: string | undefined; seen.size < MOST_PAGES; ) {
        const answer = await ask(work, page);
        if (answer.kind === 'stopped') return { entries, stopped: answer.why };
        if (answer.kind !== 'page') return { entries, stopped: { code: 'said', reason: answer.reason } };
        for (const entry of answer.entries) entries.push(entry);
        if (answer.next === undefined) return { entries };
        if (seen.has(answer.next)) return { entries, stopped: { code: 'same_page_again' } };
        seen.add(answer.next);
        page = answer.next;
      }
      return { entries, stopped: { code: 'too_many_pages', most: MOST_PAGES } };
    },
  };
}

/** Told to stop when the adapter's time is up or the process ends; left behind when it does not. */
async function inTime<Value>(
  { signal, leaseMs }: ReconciliationWorker,
  { timeout }: Manifest,
  work: (signal: AbortSignal) => Promise<Page<Value>>,
): Promise<Page<Value> | Stopped> {
  const stop = new AbortController();
  const halt = () => stop.abort();
  signal.addEventListener('abort', halt, { once: true });
  const timeUp = setTimeout(halt, timeout * 1000);
  let patience: NodeJS.Timeout | undefined;
  const leftBehind = new Promise<Stopped>((resolve) => {
    stop.signal.addEventListener('abort', () => {
      patience = setTimeout(() => resolve(stoppedBy({ code: 'adapter_late' })), leaseMs / 2);
    });
  });
  try {
    return await Promise.race([work(stop.signal), leftBehind]);
  } finally {
    clearTimeout(timeUp);
    clearTimeout(patience);
    signal.removeEventListener('abort', halt);
  }
}
