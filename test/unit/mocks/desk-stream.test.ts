// The stream of the control API: told at once, then whenever something changes, and spared what is known.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { laborClient, UNIT } from './labor-client.ts';
import { openStream } from './stream-reader.ts';

const { readEvents, patience } = (await import(
  new URL('../../../mocks/desk/web/events.js', import.meta.url).href
)) as {
  readEvents(text: string): { events: { id?: string; data: string }[]; rest: string };
  patience(tries: number): number;
};

describe('stream of the desk', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let count = 0;

  before(async () => {
    agencies = await startAgencies();
  });
  beforeEach(() => {
    count += 1;
    box = agencies.sandbox(`stream-${count}`, { frozen: true });
  });
  after(() => agencies.close());

  it('tells everything at once, and then which part has changed', async () => {
    const stream = await openStream(box.urls.desk);
    const first = await stream.next();
    assert.equal(first.changed.length, 8);
    assert.equal(first.id, first.overview.mark);
    const asked = (await (await fetch(`${box.urls.desk}/overview`)).json()) as object;
    assert.deepEqual(first.overview, asked);

    box.fault({ fault: 'hang', agency: 'credit' });
    const armed = await stream.next();
    assert.deepEqual(armed.changed, ['faults']);
    assert.equal(armed.overview.faults.length, 1);
    box.clock.run();
    assert.deepEqual((await stream.next()).changed, ['clock']);
    await box.clock.advance({ by: 'P1D' });
    assert.deepEqual((await stream.next()).changed, ['clock']);
    await fetch(`${box.urls.desk}/snapshots/s1`, { method: 'PUT' });
    assert.deepEqual((await stream.next()).changed, ['shelf']);
    await fetch(`${box.urls.desk}/clerk/labor`, {
      method: 'PUT',
      body: JSON.stringify({ policy: 'manual' }),
    });
    assert.deepEqual((await stream.next()).changed, ['clerk']);
    box.arm('LAB.REJECTED');
    assert.deepEqual((await stream.next()).changed, ['scenarios']);
    stream.close();
  });

  it('tells of an exchange, and of the case that it made', async () => {
    const client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
    const content = await client.content('S-1');
    assert.ok(content);
    const stream = await openStream(box.urls.desk);
    await stream.next();
    await client.submit('S-1');
    const parts = new Set<string>();
    while (!parts.has('cases') || !parts.has('exchanges'))
      for (const part of (await stream.next()).changed) parts.add(part);
    stream.close();
  });

  it('spares whoever comes back what was seen, and tells at once what was missed', async () => {
    const before = await openStream(box.urls.desk);
    const { id } = await before.next();
    before.close();
    const again = await openStream(box.urls.desk, { 'last-event-id': id });
    assert.equal(await again.block(), 'retry: 1000');
    box.arm('LAB.REJECTED');
    const news = await again.next();
    assert.notEqual(news.id, id);
    again.close();
    const late = await openStream(box.urls.desk, { 'last-event-id': id });
    assert.equal((await late.next()).id, news.id);
    late.close();
  });

  it('ends with its sandbox', async () => {
    const stream = await openStream(box.urls.desk);
    await stream.next();
    await fetch(`${agencies.urls.desk}/sandboxes/${box.name}`, { method: 'DELETE' });
    while ((await stream.block()) !== undefined);
  });

  it('is for so many, and in public for who has the token', async () => {
    const streams = await Promise.all(Array.from({ length: 50 }, () => openStream(box.urls.desk)));
    const full = await fetch(`${box.urls.desk}/stream`);
    assert.equal(full.status, 429);
    for (const each of streams) each.close();
    const open = await startAgencies({ hosting: 'public', only: ['labor'] });
    try {
      assert.equal((await fetch(`${open.urls.desk}/stream`)).status, 401);
    } finally {
      await open.close();
    }
  });

  it('is read by the page in whatever pieces it comes', () => {
    const { events, rest } = readEvents(
      'retry: 1\n\n: beat\n\nid: a\r\nevent: changed\r\ndata: {}\r\n\r\nid: b\nda',
    );
    assert.deepEqual([events, rest], [[{ id: 'a', data: '{}' }], 'id: b\nda']);
    assert.deepEqual([1, 2, 3, 20].map(patience), [500, 1000, 2000, 30_000]);
  });
});
