/** The queues' dashboard as an operator meets it: behind the key, with a filing's whole life as one job. */
import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { OPERATOR_KEY, type Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';

describe('the queue dashboard', function () {
  this.timeout(120_000);
  const site = useGateway();
  let tenant: Tenant;
  before(async () => {
    tenant = await site.newTenant();
  });

  const ask = (path: string, key?: string) =>
    fetch(`${site.gateway.url}/console/queues${path}`, {
      headers:
        key === undefined
          ? {}
          : { authorization: `Basic ${Buffer.from(`operator:${key}`).toString('base64')}` },
    });

  it('answers 401 to whoever has not the operator key, an API key included', async () => {
    for (const [path, key] of [
      ['', undefined],
      ['/api/queues', undefined],
      ['/api/queues', 'another-key-of-somebody'],
      ['/api/queues', tenant.key],
    ] as const) {
      const { status, headers } = await ask(path, key);
      assert.equal(status, 401, `${path} with ${key}`);
      assert.match(headers.get('www-authenticate') ?? '', /^Basic /);
    }
  });

  it('shows the page, every queue, and a filing as one job with its log', async () => {
    const page = await ask('', OPERATOR_KEY);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<html[\s\S]*Exitgate/);

    const name = '测试看板';
    tenant.agencies.fault({
      fault: 'commit-then-lose-reply',
      agency: 'labor',
      operation: 'SubmitTermination',
    });
    const exitId = await tenant.open({ employee: { name } });
    await tenant.completed(exitId);
    const filing = await tenant.filing(exitId);

    // biome-ignore lint/suspicious/noExplicitAny: another project's API
    const queues = async (active: string): Promise<any[]> => {
      const query = `activeQueue=${active}&status=latest&page=1&jobsPerPage=20`;
      return ((await (await ask(`/api/queues?${query}`, OPERATOR_KEY)).json()) as { queues: [] }).queues;
    };
    const all = await queues('labor-soap');
    assert.deepEqual(all.map((queue) => queue.name).sort(), [
      'batch-upload',
      'credit-rest',
      'deliveries',
      'insurance-sm2',
      'insurance-xml',
      'labor-soap',
      'reconciliations',
    ]);
    const job = await eventually(
      async () => {
        const labor = (await queues('labor-soap')).find((queue) => queue.name === 'labor-soap');
        return labor.jobs.find((each: { name: string }) => each.name === filing.id && each);
      },
      { what: "the filing's job", every: 100 },
    );
    assert.deepEqual(job.data, { id: filing.id });
    assert.deepEqual(job.progress, { state: 'verified' });
    assert.equal(job.isFailed, false);
    const logs = (await (
      await ask(`/api/queues/labor-soap/${job.id}/logs`, OPERATOR_KEY)
    ).json()) as string[];
    // An entry for each run, in which the attempts are lines.
    const attempts = logs.flatMap((entry) => entry.split('\n'));
    assert.match(attempts[0] ?? '', /submit: unsure/);
    assert.match(attempts[1] ?? '', /lookup: (accepted|pending)/);
    assert.equal(attempts.length, filing.attempt_log.length);
    assert.ok(!JSON.stringify([job, logs]).includes(name), 'the dashboard names the person');
  });
});
