import assert from 'node:assert/strict';
import { CompactSign, compactVerify, importPKCS8 } from 'jose';
import { readIdentity, readTrust } from '../../../src/crypto/certificates.ts';
import { signDetached, verifyDetached } from '../../../src/crypto/jws.ts';
import { makeCa } from '../../support/pki.ts';

describe('crypto/jws', () => {
  const now = new Date('2026-11-25T01:30:00Z');
  const body = Buffer.from('{"name":"张某"}');
  const ca = makeCa();
  const issued = ca.issue('credit.agency.mock');
  const agency = readIdentity(issued.certificatePem, issued.keyPem);
  const trust = readTrust(ca.certificatePem, 'credit.agency.mock');
  const x5c = [agency.certificate.raw.toString('base64')];
  const jws = signDetached(body, agency, { iat: 1, htm: 'POST', htu: '/v1/x' });

  const reasonOf = (text: string, over: Uint8Array = body, whom = trust, at = now): string => {
    const verdict = verifyDetached(text, over, whom, at);
    return verdict.ok ? 'ok' : verdict.reason;
  };

  /** An independent signer. */
  async function byJose(header: Record<string, unknown>, alg = 'RS256'): Promise<string> {
    const key = await importPKCS8(issued.keyPem, alg);
    const crit = { crit: { ext: true } };
    const [head, , signature] = (
      await new CompactSign(body).setProtectedHeader({ alg, ...header }).sign(key, crit)
    ).split('.');
    return `${head}..${signature}`;
  }

  it('signs what jose verifies, with the header members in order', async () => {
    const attached = jws.replace('..', `.${body.toString('base64url')}.`);
    const { protectedHeader, payload } = await compactVerify(attached, agency.certificate.publicKey);
    assert.deepEqual(protectedHeader, { alg: 'RS256', x5c, iat: 1, htm: 'POST', htu: '/v1/x' });
    assert.deepEqual(Buffer.from(payload), body);
  });

  it('verifies what it signed and what jose signed, RS256 and PS256, and hands over the header', async () => {
    const verdict = verifyDetached(jws, body, trust, now);
    assert.ok(verdict.ok);
    assert.equal(verdict.header.htu, '/v1/x');
    assert.equal(reasonOf(await byJose({ x5c })), 'ok');
    assert.equal(reasonOf(await byJose({ x5c }, 'PS256')), 'ok');
    assert.equal(reasonOf(signDetached(Buffer.alloc(0), agency, {}), Buffer.alloc(0)), 'ok');
  });

  it('refuses other content, another header, another signature', () => {
    assert.match(reasonOf(jws, Buffer.from('{"name":"李某"}')), /does not match/);
    const [, signature] = jws.split('..');
    const header = Buffer.from(JSON.stringify({ alg: 'RS256', x5c, iat: 2 })).toString('base64url');
    assert.match(reasonOf(`${header}..${signature}`), /does not match/);
    assert.match(reasonOf(`${jws.slice(0, -8)}AAAAAAAA`), /does not match/);
  });

  it('refuses a foreign authority, another subject, and a certificate out of its time', () => {
    const foreign = makeCa().issue('credit.agency.mock');
    const signed = signDetached(body, readIdentity(foreign.certificatePem, foreign.keyPem), {});
    assert.match(reasonOf(signed), /not issued/);
    assert.match(reasonOf(jws, body, readTrust(ca.certificatePem, 'labor.agency.mock')), /another subject/);
    assert.match(reasonOf(jws, body, trust, new Date('2061-01-01T00:00:00Z')), /not valid at this time/);
  });

  it('refuses other algorithms, unknown extensions, and a header without a certificate', async () => {
    const [, signature] = jws.split('..');
    for (const alg of ['none', 'HS256', 'RS512', undefined]) {
      const header = Buffer.from(JSON.stringify({ alg, x5c })).toString('base64url');
      assert.match(reasonOf(`${header}..${signature}`), /another algorithm/);
    }
    assert.match(reasonOf(await byJose({ x5c, crit: ['ext'], ext: 1 })), /unknown extension/);
    for (const chain of [undefined, [], 'MII', ['MII'], [7]])
      assert.match(reasonOf(await byJose({ x5c: chain })), /no readable certificate/);
  });

  it('refuses what is no detached JWS', () => {
    const attached = jws.replace('..', `.${body.toString('base64url')}.`);
    for (const text of ['', '..', 'a.b', attached, `${jws}.`, `${jws}\n`, `${jws}=`, 'A'.repeat(20_000)])
      assert.match(reasonOf(text), /not a detached JWS/);
    assert.match(reasonOf(`${Buffer.from('[]').toString('base64url')}..AA`), /unreadable/);
  });
});
