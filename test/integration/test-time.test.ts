// Test time over a real PostgreSQL: it is one organisation's, for its sandbox alone, and what is no business goes by real time.
import assert from 'node:assert/strict';
import { testNow } from '../../src/domain/test-time.ts';
import type { Store } from '../../src/store/index.ts';
import { makeDraft, NOW } from '../support/builders.ts';
import { sql } from '../support/database.ts';
import { makeOrganisation, openTestStore, type TestOrganisation, type TestStore } from '../support/store.ts';

const DAY_MS = 86_400_000;
const plus = (ms: number) => new Date(NOW.getTime() + ms);

describe('store: test time', () => {
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

  const begin = (mover: string, real = NOW, until = plus(60_000)) =>
    store.testClock.begin(org.id, mover, real, until);
  /** The organisation's time so far ahead, frozen there when asked for. */
  async function ahead(ms: number, { frozen = false } = {}): Promise<void> {
    const begun = await begin('mover');
    assert.ok(begun);
    await store.testClock.end(org.id, 'mover', new Date(begun.now.getTime() + ms), NOW, frozen);
  }
  const now = (real = NOW, sandbox = true) => store.organisations.now({ orgId: org.id, sandbox }, real);
  const lease = (real = NOW) => ({ token: 'worker', now: real, until: new Date(real.getTime() + 30_000) });
  /** The labour filing of an exit that was opened a day from now, by the time of the tests. */
  async function tomorrows(owner = org, sandbox = true) {
    const { change, secret } = makeDraft({ connections: owner.connections, now: plus(DAY_MS) });
    assert.ok(await store.exits.open(owner.id, sandbox, change, secret, plus(DAY_MS)));
    const [labor] = change.exit.filings;
    assert.ok(labor);
    assert.deepEqual(labor.nextAt, plus(DAY_MS));
    return { id: labor.id, exitId: change.exit.id };
  }
  /** Of these filings those that sweep would wake: other tests leave theirs behind. */
  const due = async (ids: readonly string[], real = NOW) =>
    (await store.filings.due(real, 1000)).map(({ id }) => id).filter((id) => ids.includes(id));
  const hasToTell = async (exitId: string, real = NOW) =>
    (await store.exits.clocksDue(real, 1000)).includes(exitId);

  it('makes due what is due by it, and nothing of another organisation or of live data', async () => {
    const another = await makeOrganisation(store);
    const mine = await tomorrows();
    const live = await tomorrows(org, false);
    const theirs = await tomorrows(another);
    await ahead(DAY_MS - 1);
    const all = [mine, live, theirs].map(({ id }) => id);
    assert.deepEqual(await due(all), []);
    assert.equal(await store.filings.claim(mine.id, lease()), undefined, 'a millisecond early');
    await ahead(1);
    assert.deepEqual(await due(all), [mine.id]);
    for (const { id } of [live, theirs]) assert.equal(await store.filings.claim(id, lease()), undefined);
    assert.deepEqual((await store.filings.claim(mine.id, lease()))?.now, plus(DAY_MS));
    const [row] = await sql(at.url, `SELECT prepared_at, lease_until FROM filings WHERE id = '${mine.id}'`);
    assert.deepEqual(row, { prepared_at: plus(DAY_MS), lease_until: plus(30_000) });
    assert.deepEqual(await now(), plus(DAY_MS));
    assert.deepEqual(await now(NOW, false), NOW);
  });

  it('leaves leases to real time, however far it jumps', async () => {
    const { id } = await tomorrows();
    await ahead(DAY_MS);
    assert.ok(await store.filings.claim(id, lease()));
    await ahead(400 * DAY_MS);
    assert.equal(await store.filings.claim(id, lease(plus(29_999))), undefined);
    assert.deepEqual(await due([id], plus(29_999)), []);
    assert.equal((await store.filings.claim(id, lease(plus(30_000))))?.lost, true);
  });

  it('holds back what real time has made due long since, while it stands behind', async () => {
    const { id, exitId } = await tomorrows();
    await ahead(0, { frozen: true });
    const later = plus(30 * DAY_MS);
    assert.deepEqual(await now(later), NOW);
    assert.deepEqual(await due([id], later), []);
    assert.equal(await store.filings.claim(id, lease(later)), undefined);
    assert.equal(await hasToTell(exitId, later), false);
  });

  it('tells the queues when by real time a step is due', async () => {
    const { id } = await tomorrows();
    assert.deepEqual(await store.filings.nextAt(id, NOW), { at: plus(DAY_MS) });
    await ahead(DAY_MS / 2);
    assert.deepEqual(await store.filings.nextAt(id, NOW), { at: plus(DAY_MS / 2) });
  });

  it('makes deadlines to tell due, of this sandbox alone', async () => {
    const mine = await tomorrows();
    const live = await tomorrows(org, false);
    const [row] = await sql(at.url, `SELECT clocks_next_at FROM exits WHERE id = '${mine.exitId}'`);
    const distance = row?.clocks_next_at.getTime() - NOW.getTime();
    await ahead(distance - 1);
    assert.equal(await hasToTell(mine.exitId), false);
    await ahead(1);
    assert.equal(await hasToTell(mine.exitId), true);
    assert.equal(await hasToTell(live.exitId), false);
  });

  it('sends webhooks at once, whatever time the event carries', async () => {
    await ahead(300 * DAY_MS);
    const far = plus(300 * DAY_MS);
    await store.endpoints.create(
      org.id,
      true,
      { url: 'https://hr.example', description: '', eventTypes: [] },
      'x',
    );
    const { change, secret } = makeDraft({ connections: org.connections, now: far });
    assert.ok(await store.exits.open(org.id, true, change, secret, far));
    const [row] = await sql(
      at.url,
      `SELECT d.next_at <= now() AS due, v.occurred_at FROM deliveries d JOIN events v ON v.id = d.event_id WHERE d.exit_id = '${change.exit.id}'`,
    );
    assert.deepEqual(row, { due: true, occurred_at: far });
  });

  it('is moved by one at a time; one that died leaves it going on from where it stood', async () => {
    assert.deepEqual(await begin('first'), { now: NOW, frozen: false });
    assert.equal(await begin('second', plus(59_999)), undefined);
    assert.equal(await store.testClock.moveTo(org.id, 'second', plus(1), NOW, plus(60_000)), false);
    assert.equal(await store.testClock.moveTo(org.id, 'first', plus(DAY_MS), NOW, plus(60_000)), true);
    assert.deepEqual(await now(plus(59_999)), plus(DAY_MS));
    assert.deepEqual(await now(plus(60_000)), plus(DAY_MS + 60_000));
    const second = await begin('second', plus(60_000), plus(120_000));
    assert.deepEqual(second?.now, plus(DAY_MS + 60_000));
    await store.testClock.end(org.id, 'first', plus(9 * DAY_MS), NOW, false);
    assert.deepEqual(await now(plus(61_000)), plus(DAY_MS + 60_000), 'the first has no say any more');
  });

  it('says the same in SQL as in the domain, in each of its states', async () => {
    const { id } = await tomorrows();
    const states = [
      'test_ahead_ms = 0, test_stands_at = NULL, test_frozen = false, test_moving_until = NULL',
      'test_ahead_ms = 86400123, test_stands_at = NULL, test_frozen = false, test_moving_until = NULL',
      'test_ahead_ms = 157788000001, test_stands_at = NULL, test_frozen = false, test_moving_until = NULL',
      "test_ahead_ms = -7, test_stands_at = '2026-11-26T03:00:00.007Z', test_frozen = true, test_moving_until = NULL",
      "test_ahead_ms = 5, test_stands_at = '2026-11-26T03:00:00.007Z', test_frozen = false, test_moving_until = '2026-11-25T02:00:00.001Z'",
      "test_ahead_ms = 5, test_stands_at = '2026-11-26T03:00:00.007Z', test_frozen = false, test_moving_until = '2026-11-25T02:00:00.000Z'",
    ];
    for (const state of states) {
      await sql(at.url, `UPDATE organisations SET ${state} WHERE id = '${org.id}'`);
      const said = testNow(await store.organisations.testTime(org.id), NOW);
      const next = await store.filings.nextAt(id, NOW);
      assert.equal(plus(DAY_MS).getTime() - said.getTime(), (next?.at.getTime() ?? 0) - NOW.getTime(), state);
    }
  });
});
