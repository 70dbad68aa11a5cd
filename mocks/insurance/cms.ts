// Detached CMS SignedData (RFC 5652) with node:crypto, on the few words of DER beside this file: verifying the client's,
// making the agency's. A general ASN.1 library took a quarter of all the processor time that an exit costs.
import { createHash, sign, verify } from 'node:crypto';
import { type Authority, type Identity, Refusal, type Signer } from '../kernel/agency.ts';
import { context, oid, only, parts, TAG, type Value, values, write } from './der.ts';

const OID = {
  data: oid('1.2.840.113549.1.7.1'),
  signedData: oid('1.2.840.113549.1.7.2'),
  sha256: oid('2.16.840.1.101.3.4.2.1'),
  rsa: oid('1.2.840.113549.1.1.1'),
  sha256Rsa: oid('1.2.840.113549.1.1.11'),
  contentType: oid('1.2.840.113549.1.9.3'),
  messageDigest: oid('1.2.840.113549.1.9.4'),
  signingTime: oid('1.2.840.113549.1.9.5'),
};

const bad = (why: string, cause?: unknown) => new Refusal('AUTH_SIGNATURE', why, { cause });
const is = (value: Value | undefined, bytes: Buffer) => value?.whole.equals(bytes) === true;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

/**
 * Who signed these bytes, and with which certificate (DER). Throws Refusal AUTH_SIGNATURE, or AUTH_CERTIFICATE from the CA.
 * Exactly one signer, SHA-256 with RSA; the signature is over `content` and nothing that travels inside the CMS.
 */
export function verifyDetached(
  signature: Buffer,
  content: Buffer,
  ca: Authority,
): Signer & { certificateDer: Buffer } {
  const { signer: info, certificates } = unreadable(() => readSignedData(signature));
  if (!is(info.digest, OID.sha256)) throw bad('The digest is not SHA-256');
  if (!is(info.method, OID.rsa) && !is(info.method, OID.sha256Rsa)) throw bad('Not RSA PKCS#1 v1.5');
  const certificate = unreadable(() =>
    certificates.find((each) => names(each).whole.equals(info.named.whole)),
  );
  if (!certificate) throw bad('The signer’s certificate is not included');
  const signer = ca.verify(certificate);
  const covered = info.attributes
    ? unreadable(() => coveredBytes(info.attributes as Value, content))
    : content;
  const fits =
    covered !== undefined &&
    signer.publicKey.asymmetricKeyType === 'rsa' &&
    verify('sha256', covered, signer.publicKey, info.value);
  if (!fits) throw bad('The signature does not fit the payload');
  return { ...signer, certificateDer: certificate };
}

/** What is said of bytes that do not read as they should. */
function unreadable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw bad('The signature is no CMS SignedData', error);
  }
}

interface SignerInfo {
  readonly named: Value;
  readonly digest: Value | undefined;
  readonly attributes: Value | undefined;
  readonly method: Value | undefined;
  readonly value: Buffer;
}

function readSignedData(der: Buffer): { signer: SignerInfo; certificates: readonly Buffer[] } {
  const [type, explicit] = parts(only(der, TAG.sequence), TAG.sequence);
  if (!is(type, OID.signedData)) throw new Error('not SignedData');
  const [signed] = parts(explicit, context(0));
  const [, , info, ...rest] = parts(signed, TAG.sequence);
  const [contentType, eContent] = parts(info, TAG.sequence);
  if (eContent) throw bad('The signature is not detached');
  if (!is(contentType, OID.data)) throw bad('eContentType is not data');
  const included = rest[0]?.tag === context(0) ? values(rest[0].content) : [];
  const [signer, ...others] = parts(rest.at(-1), TAG.set);
  if (!signer || others.length > 0) throw bad('Not exactly one signer');
  return { signer: readSigner(signer), certificates: included.map(({ whole }) => whole) };
}

function readSigner(signer: Value): SignerInfo {
  const [, named, digest, ...rest] = parts(signer, TAG.sequence);
  if (named?.tag !== TAG.sequence) throw bad('The signer is not named by issuer and serial number');
  const attributes = rest[0]?.tag === context(0) ? rest.shift() : undefined;
  const [method, value] = rest;
  if (value?.tag !== TAG.octets) throw new Error('no signature value');
  return {
    named,
    digest: parts(digest, TAG.sequence)[0],
    attributes,
    method: parts(method, TAG.sequence)[0],
    value: value.content,
  };
}

/** IssuerAndSerialNumber as the certificate's own bytes have it. */
function names(certificate: Buffer): Value {
  const [body] = parts(only(certificate, TAG.sequence), TAG.sequence);
  const fields = parts(body, TAG.sequence);
  const [serial, , issuer] = fields[0]?.tag === context(0) ? fields.slice(1) : fields;
  if (!serial || !issuer) throw new Error('no certificate');
  return only(write(TAG.sequence, issuer.whole, serial.whole), TAG.sequence);
}

/** What the signature must be over; undefined when the signed attributes do not speak of `content`. */
function coveredBytes(attributes: Value, content: Buffer): Buffer | undefined {
  const type = onlyValue(attributes, OID.contentType);
  const digest = onlyValue(attributes, OID.messageDigest);
  if (!is(type, OID.data) || digest?.tag !== TAG.octets || !digest.content.equals(sha256(content)))
    return undefined;
  // Signed is the SET, not the [0] under which it travels (§5.4).
  return write(TAG.set, attributes.content);
}

function onlyValue(attributes: Value, type: Buffer): Value | undefined {
  const found = values(attributes.content)
    .map((each) => parts(each, TAG.sequence))
    .filter(([name]) => is(name, type));
  const held = found.length === 1 ? parts(found[0]?.[1], TAG.set) : [];
  return held.length === 1 ? held[0] : undefined;
}

const attribute = (type: Buffer, value: Buffer) => write(TAG.sequence, type, write(TAG.set, value));
const algorithm = (name: Buffer, ...parameters: Buffer[]) => write(TAG.sequence, name, ...parameters);
const NULL = Buffer.from([0x05, 0x00]);
const ONE = write(TAG.integer, Buffer.from([1]));

/** DER of a detached SignedData with contentType, signingTime and messageDigest; same input, same bytes. */
export function signDetached(content: Buffer, signer: Identity, at: Date): Buffer {
  // DER orders a SET by its encodings: these three stand by their length.
  const attributes = Buffer.concat([
    attribute(OID.contentType, OID.data),
    attribute(OID.signingTime, time(at)),
    attribute(OID.messageDigest, write(TAG.octets, sha256(content))),
  ]);
  const info = write(
    TAG.sequence,
    ONE,
    names(signer.certificateDer).whole,
    algorithm(OID.sha256),
    write(context(0), attributes),
    algorithm(OID.rsa, NULL),
    write(TAG.octets, sign('sha256', write(TAG.set, attributes), signer.privateKey)),
  );
  const signed = write(
    TAG.sequence,
    ONE,
    write(TAG.set, algorithm(OID.sha256)),
    write(TAG.sequence, OID.data),
    write(context(0), signer.certificateDer),
    write(TAG.set, info),
  );
  return write(TAG.sequence, OID.signedData, write(context(0), signed));
}

/** UTCTime through 2049, GeneralizedTime after (§11.3). */
function time(at: Date): Buffer {
  const text = at.toISOString().replace(/[-:T]|\.\d+/g, '');
  return at.getUTCFullYear() < 2050
    ? write(TAG.utcTime, Buffer.from(text.slice(2)))
    : write(TAG.generalizedTime, Buffer.from(text));
}
