/** What the mock insurance agency takes for a signature, part by part: each spoilt where only its own check sees it. */
import assert from 'node:assert/strict';
import { signDetached, verifyDetached } from '../../../mocks/insurance/cms.ts';
import { context, oid, only, parts, TAG, type Value, values, write } from '../../../mocks/insurance/der.ts';
import type { Identity } from '../../../mocks/kernel/agency.ts';
import { createAuthority, prepareKeys, type SandboxAuthority } from '../../../mocks/kernel/ca.ts';

const UNIT = '91110105MA001234X4';
const AT = new Date('2026-11-25T02:00:00Z');
const CONTENT = Buffer.from('<Payload>张某</Payload>');

/** The same value with its parts replaced. */
const rebuilt = (value: Value | undefined, change: (inner: readonly Buffer[]) => readonly Buffer[]): Buffer =>
  write(value?.tag ?? 0, ...change(values(value?.content ?? Buffer.alloc(0)).map((each) => each.whole)));
const replaced = (at: number, make: (old: Value) => Buffer) => (inner: readonly Buffer[]) =>
  inner.map((each, index) => (index === at ? make(values(each)[0] as Value) : each));

describe('the CMS of the mock insurance agency', () => {
  let ca: SandboxAuthority;
  let identity: Identity;
  let der: Buffer;

  before(async () => {
    ca = createAuthority({ sandbox: 'cms', seed: 'seed', now: () => AT, keys: await prepareKeys() });
    identity = await ca.identity(UNIT, '某证券有限公司');
    der = signDetached(CONTENT, identity, AT);
  });

  const signedData = (change: (inner: readonly Buffer[]) => readonly Buffer[]) =>
    rebuilt(
      only(der, TAG.sequence),
      replaced(1, (explicit) =>
        rebuilt(
          explicit,
          replaced(0, (signed) => rebuilt(signed, change)),
        ),
      ),
    );
  /** SignerInfo: version, name, digest, [0] attributes, method, value. */
  const signerInfo = (change: (inner: readonly Buffer[]) => readonly Buffer[]) =>
    signedData(
      replaced(4, (set) =>
        rebuilt(
          set,
          replaced(0, (info) => rebuilt(info, change)),
        ),
      ),
    );
  const attributes = (change: (inner: readonly Buffer[]) => readonly Buffer[]) =>
    signerInfo(replaced(3, (held) => rebuilt(held, change)));
  const refused = (signature: Buffer, why: RegExp, content = CONTENT) =>
    assert.throws(() => verifyDetached(signature, content, ca), { code: 'AUTH_SIGNATURE', message: why });

  it('takes what it makes, and gives the same bytes again', () => {
    assert.equal(verifyDetached(der, CONTENT, ca).uscc, UNIT);
    assert.deepEqual(signDetached(CONTENT, identity, AT), der);
    assert.deepEqual(
      signedData((inner) => inner),
      der,
    );
  });

  it('refuses other content, and another kind of content', () => {
    refused(der, /does not fit/, Buffer.from('<Payload>李某</Payload>'));
    const other = write(TAG.sequence, oid('1.2.840.113549.1.7.3'));
    refused(signedData(replaced(2, () => other)), /eContentType/);
  });

  it('refuses none and two signers, and one whose certificate is not there', () => {
    const none = write(TAG.set);
    refused(signedData(replaced(4, () => none)), /exactly one signer/);
    refused(
      signedData(replaced(4, (set) => rebuilt(set, (inner) => [...inner, ...inner]))),
      /exactly one signer/,
    );
    refused(
      signedData((inner) => inner.filter((_, index) => index !== 3)),
      /certificate is not included/,
    );
  });

  it('refuses other algorithms', () => {
    const sha1 = write(TAG.sequence, oid('1.3.14.3.2.26'));
    refused(signerInfo(replaced(2, () => sha1)), /SHA-256/);
    refused(signerInfo(replaced(4, () => sha1)), /RSA/);
  });

  it('refuses signed attributes that say nothing, too much or something else of the content', () => {
    for (const lacking of [0, 2])
      refused(
        attributes((inner) => inner.filter((_, index) => index !== lacking)),
        /does not fit/,
      );
    refused(
      attributes((inner) => [...inner, inner[2] as Buffer]),
      /does not fit/,
    );
    // They are right, and the signature is not over them.
    refused(
      attributes((inner) => inner.filter((_, index) => index !== 1)),
      /does not fit/,
    );
    // Without attributes the signature would have to be over the content itself.
    refused(
      signerInfo((inner) => inner.filter((_, index) => index !== 3)),
      /does not fit/,
    );
  });

  it('refuses whatever is not DER', () => {
    const long = Buffer.concat([Buffer.from([0x30, 0x83, 0]), der.subarray(2)]);
    const endless = Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(4), Buffer.from([0, 0])]);
    const twice = Buffer.concat([der, der]);
    for (const each of [long, endless, twice, der.subarray(0, -1), Buffer.alloc(0), Buffer.from([0x30])])
      refused(each, /no CMS SignedData/);
  });

  it('reads one level at a time', () => {
    const set = write(context(0), write(TAG.octets, Buffer.alloc(300)), write(TAG.octets));
    assert.deepEqual(
      parts(only(set, context(0)), context(0)).map(({ content }) => content.length),
      [300, 0],
    );
    assert.throws(() => values(Buffer.from([0x04, 0x81, 0x05, 1, 2, 3, 4, 5])), /shortest/);
    assert.throws(() => values(Buffer.from([0x04, 0x82, 0x00, 0x80])), /shortest/);
    assert.throws(() => values(Buffer.from([0x04, 0x05, 1])), /cut/);
    assert.equal(oid('2.16.840.1.101.3.4.2.1').toString('hex'), '0609608648016503040201');
  });
});
