// What processes share about an agency, over a real PostgreSQL: two of them, each with a store of its own.
import assert from 'node:assert/strict';
import pino from 'pino';
import type { Adapter, Manifest, Ping } from '../../adapters/adapter.ts';
import { laborSoap } from '../../adapters/labor-soap/index.ts';
import { type AgencyHealth, createAgencyHealth } from '../../queues/health.ts';
import type { Ahead } from '../../queues/holds.ts';
import { MOST_FAILURES, paceOf } from '../../src/domain/health.ts';
import type { StoredExit } from '../../src/store/exits.ts';
import { makeProfile, NOW } from '../support/builders.ts';
import { sql } from '../support/database.ts';
import { makeOrganisation, openTestStore, type TestOrganisation, type TestStore } from '../support/store.ts';

const SECOND = 1000;
const UNREACHABLE = { kind: 'retry', reason: 'nobody listens there', symptom: 'unreachable' } as const;
const PAGE = { kind: 'unsure', reason: 'a web page for an answer', symptom: 'maintenance' } as const;
const UP: Ping = { kind: 'up', message: 'it answers', checks: [] };
const DOWN: Ping = { kind: 'down', reason: 'nobody listens there', symptom: 'unreachable', checks: [] };

describe('the health of agencies in the store', () => {
  let test: TestStore;
  let organisation: TestOrganisation;
  let connectionId: string;
  let now: Date;
  /** What every process hears when it asks, and how often one did. */
  let ping: () => Promise<Ping>;
  let asked: number;
  let woken: string[];
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());
  beforeEach(async () => {
    now = NOW;
    asked = 0;
    woken = [];
    ping = async () => UP;
    organisation = await makeOrganisation(test.store);
    connectionId = organisation.connections.get('labor_filing')?.id ?? '';
  });

  const at = (seconds: number) => new Date(NOW.getTime() + seconds * SECOND);
  function process_(store = test.another()): AgencyHealth {
    const adapter = {
      ping: async () => {
        asked++;
        return ping();
      },
    } as unknown as Adapter;
    return createAgencyHealth({
      store,
      agencies: { open: async () => ({ adapter, manifest: laborSoap.manifest }) },
      wake: { after: async () => {}, filing: async ({ id }) => void woken.push(id) },
      clock: () => now,
      random: () => 0.5,
      log: pino({ level: 'silent' }),
      signal: new AbortController().signal,
      keptMs: 0,
    });
  }
  const told = () =>
    sql<{ type: string; sequence: number; data: Record<string, unknown> }>(
      test.url,
      `SELECT type, sequence, data FROM events WHERE connection_id = '${connectionId}' ORDER BY sequence`,
    );
  const stateNow = async () => (await test.store.health.load(connectionId))?.health.state;

  /** A labour filing that is due; its deadline is so many days after the others'. */
  async function due(later = 0) {
    const filings = makeProfile().filings.filter(({ kind }) => kind === 'labor_filing');
    const { exitId } = await organisation.openExit({ profile: makeProfile({ filings }) });
    const stored = (await test.store.exits.loadAny(exitId)) as StoredExit;
    const [filing] = stored.exit.filings;
    assert.ok(filing);
    await sql(
      test.url,
      `UPDATE filings SET deadline = (deadline::date + ${later})::text WHERE id = '${filing.id}'`,
    );
    return { stored, filing };
  }
  async function claimed(token: string, later = 0): Promise<Ahead> {
    const { stored, filing } = await due(later);
    const until = new Date(now.getTime() + 30 * SECOND);
    assert.ok(await test.store.filings.claim(filing.id, { token, now, until }));
    return { stored, filing, step: 'submit', now, token };
  }
  const rowOf = async ({ filing }: Pick<Ahead, 'filing'>) =>
    (
      await sql<{ next_at: Date; prepared_at: Date | null; lease_token: string | null; attempts: number }>(
        test.url,
        `SELECT next_at, prepared_at, lease_token, attempts FROM filings WHERE id = '${filing.id}'`,
      )
    )[0];

  it('tell an outage once, however many processes meet it at once, and its end once', async () => {
    const processes = [process_(), process_(), process_()];
    await test.store.endpoints.create(
      organisation.id,
      true,
      {
        url: 'https://hr.example.com/',
        description: '',
        eventTypes: ['agency.unavailable', 'agency.recovered'],
      },
      'whsec_AA==',
    );
    await Promise.all(
      Array.from({ length: 4 * MOST_FAILURES }, (_, index) =>
        processes[index % 3]?.note(connectionId, UNREACHABLE),
      ),
    );
    assert.equal(await stateNow(), 'unavailable');
    const ahead = await claimed('held');
    const hold = await processes[0]?.hold(ahead);
    assert.match(hold?.reason ?? '', /^the agency does not answer since /);
    await sql(
      test.url,
      `UPDATE filings SET held_since = now(), lease_token = NULL, lease_until = NULL, next_at = '${at(6000).toISOString()}' WHERE id = '${ahead.filing.id}'`,
    );

    now = at(6);
    await Promise.all(processes.map((each) => each.probe(connectionId)));
    assert.equal(asked, 1, 'one process at a time');
    assert.equal(await stateNow(), 'available');
    assert.deepEqual(
      (await told()).map(({ type, sequence, data }) => [
        sequence,
        type,
        data.cause,
        data.failures ?? data.seconds,
      ]),
      [
        [1, 'agency.unavailable', 'unreachable', MOST_FAILURES],
        [2, 'agency.recovered', 'unreachable', 6],
      ],
    );
    assert.equal((await told())[1]?.data.waiting, 1);
    assert.deepEqual(woken, [ahead.filing.id]);
    assert.deepEqual((await rowOf(ahead))?.next_at, now);

    // A lane of its own: the connection is the subject, and the numbers have no gap.
    const { events } = await test.store.events.stream(organisation.id, true, { limit: 100 });
    const ours = events.filter(({ type }) => type.startsWith('agency.'));
    assert.deepEqual(
      ours.map(({ sequence, exitId, data }) => [sequence, exitId, data.connection_id]),
      [1, 2].map((sequence) => [sequence, null, connectionId]),
    );
    const lanes = await sql<{ subject: string; sequence: number }>(
      test.url,
      `SELECT subject, sequence FROM deliveries WHERE org_id = '${organisation.id}' ORDER BY sequence`,
    );
    assert.deepEqual(
      lanes,
      [1, 2].map((sequence) => ({ subject: connectionId, sequence })),
    );
  });

  it('ask again, later and later, and tell nothing while it is still away', async () => {
    const health = process_();
    for (let count = 0; count < MOST_FAILURES; count++) await health.note(connectionId, UNREACHABLE);
    ping = async () => DOWN;
    assert.equal(await health.probe(connectionId), false, 'not yet');
    for (const seconds of [6, 17, 38]) {
      now = at(seconds);
      await health.probeDue();
      await health.settled();
    }
    assert.equal(asked, 3);
    assert.equal((await told()).length, 1);
    assert.equal(await stateNow(), 'unavailable');
  });

  it('ask when the agency has said that it will be back, and tell those who wait no hour before it has', async () => {
    const health = process_();
    for (let count = 0; count < MOST_FAILURES; count++) await health.note(connectionId, UNREACHABLE);
    assert.equal((await health.hold(await claimed('early')))?.until, undefined, 'nobody has said');
    ping = async () => ({ ...DOWN, symptom: 'maintenance', after: 7200 });
    now = at(6);
    await health.probe(connectionId);
    assert.deepEqual((await health.hold(await claimed('late')))?.until, at(7206));
    now = at(7200);
    assert.equal(await health.probe(connectionId), false, 'not yet');
  });

  it('stay away from an agency while its adapter throws when it is asked', async () => {
    const health = process_();
    for (let count = 0; count < MOST_FAILURES; count++) await health.note(connectionId, UNREACHABLE);
    ping = async () => {
      throw new Error('a bug of the adapter');
    };
    assert.equal(await health.probe(connectionId), false, 'not yet');
    for (const seconds of [6, 17, 38]) {
      now = at(seconds);
      await health.probeDue();
      await health.settled();
    }
    assert.equal(asked, 3);
    assert.equal((await told()).length, 1);
    assert.equal(await stateNow(), 'unavailable');
  });

  it('open nothing for a person’s test, however often it fails and whatever state it meets', async () => {
    const health = process_();
    ping = async () => DOWN;
    for (let count = 0; count < 2 * MOST_FAILURES; count++) {
      const { ping: said, health: after } = await health.test(connectionId);
      assert.deepEqual([said, after.state, after.failures], [DOWN, 'available', 0]);
    }
    ping = async () => ({ ...DOWN, symptom: 'maintenance' });
    assert.equal((await health.test(connectionId)).health.state, 'available');
    for (let count = 0; count < MOST_FAILURES; count++) await health.note(connectionId, UNREACHABLE);
    const open = (await test.store.health.load(connectionId))?.health;
    // Nor is the next question put off by those that a person asks in between.
    assert.deepEqual((await health.test(connectionId)).health, open);
    assert.equal((await told()).length, 1);
  });

  it('take a person’s test that is answered for the answer that it is', async () => {
    const health = process_();
    await health.note(connectionId, UNREACHABLE);
    assert.equal((await health.test(connectionId)).health.failures, 0);
    for (let count = 0; count < MOST_FAILURES; count++) await health.note(connectionId, UNREACHABLE);
    ping = async () => ({ kind: 'down', reason: 'it does not know us', checks: [] });
    assert.equal((await health.test(connectionId)).health.state, 'available', 'it is there');
    assert.deepEqual(
      (await told()).map(({ type }) => type),
      ['agency.unavailable', 'agency.recovered'],
    );
  });

  it('ask another time when who was asking has died over it', async () => {
    const health = process_();
    for (let count = 0; count < MOST_FAILURES; count++) await health.note(connectionId, UNREACHABLE);
    now = at(6);
    const lease = { token: 'dead', real: now, until: at(60) };
    assert.equal(await test.store.health.claimProbe(connectionId, lease), true);
    assert.equal(await health.probe(connectionId), false);
    now = at(61);
    assert.equal(await health.probe(connectionId), true);
    assert.equal(await stateNow(), 'available');
  });

  it('take a stray web page for what it is: nobody calls for a moment, nobody is told', async () => {
    let answer: (ping: Ping) => void = () => {};
    ping = () => new Promise((resolve) => (answer = resolve));
    const [one, other] = [process_(), process_()];
    await one.note(connectionId, PAGE);
    const ahead = await claimed('waits');
    assert.equal(await other.hold(ahead), undefined);
    const turn = await other.admit(ahead, laborSoap.manifest);
    assert.ok(turn !== undefined && turn > now, 'it waits for the answer');
    const row = await rowOf(ahead);
    assert.deepEqual(
      [row?.next_at, row?.lease_token, row?.prepared_at, row?.attempts],
      [turn, null, null, 0],
    );
    answer(UP);
    await Promise.all([one.settled(), other.settled()]);
    assert.equal(await stateNow(), 'available');
    assert.deepEqual(await told(), []);
  });

  it('let nothing out before the time that a busy one has named', async () => {
    const [one, other] = [process_(), process_()];
    await one.note(connectionId, { kind: 'retry', reason: 'HTTP 429', after: 30, symptom: 'busy' });
    assert.deepEqual(await other.admit(await claimed('busy'), laborSoap.manifest), at(30));
    now = at(30);
    assert.equal(await other.admit(await claimed('free'), laborSoap.manifest), undefined);
    assert.deepEqual(await told(), []);
  });

  describe('with a rate', () => {
    const rate = { calls: 10, seconds: 60 };
    const manifest: Manifest = { ...laborSoap.manifest, rate };

    it('never let more out together than the manifest allows', async () => {
      const stores = [test.store, test.another(), test.another()];
      const pace = paceOf(rate);
      const let_ = async () =>
        (
          await Promise.all(
            Array.from({ length: 30 }, (_, index) => stores[index % 3]?.rates.take(connectionId, pace, now)),
          )
        ).filter((turn) => turn === undefined).length;
      assert.equal(await let_(), pace.burst);
      let total = pace.burst;
      for (let second = 1; second <= 60; second++) {
        now = at(second);
        total += await let_();
      }
      assert.equal(total, rate.calls);
    });

    it('line up who waits, the earliest deadline first, one in each turn, and count nothing against them', async () => {
      const health = process_();
      const pace = paceOf(rate);
      for (let call = 0; call < pace.burst; call++) await test.store.rates.take(connectionId, pace, now);
      const waiting = [await due(3), await due(1), await due(4)];
      const ahead = await claimed('mine', 2);
      const first = new Date(now.getTime() + pace.everyMs);
      const turns = [1, 2, 3, 4].map((place) => new Date(first.getTime() + (place - 1) * pace.everyMs));
      assert.deepEqual(await health.admit(ahead, manifest), turns[1]);
      const rows = await Promise.all([...waiting, ahead].map(rowOf));
      assert.deepEqual(
        rows.map((row) => row?.next_at),
        [turns[2], turns[0], turns[3], turns[1]],
      );
      for (const row of rows)
        assert.deepEqual([row?.lease_token, row?.prepared_at, row?.attempts], [null, null, 0]);
      now = turns[0] ?? now;
      assert.equal(await test.store.rates.take(connectionId, pace, now), undefined);
    });

    it('line up nobody for who has lost the claim', async () => {
      const health = process_();
      const pace = paceOf(rate);
      for (let call = 0; call < pace.burst; call++) await test.store.rates.take(connectionId, pace, now);
      const other = await due();
      const ahead = await claimed('lost');
      await sql(test.url, `UPDATE filings SET lease_token = 'somebody else' WHERE id = '${ahead.filing.id}'`);
      await health.admit(ahead, manifest);
      assert.deepEqual((await rowOf(other))?.next_at, NOW);
      assert.equal((await rowOf(ahead))?.lease_token, 'somebody else');
    });

    it('cost nothing where the manifest has none', async () => {
      const { rate: _rate, ...without } = manifest;
      const health = process_();
      for (let call = 0; call < 20; call++)
        assert.equal(await health.admit(await claimed(`call-${call}`), without), undefined);
      assert.deepEqual(
        await sql(test.url, `SELECT 1 FROM agency_rates WHERE connection_id = '${connectionId}'`),
        [],
      );
    });
  });
});
