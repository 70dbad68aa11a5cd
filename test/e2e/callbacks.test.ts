/** An agency that calls back, and what happens to callbacks on the way: the filing ends as the agency has it, each time. */
import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { OPERATOR_KEY, type Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';

const KIND = 'credit_update';

describe('an agency that calls back', function () {
  this.timeout(120_000);
  const site = useGateway();
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await site.newTenant();
    const { body } = await tenant.call('GET', '/v1/connections');
    const urls = body.data.map((each: { callback_url: string | null }) => each.callback_url);
    const [url] = urls.filter((each: string | null) => each !== null);
    assert.match(url, new RegExp(`^${site.gateway.url}/callbacks/con_`));
    tenant.agencies.callTo('credit', url);
  });

  const heard = async (exitId: string): Promise<string[]> => {
    const { attempt_log } = await tenant.filing(exitId, KIND);
    return attempt_log.map((each: { step: string; outcome: string }) => `${each.step} ${each.outcome}`);
  };
  const outcomes = async () =>
    (await tenant.agencies.deliveries()).map(({ fault, outcome }) => `${fault ?? 'sent'} ${outcome}`);
  /** An exit of a securities firm, which the credit agency hears of, with its gates settled. */
  const open = async () => {
    const exitId = await tenant.open({ profile: 'securities' });
    for (const { gate, subject, documents } of (await tenant.exit(exitId)).blockers) {
      const { status, body } = await tenant.call('POST', `/v1/exits/${exitId}/clearances`, {
        gate,
        subject,
        actor: '测试合规',
        documents: [{ title: '测试文件', kind: documents?.kinds[0] }],
      });
      assert.equal(status, 201, JSON.stringify(body));
    }
    return exitId;
  };
  /** The filing waits for the agency's clerk, who decides when the test says so. */
  const waiting = async () => {
    tenant.agencies.clerk('credit', { policy: 'manual' });
    const exitId = await open();
    const found = await eventually(() => tenant.agencies.cases('credit')[0], { what: 'the case' });
    return { exitId, receipt: found.receipt };
  };

  it('is asked as soon as it has told', async () => {
    const { exitId, receipt } = await waiting();
    await eventually(async () => (await heard(exitId)).includes('lookup pending'), { what: 'a poll' });
    tenant.agencies.decide('credit', receipt, { decision: 'accept' });
    await tenant.completed(exitId);
    assert.deepEqual(new Set(await outcomes()), new Set(['sent 200']));
    const steps = await heard(exitId);
    assert.equal(steps.slice(steps.lastIndexOf('callback news') + 1).at(0), 'lookup accepted');
  });

  for (const [kind, counts] of [
    ['callback-doubled', ['repeated', 'taken']],
    ['callback-reordered', ['taken']],
    ['callback-early', ['taken']],
    ['callback-badly-signed', ['refused', 'taken']],
  ] as const)
    it(`has a ${kind.replace('-', ' ').replace('-', ' ')}: one filing, and it ends as it should`, async () => {
      const before = await metrics();
      tenant.agencies.fault({ fault: { phase: 'callback', kind }, agency: 'credit' });
      const exitId = await open();
      await tenant.completed(exitId);
      await tenant.agencies.deliveries();
      assert.equal(tenant.agencies.cases('credit').length, 1);
      const after = await metrics();
      const grown = [...after]
        .filter(([name, count]) => count > (before.get(name) ?? 0))
        .map(([name]) => name);
      assert.deepEqual(grown.toSorted(), counts.toSorted());
    });

  it('is followed all the same when every callback is lost', async () => {
    tenant.agencies.fault({
      fault: { phase: 'callback', kind: 'callback-dropped' },
      agency: 'credit',
      times: 10,
    });
    const exitId = await open();
    await tenant.completed(exitId);
    assert.ok(!(await heard(exitId)).includes('callback news'));
  });

  /** How many callbacks came to what. */
  async function metrics(): Promise<Map<string, number>> {
    const response = await fetch(`${site.gateway.url}/metrics`, {
      headers: { authorization: `Bearer ${OPERATOR_KEY}` },
    });
    const lines = (await response.text()).matchAll(
      /^exitgate_callbacks_total\{agency="credit-rest",outcome="(\w+)"\} (\d+)$/gm,
    );
    return new Map([...lines].map(([, outcome = '', count]) => [outcome, Number(count)]));
  }
});
