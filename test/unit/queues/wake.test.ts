// What a commit makes due is woken, the nearest deadline first; a wake that is lost is no failure.
import assert from 'node:assert/strict';
import pino from 'pino';
import type { QueueSystem, WakeOptions } from '../../../queues/queue.ts';
import { createWake, DELIVERIES, laneId, laneOf } from '../../../queues/wake.ts';
import { makeExit, makeFiling } from '../../support/builders.ts';

function makeQueues({ broken = false } = {}) {
  const woken: { readonly queue: string; readonly id: string; readonly options: WakeOptions }[] = [];
  const queues: Pick<QueueSystem, 'open'> = {
    open: (queue) => ({
      name: queue,
      counts: async () => ({}),
      wake: async (id, options) => {
        if (broken) throw new Error('the queue does not answer');
        woken.push({ queue, id, options });
      },
    }),
  };
  return { woken, wake: createWake(queues as QueueSystem, pino({ level: 'silent' })) };
}

describe('wake', () => {
  it("sends a filing to its adapter's queue, the nearer its deadline the sooner", async () => {
    const { woken, wake } = makeQueues();
    for (const deadline of ['2026-12-10', '2026-12-01', '1999-01-01', '9999-12-31'])
      await wake.filing({ id: 'fil_1', adapter: 'labor-soap', deadline });
    assert.ok(
      woken.every(
        ({ queue, id, options }) => queue === 'labor-soap' && id === 'fil_1' && options.name === id,
      ),
    );
    const [later = 0, sooner = 0, past = 0, never = 0] = woken.map(({ options }) => options.priority);
    assert.equal(later - sooner, 9);
    assert.equal(past, 1);
    assert.ok(never <= 2_097_151 && Number.isInteger(never));
  });

  it('names a lane so that it can be found again, and without the colon that ids may not have', () => {
    const lane = { endpointId: 'ep_1', exitId: 'exit_2' };
    assert.deepEqual(laneOf(laneId(lane)), lane);
    assert.ok(!laneId(lane).includes(':'));
  });

  it('wakes after a commit what is due and the lanes that have something new, and not the caller', async () => {
    const filings = [
      makeFiling({ id: 'fil_due' }),
      makeFiling({ id: 'fil_self' }),
      makeFiling({ id: 'fil_waiting', state: 'waiting' }),
      makeFiling({ id: 'fil_done', state: 'verified' }),
    ];
    const exit = makeExit({ exit: { filings } });
    const { woken, wake } = makeQueues();
    await wake.after(exit, { endpointIds: ['ep_1', 'ep_2'] }, { but: 'fil_self' });
    assert.deepEqual(
      woken.map(({ queue, id, options }) => [queue, id, options.again ?? false]),
      [
        ['labor-soap', 'fil_due', false],
        [DELIVERIES, `ep_1.${exit.id}`, true],
        [DELIVERIES, `ep_2.${exit.id}`, true],
      ],
    );
  });

  it('fails nobody who commits when the queue is away', async () => {
    const { wake } = makeQueues({ broken: true });
    await wake.after(makeExit(), { endpointIds: ['ep_1'] });
    await assert.rejects(wake.lane({ endpointId: 'ep_1', exitId: 'exit_1' }));
  });
});
