// Changes of exits in a real PostgreSQL: what is written together, and what is refused and leaves nothing behind.
import assert from 'node:assert/strict';
import pg from 'pg';
import type { Change } from '../../src/domain/exit.ts';
import { record } from '../../src/domain/record.ts';
import type { StoredExit } from '../../src/store/exits.ts';
import type { Store } from '../../src/store/index.ts';
import { makeDispute, makeProfile, NOW, PURSUIT } from '../support/builders.ts';
import { mustClear } from '../support/clear.ts';
import { sql } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { makeOrganisation, openTestStore, type TestOrganisation, type TestStore } from '../support/store.ts';

const context = { ...PURSUIT, random: 0.5, canLookUp: true, canReadBack: false };
describe('store: changes of exits', () => {
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

  const load = async (id: string, by = store): Promise<StoredExit> => {
    const stored = await by.exits.load(org.id, id);
    assert.ok(stored);
    return stored;
  };
  const answerLabor = (stored: StoredExit): Change =>
    record(
      stored.exit,
      stored.exit.filings[0]?.id ?? '',
      'submit',
      { kind: 'retry', reason: 'busy' },
      context,
    );

  const contents = async () => {
    const tables = ['exits', 'filings', 'gates', 'events', 'deliveries', 'attempts'];
    return Promise.all(
      tables.map((table) => sql(at.url, `SELECT * FROM ${table} WHERE org_id = $1 ORDER BY id`, [org.id])),
    );
  };

  it('writes again what a deadlock with somebody else rolled back', async () => {
    const [busy, first, second] = [await org.storedExit(), await org.storedExit(), await org.storedExit()];
    const other = new pg.Client({ connectionString: at.url });
    await other.connect();
    const lock = ({ exit }: StoredExit) =>
      other.query('SELECT 1 FROM exits WHERE id = $1 FOR UPDATE', [exit.id]);
    try {
      await other.query('BEGIN');
      await lock(second);
      // The first goes alone; the two that come meanwhile share a statement, which waits for the other's row.
      const saved = Promise.all(
        [busy, first, second].map((stored) => store.exits.save(stored, answerLabor(stored), { now: NOW })),
      );
      await eventually(async () => {
        const text = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        return (await sql(at.url, text)).length > 0;
      });
      await lock(first);
      await other.query('COMMIT');
      assert.ok((await saved).every((each) => each !== undefined));
    } finally {
      await other.end();
    }
  });

  it('writes a change, its events and its attempt together', async () => {
    const stored = await org.storedExit();
    const [labor] = stored.exit.filings;
    const change = record(
      stored.exit,
      labor?.id ?? '',
      'submit',
      { kind: 'accepted', receipt: 'R-1' },
      context,
    );
    const attempt = {
      filingId: labor?.id ?? '',
      step: 'submit',
      outcome: 'accepted',
      startedAt: NOW,
      endedAt: NOW,
      hashes: ['ab12'],
      messages: [{ operation: 'SubmitTermination', body: 'secret' }],
    };
    assert.ok(await store.exits.save(stored, change, { now: NOW, attempt }));
    const after = await load(stored.exit.id);
    assert.deepEqual(after.exit, change.exit);
    assert.equal(after.version, 2);
    assert.equal(after.lastSequence, 2 + change.events.length);
    const [kept] = await store.filings.attempts(org.id, labor?.id ?? '');
    assert.deepEqual([kept?.step, kept?.outcome, kept?.hashes], ['submit', 'accepted', ['ab12']]);
    const other = await makeOrganisation(store);
    assert.deepEqual(await store.filings.attempts(other.id, labor?.id ?? ''), []);
  });

  it('keeps the time, the note and the documents of a clearance', async () => {
    const stored = await org.storedExit({ disputes: [makeDispute({ external_id: 'C-1' })] });
    const documents = [{ title: '和解协议' }];
    const change = mustClear(stored.exit, { note: '已和解', documents });
    await store.exits.save(stored, change, { now: NOW });
    assert.deepEqual((await load(stored.exit.id)).exit, change.exit);
    const events = await store.events.ofExit(org.id, stored.exit.id, { after: 2, limit: 10 });
    const { actor, note } = events[0]?.data ?? {};
    assert.deepEqual([events[0]?.type, actor, note], ['exit.cleared', '测试合规', '已和解']);
  });

  it('refuses a change of what has changed since it was read, and writes nothing of it', async () => {
    const stored = await org.storedExit();
    assert.ok(await store.exits.save(stored, answerLabor(stored), { now: NOW }));
    const before = await contents();
    const attempt = {
      filingId: stored.exit.filings[0]?.id ?? '',
      step: 'submit',
      outcome: 'retry',
      startedAt: NOW,
      endedAt: NOW,
      hashes: [],
      messages: [],
    };
    assert.equal(await store.exits.save(stored, answerLabor(stored), { now: NOW, attempt }), undefined);
    assert.deepEqual(await contents(), before);
  });

  it('refuses an outcome whose claim is gone', async () => {
    const stored = await org.storedExit();
    const filingId = stored.exit.filings[0]?.id ?? '';
    const lease = (token: string, at: Date) => ({ token, now: at, until: new Date(at.getTime() + 30_000) });
    assert.ok(await store.filings.claim(filingId, lease('first', NOW)));
    const later = new Date(NOW.getTime() + 60_000);
    assert.ok(await store.filings.claim(filingId, lease('second', later)));
    const fresh = await load(stored.exit.id);
    const before = await contents();
    const late = await store.exits.save(fresh, answerLabor(fresh), {
      now: later,
      lease: { filingId, token: 'first' },
    });
    assert.equal(late, undefined);
    assert.deepEqual(await contents(), before);
    assert.ok(
      await store.exits.save(fresh, answerLabor(fresh), { now: later, lease: { filingId, token: 'second' } }),
    );
    const again = await load(stored.exit.id);
    const twice = await store.exits.save(again, answerLabor(again), {
      now: later,
      lease: { filingId, token: 'second' },
    });
    assert.equal(twice, undefined, 'a claim ends with its outcome');
  });

  it("leaves the other filings' claims alone", async () => {
    const { connections } = org;
    const stored = await org.storedExit({ connections, profile: withoutOrder() });
    const [labor, stop] = stored.exit.filings.map((filing) => filing.id);
    const until = new Date(NOW.getTime() + 30_000);
    await store.filings.claim(labor ?? '', { token: 'labor', now: NOW, until });
    await store.filings.claim(stop ?? '', { token: 'stop', now: NOW, until });
    const fresh = await load(stored.exit.id);
    assert.ok(
      await store.exits.save(fresh, answerLabor(fresh), {
        now: NOW,
        lease: { filingId: labor ?? '', token: 'labor' },
      }),
    );
    assert.equal(await store.filings.claim(stop ?? '', { token: 'thief', now: NOW, until }), undefined);
    assert.deepEqual((await store.filings.nextAt(stop ?? '', NOW))?.leasedUntil, until);
    assert.equal((await store.filings.nextAt(labor ?? '', NOW))?.leasedUntil, undefined);
  });

  it('numbers events without a gap, however many change one exit at once', async () => {
    const { exitId } = await org.openExit();
    const second = at.another();
    const tell = async (n: number, by: Store) => {
      for (;;) {
        const stored = await load(exitId, by);
        const events = [
          { type: 'filing.held' as const, data: { n, part: 1 } },
          { type: 'filing.held' as const, data: { n, part: 2 } },
        ];
        if (await by.exits.save(stored, { exit: stored.exit, events }, { now: NOW })) return;
      }
    };
    await Promise.all(Array.from({ length: 50 }, (_, n) => tell(n, n % 2 === 0 ? store : second)));
    const events = await store.events.ofExit(org.id, exitId, { after: 0, limit: 1000 });
    assert.deepEqual(
      events.map((event) => event.sequence),
      Array.from({ length: 102 }, (_, n) => n + 1),
    );
    assert.equal((await load(exitId)).lastSequence, 102);
    const parts = events.slice(2).map(({ data }) => [data.n, data.part]);
    for (let index = 0; index < parts.length; index += 2)
      assert.deepEqual(
        [parts[index]?.[1], parts[index + 1]?.[1], parts[index]?.[0]],
        [1, 2, parts[index + 1]?.[0]],
      );
  });
});

function withoutOrder() {
  const { filings, ...profile } = makeProfile();
  return { ...profile, filings: filings.map((plan) => ({ ...plan, after: [] })) };
}
