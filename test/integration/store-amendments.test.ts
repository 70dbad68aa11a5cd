// Amendments in a real PostgreSQL: what was claimed for the first time meanwhile is not amended unseen, and what a change brings is there.
import assert from 'node:assert/strict';
import pg from 'pg';
import { amend } from '../../src/domain/amend.ts';
import { cancel } from '../../src/domain/cancel.ts';
import type { Change } from '../../src/domain/exit.ts';
import type { StoredExit } from '../../src/store/exits.ts';
import type { Store } from '../../src/store/index.ts';
import { AMENDING, makeDispute, NOW } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { makeOrganisation, openTestStore, type TestOrganisation, type TestStore } from '../support/store.ts';

const LATER = new Date(NOW.getTime() + 1000);
const lease = (token: string, from = NOW) => ({ token, now: from, until: new Date(from.getTime() + 30_000) });

function amended(
  { exit, secret }: StoredExit,
  parts: Partial<Change['exit']['facts']> = { post: '测试岗' },
): Change {
  const { person, disputes, handover, finance } = secret();
  const items = { disputes, handover, finance };
  const change = amend(exit, secret(), { facts: { ...exit.facts, ...parts }, person, items }, AMENDING);
  assert.ok(typeof change !== 'string' && 'exit' in change);
  return change;
}

