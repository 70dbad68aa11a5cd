/** Who may do what, how often; keys, scopes, worlds, limits; what the log says of it. */
import assert from 'node:assert/strict';
import { draft, startApi, useApi } from '../support/api.ts';
import { freshDatabase } from '../support/database.ts';

describe('the API: access', () => {
  const api = useApi();

  it('refuses no key, a wrong key, a wrong scheme', async () => {
    const none = await api.get('/v1/exits', { key: undefined });
    assert.deepEqual([none.status, none.body.code], [401, 'api_key_missing']);
    assert.equal(none.headers.get('www-authenticate'), 'Bearer realm="exitgate"');
    for (const key of ['eg_test_0123456789abcdef0123456789abcdef', 'wrong', `${api.key}x`]) {
      const { status, headers, body } = await api.get('/v1/exits', { key });
      assert.deepEqual([status, body.code], [401, 'api_key_unknown'], key);
      assert.match(headers.get('www-authenticate') ?? '', /error="invalid_token"/);
    }
    const basic = await api.get('/v1/exits', { key: undefined, headers: { authorization: 'Basic eA==' } });
    assert.equal(basic.body.code, 'api_key_missing');
    const zh = await api.get('/v1/exits', { key: 'wrong', headers: { 'accept-language': 'zh' } });
    assert.equal(zh.body.title, 'API 密钥不存在');
  });

  it('refuses revoked and expired keys, each with its own code', async () => {
    const { id } = await api.store.organisations.ensure('Keys');
    const draftKey = { name: 'k', live: false, scopes: ['exits:read'], addresses: [] } as const;
    const revoked = await api.store.organisations.createKey(id, draftKey);
    await api.store.organisations.revokeKey(revoked.key.id);
    assert.equal((await api.get('/v1/exits', { key: revoked.secret })).body.code, 'api_key_revoked');
    const expired = await api.keyOf('Keys', { expiresAt: new Date('2026-10-26T01:59:59Z') });
    const { status, body } = await api.get('/v1/exits', { key: expired });
    assert.deepEqual([status, body.code], [401, 'api_key_expired']);
  });

  it('refuses addresses outside the list, and scopes that the key lacks', async () => {
    const elsewhere = await api.keyOf('Keys', { addresses: ['10.0.0.0/8', '2001:db8::/32', 'nonsense'] });
    const refused = await api.get('/v1/exits', { key: elsewhere });
    assert.deepEqual([refused.status, refused.body.code], [403, 'address_not_allowed']);
    const here = await api.keyOf('Keys', { addresses: ['127.0.0.0/8'] });
    assert.equal((await api.get('/v1/exits', { key: here })).status, 200);
    const reader = await api.keyOf('Keys', { scopes: ['exits:read'] });
    const { status, body } = await api.post('/v1/exits', draft('scope'), { key: reader });
    assert.deepEqual([status, body.code], [403, 'scope_missing']);
    assert.match(body.detail, /exits:write/);
  });

  it('shows nobody the data of another organisation, nor a live key that of a test key', async () => {
    const { body: exit } = await api.post('/v1/exits', draft('mine', { disputes: [] }));
    const filing = exit.filings[0].id;
    const stranger = await api.keyOf('Other Firm');
    const live = await api.keyOf('Test Securities', { live: true });
    for (const key of [stranger, live]) {
      for (const path of [`/v1/exits/${exit.id}`, `/v1/exits/${exit.id}/events`, `/v1/filings/${filing}`])
        assert.equal((await api.get(path, { key })).status, 404, path);
      const clearance = { gate: 'open_dispute', actor: 'X' };
      const { status, body } = await api.post(`/v1/exits/${exit.id}/clearances`, clearance, { key });
      assert.deepEqual([status, body.code], [404, 'exit_not_found']);
      for (const path of ['/v1/exits', '/v1/filings', '/v1/events', '/v1/deliveries', '/v1/connections'])
        assert.deepEqual((await api.get(path, { key })).body.data, [], path);
    }
  });

  it('limits the requests of a key, not those of others, and says when to come back', async () => {
    const tight = await startApi(api.databaseUrl, { limits: { bodyBytes: 1000, requestsPerMinute: 2 } });
    try {
      const key = await tight.keyOf('Busy');
      const first = await tight.get('/v1/exits', { key });
      assert.match(first.headers.get('ratelimit') ?? '', /r=1/);
      assert.match(first.headers.get('ratelimit-policy') ?? '', /q=2; w=60/);
      await tight.get('/v1/exits', { key });
      const third = await tight.get('/v1/exits', { key });
      assert.deepEqual([third.status, third.body.code], [429, 'rate_limited']);
      assert.ok(Number(third.headers.get('retry-after')) > 0);
      assert.equal((await tight.get('/v1/exits', { key: await tight.keyOf('Calm') })).status, 200);
    } finally {
      await tight.close();
    }
  });

  it('logs the route, never the path, a body or a whole key', async () => {
    const { body } = await api.post('/v1/exits', draft('logged'), { headers: { 'x-request-id': 'trace-1' } });
    await api.get(`/v1/exits/${body.id}?`, { headers: { 'x-request-id': 'bad id' } });
    await api.get('/v1/exits?external_id=person-4711');
    const lines = api.log.join('');
    const line = JSON.parse(api.log.find((each) => each.includes('trace-1')) ?? '{}');
    assert.deepEqual([line.method, line.route, line.status], ['POST', '/v1/exits', 201]);
    assert.ok(line.key.length <= 12 && line.org_id.startsWith('org_'));
    for (const secret of ['张某', '11010519491231002X', '李某', 'person-4711', 'bad id', api.key])
      assert.ok(!lines.includes(secret), secret);
  });

  it('hides a failure behind an id that the log has, and tells an outage of the database', async () => {
    const failing = await startApi(api.databaseUrl, {
      readiness: () => Promise.reject(new Error('secret 11010519491231002X')),
    });
    try {
      const { status, body } = await failing.get('/readyz');
      assert.deepEqual([status, body.code], [500, 'internal_error']);
      const id = /req_\w+/.exec(body.detail)?.[0] ?? '?';
      const line = failing.log.find((each) => each.includes(id) && each.includes('frames')) ?? '';
      assert.match(line, /"level":50/);
      assert.ok(!line.includes('11010519491231002X') && !JSON.stringify(body).includes('secret'));
    } finally {
      await failing.close();
    }
    const gone = await freshDatabase();
    const orphan = await startApi(gone.url);
    const { key } = orphan;
    await gone.drop();
    try {
      const { status, headers, body } = await orphan.get('/v1/exits', { key });
      assert.deepEqual([status, body.code], [503, 'database_unavailable'], orphan.log.at(-2));
      assert.ok(headers.get('retry-after'));
    } finally {
      await orphan.close();
    }
  }).timeout(20_000);

  it('keeps browsers strict and tells nothing of itself', async () => {
    const { headers } = await api.get('/v1/exits');
    assert.equal(headers.get('x-powered-by'), null);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.match(headers.get('x-request-id') ?? '', /^req_/);
    assert.match(headers.get('vary') ?? '', /Accept-Language/);
  });

  it('keeps the operators pages and the metrics behind their key', async () => {
    const closed = await api.get('/metrics', { key: undefined });
    assert.deepEqual([closed.status, closed.body.code], [403, 'operator_key_unset']);
    const open = await startApi(api.databaseUrl, {
      operator: {
        key: 'op-key',
        mount: (router) => router.use('/console/queues', (_request, response) => void response.send('board')),
      },
    });
    try {
      const as = (password: string, headers = {}) => ({
        key: undefined,
        headers: { authorization: `Basic ${Buffer.from(`x:${password}`).toString('base64')}`, ...headers },
      });
      for (const path of ['/console/queues', '/metrics']) {
        const refused = await open.get(path, as('wrong'));
        assert.deepEqual([refused.status, refused.body.code], [401, 'operator_key_wrong'], path);
        assert.match(refused.headers.get('www-authenticate') ?? '', /^Basic /);
        assert.equal((await open.get(path, { key: undefined })).status, 401, path);
      }
      assert.equal((await open.get('/metrics', { key: 'op-key' })).body, 'exitgate_up 1\n');
      assert.equal((await open.get('/console/queues', as('op-key'))).body, 'board');
      const foreign = await open.ask(
        'POST',
        '/console/queues',
        as('op-key', { 'sec-fetch-site': 'cross-site' }),
      );
      assert.deepEqual([foreign.status, foreign.body.code], [403, 'operator_cross_site']);
    } finally {
      await open.close();
    }
  });

  it('serves the documentation whole, from itself', async () => {
    const redirect = await api.get('/docs', { key: undefined });
    assert.deepEqual([redirect.status, redirect.headers.get('location')], [308, '/docs/']);
    const page = await api.get('/docs/', { key: undefined });
    assert.equal(page.status, 200);
    assert.ok(!/https?:\/\//.test(page.body));
    const parts = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name);
    for (const name of parts)
      assert.equal((await api.get(`/docs/${name}`, { key: undefined })).status, 200, name);
    assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self';/);
    const { body } = await api.get('/openapi.json', { key: undefined });
    assert.equal(body.openapi, '3.1.0');
    assert.deepEqual((await api.get('/', { key: undefined })).body.documentation, '/docs/');
    assert.deepEqual((await api.get('/readyz', { key: undefined })).body.checks, { database: 'ok' });
  });
});
