/** kill -9 of the worker between the agency's commit and our record: one filing, its receipt recovered, nobody asked. */
import assert from 'node:assert/strict';
import type { Context } from 'mocha';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { makeTenant, storeOf, type Tenant, testEnvironment } from '../support/gateway.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { redisForTests } from '../support/redis-server.ts';
import { killLeftOvers, started, useCommand } from './support/processes.ts';

describe('a worker killed with a filing in its hands', function () {
  this.timeout(120_000);
  useRealNetwork();
  useCommand();
  let mocks: Agencies;
  let database: TestDatabase;
  const releases: (() => Promise<void>)[] = [];

  before(async () => {
    mocks = await startAgencies();
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

  async function killed(redisUrl?: string) {
    const environment = testEnvironment(database.url, redisUrl);
    const [api, worker] = await Promise.all([
      started(['api'], environment),
      started(['worker'], environment),
    ]);
    const store = storeOf(environment);
    releases.push(() => store.close());
    const tenant = await makeTenant({ store, url: api.url }, mocks);
    releases.push(tenant.close);
    tenant.agencies.fault({
      fault: 'hang-after-commit',
      agency: 'labor',
      operation: 'SubmitTermination',
    });

    const exitId = await tenant.open();
    await eventually(() => tenant.agencies.cases('labor').length === 1, { what: 'the case at the agency' });
    assert.deepEqual(await worker.kill('SIGKILL'), { code: null, signal: 'SIGKILL' });
    const between = await tenant.filing(exitId);
    assert.equal(between.state, 'due');
    assert.equal(between.receipt, null);
    assert.deepEqual(between.attempt_log, [], 'nothing of the submission may be recorded yet');

    const second = await started(['worker'], environment);
    await tenant.completed(exitId);
    await assertOneFiling(tenant, exitId);
    assert.deepEqual(await second.kill('SIGTERM'), { code: 0, signal: null });
    assert.deepEqual(await api.kill('SIGTERM'), { code: 0, signal: null });
  }

  async function assertOneFiling({ agencies, core, filing }: Tenant, exitId: string) {
    const cases = agencies.cases('labor');
    assert.equal(cases.length, 1);
    const submissions = agencies.exchanges('labor').filter((each) => each.operation === 'SubmitTermination');
    assert.equal(submissions.length, 1, 'it was sent again without being looked up');
    const labor = await filing(exitId);
    assert.equal(labor.state, 'verified');
    assert.equal(labor.receipt, cases[0]?.receipt);
    assert.equal(labor.serial, cases[0]?.serial);
    const [first, next] = labor.attempt_log;
    assert.deepEqual([first.step, first.outcome, next.step], ['submit', 'unsure', 'lookup']);
    await eventually(() => core.taken(exitId).at(-1)?.type === 'exit.completed');
    const taken = core.taken(exitId);
    assert.deepEqual(
      taken.map(({ sequence }) => sequence),
      taken.map((_, index) => index + 1),
    );
    assert.ok(taken.some(({ type }) => type === 'filing.outcome_unknown'));
    assert.equal(core.refused(), 0);
  }

  it('is looked up by the next worker, with the queues in PostgreSQL', () => killed());

  it('is looked up by the next worker, with the queues in Redis', async function (this: Context) {
    await killed(await redisForTests(this));
  });
});
