/** POST /v1/connections/{id}/test against the mock agencies: what is wrong, what to do, in both languages, and no secret. */
import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { changeSettings, type Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';
import { listen, refusedPort } from '../support/sockets.ts';

interface Check {
  readonly subject: string;
  readonly ok: boolean;
  readonly message: string;
  readonly advice: string | null;
}

describe('the test of a connection', function () {
  this.timeout(60_000);
  const site = useGateway();
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await site.newTenant();
  });

  async function idOf(adapter: string): Promise<string> {
    const { data } = (await tenant.call('GET', '/v1/connections')).body;
    return data.find((each: { adapter: string }) => each.adapter === adapter).id;
  }
  async function tested(adapter: string) {
    const { status, body } = await tenant.call('POST', `/v1/connections/${await idOf(adapter)}/test`);
    assert.equal(status, 200, JSON.stringify(body));
    const checks = Object.fromEntries(body.checks.map((each: Check) => [each.subject, each]));
    return { ...body, checks } as {
      ok: boolean;
      code: string;
      summary: string;
      held_until: string | null;
      checks: Record<string, Check>;
      health: Record<string, unknown>;
    };
  }

  for (const [adapter, subjects] of [
    ['labor-soap', ['address', 'certificate', 'clock', 'unit']],
    ['insurance-xml', ['address', 'certificate', 'clock', 'session', 'unit']],
    ['credit-rest', ['address', 'certificate', 'clock', 'session']],
  ] as const)
    it(`of ${adapter} finds all in order, and says what it looked at`, async () => {
      const { ok, code, checks, health } = await tested(adapter);
      assert.deepEqual([ok, code], [true, 'ok'], JSON.stringify(checks));
      assert.deepEqual(Object.keys(checks), subjects);
      assert.match(
        checks.certificate?.message ?? '',
        /^our certificate ends in \d+ days, on \d{4}-\d\d-\d\d$/,
      );
      assert.equal(health.state, 'available');
    });

  it('says that filings wait all the same where a maintenance was entered', async () => {
    const { starts_at, ends_at } = {
      starts_at: new Date(Date.now() - 60_000).toISOString(),
      ends_at: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const path = `/v1/connections/${await idOf('labor-soap')}/maintenances`;
    const { body } = await tenant.call('POST', path, { starts_at, ends_at, reason: '测试维护' });
    const { ok, code, held_until } = await tested('labor-soap');
    assert.deepEqual([ok, code, held_until], [true, 'held', ends_at]);
    assert.equal((await tenant.call('DELETE', `/v1/maintenances/${body.id}`)).status, 204);
    assert.equal((await tested('labor-soap')).code, 'ok');
  });

  it('counts the days of a certificate by the time of the agency, and says what to do about few', async () => {
    const { message } = (await tested('labor-soap')).checks.certificate ?? { message: '' };
    const days = Number(/in (\d+) days/.exec(message)?.[1]);
    const real = await site.gateway.store.organisations.now(
      { orgId: tenant.orgId, sandbox: true },
      new Date(),
    );
    // The organisation's time goes ahead, and the agencies' with it, to ten days before the end.
    const mover = tenant.agencies;
    const ends = new Date(real.getTime() + (days - 10) * 86_400_000);
    mover.advance(ends);
    const { testClock } = site.gateway.store;
    assert.ok(await testClock.begin(tenant.orgId, 'test', new Date(), new Date(Date.now() + 60_000)));
    await testClock.moveTo(tenant.orgId, 'test', ends, new Date(), new Date(Date.now() + 60_000));
    await testClock.end(tenant.orgId, 'test', ends, new Date(), false);
    const { ok, code, checks } = await tested('labor-soap');
    assert.deepEqual([ok, code], [false, 'warned'], JSON.stringify(checks));
    assert.match(checks.certificate?.message ?? '', /^our certificate ends in (9|10) days/);
    assert.match(checks.certificate?.advice ?? '', /renewed by its authority/);
  });

  it('says that nobody answers at the address, in Chinese as well', async () => {
    const url = `http://127.0.0.1:${await refusedPort()}/`;
    await changeSettings(site.gateway.store, tenant, 'labor-soap', { url });
    // An opened adapter is kept for five seconds.
    const dark = await eventually(async () => {
      const found = await tested('labor-soap');
      return found.code === 'unreachable' && found;
    });
    assert.equal(dark.summary, 'The agency does not answer; nothing else could be asked.');
    assert.match(dark.checks.address?.message ?? '', /nobody listens there/);
    const response = await fetch(`${site.gateway.url}/v1/connections/${await idOf('labor-soap')}/test`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tenant.key}`,
        'idempotency-key': 'once',
        'accept-language': 'zh',
      },
    });
    const body = (await response.json()) as { summary: string; checks: (Check & { title: string })[] };
    assert.equal(body.summary, '机构无应答，其余各项无从检查。');
    assert.deepEqual([body.checks[0]?.title, body.checks[0]?.ok], ['地址', false]);
    assert.match(body.checks[0]?.advice ?? '', /请核对设置中的地址/);
  });

  it('says that somebody else answers at the address, whatever they answer', async () => {
    const answers = [
      [404, 'application/json', '{"error":"no such route"}'],
      [404, 'text/html', '<html><body>Not Found</body></html>'],
      [200, 'application/json', '{"hello":"world"}'],
      [404, 'text/plain', 'not here'],
    ] as const;
    let [status, type, body]: readonly [number, string, string] = answers[0];
    const other = await listen((socket) =>
      socket.end(
        `HTTP/1.1 ${status} X\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      ),
    );
    const adapters = ['labor-soap', 'insurance-xml', 'credit-rest'];
    for (const adapter of adapters)
      await changeSettings(site.gateway.store, tenant, adapter, { url: other.url });
    for (const adapter of adapters) {
      [status, type, body] = answers[0];
      await eventually(async () => (await tested(adapter)).code !== 'ok');
      for (const answer of answers) {
        [status, type, body] = answer;
        const found = await tested(adapter);
        const { ok, advice } = found.checks.address ?? {};
        assert.deepEqual([found.ok, found.code, ok], [false, 'address', false], `${adapter}: ${answer}`);
        assert.match(found.summary, /^Something answers at this address, but it is not this agency/);
        assert.match(advice ?? '', /Check the address in the settings/);
        assert.equal(found.checks.session, undefined, 'nobody was there to ask about it');
      }
    }
    await other.close();
  });

  it('says that the client is not known, and shows no secret', async () => {
    const client_secret = 'a-wrong-secret-nobody-may-see';
    await changeSettings(site.gateway.store, tenant, 'credit-rest', { client_secret });
    const refused = await eventually(async () => {
      const found = await tested('credit-rest');
      return found.code === 'refused' && found;
    });
    assert.equal(refused.checks.session?.ok, false);
    assert.match(refused.checks.session?.advice ?? '', /credentials in the settings/);
    assert.ok(!JSON.stringify(refused).includes(client_secret));
    assert.equal(refused.health.state, 'available', 'the agency is there, it is we who are not known');
  });

  it('opens an agency that was away, and what it holds goes on', async () => {
    tenant.agencies.fault({ fault: '503-maintenance', agency: 'labor', operation: 'QueryUnit' });
    const exitId = await tenant.open();
    const id = await idOf('labor-soap');
    const away = await eventually(async () => {
      const { body } = await tenant.call('GET', `/v1/connections/${id}`);
      return body.health.state === 'unavailable' && body;
    });
    assert.equal(away.health.cause, 'maintenance');
    assert.equal(away.health.next_probe_at, away.health.until);
    assert.ok(away.capabilities.includes('ping'));
    const { health } = await tested('labor-soap');
    assert.equal(health.state, 'available');
    await tenant.completed(exitId);
    const told = await eventually(() => {
      const found = tenant.core.tries.filter(({ event }) => event.type.startsWith('agency.'));
      return found.length === 2 && found;
    });
    assert.deepEqual(
      told.map(({ event }) => [event.sequence, event.type]),
      [
        [1, 'agency.unavailable'],
        [2, 'agency.recovered'],
      ],
    );
    assert.equal(tenant.core.refused(), 0);
  });

  it('is refused for a connection of somebody else', async () => {
    const other = await site.newTenant();
    const { status, body } = await other.call('POST', `/v1/connections/${await idOf('labor-soap')}/test`);
    assert.deepEqual([status, body.code], [404, 'connection_not_found']);
  });
});

describe('the list of adapters', function () {
  this.timeout(60_000);
  const site = useGateway({}, { roles: { api: true, worker: false } });

  it('shows what each can do and needs, secrets marked', async () => {
    const tenant = await site.newTenant();
    const { status, body } = await tenant.call('GET', '/v1/adapters');
    assert.equal(status, 200);
    const credit = body.data.find(({ name }: { name: string }) => name === 'credit-rest');
    assert.equal(credit.title.zh, '从业人员登记（REST）');
    assert.equal(credit.settings.properties.client_secret.secret, true);
    assert.equal(credit.settings.properties.client_id.secret, undefined);
    assert.ok(credit.settings.required.includes('client_secret'));
    assert.ok(credit.capabilities.includes('ping'));
  });
});
