// What a worker asks before it calls, over a real PostgreSQL: the month it keeps, the question it tells once, the wake
// that must not be lost, and what it does not read again.
import assert from 'node:assert/strict';
import pino from 'pino';
import { type Ahead, createHolds } from '../../queues/holds.ts';
import { nextStep } from '../../src/domain/filing.ts';
import type { StoredExit } from '../../src/store/exits.ts';
import type { Store } from '../../src/store/index.ts';
import { makeProfile } from '../support/builders.ts';
import { sql } from '../support/database.ts';
import { makeOrganisation, openTestStore, type TestOrganisation, type TestStore } from '../support/store.ts';

const NOVEMBER = new Date('2026-11-25T02:00:00Z');
const DECEMBER = new Date('2026-12-08T02:00:00Z');
const TOKEN = 'claim-of-the-test';

describe('holds', () => {
  let test: TestStore;
  let store: Store;
  let organisation: TestOrganisation;
  let now: Date;
  before(async () => {
    test = await openTestStore();
    store = test.store;
  });
  after(() => test.close());
  beforeEach(async () => {
    now = NOVEMBER;
    organisation = await makeOrganisation(store);
  });

  /** A room of the store that writes down what is called. */
  function watched<Room extends 'windows' | 'maintenances'>(room: Room, calls: string[]): Store[Room] {
    return new Proxy(store[room], {
      get(target, name, receiver) {
        calls.push(String(name));
        return Reflect.get(target, name, receiver);
      },
    });
  }
  function worker({ exits }: Pick<Store, 'exits'> = store) {
    const calls: string[] = [];
    const holds = createHolds({
      store: {
        windows: watched('windows', calls),
        maintenances: watched('maintenances', calls),
        exits,
        filings: store.filings,
        organisations: store.organisations,
      },
      health: { hold: async () => undefined },
      wake: { after: async () => {} },
      clock: () => now,
      log: pino({ level: 'silent' }),
      keptMs: 3_600_000,
    });
    return { holds, calls };
  }

  /** An exit whose stop is due and claimed. */
  async function claimed(region = '110105'): Promise<Ahead> {
    const plans = makeProfile().filings.filter(({ kind }) => kind === 'insurance_stop');
    const profile = makeProfile({ filings: plans.map((each) => ({ ...each, after: [] })) });
    const employer = { name: '测试证券有限公司', uscc: '91110105MA001234X4', region };
    const { exitId } = await organisation.openExit({ profile, facts: { employer } });
    const stored = (await store.exits.loadAny(exitId)) as StoredExit;
    const [filing] = stored.exit.filings;
    assert.ok(filing);
    const until = new Date(now.getTime() + 30_000);
    assert.ok(await store.filings.claim(filing.id, { token: TOKEN, now, until }));
    const step = nextStep(filing);
    assert.ok(step);
    return { stored, filing, step, now, token: TOKEN };
  }
  const confirm = (month: string, opens: number, closes: number) =>
    store.windows.confirm(
      organisation.id,
      true,
      {
        region: '11',
        insurance: '*',
        month,
        opens,
        closes,
        source: '测试',
        confirmedBy: '测试',
        confirmedOn: '2026-11-20',
      },
      now,
    );
  const rowOf = async ({ filing }: Ahead) =>
    (await sql(test.url, `SELECT month, next_at, held_since FROM filings WHERE id = '${filing.id}'`))[0] as {
      month: string | null;
      next_at: Date;
    };
  const events = async ({ stored }: Ahead) =>
    (
      await sql(
        test.url,
        `SELECT type, sequence FROM events WHERE exit_id = '${stored.exit.id}' ORDER BY sequence`,
      )
    ).map(({ type, sequence }) => `${sequence} ${type}`);

  it('keep the later month in the row before it is sent, and hand it to whoever claims next', async () => {
    await confirm('2026-12', 1, 31);
    const ahead = { ...(await claimed()), now: DECEMBER };
    const { holds } = worker();
    assert.equal((await holds.before(ahead, '2026-11'))?.month, '2026-12');
    assert.equal((await rowOf(ahead)).month, '2026-12');
    const later = new Date(now.getTime() + 60_000);
    const next = await store.filings.claim(ahead.filing.id, {
      token: 'next',
      now: later,
      until: new Date(later.getTime() + 30_000),
    });
    assert.equal(next?.month, '2026-12');
    assert.equal(await holds.before({ ...ahead, now: DECEMBER }, '2026-11'), undefined, 'the claim is lost');
  });

  it('leave a month as it was sent when its window is corrected or deleted afterwards', async () => {
    const window = await confirm('2026-12', 1, 31);
    const ahead = { ...(await claimed()), now: DECEMBER };
    await worker().holds.before(ahead, '2026-11');
    await store.windows.remove(organisation.id, true, window?.id ?? '');
    await confirm('2026-11', 1, 30);
    assert.equal((await worker().holds.before(ahead, '2026-12'))?.month, '2026-12');
    assert.equal((await worker().holds.before({ ...ahead, now: NOVEMBER }, '2026-12'))?.month, '2026-12');
    assert.equal((await rowOf(ahead)).month, '2026-12');
  });

  it('ask once, however many workers meet the same unknown window at once', async () => {
    const exits = await Promise.all([1, 2, 3, 4].map(() => claimed()));
    const left = await Promise.all(exits.map((ahead) => worker().holds.before(ahead, '2026-11')));
    assert.ok(left.every((leave) => leave?.hold === undefined && leave?.month === '2026-11'));
    const told = (await Promise.all(exits.map(events))).flat();
    assert.deepEqual(
      told.filter((each) => each.includes('window_unknown')),
      ['3 filing.window_unknown'],
    );
  });

  it('ask although others change the exit at the same time, and go on with the exit as it then stands', async () => {
    const ahead = await claimed();
    let conflicts = 0;
    const save: Store['exits']['save'] = async (before, change, options) => {
      // Two of ours come too late.
      if (conflicts++ < 2)
        await store.exits.save(before, { exit: before.exit, events: [] }, { now: options.now });
      return store.exits.save(before, change, options);
    };
    const leave = await worker({ exits: { ...store.exits, save } }).holds.before(ahead, '2026-11');
    assert.deepEqual((await events(ahead)).slice(2), ['3 filing.window_unknown']);
    assert.equal(leave?.stored.version, ahead.stored.version + 3);
    assert.equal(leave?.stored.lastSequence, 3);
  });

  it('go by what is kept while nothing is closed: no query for the second filing of an organisation', async () => {
    await confirm('2026-11', 1, 30);
    const { holds, calls } = worker();
    await holds.before(await claimed(), '2026-11');
    assert.deepEqual(calls, ['ahead', 'known']);
    for (const each of [await claimed(), await claimed('110000')]) await holds.before(each, '2026-11');
    assert.equal(calls.length, 2);
  });

  it('hold by nothing that is out of date', async () => {
    await confirm('2026-11', 1, 20);
    const ahead = await claimed();
    const { holds } = worker();
    assert.match((await holds.before(ahead, '2026-11'))?.hold?.reason ?? '', /^window closed/);
    await confirm('2026-11', 1, 26);
    assert.equal((await holds.before(ahead, '2026-11'))?.hold, undefined);
    const night = { startsAt: now, endsAt: DECEMBER, reason: '升级' };
    const entered = await store.maintenances.create(
      organisation.id,
      true,
      ahead.filing.connectionId,
      night,
      now,
    );
    const another = worker().holds;
    assert.deepEqual((await another.before(ahead, '2026-11'))?.hold, {
      kind: 'hold',
      reason: `maintenance until ${DECEMBER.toISOString()}: 升级`,
      until: DECEMBER,
    });
    await store.maintenances.remove(organisation.id, true, entered?.id ?? '');
    assert.equal((await another.before(ahead, '2026-11'))?.hold, undefined);
  });

  it('lose no wake: a window that is opened while its hold is being saved is seen afterwards', async () => {
    await confirm('2026-11', 1, 20);
    const ahead = await claimed();
    const { holds } = worker();
    assert.ok((await holds.before(ahead, '2026-11'))?.hold);
    // Opened now; whoever did looks for held filings and does not find ours yet.
    await confirm('2026-11', 1, 30);
    assert.equal(await store.filings.retryHeld(organisation.id, { region: '11' }, now), 0);
    const held = `held_since = '${now.toISOString()}', next_at = '${DECEMBER.toISOString()}', lease_token = NULL`;
    await sql(test.url, `UPDATE filings SET ${held} WHERE id = '${ahead.filing.id}'`);
    await holds.after(ahead);
    assert.deepEqual((await rowOf(ahead)).next_at, now);
  });

  it('stay as they are afterwards while the door is closed', async () => {
    await confirm('2026-11', 1, 20);
    const ahead = await claimed();
    const { holds } = worker();
    await holds.before(ahead, '2026-11');
    await sql(
      test.url,
      `UPDATE filings SET held_since = now(), next_at = '${DECEMBER.toISOString()}' WHERE id = '${ahead.filing.id}'`,
    );
    await holds.after(ahead);
    assert.deepEqual((await rowOf(ahead)).next_at, DECEMBER);
  });
});
