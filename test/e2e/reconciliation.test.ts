// Reconciliation as HR meets it: asked for over the API, performed by a worker, and told on the exit's stream.
import assert from 'node:assert/strict';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Gateway, makeTenant, startGateway, type Tenant, testEnvironment } from '../support/gateway.ts';
import { useRealNetwork } from '../support/real-network.ts';

describe('reconciliation through the gateway', function () {
  this.timeout(60_000);
  useRealNetwork();
  let database: TestDatabase;
  let agencies: Agencies;
  let gateway: Gateway;
  let tenant: Tenant;
  let ahead = 0;
  before(async () => {
    database = await freshDatabase();
    agencies = await startAgencies();
    const clock = () => new Date(Date.now() + ahead);
    gateway = await startGateway(testEnvironment(database.url), { clock });
    tenant = await makeTenant(gateway, agencies);
  });
  after(async () => {
    await tenant.close();
    await gateway.app.close();
    await agencies.close();
    await database.drop();
  });

  it('agrees after an exit was filed everywhere, and tells the exit of what the agency annuls two days later', async () => {
    const exitId = await tenant.open();
    await tenant.completed(exitId);
    const connections = (await tenant.call('GET', '/v1/connections')).body.data as {
      id: string;
      adapter: string;
    }[];
    const connection = connections.find(({ adapter }) => adapter === 'labor-soap');
    const run = async () => {
      const body = { connection_id: connection?.id, from: '2026-11-01', to: '2026-11-30' };
      const { id } = (await tenant.call('POST', '/v1/reconciliations', body)).body;
      let ended: Record<string, unknown> = {};
      await eventually(
        async () => {
          ended = (await tenant.call('GET', `/v1/reconciliations/${id}`)).body;
          return ended.ended_at !== null;
        },
        { what: `the end of ${id}`, within: 20_000 },
      );
      return ended;
    };
    ahead = 2 * 86_400_000;
    const first = await run();
    assert.deepEqual([first.state, first.reason], ['complete', null]);
    assert.deepEqual(first.counts, { listed: 1, enrolled: 0, compared: 1, found: 0, opened: 0, resolved: 0 });
    const [filed] = tenant.agencies.cases('labor');
    tenant.agencies.decide('labor', filed?.id ?? '', { decision: 'annul', code: 'ANNULLED', reason: '测试' });
    assert.equal((await run()).state, 'complete');
    const { data } = (await tenant.call('GET', `/v1/findings?state=open&exit_id=${exitId}`)).body;
    assert.ok(
      data.some(({ kind }: { kind: string }) => kind === 'state_differs'),
      JSON.stringify(data),
    );
    const events = (await tenant.call('GET', `/v1/exits/${exitId}/events`)).body.data as { type: string }[];
    assert.ok(events.some(({ type }) => type === 'reconciliation.finding_opened'));
  });
});
