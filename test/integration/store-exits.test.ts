// Exits in a real PostgreSQL: what is written together, what is written once, and what is refused.
import assert from 'node:assert/strict';
import pg from 'pg';
import type { Change } from '../../src/domain/exit.ts';
import { record } from '../../src/domain/record.ts';
import { newId } from '../../src/ids.ts';
import type { StoredExit } from '../../src/store/exits.ts';
import type { Store } from '../../src/store/index.ts';
import { makeDispute, makeDraft, makePerson, makeProfile, NOW, PURSUIT } from '../support/builders.ts';
import { mustClear } from '../support/clear.ts';
import { sql } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { makeOrganisation, openTestStore, type TestOrganisation, type TestStore } from '../support/store.ts';

const context = { ...PURSUIT, random: 0.5, canLookUp: true, canReadBack: false };
describe('store: exits', () => {
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

  /** Of this test's organisation. */
  const count = async (table: string, what = '*', orgId = org.id) => {
    const found = await sql<{ n: string }>(
      at.url,
      `SELECT count(${what}) n FROM ${table} WHERE org_id = $1`,
      [orgId],
    );
    return Number(found[0]?.n);
  };

  const draft = (parts: Parameters<typeof makeDraft>[0] = {}) =>
    makeDraft({ connections: org.connections, ...parts });
  const open = (made: ReturnType<typeof draft>, by = store) =>
    by.exits.open(org.id, true, made.change, made.secret, made.now);
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

  it('gives back what was opened, with its secret and its events', async () => {
    const made = draft({ disputes: [makeDispute(), makeDispute()] });
    assert.deepEqual(await open(made), { endpointIds: [] });
    const stored = await load(made.change.exit.id);
    assert.deepEqual(stored.exit, made.change.exit);
    assert.deepEqual(stored.secret(), made.secret);
    assert.deepEqual(
      [stored.orgId, stored.sandbox, stored.version, stored.lastSequence],
      [org.id, true, 1, 2],
    );
    assert.deepEqual(stored.createdAt, NOW);
    const events = await store.events.ofExit(org.id, stored.exit.id, { after: 0, limit: 10 });
    assert.deepEqual(
      events.map(({ type, sequence }) => [type, sequence]),
      [
        ['exit.opened', 1],
        ['exit.gated', 2],
      ],
    );
  });

  it('shows an exit to no other organisation', async () => {
    const { exitId } = await org.openExit();
    const other = await makeOrganisation(store);
    assert.equal(await store.exits.load(other.id, exitId), undefined);
    assert.equal(await store.exits.load(org.id, 'exit_none'), undefined);
    assert.equal((await store.exits.loadAny(exitId))?.orgId, org.id);
    assert.deepEqual(await store.events.ofExit(other.id, exitId, { after: 0, limit: 10 }), []);
  });

  it('takes two hundred at once in a few statements', async () => {
    const made = Array.from({ length: 200 }, () => draft());
    const results = await Promise.all(made.map((each) => open(each)));
    assert.ok(results.every((result) => result !== undefined));
    const flushes = await count('events', 'DISTINCT transaction_id');
    assert.ok(flushes < 20, `${flushes} flushes`);
    assert.equal(await count('exits'), 200);
    assert.equal(await count('filings'), 800);
    assert.equal(await count('events'), 400);
    assert.equal(await count('persons'), 200);
  });

  it('opens one of many twins of an external id, over two processes as well', async () => {
    const facts = { externalId: 'HR-2026-0017' };
    const second = at.another();
    const made = Array.from({ length: 20 }, () => draft({ facts }));
    const results = await Promise.all(
      made.map((each, index) => open(each, index % 2 === 0 ? store : second)),
    );
    const winner = made[results.findIndex((result) => result !== undefined)];
    assert.equal(results.filter((result) => result !== undefined).length, 1);
    assert.equal(await count('exits'), 1);
    assert.equal(await count('filings'), 4);
    assert.equal(await count('events'), 2);
    assert.equal(await store.exits.findByExternalId(org.id, true, 'HR-2026-0017'), winner?.change.exit.id);
    assert.equal(await open(draft({ facts })), undefined);
    const other = await makeOrganisation(store);
    assert.equal(await store.exits.findByExternalId(other.id, true, 'HR-2026-0017'), undefined);
    await other.openExit({ facts });
  });

  it('knows the same person again: one row, one key; another organisation has its own', async () => {
    const person = makePerson();
    const second = at.another();
    const made = Array.from({ length: 12 }, () => draft({ person }));
    await Promise.all(made.map((each, index) => open(each, index % 2 === 0 ? store : second)));
    assert.equal(await count('persons'), 1);
    const all = await Promise.all(made.map((each) => load(each.change.exit.id)));
    for (const stored of all) {
      assert.deepEqual(stored.personKey(), all[0]?.personKey());
      assert.equal(stored.secret().person.id_number, person.id_number);
    }
    const other = await makeOrganisation(store);
    const foreign = await other.storedExit({ person });
    assert.equal(await count('persons', '*', other.id), 1);
    assert.notDeepEqual(foreign.personKey(), all[0]?.personKey());
  });

  it('takes what two processes open in opposite order, though they share people and ids', async function () {
    this.timeout(60_000);
    const second = at.another();
    for (let round = 0; round < 15; round++) {
      const facts = Array.from({ length: 40 }, (_, n) => ({ externalId: `R${round}-${n}` }));
      const people = facts.map(() => makePerson());
      const drafts = facts.map((each, n) => draft({ facts: each, person: people[n] ?? {} }));
      const twins = facts.map((each, n) => draft({ facts: each, person: people[n] ?? {} })).reverse();
      const [ours, theirs] = await Promise.all([
        Promise.all(drafts.map((each) => open(each))),
        Promise.all(twins.map((each) => open(each, second))),
      ]);
      const opened = ours.concat(theirs).filter((result) => result !== undefined);
      assert.equal(opened.length, 40);
    }
  });

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

  const contents = async () => {
    const tables = ['exits', 'filings', 'gates', 'events', 'deliveries', 'attempts'];
    return Promise.all(
      tables.map((table) => sql(at.url, `SELECT * FROM ${table} WHERE org_id = $1 ORDER BY id`, [org.id])),
    );
  };

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

  it('lets a flush of many exits fail only the one that is wrong', async () => {
    const made = Array.from({ length: 10 }, () => draft());
    const connections = new Map(
      [...org.connections].map(([kind, connection]) => [kind, { ...connection, id: newId('connection') }]),
    );
    made[4] = draft({ connections });
    const settled = await Promise.allSettled(made.map((each) => open(each)));
    assert.deepEqual(
      settled.map((each) => each.status),
      made.map((_, index) => (index === 4 ? 'rejected' : 'fulfilled')),
    );
    assert.equal(await count('exits'), 9);
    assert.equal(await count('filings'), 36);
  });

  it('lists newest first, page by page, by world, state and external id', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const now = new Date(NOW.getTime() + n);
      ids.unshift(
        (
          await org.openExit({
            now,
            disputes: n === 2 ? [makeDispute()] : [],
            facts: { externalId: `L-${n}` },
          })
        ).exitId,
      );
    }
    const list = async (filter: Parameters<typeof store.exits.list>[1], before?: string, limit = 10) =>
      (await store.exits.list(org.id, filter, { limit, ...(before === undefined ? {} : { before }) })).map(
        ({ exit }) => exit.id,
      );
    assert.deepEqual(await list({}), ids);
    assert.deepEqual(await list({}, undefined, 2), ids.slice(0, 2));
    assert.deepEqual(await list({}, ids[1], 2), ids.slice(2, 4));
    assert.deepEqual(await list({ status: 'gated' }), [ids[2]]);
    assert.deepEqual(await list({ externalId: 'L-4' }), [ids[0]]);
    assert.deepEqual(await list({ sandbox: false }), []);
    assert.deepEqual(await list({ sandbox: true }), ids);
  });
});

function withoutOrder() {
  const { filings, ...profile } = makeProfile();
  return { ...profile, filings: filings.map((plan) => ({ ...plan, after: [] })) };
}
