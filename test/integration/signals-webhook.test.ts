/** A warning of risk over the whole way: signed and delivered like any event, though it belongs to no exit. */
import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import type { Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';

describe('a warning of risk', function () {
  this.timeout(120_000);
  const site = useGateway();
  let tenant: Tenant;
  before(async () => {
    tenant = await site.newTenant();
  });

  it('reaches the HR core, in order, beside the events of exits', async () => {
    for (const number of [1, 2, 3, 4]) {
      const { status } = await tenant.call('POST', '/v1/signals', {
        external_id: `S-${number}`,
        employee_external_id: 'E-1',
        kind: 'violation',
        occurred_on: new Date().toISOString().slice(0, 10),
        amount: '50000.00',
        summary: '测试违规',
        source: 'compliance',
      });
      assert.equal(status, 201);
    }
    const exitId = await tenant.open();
    await tenant.completed(exitId);
    const warned = await eventually(() => {
      const tries = tenant.core.tries.filter(({ event }) => event.type === 'risk.warned');
      return tries.length === 2 && tries;
    });
    assert.equal(tenant.core.refused(), 0);
    for (const [index, { event }] of warned.entries()) {
      const { id: _, data, occurred_at, ...rest } = event as typeof event & { occurred_at: string };
      assert.deepEqual(rest, { type: 'risk.warned', sequence: index + 1, exit_id: null, external_id: null });
      assert.ok(!Number.isNaN(Date.parse(occurred_at)));
      assert.deepEqual([data.level, data.employee_external_id], [['elevated', 'high'][index], 'E-1']);
    }
  });
});
