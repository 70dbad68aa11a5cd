/**
 * Detached CMS signatures (RFC 5652): ASN.1 by node-forge, RSA and digests by node:crypto (forge's own RSA is some
 * fifty times slower). One signer, SHA-256 with RSA PKCS#1 v1.5, and the same bytes for the same content: no signingTime.
 */
import { createHash, sign, verify, type X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { certificateFault, readCertificateDer, type SigningIdentity, type Trust } from './certificates.ts';
import { children, context, encode, integer, isType, oid, oidOf, parse, sequence, set, text } from './der.ts';

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const SHA256 = '2.16.840.1.101.3.4.2.1';
const RSA = '1.2.840.113549.1.1.1';
const SHA256_RSA = '1.2.840.113549.1.1.11';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';

const { Type } = forge.asn1;
type Asn1 = forge.asn1.Asn1;

/** DER of a detached SignedData over `content`, the certificate included. Deterministic. */
export function signCms(content: Uint8Array, identity: SigningIdentity): Buffer {
  const certificate = parse(identity.certificate.raw);
  if (!certificate) throw new Error('the certificate is not DER');
  const { issuer, serial } = namesOf(certificate);
  const digest = createHash('sha256').update(content).digest();
  // DER orders a SET by its encodings: contentType is the shorter one, so it comes first.
  const attributes = [
    sequence([oid(CONTENT_TYPE), set([oid(DATA)])]),
    sequence([oid(MESSAGE_DIGEST), set([text(Type.OCTETSTRING, digest)])]),
  ];
  const signature = sign('sha256', encode(set(attributes)), identity.key);
  const signer = sequence([
    integer(1),
    sequence([issuer, serial]),
    algorithm(SHA256),
    context(0, attributes),
    algorithm(RSA),
    text(Type.OCTETSTRING, signature),
  ]);
  const signed = sequence([
    integer(1),
    set([algorithm(SHA256)]),
    sequence([oid(DATA)]),
    context(0, [certificate]),
    set([signer]),
  ]);
  return encode(sequence([oid(SIGNED_DATA), context(0, [signed])]));
}

export type CmsVerdict =
  | { readonly ok: true; readonly certificate: X509Certificate }
  | { readonly ok: false; readonly reason: string };

const no = (reason: string): CmsVerdict => ({ ok: false, reason });
const LARGEST = 65_536;

/**
 * Is `der` a detached signature over exactly `content`, by exactly one signer, whom `trust` vouches for at `now`?
 * The reason of a "no" is fixed text. Never throws.
 */
export function verifyCms(der: Uint8Array, content: Uint8Array, trust: Trust, now: Date): CmsVerdict {
  const outer = der.byteLength <= LARGEST ? parse(der) : undefined;
  if (!outer) return no('the signature is not DER');
  const signed = readSignedData(outer);
  if (!signed) return no('the signature is not a detached CMS SignedData');
  const [signer] = signed.signers;
  if (!signer || signed.signers.length !== 1) return no('the signature does not have exactly one signer');
  const parts = readSigner(signer);
  if (!parts) return no('the signer information is unreadable');
  const matching = signed.certificates.filter((item) => isNamed(item, parts.identifier));
  const certificate =
    matching[0] && matching.length === 1 ? readCertificateDer(encode(matching[0])) : undefined;
  if (!certificate) return no('the signature does not carry the certificate of its signer');
  const fault = certificateFault(certificate, trust, now);
  if (fault) return no(fault);
  const covered = coveredBytes(parts.attributes, content);
  if (!covered) return no('the signature is over other content');
  return certificate.publicKey.asymmetricKeyType === 'rsa' &&
    verify('sha256', covered, certificate.publicKey, parts.signature)
    ? { ok: true, certificate }
    : no('the signature does not match');
}

interface SignedData {
  readonly certificates: readonly Asn1[];
  readonly signers: readonly Asn1[];
}

function readSignedData(outer: Asn1): SignedData | undefined {
  const [type, content, ...more] = children(outer);
  if (more.length > 0 || oidOf(type) !== SIGNED_DATA || !isContext(content, 0)) return undefined;
  const [signed, ...others] = children(content);
  if (others.length > 0 || !isType(signed, Type.SEQUENCE)) return undefined;
  const [, digests, info, ...rest] = children(signed);
  const signers = rest.at(-1);
  const certificates = rest[0];
  // Exactly {version, digests, info, certificates, signers}: no eContent that differs from what we read, no CRLs.
  if (rest.length !== 2 || !isContext(certificates, 0) || !isType(signers, Type.SET)) return undefined;
  if (!isType(digests, Type.SET) || children(info).length !== 1 || oidOf(children(info)[0]) !== DATA)
    return undefined;
  return { certificates: children(certificates), signers: children(signers) };
}

interface SignerParts {
  readonly identifier: Asn1;
  readonly attributes: Asn1 | undefined;
  readonly signature: Buffer;
}

function readSigner(signer: Asn1): SignerParts | undefined {
  const items = children(signer);
  const attributes = isContext(items[3], 0) ? items[3] : undefined;
  const [, identifier, digest, method, value, ...more] = attributes ? items.toSpliced(3, 1) : items;
  const methodOid = oidOf(children(method)[0]);
  const ok =
    more.length === 0 && // no unsigned attributes: nothing there is covered by the signature
    isType(identifier, Type.SEQUENCE) &&
    oidOf(children(digest)[0]) === SHA256 &&
    (methodOid === RSA || methodOid === SHA256_RSA) &&
    isType(value, Type.OCTETSTRING) &&
    typeof value.value === 'string';
  return ok && identifier && value && typeof value.value === 'string'
    ? { identifier, attributes, signature: Buffer.from(value.value, 'binary') }
    : undefined;
}

/** The bytes that the RSA signature must be over; undefined when the signed attributes do not speak of `content`. */
function coveredBytes(attributes: Asn1 | undefined, content: Uint8Array): Uint8Array | undefined {
  // Without attributes the content itself is signed; were it a SET, it could be another message's attributes.
  if (!attributes) return content[0] === 0x31 ? undefined : content;
  const type = onlyValue(attributes, CONTENT_TYPE);
  const digest = onlyValue(attributes, MESSAGE_DIGEST);
  if (oidOf(type) !== DATA || !isType(digest, Type.OCTETSTRING)) return undefined;
  const expected = createHash('sha256').update(content).digest('binary');
  // Signed is the SET itself, not its [0] tag (§5.4). We encode what we have read, so nothing unread is covered.
  return digest?.value === expected ? encode(set(children(attributes))) : undefined;
}

function onlyValue(attributes: Asn1, type: string): Asn1 | undefined {
  const found = children(attributes).filter((item) => oidOf(children(item)[0]) === type);
  const values = found.length === 1 ? children(children(found[0])[1]) : [];
  return values.length === 1 ? values[0] : undefined;
}

/** Issuer and serial number as they stand in the certificate. */
function namesOf(certificate: Asn1): { issuer: Asn1; serial: Asn1 } {
  const fields = children(children(certificate)[0]);
  const [serial, , issuer] = isContext(fields[0], 0) ? fields.slice(1) : fields;
  if (!serial || !issuer) throw new Error('not a certificate');
  return { issuer, serial };
}

function isNamed(certificate: Asn1, identifier: Asn1): boolean {
  try {
    const { issuer, serial } = namesOf(certificate);
    return encode(sequence([issuer, serial])).equals(encode(identifier));
  } catch {
    return false;
  }
}

const isContext = (item: Asn1 | undefined, tag: number): item is Asn1 =>
  item?.tagClass === forge.asn1.Class.CONTEXT_SPECIFIC && Number(item.type) === tag && item.constructed;

const algorithm = (name: string): Asn1 => sequence([oid(name), forge.asn1.create(0, Type.NULL, false, '')]);
