// Claims: one worker at a time has a filing, and a worker that died is found out.
import assert from 'node:assert/strict';
import type { Filing } from '../../src/domain/filing.ts';
import { record } from '../../src/domain/record.ts';
import type { Store } from '../../src/store/index.ts';
import { makeProfile, NOW, PURSUIT } from '../support/builders.ts';
import { makeOrganisation, openTestStore, type TestOrganisation, type TestStore } from '../support/store.ts';

const seconds = (n: number) => new Date(NOW.getTime() + n * 1000);
const lease = (token: string, from = 0, long = 30) => ({
  token,
  now: seconds(from),
  until: seconds(from + long),
});

describe('store: filings', () => {
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

  const openLabor = async (): Promise<Filing> => {
    const [labor] = (await org.storedExit()).exit.filings;
    assert.ok(labor);
    return labor;
  };

  it('are claimed by one of many workers', async () => {
    const { id } = await openLabor();
    const second = at.another();
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? store : second).filings.claim(id, lease(`worker ${n}`)),
      ),
    );
    assert.equal(claims.filter((claim) => claim !== undefined).length, 1);
  });

  it('are all claimed, each once, when two workers grab for many', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, openLabor));
    const second = at.another();
    const claims = await Promise.all(
      [store, second].map((by, worker) =>
        Promise.all(all.map(({ id }) => by.filings.claim(id, lease(`worker ${worker}`)))),
      ),
    );
    for (const [index] of all.entries())
      assert.equal(claims.filter((own) => own[index] !== undefined).length, 1);
  });

  it('have their attempts in the order in which they came, though a test time stood still', async () => {
    const { id } = await openLabor();
    const own = (await store.filings.load(org.id, id))?.exitId ?? '';
    const steps = Array.from({ length: 12 }, (_, index) => `step ${index}`);
    for (const step of steps) {
      const stored = await store.exits.loadAny(own);
      assert.ok(stored);
      const attempt = { filingId: id, step, outcome: 'told', startedAt: NOW, endedAt: NOW };
      const kept = { now: NOW, attempt: { ...attempt, hashes: [], messages: [] } };
      assert.ok(await store.exits.save(stored, { exit: stored.exit, events: [] }, kept));
    }
    assert.deepEqual(
      (await store.filings.attempts(org.id, id)).map(({ step }) => step),
      steps,
    );
  });

  it('are not had before their time, nor when nothing is ahead', async () => {
    const { exit } = await org.storedExit();
    const [labor, stop] = exit.filings;
    assert.equal(await store.filings.claim(labor?.id ?? '', lease('early', -1)), undefined);
    assert.equal(await store.filings.claim(stop?.id ?? '', lease('waiting', 1000)), undefined);
    assert.equal(await store.filings.claim('fil_none', lease('none')), undefined);
    assert.equal(await store.filings.nextAt(stop?.id ?? '', NOW), undefined);
    assert.deepEqual(await store.filings.nextAt(labor?.id ?? '', NOW), { at: NOW });
  });

  it('are free again when a claim has run out, and not before; a renewed one lasts longer', async () => {
    const { id } = await openLabor();
    assert.ok(await store.filings.claim(id, lease('first')));
    assert.deepEqual(await store.filings.nextAt(id, NOW), { at: NOW, leasedUntil: seconds(30) });
    assert.equal(await store.filings.claim(id, lease('second', 29)), undefined);
    await store.filings.renew(id, 'first', seconds(60));
    await store.filings.renew(id, 'second', seconds(600));
    assert.equal(await store.filings.claim(id, lease('second', 59)), undefined);
    assert.ok(await store.filings.claim(id, lease('second', 60)));
  });

  it('count as in doubt when a worker died while submitting, and only then', async () => {
    const stored = await org.storedExit();
    const id = stored.exit.filings[0]?.id ?? '';
    assert.deepEqual(await store.filings.claim(id, lease('first')), {
      exitId: stored.exit.id,
      now: NOW,
      lost: false,
      connection: { version: 1, deleted: false },
    });
    assert.deepEqual(await store.filings.claim(id, lease('second', 31)), {
      exitId: stored.exit.id,
      now: seconds(31),
      lost: true,
      connection: { version: 1, deleted: false },
    });
    const fresh = await store.exits.loadAny(stored.exit.id);
    assert.ok(fresh);
    const change = record(
      fresh.exit,
      id,
      'submit',
      { kind: 'unsure', reason: 'lost' },
      {
        ...PURSUIT,
        now: seconds(31),
        random: 0.5,
        canLookUp: true,
        canReadBack: true,
      },
    );
    assert.ok(
      await store.exits.save(fresh, change, { now: seconds(31), lease: { filingId: id, token: 'second' } }),
    );
    assert.equal(
      (await store.filings.claim(id, lease('third', 40)))?.lost,
      false,
      'its claim ended in order',
    );
    assert.equal(
      (await store.filings.claim(id, lease('fourth', 80)))?.lost,
      false,
      'a lost question doubts nothing',
    );
  });

  it('fix the time of the message at the first claim, so that a resend has the same bytes', async () => {
    const { id } = await openLabor();
    const prepared = async () => (await store.filings.load(org.id, id))?.filing.preparedAt;
    assert.equal(await prepared(), undefined);
    await store.filings.claim(id, lease('first', 5));
    assert.deepEqual(await prepared(), seconds(5));
    await store.filings.claim(id, lease('second', 100));
    assert.deepEqual(await prepared(), seconds(5));
  });

  it('are swept when due and nobody has them, the earliest deadline first', async () => {
    const late = await org.storedExit({ facts: { exitDate: '2026-11-25' } });
    const soon = await org.storedExit({ facts: { exitDate: '2026-11-01' } });
    const taken = await org.storedExit();
    const notYet = await org.storedExit({ now: seconds(100) });
    const id = (stored: typeof late) => stored.exit.filings[0]?.id ?? '';
    await store.filings.claim(id(taken), lease('somebody'));
    const mine = new Set([late, soon, taken, notYet].map(id));
    const due = async (when: Date) =>
      (await store.filings.due(when, 10_000)).filter((each) => mine.has(each.id)).map((each) => each.id);
    assert.deepEqual(await due(seconds(10)), [id(soon), id(late)]);
    assert.deepEqual(new Set(await due(seconds(200))), mine);
    assert.equal((await store.filings.due(seconds(200), 1)).length, 1);
  });

  it('are listed by state, kind, exit and world, and to nobody else', async () => {
    const { exit } = await org.storedExit();
    await org.openExit({ profile: makeProfile({ filings: makeProfile().filings.slice(0, 1) }) });
    const list = async (filter: Parameters<typeof store.filings.list>[1], of = org.id) =>
      (await store.filings.list(of, filter, { limit: 100 })).map(({ filing }) => filing);
    assert.equal((await list({})).length, 5);
    assert.equal((await list({ state: 'due' })).length, 2);
    assert.equal((await list({ kind: 'credit_update' })).length, 1);
    assert.deepEqual(
      new Set((await list({ exitId: exit.id })).map(({ id }) => id)),
      new Set(exit.filings.map(({ id }) => id)),
    );
    assert.equal((await list({ sandbox: false })).length, 0);
    const other = await makeOrganisation(store);
    assert.deepEqual(await list({}, other.id), []);
    const [labor] = exit.filings;
    assert.deepEqual((await store.filings.load(org.id, labor?.id ?? ''))?.filing, labor);
    assert.equal(await store.filings.load(other.id, labor?.id ?? ''), undefined);
    assert.equal(await store.filings.load(org.id, labor?.id ?? '', false), undefined);
    assert.ok(await store.filings.load(org.id, labor?.id ?? '', true));
    const pages: string[] = [];
    for (let before: string | undefined; ; ) {
      const page = await store.filings.list(
        org.id,
        {},
        { limit: 2, ...(before === undefined ? {} : { before }) },
      );
      if (page.length === 0) break;
      pages.push(...page.map(({ filing }) => filing.id));
      before = pages.at(-1);
    }
    assert.deepEqual(
      pages,
      (await list({})).map(({ id }) => id),
    );
  });
});
