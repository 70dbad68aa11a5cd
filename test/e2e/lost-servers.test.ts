/** Redis emptied, PostgreSQL gone for a while: time is lost, exits are not, and no agency is filed with twice. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Context } from 'mocha';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { freshDatabase, sql } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import {
  type Gateway,
  makeTenant,
  startGateway,
  storeOf,
  type Tenant,
  testEnvironment,
} from '../support/gateway.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { redisForTests } from '../support/redis-server.ts';
import { openRelay } from '../support/sockets.ts';
import { allCompleted, assertFiledOnce, assertLanes, completedExits } from './support/many.ts';
import { killLeftOvers, started, useCommand } from './support/processes.ts';

describe('a server that is lost under way', function () {
  this.timeout(400_000);
  useRealNetwork();
  useCommand();
  let mocks: Agencies;
  const releases: (() => Promise<unknown>)[] = [];

  before(async () => {
    mocks = await startAgencies();
  });
  after(() => mocks.close());
  afterEach(async () => {
    await killLeftOvers();
    for (const release of releases.splice(0).reverse()) await release();
  });

  async function gatewayOn(databaseUrl: string): Promise<[Gateway, Tenant]> {
    const gateway = await startGateway(testEnvironment(databaseUrl));
    releases.push(() => gateway.app.close());
    const tenant = await makeTenant(gateway, mocks);
    releases.push(tenant.close);
    return [gateway, tenant];
  }

  it('Redis is emptied while 200 exits are under way: all complete', async function (this: Context) {
    const redisUrl = await redisForTests(this);
    const database = await freshDatabase();
    releases.push(database.drop);
    const EXITS = 200;
    // In a process of its own, and the agencies in ours: two cores are twice as fast as one.
    const environment = testEnvironment(database.url, redisUrl);
    const gateway = await started(['start', '--no-mocks'], environment);
    assert.match(gateway.stdout(), /queues on redis/);
    const store = storeOf(environment);
    releases.push(() => store.close());
    const tenant = await makeTenant({ store, url: gateway.url }, mocks);
    releases.push(tenant.close);
    const exits = await Promise.all(Array.from({ length: EXITS }, () => tenant.open()));
    await eventually(() => tenant.agencies.cases('labor').length >= EXITS / 4, { within: 60_000 });
    const redis = new Redis(redisUrl);
    try {
      const before = await redis.dbsize();
      assert.ok(before > EXITS, `only ${before} keys: the queues are not there`);
      // The database of this test alone: to the gateway it is all of Redis, and other tests share the server.
      await redis.flushdb();
    } finally {
      redis.disconnect();
    }
    assert.ok((await completedExits(tenant)) < EXITS, 'all were done before Redis was emptied');
    await allCompleted(tenant, EXITS).catch(async (error: unknown) => {
      throw new Error(await unfinished(database.url), { cause: error });
    });
    assertFiledOnce(tenant, EXITS);
    await assertLanes(tenant, exits);
  });

  it('PostgreSQL goes and comes back while exits are under way: all complete', async () => {
    const EXITS = 40;
    /** Each connection may say once that it is gone, and each worker that it asks in vain. */
    const MOST_COMPLAINTS = 150;
    const folder = await mkdtemp(join(tmpdir(), 'exitgate-restart-'));
    releases.push(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));
    await chmod(folder, 0o755); // as root, PostgreSQL runs as another user
    const dir = join(folder, 'data');
    let postgres = await startEmbedded({ dir, log: () => {} });
    releases.push(() => postgres.close());
    const relay = await openRelay(postgres.port);
    releases.push(relay.close);
    const url = Object.assign(new URL(postgres.url), { port: relay.port });
    const [gateway, tenant] = await gatewayOn(url.href);
    assert.equal(gateway.app.queues.backend, 'postgresql');
    const exits = await Promise.all(Array.from({ length: EXITS }, () => tenant.open()));
    await eventually(() => tenant.agencies.cases('labor').length >= EXITS / 4, { within: 30_000 });

    const before = gateway.log.length;
    relay.lead(undefined);
    await postgres.close();
    const away = await tenant.call('GET', `/v1/exits/${exits[0]}`);
    assert.ok(away.status >= 500, `answered ${away.status} without a database`);
    assert.match(away.body.code, /^[a-z_]+$/);
    const refused = await tenant.call('POST', '/v1/exits', { any: 'body' });
    assert.ok(refused.status >= 500);
    const ready = await fetch(`${gateway.url}/readyz`);
    assert.equal(ready.status, 503);
    const alive = await fetch(`${gateway.url}/healthz`);
    assert.equal(alive.status, 200, 'to restart the process would bring no database back');

    postgres = await startEmbedded({ dir, log: () => {} });
    relay.lead(postgres.port);
    await eventually(async () => (await fetch(`${gateway.url}/readyz`)).status === 200, { every: 50 });
    await allCompleted(tenant, EXITS);
    assertFiledOnce(tenant, EXITS);
    await assertLanes(tenant, exits);
    const complaints = gateway.log.slice(before).filter((line) => line.includes(' connection"')).length;
    assert.ok(complaints < MOST_COMPLAINTS, `${complaints} lines about one outage`);
  });
});

/** What the books say of filings that are not through, for the message of a failure. */
async function unfinished(url: string): Promise<string> {
  const rows = await sql(
    url,
    `SELECT f.state, f.kind, count(*), min(f.attempts) AS least, max(f.attempts) AS most, max(f.last_error) AS error,
            min(f.next_at) AS next, max(f.lease_until) AS leased, now()
     FROM filings f JOIN exits e ON e.id = f.exit_id WHERE e.status <> 'completed' GROUP BY 1, 2`,
  );
  return `not all completed: ${JSON.stringify(rows)}`;
}
