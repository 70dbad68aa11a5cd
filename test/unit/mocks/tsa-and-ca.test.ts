// The time-stamping authority and the CA, as openssl sees them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { requireTool } from '../../support/tools.ts';
import { laborClient, UNIT } from './labor-client.ts';

const START = new Date('2027-01-04T02:00:00.250Z');

describe('time stamps and certificates', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let folder: string;

  before(async function () {
    requireTool('openssl', this);
    agencies = await startAgencies();
    box = agencies.sandbox('stamps', { start: START, frozen: true });
    folder = mkdtempSync(join(tmpdir(), 'stamps-'));
    writeFileSync(at('ca.pem'), box.caPem);
    writeFileSync(at('data'), 'what happened');
  });
  after(async () => {
    await agencies?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  const at = (name: string) => join(folder, name);
  function openssl(...args: string[]) {
    const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    return { status, text: stdout + stderr };
  }
  const desk = () => box.urls.desk;
  async function stamp(query: Buffer, base = desk()): Promise<string> {
    const response = await fetch(`${base}/tsa`, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: query,
    });
    assert.equal(response.headers.get('content-type'), 'application/timestamp-reply');
    writeFileSync(at('reply.tsr'), Buffer.from(await response.arrayBuffer()));
    return openssl('ts', '-reply', '-in', 'reply.tsr', '-text').text;
  }
  function query(...options: string[]): Buffer {
    const made = openssl('ts', '-query', '-data', 'data', '-out', 'query.tsq', ...options);
    assert.equal(made.status, 0, made.text);
    return readFileSync(at('query.tsq'));
  }

  for (const hash of ['sha256', 'sha384', 'sha512'])
    it(`stamps ${hash} with sandbox time, and openssl verifies it`, async () => {
      const text = await stamp(query(`-${hash}`, '-cert'));
      assert.match(text, /Granted/);
      assert.match(text, /Time stamp: Jan {1,2}4 02:00:00\.25/);
      for (const source of [
        ['-data', 'data'],
        ['-queryfile', 'query.tsq'],
      ]) {
        const verified = openssl('ts', '-verify', ...source, '-in', 'reply.tsr', '-CAfile', 'ca.pem');
        assert.match(verified.text, /Verification: OK/, verified.text);
      }
      writeFileSync(at('other'), 'something else');
      const wrong = openssl('ts', '-verify', '-data', 'other', '-in', 'reply.tsr', '-CAfile', 'ca.pem');
      assert.doesNotMatch(wrong.text, /Verification: OK/);
    });

  it('leaves the certificate out when it is not wanted, and tells it otherwise', async () => {
    await stamp(query('-sha256', '-no_nonce'));
    writeFileSync(at('tsa.pem'), await (await fetch(`${desk()}/tsa/certificate.pem`)).text());
    const args = ['ts', '-verify', '-data', 'data', '-in', 'reply.tsr', '-CAfile', 'ca.pem'];
    assert.match(openssl(...args, '-untrusted', 'tsa.pem').text, /Verification: OK/);
    assert.doesNotMatch(openssl(...args).text, /Verification: OK/);
  });

  it('refuses what it cannot stamp with a status of the protocol', async () => {
    assert.match(await stamp(query('-sha1')), /Rejected[\s\S]*unrecognized or unsupported algorithm/);
    assert.match(await stamp(Buffer.from('nonsense')), /Rejected[\s\S]*wrong format/);
    assert.match(await stamp(query('-sha256', '-tspolicy', '1.2.3')), /Rejected/);
    assert.equal((await fetch(`${desk()}/tsa`, { method: 'POST', body: 'x' })).status, 415);
  });

  it('is there for the default sandbox as well', async () => {
    assert.match(await stamp(query('-sha256', '-cert'), agencies.urls.desk), /Granted/);
  });

  it('certifies a key that openssl made, and the agency takes it', async () => {
    const made = openssl(
      ...['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'csr.pem'],
      ...['-utf8', '-subj', `/CN=${UNIT.name}/serialNumber=${UNIT.uscc}`],
    );
    assert.equal(made.status, 0, made.text);
    const post = async (body: unknown) => {
      const answer = await fetch(`${desk()}/certificates`, { method: 'POST', body: JSON.stringify(body) });
      return (await answer.json()) as { certificate: string; code?: string };
    };
    const csr = readFileSync(at('csr.pem'), 'utf8');
    const { certificate } = await post({ csr });
    writeFileSync(at('own.pem'), certificate);
    assert.match(openssl('verify', '-CAfile', 'ca.pem', 'own.pem').text, /own\.pem: OK/);
    const keyPem = readFileSync(at('key.pem'), 'utf8');
    const identity = { ...(await box.identity(UNIT.uscc, UNIT.name)), keyPem, certificatePem: certificate };
    assert.equal((await laborClient(box.urls.labor, identity).send('Ping')).code, '0');
    const lines = csr.split('\n');
    const spoiled = lines.map((line, n) => (n === 3 ? `${line.slice(0, -4)}AAAA` : line)).join('\n');
    assert.equal((await post({ csr: spoiled })).code, 'CSR_INVALID');
  });

  it('hands out a .p12 that openssl opens', async () => {
    const answer = await fetch(`${desk()}/identities/p12`, {
      method: 'POST',
      body: JSON.stringify({ ...UNIT, password: 'geheim' }),
    });
    const { p12 } = (await answer.json()) as { p12: string };
    writeFileSync(at('id.p12'), Buffer.from(p12, 'base64'));
    const opened = openssl('pkcs12', '-in', 'id.p12', '-passin', 'pass:geheim', '-nodes');
    assert.match(opened.text, /BEGIN (RSA )?PRIVATE KEY[\s\S]*/);
    assert.equal(opened.text.match(/BEGIN CERTIFICATE/g)?.length, 2);
  });
});
