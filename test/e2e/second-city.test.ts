/** Two cities side by side: an employer in the second one is insured by another agency, which calls back instead of being polled. */
import assert from 'node:assert/strict';
import { EXAMPLE_EMPLOYER } from '../../src/cli/sandbox.ts';
import { eventually } from '../support/eventually.ts';
import type { Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';

const AGENCY = 'insurance-sm2';
const CITY = '440300';

describe('an employer of a second city', function () {
  this.timeout(120_000);
  const site = useGateway();
  let tenant: Tenant;
  before(async () => {
    tenant = await site.newTenant();
    const client = tenant.agencies.sm2Client(EXAMPLE_EMPLOYER.uscc);
    const { status, body } = await tenant.call('POST', '/v1/connections', {
      name: 'second city',
      adapter: AGENCY,
      region: CITY,
      employer_uscc: EXAMPLE_EMPLOYER.uscc,
      settings: {
        url: tenant.agencies.urls[AGENCY],
        uscc: EXAMPLE_EMPLOYER.uscc,
        client_id: client.clientId,
        private_key: client.privateKey,
        agency_public_key: client.agencyPublicKey,
        body_key: client.bodyKey,
      },
    });
    assert.equal(status, 201, JSON.stringify(body));
    tenant.agencies.callTo(AGENCY, body.callback_url);
  });

  it('files there, and hears by callback long before it would ask again', async () => {
    tenant.agencies.clerk(AGENCY, { policy: 'manual' });
    const exitId = await tenant.open({ employer: { ...EXAMPLE_EMPLOYER, region: CITY } });
    const found = await eventually(() => tenant.agencies.cases(AGENCY)[0], { what: 'the stop' });
    tenant.agencies.decide(AGENCY, found.receipt, { decision: 'accept' });
    tenant.agencies.clerk(AGENCY, { policy: 'accept', delay: 'PT0S' });
    await tenant.completed(exitId);
    const stop = await tenant.filing(exitId, 'insurance_stop');
    assert.deepEqual([stop.state, stop.receipt], ['verified', found.receipt]);
    const steps = stop.attempt_log.map(
      (each: { step: string; outcome: string }) => `${each.step} ${each.outcome}`,
    );
    assert.ok(steps.includes('callback news'), steps.join());
    assert.deepEqual(tenant.agencies.cases('insurance'), [], 'the first city hears nothing of it');
  });

  it('files in the first city as before', async () => {
    const cases = tenant.agencies.cases(AGENCY).length;
    await tenant.completed(await tenant.open());
    assert.equal(tenant.agencies.cases(AGENCY).length, cases);
    assert.ok(tenant.agencies.cases('insurance').length > 0);
  });
});
