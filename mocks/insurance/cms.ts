// Detached CMS SignedData (RFC 5652) by pkijs: verifying the client's, making the agency's.
import type { KeyObject, webcrypto } from 'node:crypto';
import { fromBER, ObjectIdentifier, OctetString, UTCTime } from 'asn1js';
import {
  AlgorithmIdentifier,
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs';
import { type Authority, type Identity, Refusal, type Signer } from '../kernel/agency.ts';

const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  sha256: '2.16.840.1.101.3.4.2.1',
  rsa: '1.2.840.113549.1.1.1',
  sha256Rsa: '1.2.840.113549.1.1.11',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
};

const bad = (why: string, cause?: unknown) => new Refusal('AUTH_SIGNATURE', why, { cause });

/** ArrayBuffer of exactly these bytes, which is what pkijs reads. */
const exact = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/**
 * Who signed these bytes, and with which certificate (DER). Throws Refusal AUTH_SIGNATURE, or AUTH_CERTIFICATE from the CA.
 * Exactly one signer, SHA-256 with RSA; the signature is over `content` and nothing that travels inside the CMS.
 */
export async function verifyDetached(
  signature: Buffer,
  content: Buffer,
  ca: Authority,
): Promise<Signer & { certificateDer: Buffer }> {
  const signed = parse(signature);
  const info = signed.signerInfos[0];
  if (signed.signerInfos.length !== 1 || !info) throw bad('Not exactly one signer');
  if (signed.encapContentInfo.eContent !== undefined) throw bad('The signature is not detached');
  if (signed.encapContentInfo.eContentType !== OID.data) throw bad('eContentType is not data');
  if (info.digestAlgorithm.algorithmId !== OID.sha256) throw bad('The digest is not SHA-256');
  if (![OID.rsa, OID.sha256Rsa].includes(info.signatureAlgorithm.algorithmId))
    throw bad('Not RSA PKCS#1 v1.5');
  const certificate = signerCertificate(signed, info);
  const signer = ca.verify(certificate);
  let good: boolean;
  try {
    good = await signed.verify({ signer: 0, data: exact(content), checkChain: false });
  } catch (error) {
    throw bad('The signature does not fit the payload', error);
  }
  if (!good) throw bad('The signature does not fit the payload');
  return { ...signer, certificateDer: certificate };
}

function parse(signature: Buffer): SignedData {
  try {
    const asn1 = fromBER(exact(signature));
    if (asn1.offset !== signature.length) throw new Error('not one DER value');
    const info = new ContentInfo({ schema: asn1.result });
    if (info.contentType !== OID.signedData) throw new Error('not SignedData');
    return new SignedData({ schema: info.content });
  } catch (error) {
    throw bad('The signature is no CMS SignedData', error);
  }
}

function signerCertificate(signed: SignedData, info: SignerInfo): Buffer {
  const sid: unknown = info.sid;
  if (!(sid instanceof IssuerAndSerialNumber))
    throw bad('The signer is not named by issuer and serial number');
  const found = (signed.certificates ?? []).find(
    (each): each is Certificate =>
      each instanceof Certificate &&
      each.issuer.isEqual(sid.issuer) &&
      each.serialNumber.isEqual(sid.serialNumber),
  );
  if (!found) throw bad('The signer’s certificate is not included');
  return Buffer.from(found.toSchema(false).toBER());
}

const attribute = (type: string, value: unknown) => new Attribute({ type, values: [value] });
// Importing a key costs more than signing with it.
const imported = new WeakMap<KeyObject, Promise<webcrypto.CryptoKey>>();

function webKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const known = imported.get(key);
  if (known) return known;
  const fresh = crypto.subtle.importKey(
    'pkcs8',
    new Uint8Array(key.export({ type: 'pkcs8', format: 'der' })),
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  imported.set(key, fresh);
  return fresh;
}

/** DER of a detached SignedData with contentType, signingTime and messageDigest; same input, same bytes. */
export async function signDetached(content: Buffer, signer: Identity, at: Date): Promise<Buffer> {
  const certificate = new Certificate({ schema: fromBER(exact(signer.certificateDer)).result });
  const digest = await crypto.subtle.digest('SHA-256', exact(content));
  const signed = new SignedData({
    version: 1,
    digestAlgorithms: [new AlgorithmIdentifier({ algorithmId: OID.sha256 })],
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: OID.data }),
    certificates: [certificate],
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({
          issuer: certificate.issuer,
          serialNumber: certificate.serialNumber,
        }),
        signedAttrs: new SignedAndUnsignedAttributes({
          type: 0,
          attributes: [
            attribute(OID.contentType, new ObjectIdentifier({ value: OID.data })),
            attribute(OID.signingTime, new UTCTime({ valueDate: at })),
            attribute(OID.messageDigest, new OctetString({ valueHex: digest })),
          ],
        }),
      }),
    ],
  });
  await signed.sign(await webKey(signer.privateKey), 0, 'SHA-256', exact(content));
  const info = new ContentInfo({ contentType: OID.signedData, content: signed.toSchema(true) });
  return Buffer.from(info.toSchema().toBER());
}
