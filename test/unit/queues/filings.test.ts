// A call to an agency under a claim: an adapter that never returns, and a claim that is lost meanwhile.
import assert from 'node:assert/strict';
import pino from 'pino';
import type { Adapter, Call } from '../../../adapters/adapter.ts';
import { ADAPTERS } from '../../../adapters/index.ts';
import { type FilingWorker, runFiling } from '../../../queues/filings.ts';
import type { Attempt, StoredExit } from '../../../src/store/exits.ts';
import type { Store } from '../../../src/store/index.ts';
import { makeDraft, NOW, PURSUIT } from '../../support/builders.ts';

/** A worker whose store holds one exit with one due filing, and whose adapter is the test's. */
function makeWorker(adapter: Adapter, parts: { readonly seconds: number; readonly renews: boolean }) {
  const { change, secret } = makeDraft();
  const [filing] = change.exit.filings;
  assert.ok(filing);
  const attempts: Attempt[] = [];
  const stored = {
    // As the row is once it has been claimed.
    exit: { ...change.exit, filings: change.exit.filings.map((each) => ({ ...each, preparedAt: NOW })) },
    secret: () => secret,
    personKey: () => new Uint8Array(32),
  } as unknown as StoredExit;
  const store = {
    filings: {
      claim: async () => ({ exitId: change.exit.id, lost: false, now: NOW }),
      renew: async () => parts.renews,
      nextAt: async () => undefined,
    },
    organisations: { now: async () => NOW },
    exits: {
      loadAny: async () => stored,
      save: async (_before: StoredExit, _change: unknown, { attempt }: { attempt: Attempt }) => {
        attempts.push(attempt);
        return { endpointIds: [] };
      },
    },
  } as unknown as Store;
  const [entry] = ADAPTERS;
  assert.ok(entry);
  const manifest = { ...entry.manifest, timeout: parts.seconds };
  const worker: FilingWorker = {
    store,
    agencies: { open: async () => ({ adapter, manifest }) },
    holds: { before: async ({ stored }, month) => ({ stored, month }), after: async () => {} },
    codes: { of: async () => [], refresh: async () => {} },
    health: { admit: async () => undefined, note: async () => {} },
    reachOf: PURSUIT.reachOf,
    wake: { filing: async () => {}, lane: async () => {}, after: async () => {} },
    clock: () => NOW,
    random: () => 0.5,
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    leaseMs: 60,
    distances: ['P1D'],
    longestRetryMs: 3_600_000,
  };
  const job = { id: filing.id, log: async () => {}, state: async () => {} };
  return { run: () => runFiling(worker, filing.id, job), attempts };
}

describe('a call to an agency', () => {
  it('is left behind as unknown when the adapter never returns, although its signal told it to', async () => {
    let told = false;
    const submit = (_order: unknown, call: Call) => {
      call.signal.addEventListener('abort', () => {
        told = true;
      });
      return new Promise<never>(() => {});
    };
    const { run, attempts } = makeWorker({ submit, lookup: submit }, { seconds: 0.05, renews: true });
    await run();
    assert.equal(told, true);
    assert.deepEqual(
      attempts.map(({ step, outcome }) => `${step}: ${outcome}`),
      ['submit: unsure'],
    );
  });

  it('is told to stop when its claim is somebody else’s by now', async () => {
    const submit = (_order: unknown, call: Call) =>
      new Promise<{ kind: 'unsure'; reason: string }>((resolve) => {
        call.signal.addEventListener('abort', () => resolve({ kind: 'unsure', reason: 'told to stop' }));
      });
    const { run, attempts } = makeWorker({ submit, lookup: submit }, { seconds: 60, renews: false });
    await run();
    assert.equal(attempts[0]?.reason, 'told to stop');
  });
});
