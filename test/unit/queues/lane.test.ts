// One run of a lane: sends while it can, and says when to come back.
import assert from 'node:assert/strict';
import { runLane } from '../../../queues/deliveries.ts';
import type { JobView } from '../../../queues/queue.ts';
import type { ClaimedDelivery, DeliveryResult, DeliveryStore } from '../../../src/store/deliveries.ts';
import type { Answer } from '../../../src/webhooks/schedule.ts';
import { NOW } from '../../support/builders.ts';

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const claimed = (sequence: number, attempts = 0): ClaimedDelivery => ({
  id: `del_${sequence}`,
  token: `claim ${sequence}`,
  attempts,
  url: 'https://hr.example.com/',
  secrets: [],
  event: {
    id: `evt_${sequence}`,
    type: 'exit.opened',
    sequence,
    exitId: 'exit_1',
    externalId: 'HR-1',
    occurredAt: NOW,
    data: {},
  },
});

type Ahead = Awaited<ReturnType<DeliveryStore['nextAt']>>;

/** A lane with these deliveries in it, an endpoint that answers so, and what the store says when there is none to claim. */
async function run(
  lane: readonly ClaimedDelivery[],
  answers: readonly Answer[],
  ahead: readonly Ahead[] = [],
) {
  const [waiting, replies, aheads] = [[...lane], [...answers], [...ahead]];
  const recorded: DeliveryResult[] = [];
  const claims: string[] = [];
  const lines: string[] = [];
  const deliveries: Pick<DeliveryStore, 'claim' | 'record' | 'nextAt'> = {
    claim: async (at) => {
      assert.deepEqual(at, { endpointId: 'ep_1', exitId: 'exit_1' });
      return waiting.shift();
    },
    record: async (result, { token }) => {
      recorded.push(result);
      claims.push(token);
      const next = waiting.shift();
      return { taken: true, ahead: next !== undefined || aheads.length > 0, ...(next && { next }) };
    },
    nextAt: async () => aheads.shift(),
  };
  const ending = await runLane(
    {
      deliveries: deliveries as DeliveryStore,
      sender: {
        send: async () => replies.shift() ?? assert.fail('sent more than was answered'),
        close: () => {},
      },
      clock: () => NOW,
      random: () => 0.5,
      leaseMs: 45_000,
    },
    'ep_1.exit_1',
    {
      id: 'ep_1.exit_1',
      log: (line) => void lines.push(line),
    } satisfies JobView,
  );
  return { ending, recorded, claims, lines };
}
const ok: Answer = { kind: 'answered', status: 200 };

describe('a lane', () => {
  it('sends all that waits, in turn, and is done', async () => {
    const { ending, recorded, claims } = await run([claimed(1), claimed(2), claimed(3)], [ok, ok, ok]);
    assert.deepEqual(ending, { kind: 'done' });
    assert.deepEqual(
      recorded.map(({ id, state }) => [id, state]),
      [
        ['del_1', 'delivered'],
        ['del_2', 'delivered'],
        ['del_3', 'delivered'],
      ],
    );
    assert.deepEqual(
      recorded.map(({ token }) => token),
      ['claim 1', 'claim 2', 'claim 3'],
    );
    assert.equal(new Set(claims).size, 3, 'each claim has its own token');
  });

  it('stops at the first that fails, and comes back when it is to be tried again', async () => {
    const { ending, recorded, lines } = await run(
      [claimed(1), claimed(2)],
      [{ kind: 'answered', status: 503 }],
    );
    assert.deepEqual(ending, { kind: 'later', at: later(5) });
    assert.deepEqual(
      recorded.map(({ state, nextAt }) => [state, nextAt]),
      [['pending', later(5)]],
    );
    assert.match(lines[0] ?? '', /exit\.opened #1: answered 503/);
  });

  it('goes on behind one that is given up', async () => {
    const { ending, recorded } = await run(
      [claimed(1, 9), claimed(2)],
      [{ kind: 'failed', error: 'silence' }, ok],
    );
    assert.deepEqual(ending, { kind: 'done' });
    assert.deepEqual(
      recorded.map(({ state }) => state),
      ['failed', 'delivered'],
    );
  });

  it('ends with a person when the endpoint is gone', async () => {
    const { ending, recorded } = await run([claimed(1), claimed(2)], [{ kind: 'answered', status: 410 }]);
    assert.equal(ending.kind, 'person');
    assert.equal(recorded[0]?.disableEndpoint, true);
  });

  it('comes back when the head is due, or when whoever has it must have ended', async () => {
    assert.deepEqual((await run([], [], [{ at: later(60) }])).ending, { kind: 'later', at: later(60) });
    const held = { at: later(-60), leasedUntil: later(30) };
    assert.deepEqual((await run([], [], [held])).ending, { kind: 'later', at: later(30) });
    assert.deepEqual((await run([], [], [undefined])).ending, { kind: 'done' });
  });

  it('comes back for what is behind and not to be had yet', async () => {
    const { ending } = await run([claimed(1)], [ok], [{ at: later(60) }]);
    assert.deepEqual(ending, { kind: 'later', at: later(60) });
  });

  it('asks again when it came free between two questions', async () => {
    assert.deepEqual((await run([], [], [{ at: NOW }, { at: later(-1), leasedUntil: later(-1) }])).ending, {
      kind: 'done',
    });
  });
});
