// A filing that was amended before it is sent, while others change the same exit.
import assert from 'node:assert/strict';
import { freshen } from '../../../queues/freshen.ts';
import type { StoredExit } from '../../../src/store/exits.ts';
import type { Store } from '../../../src/store/index.ts';
import { makeExit, NOW, PURSUIT } from '../../support/builders.ts';

describe('a filing that is made anew before it is sent', () => {
  const wake = { filing: async () => {}, lane: async () => {}, after: async () => {} };
  /** @param conflicts so many saves are refused before one is taken. */
  function at(conflicts: number, factsRevision: number) {
    const made = makeExit();
    const filings = made.filings.map((each) => ({ ...each, preparedAt: NOW }));
    const stored = { exit: { ...made, filings, factsRevision } } as unknown as StoredExit;
    let saves = 0;
    const exits = {
      save: async () => (++saves > conflicts ? { endpointIds: [] } : undefined),
      loadAny: async () => stored,
    };
    const store = { exits } as unknown as Store;
    const lease = { filingId: filings[0]?.id ?? '', token: 'ours' };
    const run = () => freshen({ store, wake, reachOf: PURSUIT.reachOf }, stored, lease, NOW);
    return { run, saves: () => saves };
  }

  it('is not given up because others were faster', async () => {
    const { run, saves } = at(3, 2);
    const done = await run();
    assert.ok(done !== undefined && 'became' in done);
    assert.deepEqual([done.became.factsRevision, done.became.revision, saves()], [2, 2, 4]);
  });

  it('goes as it is where nothing has changed', async () => {
    const { run, saves } = at(0, 1);
    const done = await run();
    assert.ok(done !== undefined && 'stored' in done);
    assert.equal(saves(), 0);
  });

  it('is somebody else’s when no save is taken', async () => {
    assert.equal(await at(Number.POSITIVE_INFINITY, 2).run(), undefined);
  });
});
