/**
 * Whose certificate is this, and may it speak now? One check for every signature suite (CMS, JWS, XML-DSig).
 * It trusts only the certificates configured for the connection, never the machine's store.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

/** Who is allowed to have signed: issued directly by one of `authorities`, with exactly this subject common name. */
export interface Trust {
  readonly authorities: readonly X509Certificate[];
  readonly subject: string;
}

/** Our own signing identity, read once per connection. */
export interface SigningIdentity {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----/g;

/** All certificates of a PEM text. Throws when there is none or one cannot be read. */
export function readCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0) throw new Error('no PEM certificate');
  return blocks.map((block) => new X509Certificate(block));
}

/** Throws when the CA text holds no certificate. */
export function readTrust(caPem: string, subject: string): Trust {
  return { authorities: readCertificates(caPem), subject };
}

/** Throws when the PEM texts cannot be read, or the key is not the certificate's. */
export function readIdentity(certificatePem: string, keyPem: string): SigningIdentity {
  const [certificate] = readCertificates(certificatePem);
  const key = createPrivateKey(keyPem);
  if (!certificate?.checkPrivateKey(key)) throw new Error('the key is not the key of the certificate');
  return { certificate, key };
}

/** Agencies sign every answer with the same certificate: reading one costs as much as a signature. */
const seen = new Map<string, X509Certificate>();
const MOST_SEEN = 256;

/** A certificate from its DER bytes; undefined when it is none. Equal bytes give the same object. */
export function readCertificateDer(der: Uint8Array): X509Certificate | undefined {
  const bytes = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
  const key = bytes.toString('latin1');
  const known = seen.get(key);
  if (known !== undefined) return known;
  try {
    const certificate = new X509Certificate(bytes);
    if (!certificate.raw.equals(bytes)) return undefined;
    if (seen.size >= MOST_SEEN) seen.clear();
    seen.set(key, certificate);
    return certificate;
  } catch {
    return undefined;
  }
}

/** The subject's only common name; undefined when there is none or more than one. */
export const commonName = (certificate: X509Certificate): string | undefined =>
  subjectPart(certificate, 'CN');

/** The unit that an employer's certificate speaks for: its USCC, in the subject's serialNumber (2.5.4.5). */
export const unitOf = (certificate: X509Certificate): string | undefined =>
  subjectPart(certificate, 'serialNumber');

function subjectPart(certificate: X509Certificate, name: string): string | undefined {
  // The legacy object is read from the parsed name; `subject` is text in which a value may imitate another line.
  const part: unknown = Object.entries(certificate.toLegacyObject().subject).find(
    ([key]) => key === name,
  )?.[1];
  return typeof part === 'string' ? part : undefined;
}

/** Why the certificate may not speak at `now` (a fixed sentence without foreign text); undefined when it may. */
export function certificateFault(certificate: X509Certificate, trust: Trust, now: Date): string | undefined {
  if (certificate.ca) return 'a certificate authority is not a signer';
  const issuer = issuerOf(certificate, trust);
  if (!issuer) return 'the certificate was not issued by the configured authority';
  if (!isCurrent(certificate, now) || !isCurrent(issuer, now))
    return 'the certificate is not valid at this time';
  if (commonName(certificate) !== trust.subject) return 'the certificate names another subject';
  const key = certificate.publicKey;
  if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    return 'the key of the certificate is too short';
  return undefined;
}

/** Who issued it never changes; whether both are in validity is asked each time. */
const issuers = new WeakMap<X509Certificate, WeakMap<Trust, X509Certificate>>();

function issuerOf(certificate: X509Certificate, trust: Trust): X509Certificate | undefined {
  const known = issuers.get(certificate)?.get(trust);
  if (known !== undefined) return known;
  const issuer = trust.authorities.find(
    (ca) => certificate.checkIssued(ca) && certificate.verify(ca.publicKey),
  );
  if (issuer === undefined) return undefined;
  const byTrust = issuers.get(certificate) ?? new WeakMap<Trust, X509Certificate>();
  issuers.set(certificate, byTrust.set(trust, issuer));
  return issuer;
}

function isCurrent(certificate: X509Certificate, now: Date): boolean {
  // Node 20 has the times as text only ("Nov 23 13:34:00 2026 GMT"); NaN compares false, hence fails closed.
  return (
    Date.parse(certificate.validFrom) <= now.getTime() && now.getTime() <= Date.parse(certificate.validTo)
  );
}
