/** What the mock insurance agency takes for a signature, part by part: each spoilt where only its own check sees it. */
import assert from 'node:assert/strict';
import * as asn1 from 'asn1js';
import { signDetached, verifyDetached } from '../../../mocks/insurance/cms.ts';
import type { Identity } from '../../../mocks/kernel/agency.ts';
import { der, oid, read, sequence, whole } from '../../../mocks/kernel/asn1.ts';
import { createAuthority, prepareKeys, type SandboxAuthority } from '../../../mocks/kernel/ca.ts';
import { KEEPS_ALL } from '../../../mocks/kernel/rules.ts';

const UNIT = '91110105MA001234X4';
const AT = new Date('2026-11-25T02:00:00Z');
const CONTENT = Buffer.from('<Payload>张某</Payload>');

type Change = (inner: readonly asn1.AsnType[]) => readonly asn1.AsnType[];

/** The same node with its parts replaced. */
function rebuilt(node: asn1.AsnType, change: Change): asn1.Constructed {
  const { idBlock, valueBlock } = node as asn1.Constructed;
  return new asn1.Constructed({ idBlock, value: [...change(valueBlock.value)] });
}
const replaced =
  (at: number, make: (old: asn1.AsnType) => asn1.AsnType): Change =>
  (inner) =>
    inner.map((each, index) => (index === at ? make(each) : each));
const within = (at: number, change: Change) => replaced(at, (old) => rebuilt(old, change));

describe('the CMS of the mock insurance agency', () => {
  let ca: SandboxAuthority;
  let identity: Identity;
  let good: Buffer;

  before(async () => {
    ca = createAuthority({
      sandbox: 'cms',
      seed: 'seed',
      secret: 'seed|cms',
      now: () => AT,
      keys: await prepareKeys(),
    });
    identity = await ca.identity(UNIT, '某证券有限公司');
    good = signDetached(CONTENT, identity, AT);
  });

  const signedData = (change: Change) => der(rebuilt(read(good), within(1, within(0, change))));
  /** SignerInfo: version, name, digest, [0] attributes, method, value. */
  const signerInfo = (change: Change) => signedData(within(4, within(0, change)));
  const attributes = (change: Change) => signerInfo(within(3, change));
  const refused = (signature: Buffer, why: RegExp, content = CONTENT) =>
    assert.throws(() => verifyDetached(signature, content, { ca, keeps: KEEPS_ALL }), {
      code: 'AUTH_SIGNATURE',
      message: why,
    });

  it('takes what it makes, and gives the same bytes again', () => {
    assert.equal(verifyDetached(good, CONTENT, { ca, keeps: KEEPS_ALL }).uscc, UNIT);
    assert.deepEqual(signDetached(CONTENT, identity, AT), good);
    assert.deepEqual(
      signedData((inner) => inner),
      good,
    );
  });

  it('refuses other content, and another kind of content', () => {
    refused(good, /does not fit/, Buffer.from('<Payload>李某</Payload>'));
    const other = sequence(oid('1.2.840.113549.1.7.3'));
    refused(signedData(replaced(2, () => other)), /eContentType/);
  });

  it('refuses none and two signers, and one whose certificate is not there', () => {
    const none = new asn1.Set();
    refused(signedData(replaced(4, () => none)), /exactly one signer/);
    refused(signedData(within(4, (inner) => [...inner, ...inner])), /exactly one signer/);
    refused(
      signedData((inner) => inner.filter((_, index) => index !== 3)),
      /certificate is not included/,
    );
  });

  it('refuses other algorithms', () => {
    const sha1 = sequence(oid('1.3.14.3.2.26'));
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
      attributes((inner) => [...inner, inner[2] as asn1.AsnType]),
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

  it('refuses signed attributes in another order than they were signed in', () => {
    refused(
      attributes((inner) => [...inner].reverse()),
      /does not fit/,
    );
  });

  it('refuses whatever is not DER', () => {
    const long = Buffer.concat([Buffer.from([0x30, 0x83, 0]), good.subarray(2)]);
    const endless = Buffer.concat([Buffer.from([0x30, 0x80]), good.subarray(4), Buffer.from([0, 0])]);
    const twice = Buffer.concat([good, good]);
    for (const each of [long, endless, twice, good.subarray(0, -1), Buffer.alloc(0), Buffer.from([0x30])])
      refused(each, /no CMS SignedData/);
    // The name of the digest with a zero before an arc: the same object identifier to a reader of BER.
    const valueHex = Buffer.from('60864801650304028001', 'hex');
    const padded = new asn1.Primitive({ idBlock: { tagClass: 1, tagNumber: 6 }, valueHex });
    refused(signerInfo(within(2, () => [padded])), /SHA-256/);
  });
});

describe('what the mock agencies read of ASN.1', () => {
  const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

  it('is what came, to the byte', () => {
    for (const each of ['a004 0402 0102', '3000', '0400', '0303 0780 00', '0609 608648016503040201'])
      assert.deepEqual(whole(read(hex(each))), hex(each));
    const bytes = Buffer.concat([hex('0482 0101'), Buffer.alloc(257)]);
    assert.deepEqual(whole(read(bytes)), bytes);
    assert.deepEqual(der(oid('2.16.840.1.101.3.4.2.1')), hex('0609608648016503040201'));
  });

  for (const [what, bytes] of [
    ['a length of two octets where one would do', '0481 05 0102030405'],
    ['a length that starts with zero', `0482 0080 ${'00'.repeat(128)}`],
    ['such a length further in', '3005 048102 0102'],
    ['an indefinite length', '3080 0402 0102 0000'],
    ['an indefinite length further in', '3006 3080 0500 0000'],
    ['an indefinite length without an end', '3080'],
    ['a value cut short', '0405 01'],
    ['a part that is longer than the whole', '3006 3003 0402 0102'],
    ['bytes that follow', '0401 01 00'],
    ['a tag of several octets', 'bf00 04 0402 0102'],
    ['an octet string in pieces', '2404 0402 0102'],
    ['a sequence under the tag of a single value', '1003 020101'],
    ['nothing', ''],
  ] as const)
    it(`is not ${what}`, () => {
      assert.throws(() => read(hex(bytes)));
    });
});
