/** Two worker processes share the work of 500 exits: no filing is sent twice, and every exit's webhooks keep their order. */
import assert from 'node:assert/strict';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { freshDatabase, sql, type TestDatabase } from '../support/database.ts';
import { makeTenant, storeOf, testEnvironment } from '../support/gateway.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { allCompleted, assertFiledOnce, assertLanes } from './support/many.ts';
import { killLeftOvers, started, useCommand } from './support/processes.ts';

/** An exit costs some 0.3 s of processor time, a third of it the agencies': a developer's machine shows the same with fewer. */
const EXITS = Number(process.env.EXITGATE_TEST_EXITS ?? (process.env.CI === undefined ? 100 : 500));
const AT_A_TIME = 16;

describe('two workers', function () {
  this.timeout(600_000);
  useRealNetwork();
  useCommand();
  let mocks: Agencies;
  let database: TestDatabase;

  before(async () => {
    [mocks, database] = await Promise.all([startAgencies(), freshDatabase()]);
  });
  after(async () => {
    await killLeftOvers();
    await mocks.close();
    await database.drop();
  });

  it(`carry ${EXITS} exits: every filing once, every lane in order`, async () => {
    // The usual lease and sweep: what is shown here is sharing, not repair.
    const environment = { ...testEnvironment(database.url), LEASE_SECONDS: '30', SWEEP_SECONDS: '5' };
    const [api, ...workers] = await Promise.all([
      started(['api'], environment),
      started(['worker'], environment),
      started(['worker'], environment),
    ]);
    const store = storeOf(environment);
    const tenant = await makeTenant({ store, url: api.url }, mocks);
    const duplicates = countDuplicates(tenant.agencies);
    const exits: string[] = [];
    const lane = async () => {
      while (exits.length < EXITS) {
        const place = exits.push('') - 1;
        exits[place] = await tenant.open();
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, lane));
    await allCompleted(tenant, EXITS, duplicates.look);
    assertFiledOnce(tenant, EXITS);
    assert.deepEqual(duplicates.found(), []);
    await assertLanes(tenant, exits);

    // One submission each in our own books as well, and both workers had their share.
    const submissions = await sql<{ filings: string; submissions: string }>(
      database.url,
      `SELECT count(DISTINCT filing_id) AS filings, count(*) AS submissions FROM attempts WHERE step = 'submit'`,
    );
    assert.deepEqual(submissions, [{ filings: `${EXITS * 3}`, submissions: `${EXITS * 3}` }]);
    for (const worker of workers) {
      const share = new Set(worker.output().match(/"filing":"fil_\w+"/g)).size;
      assert.ok(share > EXITS / 4, `a worker had only ${share} of ${EXITS * 3} filings`);
    }
    await tenant.close();
    await store.close();
    for (const each of [api, ...workers])
      assert.deepEqual(await each.kill('SIGTERM'), { code: 0, signal: null });
  });
});

/** The journal keeps the latest exchanges only, so it is looked at again and again; bodies of insurance are encrypted, the others tell. */
function countDuplicates(agencies: Awaited<ReturnType<typeof makeTenant>>['agencies']) {
  const seen = new Set<string>();
  const found: string[] = [];
  return {
    look() {
      for (const { id, operation, response } of agencies.exchanges()) {
        if (seen.has(id)) continue;
        seen.add(id);
        if (response?.body.includes('DUPLICATE')) found.push(`${operation} ${id}`);
      }
    },
    found: () => found,
  };
}
