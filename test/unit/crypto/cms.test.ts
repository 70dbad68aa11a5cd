import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readIdentity, readTrust } from '../../../src/crypto/certificates.ts';
import { signCms, verifyCms } from '../../../src/crypto/cms.ts';
import { children, context, encode, oid, parse, sequence, set, text } from '../../../src/crypto/der.ts';
import { makeCa } from '../../support/pki.ts';
import { requireTool } from '../../support/tools.ts';

describe('crypto/cms', () => {
  const now = new Date('2026-11-25T01:30:00Z');
  const content = Buffer.from('<Payload>张某</Payload>');
  const ca = makeCa();
  const identityOf = (issued: { certificatePem: string; keyPem: string }) =>
    readIdentity(issued.certificatePem, issued.keyPem);
  const agency = identityOf(ca.issue('insurance.agency.mock'));
  const trust = readTrust(ca.certificatePem, 'insurance.agency.mock');
  const signature = signCms(content, agency);

  const reasonOf = (der: Uint8Array, over: Uint8Array = content, whom = trust, at = now): string => {
    const verdict = verifyCms(der, over, whom, at);
    return verdict.ok ? 'ok' : verdict.reason;
  };

  /** Members of the SignedData, for taking it apart: version, digests, content info, certificates, signers. */
  const membersOf = (der: Buffer) => children(children(children(parse(der))[1])[0]);
  const rebuild = (members: ReturnType<typeof membersOf>) =>
    encode(sequence([oid('1.2.840.113549.1.7.2'), context(0, [sequence(members)])]));

  it('verifies what it signed, and signs the same bytes again', () => {
    assert.equal(reasonOf(signature), 'ok');
    assert.deepEqual(signCms(content, agency), signature);
  });

  it('signs what openssl accepts, and accepts what openssl signs', function () {
    requireTool('openssl', this);
    const folder = mkdtempSync(join(tmpdir(), 'exitgate-cms-'));
    const at = (name: string, bytes: Uint8Array | string) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    try {
      const caFile = at('ca.pem', ca.certificatePem);
      const contentFile = at('content', content);
      const verify = ['cms', '-verify', '-binary', '-inform', 'DER', '-purpose', 'any', '-CAfile', caFile];
      const own = at('own.der', signature);
      const said = execFileSync('openssl', [...verify, '-in', own, '-content', contentFile], {
        stdio: 'pipe',
      });
      assert.deepEqual(said, content);

      const cert = at('cert.pem', agency.certificate.toString());
      const key = at('key.pem', agency.key.export({ type: 'pkcs8', format: 'pem' }));
      const sign = [
        'cms',
        '-sign',
        '-binary',
        '-outform',
        'DER',
        '-md',
        'sha256',
        '-signer',
        cert,
        '-inkey',
        key,
      ];
      assert.equal(reasonOf(execFileSync('openssl', [...sign, '-in', contentFile])), 'ok');
      assert.equal(reasonOf(execFileSync('openssl', [...sign, '-noattr', '-in', contentFile])), 'ok');
      const wrapped = execFileSync('openssl', [...sign, '-nodetach', '-in', contentFile]);
      assert.match(reasonOf(wrapped), /not a detached/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses other content', () => {
    assert.match(reasonOf(signature, Buffer.from('<Payload>李某</Payload>')), /other content/);
  });

  it('refuses a foreign authority, another subject, and a certificate out of its time', () => {
    const foreign = makeCa();
    assert.match(
      reasonOf(signCms(content, identityOf(foreign.issue('insurance.agency.mock')))),
      /not issued/,
    );
    assert.match(reasonOf(signCms(content, identityOf(ca.issue('labor.agency.mock')))), /another subject/);
    const old = ca.issue('insurance.agency.mock', { to: new Date('2026-11-25T01:29:59Z') });
    assert.match(reasonOf(signCms(content, identityOf(old))), /not valid at this time/);
    const young = ca.issue('insurance.agency.mock', { from: new Date('2026-11-25T01:30:01Z') });
    assert.match(reasonOf(signCms(content, identityOf(young))), /not valid at this time/);
  });

  it('refuses a certificate that an end entity issued, and the authority itself as a signer', () => {
    const employer = ca.issue('employer', { ca: false });
    const self = { certificate: new X509Certificate(ca.certificatePem), key: createPrivateKey(ca.keyPem) };
    assert.match(
      reasonOf(signCms(content, self), content, readTrust(ca.certificatePem, 'Test CA')),
      /authority/,
    );
    assert.match(
      reasonOf(
        signCms(content, identityOf(employer)),
        content,
        readTrust(employer.certificatePem, 'employer'),
      ),
      /not issued/,
    );
  });

  it('refuses a changed byte wherever it counts, and never throws', () => {
    const certificate = signature.indexOf(agency.certificate.raw);
    const counts = (at: number) =>
      at >= signature.length - 256 || (at >= certificate && at < certificate + agency.certificate.raw.length);
    for (let at = 0; at < signature.length; at += 1) {
      const changed = Buffer.from(signature);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      const reason = reasonOf(changed);
      if (counts(at)) assert.notEqual(reason, 'ok', `byte ${at}`);
    }
  });

  it('refuses two signers, and none', () => {
    const [version, digests, info, certificates, signers] = membersOf(signature);
    assert.ok(version && digests && info && certificates && signers);
    const [signer] = children(signers);
    assert.ok(signer);
    const doubled = rebuild([version, digests, info, certificates, set([signer, signer])]);
    assert.match(reasonOf(doubled), /exactly one signer/);
    assert.match(reasonOf(rebuild([version, digests, info, certificates, set([])])), /exactly one signer/);
    assert.equal(reasonOf(rebuild([version, digests, info, certificates, set([signer])])), 'ok');
  });

  it('refuses a signature that brings its own content', () => {
    const [version, digests, , certificates, signers] = membersOf(signature);
    assert.ok(version && digests && certificates && signers);
    const own = sequence([oid('1.2.840.113549.1.7.1'), context(0, [text(4, content)])]);
    assert.match(reasonOf(rebuild([version, digests, own, certificates, signers])), /not a detached/);
  });

  it('refuses to read signed attributes as content', () => {
    // The RSA signature is really over these bytes; only what they mean would be forged.
    const [version, digests, info, certificates, signers] = membersOf(signature);
    assert.ok(version && digests && info && certificates && signers);
    const items = children(children(signers)[0]);
    const attributes = items[3];
    assert.ok(attributes);
    const bare = set([sequence(items.toSpliced(3, 1))]);
    const forged = rebuild([version, digests, info, certificates, bare]);
    assert.match(reasonOf(forged, encode(set(children(attributes)))), /other content/);
  });

  it('refuses what is missing, not DER, cut, followed by something, or too large', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), signature.subarray(0, -1)])
      assert.match(reasonOf(bytes), /not DER|not a detached/);
    assert.match(reasonOf(Buffer.concat([signature, Buffer.from([0])])), /not DER/);
    assert.match(reasonOf(Buffer.alloc(65_537, 0x30)), /not DER/);
  });
});
