// Whatever the queue has lost, the row still knows: sweep finds it, and goes on after a failure.
import assert from 'node:assert/strict';
import pino from 'pino';
import { startSweep } from '../../../queues/sweep.ts';
import type { Wake } from '../../../queues/wake.ts';
import type { Store } from '../../../src/store/index.ts';
import { NOW } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';

function makeSweep({ intervalMs = 3_600_000, failing = 0 } = {}) {
  const asked: Date[] = [];
  const woken: string[] = [];
  let failures = failing;
  const store = {
    filings: {
      due: async (before: Date) => {
        asked.push(before);
        if (failures-- > 0) throw new Error('the database is away');
        return [{ id: 'fil_1', adapter: 'labor-soap', deadline: '2026-12-10' }];
      },
    },
    deliveries: { due: async () => [{ endpointId: 'ep_1', exitId: 'exit_1' }] },
    idempotency: { expire: async () => {} },
    callbacks: { expire: async () => {} },
  };
  const wake: Wake = {
    filing: async ({ id }) => void woken.push(id),
    lane: async ({ endpointId, exitId }) => void woken.push(`${endpointId}.${exitId}`),
    after: async () => {},
  };
  const told: number[] = [];
  const log = pino({ level: 'silent' });
  const sweep = startSweep({
    store: store as unknown as Store,
    wake,
    refreshCodes: async () => {},
    reconcile: async () => {},
    tell: async (most) => told.push(most),
    probe: async () => {},
    clock: () => NOW,
    log,
    intervalMs,
  });
  return { asked, woken, told, sweep };
}

describe('sweep', () => {
  it('wakes what has been due for a whole interval', async () => {
    const { asked, woken, told, sweep } = makeSweep({ intervalMs: 60_000 });
    await sweep.run();
    assert.equal(told.length, 1, 'deadlines are told in the same pass');
    assert.deepEqual(woken, ['fil_1', 'ep_1.exit_1']);
    assert.deepEqual(asked, [new Date(NOW.getTime() - 60_000)]);
    await sweep.stop();
  });

  it('comes again by itself, after a failure too, until it is stopped', async () => {
    const { asked, woken, sweep } = makeSweep({ intervalMs: 1, failing: 2 });
    await eventually(() => woken.length >= 4);
    assert.ok(asked.length >= 4);
    await sweep.stop();
    const stopped = asked.length;
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(asked.length, stopped);
  });
});
