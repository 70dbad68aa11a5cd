/** Requests that are wrong as a whole: the right status and code, nothing quoted and nothing done. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { draft, type SuiteApi, useApi } from '../support/api.ts';

describe('the API: bad requests', () => {
  const api = useApi();

  it('refuses what is no JSON with its place, and does not quote it', async () => {
    const { status, body } = await api.post('/v1/exits', '{\n  "external_id": "HR-1",\n  "name": 张某\n}');
    assert.equal(status, 400);
    assert.equal(body.code, 'json_malformed');
    assert.match(body.detail, /line 3, column 11/);
    assert.ok(!JSON.stringify(body).includes('张某'));
    assert.ok(!api.log.join().includes('张某'));
  });

  it('refuses a key that comes twice: which one counts cannot be known', async () => {
    const own = ['Host', 'api.example', 'Content-Type', 'application/json', 'Content-Length', '2'];
    const bearer = ['Authorization', `Bearer ${api.key}`];
    const once = ['Idempotency-Key', 'a'];
    assert.deepEqual(await raw(api, [...own, ...bearer, ...once]), [422, 'body_invalid']);
    assert.deepEqual(await raw(api, [...own, ...bearer, ...once, 'idempotency-key', 'b']), [
      400,
      'idempotency_key_malformed',
    ]);
    assert.deepEqual(await raw(api, [...own, ...bearer, ...bearer, ...once]), [
      400,
      'authorization_malformed',
    ]);
  });

  it('refuses an empty body, another type and another charset', async () => {
    const empty = await api.post('/v1/exits', '');
    assert.deepEqual([empty.status, empty.body.code], [400, 'body_missing']);
    for (const type of ['text/plain', 'application/xml', 'application/json; charset=gb18030']) {
      const { status, body } = await api.post('/v1/exits', '{}', { headers: { 'content-type': type } });
      assert.deepEqual([status, body.code], [415, 'content_type_unsupported'], type);
    }
  });

  it('refuses a body over the limit and says the limit, told or not how long it is', async () => {
    const body = JSON.stringify(draft('big', { padding: 'x'.repeat(100_000) }));
    const told = await api.post('/v1/exits', body);
    assert.deepEqual([told.status, told.body.code], [413, 'body_too_large']);
    assert.match(told.body.detail, /100000 bytes/);
    const untold = await chunked(api, body);
    assert.equal(untold, 413);
  });

  it('answers unknown paths with 404, wrong methods with 405 and what is allowed', async () => {
    const nowhere = await api.get('/v1/exit');
    assert.deepEqual([nowhere.status, nowhere.body.code], [404, 'path_unknown']);
    const wrong = await api.ask('PUT', '/v1/exits');
    assert.deepEqual([wrong.status, wrong.body.code], [405, 'method_not_allowed']);
    assert.equal(wrong.headers.get('allow'), 'POST, GET, HEAD, OPTIONS');
    assert.equal((await api.ask('OPTIONS', '/v1/filings')).status, 204);
    for (const path of ['/v1/exits/%ff', '/v1/exits/%00', "/v1/exits/'; drop", '/v1/exits/exit_1'])
      assert.equal((await api.get(path)).status, 404, path);
  });

  it('refuses query parameters that are unknown, repeated or out of range', async () => {
    for (const [query, parameter, code] of [
      ['stauts=gated', 'stauts', 'field_unknown'],
      ['status=open', 'status', 'value_unknown'],
      ['limit=101', 'limit', 'number_too_large'],
      ['limit=x', 'limit', 'type_wrong'],
      ['limit=1e2', 'limit', 'type_wrong'],
      ['limit=0x10', 'limit', 'type_wrong'],
      ['external_id=a&external_id=b', 'external_id', 'type_wrong'],
      ['external_id=%00', 'external_id', 'text_characters'],
    ]) {
      const { status, body } = await api.get(`/v1/exits?${query}`);
      assert.deepEqual(
        [status, body.code, body.errors?.[0].parameter, body.errors?.[0].code],
        [400, 'query_invalid', parameter, code],
        query,
      );
    }
  });
});

/** Sends headers as they are, in pairs; resolves to the status and the problem's code. */
function raw(api: SuiteApi, headers: readonly string[]): Promise<[number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: [...headers], agent: false };
    const sent = request(`${api.url}/v1/exits`, options, async (response) => {
      const chunks = await response.toArray();
      const { code } = JSON.parse(Buffer.concat(chunks).toString()) as { code: string };
      resolve([response.statusCode, code]);
    });
    sent.on('error', reject);
    sent.end('{}');
  });
}

/** Sends a body without Content-Length; resolves to the status. */
function chunked(api: SuiteApi, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${api.key}`,
      'content-type': 'application/json',
      'idempotency-key': 'chunked',
    };
    const sent = request(`${api.url}/v1/exits`, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.write(body.slice(0, 60_000));
    sent.end(body.slice(60_000));
  });
}
