// The adapter over HTTP: what is signed, and what is believed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import nock from 'nock';
import { insuranceSm2 } from '../../../adapters/insurance-sm2/index.ts';
import { sm2PublicKeyPem, verifySm2 } from '../../../src/crypto/sm2.ts';
import { makeCall } from '../../support/call.ts';
import {
  answers,
  CONTENT,
  filing,
  form,
  type Heard,
  opened,
  ours,
  settings,
  taken,
  textOf,
  unit,
} from '../../support/sm2-agency.ts';
import { requireTool } from '../../support/tools.ts';

const run = promisify(execFile);

describe('adapters/insurance-sm2: over the wire', () => {
  before(() => {
    if (!nock.isActive()) nock.activate();
  });
  afterEach(() => nock.cleanAll());

  it('asks for the unit once, and files under a signature over path, time, nonce and body', async () => {
    const heard: Heard[] = [];
    answers('/api/v2/unit', unit, heard);
    answers('/api/v2/changes', taken, heard);
    answers('/api/v2/changes', taken, heard);
    const adapter = insuranceSm2.create(settings);
    const call = makeCall();
    const outcome = await adapter.submit(filing, call);
    assert.deepEqual(outcome, { kind: 'pending', receipt: 'SB1', stage: 'received', pollAfter: 21_600 });
    await adapter.submit(filing, makeCall({ attempt: 2 }));
    assert.deepEqual(
      heard.map(({ path }) => path),
      ['/api/v2/unit', '/api/v2/changes', '/api/v2/changes'],
    );
    const [, first, second] = heard;
    assert.ok(first && second);
    assert.equal(opened(first.body), CONTENT);
    assert.equal(second.body, first.body);
    assert.notEqual(second.headers['x-nonce'], first.headers['x-nonce']);
    for (const each of heard) {
      assert.equal(each.headers['x-client-id'], 'client-1');
      assert.match(each.headers['x-nonce'] ?? '', /^[0-9a-f]{32}$/);
      assert.ok(
        verifySm2(Buffer.from(textOf(each)), each.headers['x-signature'] ?? '', ours.publicKey, form),
      );
    }
    assert.ok(!call.lines.join().includes('张某'));
  });

  it('signs what openssl verifies', async function () {
    requireTool('openssl', this);
    const heard: Heard[] = [];
    answers('/api/v2/codes', { code: 'OK', data: { tables: [] } }, heard);
    const adapter = insuranceSm2.create({ ...settings, user_id: 'city-2', signature_encoding: 'der' });
    // The answer comes as r‖s, which this connection does not take; what counts here is the request.
    assert.equal((await adapter.codes?.(makeCall()))?.kind, 'unsure');
    const [request] = heard;
    assert.ok(request);
    const folder = mkdtempSync(join(tmpdir(), 'exitgate-sm2-request-'));
    try {
      const at = (name: string) => join(folder, name);
      writeFileSync(at('public.pem'), sm2PublicKeyPem(ours.publicKey));
      writeFileSync(at('text'), textOf(request));
      writeFileSync(at('signature'), Buffer.from(request.headers['x-signature'] ?? '', 'base64'));
      const files = ['-inkey', at('public.pem'), '-in', at('text'), '-sigfile', at('signature')];
      const options = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:city-2'];
      const { stdout } = await run('openssl', ['pkeyutl', '-verify', '-pubin', ...files, ...options]);
      assert.match(stdout, /Verified Successfully/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  for (const [what, over] of [
    ['to another request', { nonce: 'a'.repeat(32) }],
    ['signed under another status', { status: '503' }],
  ] as const)
    it(`does not believe an answer ${what}`, async () => {
      const data = { serial: 'EG-0001-1', revision: 'EG-0001-1', business: '10', ...taken.data };
      const adapter = insuranceSm2.create(settings);
      answers('/api/v2/changes/query', { code: 'OK', data }, []);
      assert.equal((await adapter.lookup?.(filing, makeCall()))?.kind, 'pending', 'but for that it is good');
      answers('/api/v2/changes/query', { code: 'OK', data }, [], over);
      assert.equal((await adapter.lookup?.(filing, makeCall()))?.kind, 'unsure');
    });

  it('somebody else at its address is not taken for it', async () => {
    nock(settings.url).post('/api/v2/ping').reply(404, '{"error":"no such route"}');
    const ping = await insuranceSm2.create(settings).ping?.(makeCall());
    assert.ok(ping?.kind === 'down');
    assert.deepEqual(
      [ping.symptom, ping.checks.map(({ subject, ok }) => [subject, ok])],
      ['address', [['address', false]]],
    );
  });

  it('passes on when it will be back, as it says to ping', async () => {
    nock(settings.url).post('/api/v2/ping').reply(503, 'closed', { 'Retry-After': '7200' });
    const call = makeCall();
    const ping = await insuranceSm2.create(settings).ping?.(call);
    assert.ok(ping?.kind === 'down');
    assert.equal(ping.symptom, 'maintenance');
    assert.ok(
      ping.until !== undefined && ping.until.getTime() - call.now.getTime() >= 7_100_000,
      `${ping.until}`,
    );
  });

  it('a clock that lies apart is told', async () => {
    answers('/api/v2/ping', { code: 'OK', data: {} }, []);
    answers('/api/v2/unit', unit, []);
    const ping = await insuranceSm2.create(settings).ping?.(makeCall());
    // The agency of this test lives in 2001.
    assert.deepEqual([ping?.kind, ping?.checks[1]?.subject, ping?.checks[1]?.ok], ['up', 'clock', false]);
  });
});
