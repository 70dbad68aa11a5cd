/** Idempotency, cursors, the pull stream, and the smaller nouns. */
import assert from 'node:assert/strict';
import { connect, draft, useApi } from '../support/api.ts';

describe('the API: promises', () => {
  const api = useApi();
  const idempotent = (key: string, language = 'en') => ({
    headers: { 'idempotency-key': key, 'accept-language': language },
  });

  it('asks for an Idempotency-Key that can be one', async () => {
    const bare = await fetch(`${api.url}/v1/exits`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(bare.status, 400);
    assert.equal(((await bare.json()) as { code: string }).code, 'idempotency_key_missing');
    for (const key of ['x'.repeat(256), 'é']) {
      const { status, body } = await api.post('/v1/exits', draft('i'), idempotent(key));
      assert.deepEqual([status, body.code], [400, 'idempotency_key_malformed']);
    }
  });

  it('replays the answer the client saw, and does nothing again', async () => {
    const first = await api.post('/v1/exits', draft('idem-1'), idempotent('one', 'zh'));
    const again = await api.post('/v1/exits', draft('idem-1'), idempotent('one', 'en'));
    assert.equal(again.status, 201);
    assert.equal(first.headers.get('idempotent-replayed'), null);
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.equal(again.headers.get('location'), first.headers.get('location'));
    assert.equal(again.headers.get('content-language'), 'zh');
    assert.deepEqual(again.body, first.body);
    assert.equal((await api.get('/v1/exits?external_id=idem-1')).body.data.length, 1);
  });

  it('refuses the same key with another body, or at another path', async () => {
    const { body: exit } = await api.post('/v1/exits', draft('idem-2'), idempotent('two'));
    for (const [path, body] of [
      ['/v1/exits', draft('idem-other')],
      ['/v1/exits', {}],
      [`/v1/exits/${exit.id}/clearances`, draft('idem-2')],
    ] as const) {
      const reply = await api.post(path, body, idempotent('two'));
      assert.deepEqual([reply.status, reply.body.code], [422, 'idempotency_key_reused']);
      const zh = await api.post(path, body, idempotent('two', 'zh'));
      assert.match(zh.body.detail, /新请求请使用新的值/);
    }
    assert.deepEqual((await api.get('/v1/exits?external_id=idem-other')).body.data, []);
  });

  it('frees the key when nothing was done', async () => {
    const bad = await api.post('/v1/exits', draft('idem-3', { reason: 'x' }), idempotent('three'));
    assert.equal(bad.status, 422);
    assert.equal((await api.post('/v1/exits', draft('idem-3'), idempotent('three'))).status, 201);
  });

  it('makes one exit of concurrent twins', async () => {
    const replies = await Promise.all(
      Array.from({ length: 12 }, () => api.post('/v1/exits', draft('twins'), idempotent('twins'))),
    );
    const ids = new Set(replies.filter(({ status }) => status === 201).map(({ body }) => body.id));
    assert.equal(ids.size, 1);
    for (const { status, body, headers } of replies.filter((each) => each.status !== 201)) {
      assert.deepEqual([status, body.code], [409, 'idempotency_in_flight']);
      assert.equal(headers.get('retry-after'), '1');
    }
    const stored = (await api.get('/v1/exits?external_id=twins')).body.data;
    assert.deepEqual([stored.length, stored[0].id], [1, [...ids][0]]);
  });

  it('makes one exit of concurrent posts of the same external_id under different keys', async () => {
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => api.post('/v1/exits', draft('rivals'))),
    );
    assert.deepEqual([...new Set(replies.map(({ status }) => status))], [201]);
    const [id, ...others] = new Set(replies.map(({ body }) => body.id));
    assert.deepEqual(others, []);
    const events = (await api.get(`/v1/exits/${id}/events`)).body.data;
    assert.deepEqual(
      events.map(({ type }: { type: string }) => type),
      ['exit.opened', 'exit.gated'],
    );
  });

  it('pages newest first, once each, while others insert', async () => {
    const key = await api.keyOf('Pager');
    await connect(api, key);
    const made = [];
    for (let index = 0; index < 5; index++)
      made.push((await api.post('/v1/exits', draft(`page-${index}`), { key })).body.id);
    const seen: string[] = [];
    let path: string | undefined = '/v1/exits?limit=2';
    for (let page = 0; path !== undefined; page++) {
      const { body, headers } = await api.get(path, { key });
      seen.push(...body.data.map((each: { id: string }) => each.id));
      const link = headers.get('link');
      assert.equal(link !== null, body.has_more);
      assert.equal(body.next_cursor !== null, body.has_more);
      path = /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1];
      await api.post('/v1/exits', draft(`late-${page}`), { key });
    }
    assert.deepEqual(seen, made.reverse());
  });

  it('refuses cursors of other lists and forged ones', async () => {
    const cursor = Buffer.from('fil_00000000000000000000000000').toString('base64url');
    for (const path of [
      `/v1/exits?cursor=${cursor}`,
      '/v1/exits?cursor=x',
      '/v1/events?after=x',
      '/v1/events?after=',
      '/v1/deliveries?cursor=%00',
      '/v1/connections?cursor=AAAA',
    ]) {
      const { status, body } = await api.get(path);
      assert.deepEqual([status, body.code], [400, 'cursor_invalid'], path);
    }
  });

  it('gives the whole stream of events to one who pulls', async () => {
    const key = await api.keyOf('Puller');
    await connect(api, key);
    const { body: exit } = await api.post('/v1/exits', draft('pull-1', { disputes: [] }), { key });
    const types: string[] = [];
    let after = '';
    for (let asked = 0; asked < 5; asked++) {
      const { body } = await api.get(`/v1/events?limit=1${after && `&after=${after}`}`, { key });
      types.push(...body.data.map((each: { type: string }) => each.type));
      after = body.next_cursor;
    }
    assert.deepEqual(types, ['exit.opened', 'exit.filing_started']);
    await api.post('/v1/exits', draft('pull-2', { disputes: [] }), { key });
    const { body } = await api.get(`/v1/events?after=${after}`, { key });
    assert.deepEqual(
      body.data.map(
        (each: { external_id: string; sequence: number }) => `${each.external_id} ${each.sequence}`,
      ),
      ['pull-2 1', 'pull-2 2'],
    );
    const own = await api.get(`/v1/exits/${exit.id}/events?limit=1`, { key });
    const next = await api.get(`/v1/exits/${exit.id}/events?cursor=${own.body.next_cursor}`, { key });
    assert.deepEqual([next.body.data[0].sequence, next.body.has_more], [2, false]);
  });

  it('keeps webhook endpoints, shows the secret once, and logs what is to be delivered', async () => {
    const key = await api.keyOf('Hooks');
    await connect(api, key);
    const wanted = { url: 'https://hr.example.com/hook', event_types: ['exit.opened', 'exit.opened'] };
    const made = await api.post('/v1/webhook-endpoints', wanted, { key });
    assert.equal(made.status, 201);
    assert.match(made.body.secret, /^whsec_/);
    assert.deepEqual(made.body.event_types, ['exit.opened']);
    const path = `/v1/webhook-endpoints/${made.body.id}`;
    assert.equal(made.headers.get('location'), path);
    assert.equal('secret' in (await api.get(path, { key })).body, false);
    assert.equal((await api.get('/v1/webhook-endpoints', { key })).body.data.length, 1);
    const { body: exit } = await api.post('/v1/exits', draft('hooked'), { key });
    assert.ok(api.woken.includes(`${exit.id}: /1`));
    const { body } = await api.get(`/v1/deliveries?endpoint_id=${made.body.id}&limit=1`, { key });
    assert.deepEqual(
      body.data.map((each: { sequence: number; state: string }) => [each.sequence, each.state]),
      [[1, 'pending']],
    );
    assert.equal((await api.ask('DELETE', path, { key })).status, 204);
    assert.equal((await api.ask('DELETE', path, { key })).body.code, 'webhook_endpoint_not_found');
    assert.equal((await api.get(path, { key })).status, 404);
    assert.equal((await api.get('/v1/deliveries?state=cancelled', { key })).body.data.length, 1);
  });

  it('refuses webhook endpoints that it would not send to', async () => {
    for (const [body, code] of [
      [{ url: 'http://127.0.0.1/x' }, 'endpoint_url_refused'],
      [{ url: 'ftp://hr.example.com' }, 'url_invalid'],
      [{ url: 'https://user:pw@hr.example.com' }, 'url_invalid'],
      [{ url: 'https://hr.example.com/hook#part' }, 'url_fragment'],
      [{ url: 'https://hr.example.com/hook#' }, 'url_fragment'],
      [{ url: 'https://hr.example.com', event_types: ['exit.opend'] }, 'value_unknown'],
    ] as const) {
      const reply = await api.post('/v1/webhook-endpoints', body);
      assert.deepEqual([reply.status, reply.body.errors[0].code], [422, code]);
    }
  });

  it('keeps connections, and never shows a secret setting again', async () => {
    const key = await api.keyOf('Connector');
    const settings = { url: 'https://agency.example', key: 'very-secret' };
    const made = await api.post(
      '/v1/connections',
      { name: 'A', adapter: 'paper', region: '11', settings },
      { key },
    );
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const path = `/v1/connections/${made.body.id}`;
    const read = await api.get(path, { key });
    for (const reply of [made, read]) {
      assert.deepEqual(reply.body.settings, { url: 'https://agency.example', version: '1' });
      assert.deepEqual(reply.body.secret_settings, ['key']);
      assert.ok(reply.body.sandbox && !JSON.stringify(reply.body).includes('very-secret'));
    }
    assert.equal((await api.get('/v1/connections', { key })).body.data[0].id, made.body.id);
    assert.equal((await api.ask('DELETE', path, { key })).status, 204);
    assert.equal((await api.get(path, { key })).body.code, 'connection_not_found');
  });

  it('pages what it lists whole as well', async () => {
    const key = await api.keyOf('Many connections');
    for (let index = 0; index < 3; index++) await connect(api, key);
    const first = await api.get('/v1/connections?limit=2', { key });
    const second = await api.get(`/v1/connections?limit=2&cursor=${first.body.next_cursor}`, { key });
    const ids = [...first.body.data, ...second.body.data].map((each: { id: string }) => each.id);
    assert.deepEqual([first.body.has_more, second.body.has_more, new Set(ids).size], [true, false, 3]);
    assert.deepEqual(ids, ids.toSorted().reverse());
  });

  it('holds settings against the adapter, and says what is wrong in its words', async () => {
    const settings = { urll: 'x', key: 'k', url: 'no url' };
    const body = { name: 'A', adapter: 'paper', region: '99', kinds: ['labor_filing'], settings };
    const region = await api.post('/v1/connections', body);
    assert.deepEqual(
      region.body.errors.map((each: { code: string }) => each.code),
      ['region_prefix_unknown'],
    );
    const reply = await api.post('/v1/connections', { ...body, region: '11' });
    assert.equal(reply.status, 422);
    assert.deepEqual(
      reply.body.errors.map((each: { code: string; pointer: string }) => `${each.code} ${each.pointer}`),
      ['field_unknown /settings/urll', 'setting_invalid /settings/url', 'setting_invalid /settings/key'],
    );
    assert.match(reply.body.errors[1].detail, /must be the address of the agency/);
    const unknown = await api.post('/v1/connections', { ...body, adapter: 'stone', region: '11' });
    assert.deepEqual(
      [unknown.body.errors[0].code, unknown.body.errors[0].pointer],
      ['adapter_unknown', '/adapter'],
    );
  });
});
