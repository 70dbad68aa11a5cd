// A connection's adapter is opened once, and anew when its settings have changed.
import assert from 'node:assert/strict';
import type { Adapter, AdapterEntry, Manifest } from '../../../adapters/adapter.ts';
import { createAgencies } from '../../../queues/agencies.ts';
import type { ConnectionStore } from '../../../src/store/connections.ts';

type Found = Awaited<ReturnType<ConnectionStore['open']>>;

function makeAgencies(given: Found | (() => Found)) {
  const calls = { reads: 0, created: [] as unknown[] };
  const entry: AdapterEntry = {
    manifest: { name: 'labor-soap' } as Manifest,
    create: (settings) => {
      calls.created.push(settings);
      return {} as Adapter;
    },
  };
  const connections: Pick<ConnectionStore, 'open'> = {
    open: async () => {
      calls.reads += 1;
      return typeof given === 'function' ? given() : given;
    },
  };
  return { calls, agencies: createAgencies(connections as ConnectionStore, [entry]) };
}

describe('agencies', () => {
  it('open an adapter once, however many ask at the same time', async () => {
    const { calls, agencies } = makeAgencies({ adapter: 'labor-soap', settings: { url: 'x' }, version: 1 });
    const all = await Promise.all(Array.from({ length: 10 }, () => agencies.open('con_1')));
    await agencies.open('con_1');
    assert.deepEqual(calls, { reads: 1, created: [{ url: 'x' }] });
    assert.equal(new Set(all).size, 1);
    await agencies.open('con_2');
    assert.equal(calls.created.length, 2);
  });

  it('open it anew at once for who knows that its settings have changed', async () => {
    const found = { adapter: 'labor-soap', settings: { url: 'x' }, version: 1 };
    const { calls, agencies } = makeAgencies(() => found);
    const first = await agencies.open('con_1', 1);
    assert.equal(await agencies.open('con_1', 1), first);
    Object.assign(found, { settings: { url: 'y' }, version: 2 });
    assert.equal(
      await agencies.open('con_1'),
      first,
      'who does not know it may have the old one for a while',
    );
    const second = await agencies.open('con_1', 2);
    assert.notEqual(second, first);
    assert.equal(await agencies.open('con_1', 1), second, 'what it is by now');
    assert.deepEqual(calls, { reads: 2, created: [{ url: 'x' }, { url: 'y' }] });
  });

  it('say which connection or adapter is not there, and try again the next time', async () => {
    const none = makeAgencies(undefined);
    await assert.rejects(none.agencies.open('con_1'), /connection con_1 does not exist/);
    await assert.rejects(none.agencies.open('con_1'));
    assert.equal(none.calls.reads, 2);
    const foreign = makeAgencies({ adapter: 'retired', settings: {}, version: 1 });
    await assert.rejects(foreign.agencies.open('con_1'), /adapter retired of connection con_1/);
  });
});
