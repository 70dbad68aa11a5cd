// Exits in a real PostgreSQL, opened and found again: each once, whoever opens it, and for whom it is.
import assert from 'node:assert/strict';
import { newId } from '../../src/ids.ts';
import type { StoredExit } from '../../src/store/exits.ts';
import type { Store } from '../../src/store/index.ts';
import { makeDispute, makeDraft, makePerson, NOW, PURSUIT } from '../support/builders.ts';
import { sql } from '../support/database.ts';
import { makeOrganisation, openTestStore, type TestOrganisation, type TestStore } from '../support/store.ts';

const _context = { ...PURSUIT, random: 0.5, canLookUp: true, canReadBack: false };
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