describe('store: amendments', function () {
  this.timeout(30_000);
  let at: TestStore;
  let store: Store;
  let org: TestOrganisation;
  let client: pg.Client;
  before(async () => {
    at = await openTestStore();
    store = at.store;
    client = new pg.Client({ connectionString: at.url });
    await client.connect();
  });
  beforeEach(async () => {
    org = await makeOrganisation(store);
  });
  after(async () => {
    await client.end();
    await at.close();
  });

  const guarded = (stored: StoredExit, change = amended(stored)) =>
    store.exits.save(stored, change, { now: LATER, guarded: true });
  const laborId = ({ exit }: StoredExit) => exit.filings[0]?.id ?? '';
  const reload = async ({ exit }: StoredExit) => {
    const stored = await store.exits.load(org.id, exit.id);
    assert.ok(stored);
    return stored;
  };
  const waiting = () =>
    eventually(
      async () => {
        const { rows } = await client.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rows.length > 0;
      },
      { what: 'a statement that waits for a lock' },
    );
  const claimByHand = (stored: StoredExit) =>
    client.query(
      `UPDATE filings SET prepared_at = $2, lease_token = 'by hand', lease_until = $3 WHERE id = $1`,
      [laborId(stored), NOW, new Date(NOW.getTime() + 30_000)],
    );

  describe('a guarded change', () => {
    it('is taken where nobody has claimed, and where the claim was known', async () => {
      const stored = await org.storedExit();
      assert.ok(await guarded(stored));
      const claimed = await org.storedExit();
      assert.ok(await store.filings.claim(laborId(claimed), lease('known')));
      const known = await reload(claimed);
      const change = amended(known);
      assert.equal(change.exit.filings[0]?.factsRevision, 1, 'on its way with the facts as they were');
      assert.ok(await guarded(known, change));
    });

    it('loses against a first claim that was taken in between, of any filing', async () => {
      const stored = await org.storedExit();
      assert.ok(await store.filings.claim(laborId(stored), lease('first')));
      assert.equal(await guarded(stored), undefined);
      const after = await reload(stored);
      assert.deepEqual([after.version, after.exit.factsRevision], [stored.version, 1]);
      const ended = cancel(stored.exit, { actor: '测试', reason: '撤回' }, AMENDING);
      assert.ok(typeof ended !== 'string');
      assert.equal(await guarded(stored, ended), undefined);
      assert.ok(
        await store.exits.save(stored, amended(stored), { now: LATER }),
        'unguarded it would be taken',
      );
    });

    it('minds no later claim of what was claimed before', async () => {
      const stored = await org.storedExit();
      assert.ok(await store.filings.claim(laborId(stored), lease('first')));
      const known = await reload(stored);
      assert.ok(
        await store.filings.claim(laborId(stored), lease('second', new Date(NOW.getTime() + 60_000))),
      );
      assert.ok(await guarded(known));
    });

    it('loses against a first claim that it had to wait for', async () => {
      const stored = await org.storedExit();
      await client.query('BEGIN');
      await claimByHand(stored);
      const saving = guarded(stored);
      await waiting();
      await client.query('COMMIT');
      assert.equal(await saving, undefined);
      assert.equal((await reload(stored)).exit.factsRevision, 1);
    });

    it('wins where the claim that it waited for is rolled back', async () => {
      const stored = await org.storedExit();
      await client.query('BEGIN');
      await claimByHand(stored);
      const saving = guarded(stored);
      await waiting();
      await client.query('ROLLBACK');
      assert.ok(await saving);
      assert.equal((await reload(stored)).exit.factsRevision, 2);
    });

    it('leaves the claim that comes a moment later the newest facts', async () => {
      const stored = await org.storedExit();
      const [saved, claim] = await Promise.all([
        guarded(stored),
        at.another().filings.claim(laborId(stored), lease('at once', LATER)),
      ]);
      const after = await reload(stored);
      const [labor] = after.exit.filings;
      if (saved === undefined) assert.equal(labor?.factsRevision, 1);
      else assert.equal(labor?.factsRevision, 2);
      assert.equal(labor?.preparedAt !== undefined, claim !== undefined);
      assert.ok(saved !== undefined || claim !== undefined, 'one of the two goes on');
    });

    it('waits for a save of the same exit without standing in its way', async () => {
      const stored = await org.storedExit();
      await client.query('BEGIN');
      await client.query('UPDATE exits SET version = version + 1 WHERE id = $1', [stored.exit.id]);
      const saving = guarded(stored);
      await waiting();
      // In the other order this is a deadlock, which PostgreSQL ends by failing one of the two, after a second.
      await client.query("SET LOCAL lock_timeout = '500ms'");
      await client.query('UPDATE filings SET polls = polls + 1 WHERE exit_id = $1', [stored.exit.id]);
      await client.query('COMMIT');
      assert.equal(await saving, undefined, 'the exit has changed since it was read');
    });
  });

  describe('an amendment', () => {
    it('replaces facts and person, keeps the earlier ones, and comes back as it was decided', async () => {
      const stored = await org.storedExit({ person: { name: '测试旧名' } });
      const { person } = stored.secret();
      const items = { disputes: [], handover: [], finance: [] };
      const facts = { ...stored.exit.facts, exitDate: '2026-12-20', lastAttendanceDate: '2026-12-20' };
      const change = amend(
        stored.exit,
        stored.secret(),
        { facts, person: { ...person, name: '测试新名' }, items },
        AMENDING,
      );
      assert.ok(typeof change !== 'string' && 'exit' in change);
      assert.ok(await guarded(stored, change));
      const after = await reload(stored);
      assert.deepEqual(after.exit, change.exit);
      assert.equal(after.secret().person.name, '测试新名');
      assert.deepEqual(after.secret().earlierPersons, [{ revision: 1, person }]);
      const listed = await store.filings.deadlines(org.id, true, {}, { limit: 10 });
      assert.ok(
        listed.some(({ filing }) => filing.deadline === '2027-01-04'),
        'the new clocks are counted on',
      );
    });

    it('inserts the gates that it raises, and moves the limits of the others', async () => {
      const stored = await org.storedExit({ disputes: [makeDispute({ external_id: 'C-1' })] });
      const { person, handover, finance } = stored.secret();
      const items = { disputes: [makeDispute({ external_id: 'C-2' })], handover, finance };
      const facts = { ...stored.exit.facts, exitDate: '2026-11-20', lastAttendanceDate: '2026-11-20' };
      const change = amend(stored.exit, stored.secret(), { facts, person, items }, AMENDING);
      assert.ok(typeof change !== 'string' && 'exit' in change);
      assert.ok(await guarded(stored, change));
      const { exit } = await reload(stored);
      assert.deepEqual(exit, change.exit);
      assert.deepEqual(
        exit.gates.map(({ subject, holdsUntil }) => `${subject} ${holdsUntil}`),
        ['C-1 2026-11-20', 'C-2 2026-11-20'],
      );
    });

    it('of two that were decided on the same state, one is taken', async () => {
      const stored = await org.storedExit();
      const results = await Promise.all(
        [store, at.another(), at.another()].map((each, index) =>
          each.exits.save(stored, amended(stored, { post: `测试岗${index}` }), { now: LATER, guarded: true }),
        ),
      );
      assert.equal(results.filter((each) => each !== undefined).length, 1);
    });
  });

  describe('a claim', () => {
    const saveFiling = async (stored: StoredExit, serial?: string) => {
      const filings = stored.exit.filings.map((filing, index) =>
        index === 0
          ? { ...filing, attempts: 1, ...(serial === undefined ? {} : { serial, revision: 2 }) }
          : filing,
      );
      const change = { exit: { ...stored.exit, filings }, events: [] };
      assert.ok(await store.exits.save(stored, change, { now: NOW }));
    };

    it('ends with the serial that it was for: the new one is nobody’s, and not in doubt', async () => {
      const stored = await org.storedExit();
      assert.ok(await store.filings.claim(laborId(stored), lease('old')));
      await saveFiling(await reload(stored), 'EG-NEW-1');
      assert.equal(await store.filings.renew(laborId(stored), 'old', LATER), false);
      assert.equal((await store.filings.claim(laborId(stored), lease('new')))?.lost, false);
    });

    it('outlives every other change of the exit', async () => {
      const stored = await org.storedExit();
      assert.ok(await store.filings.claim(laborId(stored), lease('old')));
      await saveFiling(await reload(stored));
      assert.equal(await store.filings.claim(laborId(stored), lease('new')), undefined);
      assert.equal(await store.filings.renew(laborId(stored), 'old', LATER), true);
    });
  });
});
