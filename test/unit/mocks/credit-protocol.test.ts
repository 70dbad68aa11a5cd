// The credit agency's outer shell: tokens, signatures both ways, binding, schema errors, contract pages.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import jwt from 'jsonwebtoken';
import { fits } from '../../../mocks/credit/contract.ts';
import { credit } from '../../../mocks/credit/index.ts';
import { issueToken, TOKEN_SECONDS } from '../../../mocks/credit/token.ts';
import { advance, CHANGES, callOf, change, openBox, tokenCall, UNIT } from './credit-client.ts';

describe('credit agency: protocol', () => {
  let box: Awaited<ReturnType<typeof openBox>>;
  beforeEach(async () => {
    box = await openBox();
  });
  afterEach(() => box.sandbox.close());

  const codeOf = async (answer: Promise<{ status: number; body: Record<string, unknown> }>) => {
    const { status, body } = await answer;
    return [status, body.code];
  };

  it('gives a token for Basic and for form credentials, and no other', async () => {
    const { client, sandbox } = box;
    const ask = async (over: Parameters<typeof tokenCall>[1]) => {
      const call = tokenCall(sandbox, over);
      const { status, body } = client.read(await client.raw(call), call);
      return [status, body.error ?? body.token_type];
    };
    assert.deepEqual(await ask({}), [200, 'Bearer']);
    assert.deepEqual(await ask({ basic: false }), [200, 'Bearer']);
    assert.deepEqual(await ask({ secret: 'wrong' }), [401, 'invalid_client']);
    assert.deepEqual(await ask({ secret: sandbox.ca.clientSecret('91110000600037341L') }), [
      401,
      'invalid_client',
    ]);
    assert.deepEqual(await ask({ form: 'grant_type=password' }), [400, 'unsupported_grant_type']);
    assert.deepEqual(await ask({ form: 'a=b' }), [400, 'invalid_request']);
    const broken = { ...tokenCall(sandbox), headers: { 'content-type': 'application/json' } };
    assert.equal(client.read(await client.raw(broken), broken).body.error, 'invalid_request');
  });

  it('answers a ping, signed, bound to the request and the status', async () => {
    const { status, body } = await box.client.send('GET', '/v1/ping');
    assert.deepEqual([status, body.agency], [200, 'credit.agency.mock']);
    assert.match(String(body.time), /^2026-11-25T10:00:00\.\d{3}\+08:00$/);
    assert.equal((await box.client.send('GET', '/v1/ping', undefined, { alg: 'PS256' })).status, 200);
  });

  it('refuses a missing, foreign, forged and expired token', async () => {
    const { client, sandbox } = box;
    const room = sandbox.room('credit');
    const past = new Date(room.wallNow().getTime() - (TOKEN_SECONDS + 1) * 1000);
    const expired = issueToken(UNIT, { ...room, wallNow: () => past });
    const other = await openBox('elsewhere');
    const forged = jwt.sign({}, 'guess', { subject: UNIT, audience: 'credit' });
    for (const token of [null, 'x', expired, other.client.token, forged]) {
      const answer = await client.send('GET', '/v1/ping', undefined, { token });
      assert.deepEqual([answer.status, answer.body.code], [401, 'INVALID_TOKEN']);
      assert.equal(answer.headers['www-authenticate'], 'Bearer error="invalid_token"');
    }
    other.sandbox.close();
    advance(sandbox, TOKEN_SECONDS * 2);
    assert.equal((await client.send('GET', '/v1/ping')).status, 200, 'tokens live in wall time');
  });

  it('refuses a missing, tampered, foreign or expired signature', async () => {
    const { client, sandbox } = box;
    const post = (spoil: Parameters<typeof client.send>[3]) =>
      codeOf(client.send('POST', CHANGES, change('EG-1'), spoil));
    const bad = [401, 'AUTH_SIGNATURE'];
    assert.deepEqual(await post({ signature: () => undefined }), bad);
    assert.deepEqual(await post({ call: { body: Buffer.from(JSON.stringify(change('EG-2'))) } }), bad);
    assert.deepEqual(await post({ signature: (jws) => jws.replace('..', '.e30.') }), bad);
    assert.deepEqual(await post({ signature: (jws) => `${jws}=` }), bad);
    assert.deepEqual(await post({ signature: (jws) => `${jws.slice(0, -4)}AAAA` }), bad);
    assert.deepEqual(await post({ header: { kid: 'x' } }), bad);
    assert.deepEqual(await post({ header: { iat: undefined } }), bad);
    const foreign = await sandbox.ca.foreign('某证券有限公司');
    assert.deepEqual(await post({ signer: foreign }), [401, 'AUTH_CERTIFICATE']);
    const sibling = await sandbox.ca.identity('91110000600037341L', 'Other');
    assert.deepEqual(await post({ signer: sibling }), [403, 'AUTH_UNIT']);
    const borrowed = { x5c: [box.identity.certificateDer.toString('base64')] };
    assert.deepEqual(await post({ signer: sibling, header: borrowed }), bad);
    assert.equal(credit.cases(sandbox.room('credit')).length, 0);
    advance(sandbox, 4 * 366 * 86_400);
    assert.deepEqual(await post({}), [401, 'AUTH_CERTIFICATE']);
  });

  it('refuses a signature made for another path, method or time', async () => {
    const { client } = box;
    const ping = (header: Record<string, unknown>) =>
      codeOf(client.send('GET', '/v1/ping', undefined, { header }));
    const now = Math.floor(box.sandbox.clock.wallNow().getTime() / 1000);
    const unbound = [401, 'AUTH_BINDING'];
    assert.deepEqual(await ping({ htu: `${CHANGES}/EG-1` }), unbound);
    assert.deepEqual(await ping({ htm: 'POST' }), unbound);
    assert.deepEqual(await ping({ iat: now - 330 }), unbound);
    assert.deepEqual(await ping({ iat: now + 330 }), unbound);
    assert.deepEqual(await ping({ iat: now - 270 }), [200, undefined]);
    const call = await client.build('GET', `${CHANGES}/EG-1`);
    const moved = { ...call, path: `${CHANGES}/EG-2` };
    assert.equal(client.read(await client.raw(moved), moved).body.code, 'AUTH_BINDING');
  });

  it('tells schema errors by pointer, and keeps routes, methods and media types apart', async () => {
    const { client } = box;
    const wrong = await client.submit('EG-1', { effective_date: '2026-02-30', extra: 1, reason: undefined });
    assert.deepEqual([wrong.status, wrong.body.code], [422, 'SCHEMA_INVALID']);
    const pointers = (wrong.body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    assert.deepEqual(pointers.sort(), ['/effective_date', '/extra', '/reason']);
    assert.deepEqual(await codeOf(client.send('POST', CHANGES, '{')), [400, 'SCHEMA_INVALID']);
    assert.deepEqual(await codeOf(client.submit('EG-1', { unit_uscc: '91110000600037341L' })), [
      403,
      'AUTH_UNIT',
    ]);
    assert.deepEqual(await codeOf(client.send('GET', '/v1/nothing')), [404, 'ROUTE_UNKNOWN']);
    const put = await client.send('DELETE', `${CHANGES}/EG-1`);
    assert.deepEqual([put.status, put.headers.allow], [405, 'GET, PATCH']);
    const query = { call: { query: new URLSearchParams('a=b') } };
    assert.deepEqual(await codeOf(client.send('GET', '/v1/ping', undefined, query)), [400, 'SCHEMA_INVALID']);
    const call = await client.build('POST', CHANGES, change('EG-1'));
    const text = { ...call, headers: { ...call.headers, 'content-type': 'text/plain' } };
    assert.equal(client.read(await client.raw(text), text).status, 415);
  });

  it('documents an example that is true to the byte', () => {
    const page = readFileSync(new URL('../../../mocks/credit/README.md', import.meta.url), 'utf8');
    const [header = '', body = ''] = /```\n(\{"alg".*)\n(\{.*)\n```/.exec(page)?.slice(1) ?? [];
    assert.ok(fits('JwsHeader', JSON.parse(header)) && fits('RegistrationChange', JSON.parse(body)));
    const [head, content] = [header, body].map((text) => Buffer.from(text).toString('base64url'));
    assert.ok(page.includes(`\n${head}.${content}\n`));
    assert.ok(page.includes(`\`${createHash('sha256').update(`${head}..c2ln`).digest('base64url')}\``));
  });

  it('publishes its contract for the address called', async () => {
    const get = async (path: string) => {
      const outcome = await box.client.raw(callOf('GET', path));
      assert.ok('reply' in outcome);
      return outcome.reply.body.toString();
    };
    const document = JSON.parse(await get('/openapi.json'));
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(document.servers, [{ url: 'http://credit.test/s/unit-test/credit' }]);
    assert.match(await get('/openapi.yaml'), /url: http:\/\/credit\.test\/s\/unit-test\/credit/);
    assert.match(await get('/'), /^# The credit agency/);
  });
});
