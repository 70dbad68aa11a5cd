/**
 * A storm: the agency answers one call in five with a fault of some kind, two workers carry on, one is killed on the way.
 * At the end there is exactly one filing per serial at the agency, and the same state on both sides.
 */
import assert from 'node:assert/strict';
import type { Context } from 'mocha';
import { type Agencies, type SandboxHandle, startAgencies } from '../../mocks/index.ts';
import { connectToMocks, EXAMPLE_EMPLOYER } from '../../src/cli/sandbox.ts';
import type { Store } from '../../src/store/index.ts';
import { makeDraft, makeProfile, nextNumber } from '../support/builders.ts';
import { freshDatabase, sql, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { storeOf, testEnvironment } from '../support/gateway.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { redisForTests } from '../support/redis-server.ts';
import { killLeftOvers, started, useCommand } from './support/processes.ts';

/** A filing costs some 0.1 s of processor time, half of it the agency's: a developer's machine shows the same with fewer. */
const FILINGS = Number(process.env.EXITGATE_TEST_STORM ?? 150);
/** Nothing has come further for so long: longer than any repair or back-off of a filing that others do not share. */
const STANDSTILL_MS = 180_000;

/** Of a hundred calls, so many; together twenty. Of those that pause the whole connection there are fewer. */
const FAULTS = {
  'drop before the commit': { phase: 'before-commit', kind: 'reset', percent: 3 },
  'drop after the commit': { phase: 'after-commit', kind: 'reset', percent: 3 },
  'cut answer': { phase: 'response', kind: 'truncate', percent: 3 },
  'HTTP 500': { phase: 'before-commit', kind: 'status', status: 500, percent: 2.5 },
  'HTTP 429': { phase: 'before-commit', kind: 'status', status: 429, retry_after: 1, percent: 0.5 },
  'web page': { phase: 'response', kind: 'html', percent: 1 },
  'doubled request': { phase: 'after-commit', kind: 'duplicate', percent: 2.5 },
  'wrong signature': { phase: 'response', kind: 'foreign-signature', percent: 2 },
  'slow answer': { phase: 'after-commit', kind: 'slow', delay_ms: 300, percent: 2.5 },
} as const;

describe('a storm', function () {
  this.timeout(900_000);
  useRealNetwork();
  useCommand();
  let mocks: Agencies;
  let database: TestDatabase;
  const releases: (() => Promise<void>)[] = [];

  before(async () => {
    mocks = await startAgencies({ only: ['labor', 'insurance', 'credit'] });
  });
  after(() => mocks.close());
  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(async () => {
    await killLeftOvers();
    for (const release of releases.splice(0).reverse()) await release();
    await database.drop();
  });

  async function storm(redisUrl?: string) {
    const environment = {
      ...testEnvironment(database.url, redisUrl),
      LEASE_SECONDS: '5',
      // The few that are struck time and again are not to wait for minutes.
      RETRY_LONGEST_SECONDS: '5',
      LOG_LEVEL: 'warn',
    };
    const store = storeOf(environment);
    releases.push(() => store.close());
    const box = mocks.sandbox(`storm-${nextNumber()}`);
    box.clerk('labor', { policy: 'accept', delay: 'PT0S' });
    await openAll(store, box);
    for (const [id, { percent, ...fault }] of Object.entries(FAULTS))
      box.fault({ fault, id, agency: 'labor', probability: percent / 100, times: 10_000 });

    const [doomed] = await Promise.all([started(['worker'], environment), started(['worker'], environment)]);
    await reached(FILINGS / 3);
    assert.deepEqual(await doomed.kill('SIGKILL'), { code: null, signal: 'SIGKILL' });
    // As whoever keeps it running would.
    await started(['worker'], environment);
    await reached(FILINGS);

    for (const { id, remaining } of box.faults())
      assert.ok(remaining < 1_000_000, `in this storm there was no ${id}`);
    await assertSame(box);
    await assertTold();
  }

  /** Straight into the store: what the API does of it is shown elsewhere. */
  async function openAll(store: Store, box: SandboxHandle) {
    const { id: orgId } = await store.organisations.ensure('storm');
    await connectToMocks(store, orgId, box.urls, EXAMPLE_EMPLOYER);
    const connections = new Map(
      (await store.connections.list(orgId, true)).flatMap(({ id, adapter, kinds }) =>
        kinds.map((kind) => [kind, { id, adapter }] as const),
      ),
    );
    const { filings, ...rest } = makeProfile();
    const profile = { ...rest, filings: filings.filter(({ kind }) => kind === 'labor_filing') };
    const drafts = Array.from({ length: FILINGS }, () =>
      makeDraft({ connections, profile, now: new Date(), facts: { employer: EXAMPLE_EMPLOYER } }),
    );
    await Promise.all(
      drafts.map(({ change, secret, now }) => store.exits.open(orgId, true, change, secret, now)),
    );
  }

  const states = () =>
    sql<{ state: string; count: string }>(
      database.url,
      'SELECT state, count(*) FROM filings GROUP BY state ORDER BY state',
    );

  /** So many are verified. Gives up when nothing has been for a long time, not after a time for all of them. */
  async function reached(wanted: number) {
    for (let verified = 0; verified < wanted; )
      verified = await eventually(
        async () => {
          const found = (await states()).find(({ state }) => state === 'verified');
          const now = Number(found?.count ?? 0);
          return now > verified && now;
        },
        {
          what: `verification of more than ${verified} of ${FILINGS}`,
          within: STANDSTILL_MS,
          every: 250,
        },
      ).catch(async (error: unknown) => {
        throw new Error(`stands still: ${JSON.stringify(await states())}`, { cause: error });
      });
  }

  async function assertSame(box: SandboxHandle) {
    const ours = await sql<{ serial: string; receipt: string; state: string }>(
      database.url,
      'SELECT serial, receipt, state FROM filings ORDER BY serial',
    );
    const theirs = box
      .cases('labor')
      .map(({ serial, receipt, state }) => ({ serial, receipt, state }))
      .sort((a, b) => (a.serial < b.serial ? -1 : 1));
    assert.equal(theirs.length, FILINGS, `the agency has ${theirs.length} cases`);
    assert.deepEqual(
      ours.map(({ serial, receipt }) => ({ serial, receipt })),
      theirs.map(({ serial, receipt }) => ({ serial, receipt })),
    );
    assert.deepEqual(new Set(ours.map(({ state }) => state)), new Set(['verified']));
    assert.deepEqual(new Set(theirs.map(({ state }) => state)), new Set(['concluded']));
    const exits = await sql(database.url, "SELECT 1 FROM exits WHERE status <> 'completed'");
    assert.equal(exits.length, 0);
  }

  /** Without gaps, in turn, and no flood: stray pages and single lost lines are no outage. */
  async function assertTold() {
    const told = await sql<{ type: string; sequence: number }>(
      database.url,
      'SELECT type, sequence FROM events WHERE connection_id IS NOT NULL ORDER BY sequence',
    );
    assert.deepEqual(
      told,
      told.map((_, at) => ({
        type: at % 2 === 0 ? 'agency.unavailable' : 'agency.recovered',
        sequence: at + 1,
      })),
    );
    assert.ok(told.length <= FILINGS / 10, `${told.length} events of one agency`);
  }

  it(`of ${FILINGS} filings files each once, with the queues in PostgreSQL`, () => storm());

  it(`of ${FILINGS} filings files each once, with the queues in Redis`, async function (this: Context) {
    await storm(await redisForTests(this));
  });
});
