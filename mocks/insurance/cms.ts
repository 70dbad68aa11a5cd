// Detached CMS SignedData (RFC 5652): verifying the client's, making the agency's. asn1js reads and writes, node:crypto
// digests and signs; a CMS library that does both cost a quarter of all the processor time of an exit.
import { createHash, sign, verify } from 'node:crypto';
import * as asn1 from 'asn1js';
import { type Identity, Refusal, type Room, type Signer } from '../kernel/agency.ts';
import {
  algorithm,
  attribute,
  bytesOf,
  context,
  contextOf,
  der,
  integer,
  isContext,
  isNamed,
  isOid,
  issuerAndSerial,
  octets,
  oid,
  parts,
  read,
  sequence,
  setOf,
  time,
  whole,
} from '../kernel/asn1.ts';
import type { Keeps } from '../kernel/rules.ts';

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
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

/**
 * Who signed these bytes, and with which certificate (DER). Throws Refusal AUTH_SIGNATURE, or AUTH_CERTIFICATE from the CA.
 * Exactly one signer, SHA-256 with RSA; the signature is over `content` and nothing that travels inside the CMS.
 */
export function verifyDetached(
  signature: Buffer,
  content: Buffer,
  { ca, keeps }: Pick<Room, 'ca' | 'keeps'>,
): Signer & { certificateDer: Buffer } {
  const { signer: info, certificates } = unreadable(() => readSignedData(signature, keeps));
  const algorithms = keeps('insurance.algorithms');
  if (algorithms && !isOid(info.digest, OID.sha256)) throw bad('The digest is not SHA-256');
  if (algorithms && !isOid(info.method, OID.rsa) && !isOid(info.method, OID.sha256Rsa))
    throw bad('Not RSA PKCS#1 v1.5');
  const named = unreadable(() => certificates.find((each) => isNamed(info.named, each)));
  if (!named) throw bad('The signer’s certificate is not included');
  const certificate = whole(named);
  const signer = ca.verify(certificate);
  const { attributes } = info;
  const covered = attributes ? unreadable(() => coveredBytes(attributes, content, keeps)) : content;
  const fits =
    covered !== undefined &&
    signer.publicKey.asymmetricKeyType === 'rsa' &&
    verify('sha256', covered, signer.publicKey, info.value);
  if (keeps('insurance.signature') && !fits) throw bad('The signature does not fit the payload');
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
  readonly named: asn1.Sequence;
  readonly digest: asn1.AsnType | undefined;
  readonly attributes: asn1.Constructed | undefined;
  readonly method: asn1.AsnType | undefined;
  readonly value: Buffer;
}

function readSignedData(
  signature: Buffer,
  keeps: Keeps,
): { signer: SignerInfo; certificates: readonly asn1.AsnType[] } {
  const [type, explicit] = parts(read(signature), asn1.Sequence);
  if (!isOid(type, OID.signedData)) throw new Error('not SignedData');
  const [signed] = parts(explicit, 0);
  const [, , info, ...rest] = parts(signed, asn1.Sequence);
  const [contentType, eContent] = parts(info, asn1.Sequence);
  if (keeps('insurance.detached') && eContent) throw bad('The signature is not detached');
  if (!isOid(contentType, OID.data)) throw bad('eContentType is not data');
  const included = isContext(rest[0], 0) ? parts(rest[0], 0) : [];
  const [signer, ...others] = parts(rest.at(-1), asn1.Set);
  if (!signer || (keeps('insurance.one-signer') && others.length > 0)) throw bad('Not exactly one signer');
  return { signer: readSigner(signer), certificates: included };
}

function readSigner(signer: asn1.AsnType): SignerInfo {
  const [, named, digest, ...rest] = parts(signer, asn1.Sequence);
  if (!(named instanceof asn1.Sequence)) throw bad('The signer is not named by issuer and serial number');
  const [first, ...others] = rest;
  const attributes = isContext(first, 0) ? first : undefined;
  const [method, signature] = attributes ? others : rest;
  const value = bytesOf(signature);
  if (!value) throw new Error('no signature value');
  return {
    named,
    digest: parts(digest, asn1.Sequence)[0],
    attributes,
    method: parts(method, asn1.Sequence)[0],
    value,
  };
}

/** What the signature must be over; undefined when the signed attributes do not speak of `content`. */
function coveredBytes(attributes: asn1.Constructed, content: Buffer, keeps: Keeps): Buffer | undefined {
  const type = onlyValue(attributes, OID.contentType);
  const digest = bytesOf(onlyValue(attributes, OID.messageDigest));
  const speaks = isOid(type, OID.data) && digest?.equals(sha256(content));
  if (keeps('insurance.digest') && !speaks) return undefined;
  // Signed is the SET as it came, not the [0] under which it travels (§5.4).
  return Buffer.concat([Buffer.from([0x31]), whole(attributes).subarray(1)]);
}

function onlyValue(attributes: asn1.Constructed, type: string): asn1.AsnType | undefined {
  const found = parts(attributes, 0)
    .map((each) => parts(each, asn1.Sequence))
    .filter(([name]) => isOid(name, type));
  const held = found.length === 1 ? parts(found[0]?.[1], asn1.Set) : [];
  return held.length === 1 ? held[0] : undefined;
}

const names = new WeakMap<Identity, asn1.Sequence>();

/** The agency signs every answer with one certificate: it is read once. */
function nameOf(signer: Identity): asn1.Sequence {
  const name = names.get(signer) ?? issuerAndSerial(read(signer.certificateDer));
  names.set(signer, name);
  return name;
}

/** DER of a detached SignedData with contentType, signingTime and messageDigest; same input, same bytes. */
export function signDetached(content: Buffer, signer: Identity, at: Date): Buffer {
  const attributes = setOf(
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.signingTime, time(at)),
    attribute(OID.messageDigest, octets(sha256(content))),
  );
  const info = sequence(
    integer(1),
    nameOf(signer),
    sequence(oid(OID.sha256)),
    context(0, ...attributes.valueBlock.value), // [0] IMPLICIT; signed as SET OF
    algorithm(OID.rsa),
    octets(sign('sha256', der(attributes), signer.privateKey)),
  );
  const signed = sequence(
    integer(1),
    setOf(sequence(oid(OID.sha256))),
    sequence(oid(OID.data)),
    contextOf(0, signer.certificateDer),
    setOf(info),
  );
  return der(sequence(oid(OID.signedData), context(0, signed)));
}
