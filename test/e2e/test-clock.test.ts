// One call of the test clock: the gateway's time and the agencies' move together, and everything due happens in order.
import assert from 'node:assert/strict';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { type Gateway, makeTenant, startGateway, type Tenant, testEnvironment } from '../support/gateway.ts';

const DAY_MS = 86_400_000;

interface Happened {
  readonly at: string;
  readonly source: string;
  readonly type: string;
}

describe('the test clock', function () {
  this.timeout(60_000);
  let mocks: Agencies;
  let database: TestDatabase;
  let gateway: Gateway;
  let tenant: Tenant;
  before(async () => {
    mocks = await startAgencies();
    database = await freshDatabase();
    gateway = await startGateway({ ...testEnvironment(database.url), SANDBOX_DESK_URL: mocks.urls.desk });
  });
  after(async () => {
    await gateway?.app.close();
    await mocks?.close();
    await database?.drop();
  });
  beforeEach(async () => {
    tenant = await makeTenant(gateway, mocks);
  });
  afterEach(() => tenant.close());

  const move = async (body: Record<string, unknown>) => {
    const reply = await tenant.call('POST', '/v1/test/clock', body);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    return reply.body;
  };
  const types = (events: readonly Happened[]) => events.map(({ type }) => type);

  it('completes an exit whose clerk takes two days, in one call', async () => {
    tenant.agencies.clerk('labor', { policy: 'accept', delay: 'PT48H' });
    const began = performance.now();
    const exitId = await tenant.open();
    const moved = await move({ by: 'P3D' });
    console.log(
      performance.now() - began,
      moved.events.map((e: Happened) => `${e.at} ${e.source} ${e.type}`),
    );
    assert.equal(moved.reached, true);
    assert.equal((await tenant.exit(exitId)).status, 'completed');
    assert.equal(moved.now, moved.target);
    assert.ok(types(moved.events).includes('exit.completed'));
    void DAY_MS;
  });
});
