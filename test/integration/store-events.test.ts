// The organisation's stream: a reader who goes on from where it stood never misses an event, whoever commits when.
import assert from 'node:assert/strict';
import pg from 'pg';
import type { StreamPosition } from '../../src/store/events.ts';
import type { Store } from '../../src/store/index.ts';
import { makeDispute, NOW } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { makeOrganisation, openTestStore, type TestOrganisation, type TestStore } from '../support/store.ts';

describe('store: event stream', () => {
  let at: TestStore;
  let store: Store;
  let org: TestOrganisation;
  before(async () => {
    at = await openTestStore();
    store = at.store;
  });
  beforeEach(async () => {
    org = await makeOrganisation(store);
  });
  after(() => at.close());

  /** All that is visible from a position on, page by page. */
  async function read(after?: StreamPosition, limit = 100) {
    const seen: { readonly id: string; readonly exitId: string | null; readonly sequence: number }[] = [];
    let end = after;
    for (;;) {
      const page = await store.events.stream(org.id, true, {
        limit,
        ...(end === undefined ? {} : { after: end }),
      });
      if (page.end === undefined) return { seen, end };
      seen.push(...page.events);
      end = page.end;
    }
  }
  /** Other transactions on the same server may hold the stream back for a moment. */
  const readAll = (howMany: number, limit?: number) =>
    eventually(async () => {
      const { seen } = await read(undefined, limit);
      return seen.length >= howMany ? seen : undefined;
    });

  it('shows everything once, in order within each exit, whatever the page', async () => {
    const opened = await Promise.all(Array.from({ length: 25 }, () => org.openExit()));
    for (const limit of [1, 7, 100]) {
      const seen = await readAll(50, limit);
      assert.equal(seen.length, 50);
      assert.equal(new Set(seen.map((event) => event.id)).size, 50);
      for (const { exitId } of opened)
        assert.deepEqual(
          seen.filter((event) => event.exitId === exitId).map((event) => event.sequence),
          [1, 2],
        );
    }
  });

  it('shows no other organisation and no other world', async () => {
    await (await makeOrganisation(store)).openExit();
    const { exitId } = await org.openExit();
    assert.deepEqual(new Set((await readAll(2)).map((event) => event.exitId)), new Set([exitId]));
    assert.deepEqual((await store.events.stream(org.id, false, { limit: 10 })).events, []);
  });

  it('waits for what began earlier and commits later, instead of passing it by', async () => {
    const { exitId } = await org.openExit();
    const before = await eventually(async () => {
      const { seen, end } = await read();
      return seen.length === 2 && end;
    });
    // Another process has written an event and not committed yet; its transaction is older than those that follow.
    const slow = new pg.Client({ connectionString: at.url });
    await slow.connect();
    try {
      await slow.query('BEGIN');
      await slow.query(
        `INSERT INTO events (id, org_id, exit_id, sequence, type, occurred_at, data, sandbox, transaction_id)
         VALUES ('evt_slow', $1, $2, 3, 'filing.held', $3, '{}', true, pg_current_xact_id()::text::bigint)`,
        [org.id, exitId, NOW],
      );
      const quick = await org.openExit();
      const meanwhile = await read(before);
      assert.deepEqual(meanwhile.seen, [], 'nothing may be shown before what is older');
      await slow.query('COMMIT');
      const after = await eventually(async () => {
        const { seen } = await read(meanwhile.end);
        return seen.length === 3 && seen;
      });
      assert.deepEqual(
        after.map((event) => [event.exitId, event.sequence]),
        [
          [exitId, 3],
          [quick.exitId, 1],
          [quick.exitId, 2],
        ],
      );
    } finally {
      await slow.end();
    }
  });

  it('misses nothing while many write and one reads along', async () => {
    const writers = Array.from({ length: 4 }, async (_, n) => {
      const by = n % 2 === 0 ? org : await makeOrganisation(store);
      for (let index = 0; index < 25; index++) await by.openExit();
    });
    const writing = Promise.all(writers).then(() => true);
    const seen: string[] = [];
    let end: StreamPosition | undefined;
    await eventually(
      async () => {
        const finished = await Promise.race([writing, Promise.resolve(false)]);
        const page = await read(end, 3);
        end = page.end;
        seen.push(...page.seen.map((event) => event.id));
        return finished && seen.length >= 100;
      },
      { every: 1 },
    );
    assert.equal(seen.length, 100);
    assert.equal(new Set(seen).size, 100);
    assert.deepEqual(
      seen,
      (await read()).seen.map((event) => event.id),
    );
  });

  it("joins an event with what was kept under the person's key", async () => {
    const stored = await org.storedExit({ disputes: [makeDispute()] });
    const told = {
      type: 'exit.cleared' as const,
      data: { gate: 'open_dispute' },
      personal: { note: '测试和解' },
    };
    assert.ok(await store.exits.save(stored, { exit: stored.exit, events: [told] }, { now: NOW }));
    await readAll(3);
    const { events } = await store.events.stream(org.id, true, { limit: 10 });
    assert.deepEqual(events[2]?.data, { gate: 'open_dispute', note: '测试和解' });
    assert.equal(events[2]?.externalId, stored.exit.facts.externalId);
  });

  it('reads one exit from a number on', async () => {
    const { exitId } = await org.openExit();
    const page = await store.events.ofExit(org.id, exitId, { after: 1, limit: 10 });
    assert.deepEqual(
      page.map((event) => event.sequence),
      [2],
    );
  });
});
