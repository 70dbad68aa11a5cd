/**
 * Detached JSON Web Signatures (RFC 7515, appendix F) with the signer's certificate in `x5c`.
 * The payload is the exact body; what else is bound (method, path, request) stands in the header and is the caller's to compare.
 */
import { constants, sign, verify, type X509Certificate } from 'node:crypto';
import { certificateFault, readCertificateDer, type SigningIdentity, type Trust } from './certificates.ts';

/** `header..signature`, RS256. Header members keep the order given, after `alg` and `x5c`. */
export function signDetached(
  payload: Uint8Array,
  identity: SigningIdentity,
  header: Readonly<Record<string, string | number>>,
): string {
  const protectedHeader = { alg: 'RS256', x5c: [identity.certificate.raw.toString('base64')], ...header };
  const encoded = Buffer.from(JSON.stringify(protectedHeader)).toString('base64url');
  return `${encoded}..${sign('sha256', signingInput(encoded, payload), identity.key).toString('base64url')}`;
}

export type JwsVerdict =
  | {
      readonly ok: true;
      readonly header: Readonly<Record<string, unknown>>;
      readonly certificate: X509Certificate;
    }
  | { readonly ok: false; readonly reason: string };

const no = (reason: string): JwsVerdict => ({ ok: false, reason });
const LARGEST = 16_384;
const FORM = /^([A-Za-z0-9_-]+)\.\.([A-Za-z0-9_-]+)$/;

/** Checks form, certificate and signature (RS256, PS256). The reason of a "no" is fixed text. */
export function verifyDetached(jws: string, payload: Uint8Array, trust: Trust, now: Date): JwsVerdict {
  const [, encoded, signature] = jws.length <= LARGEST ? (FORM.exec(jws) ?? []) : [];
  if (!encoded || !signature) return no('the signature is not a detached JWS');
  const header = readHeader(encoded);
  if (!header) return no('the header of the signature is unreadable');
  // `crit` would demand extensions that we do not know; `b64: false` would change what is signed (RFC 7797).
  if ('crit' in header || 'b64' in header) return no('the signature uses an unknown extension');
  if (header.alg !== 'RS256' && header.alg !== 'PS256') return no('the signature uses another algorithm');
  const certificate = leafOf(header.x5c);
  if (!certificate) return no('the signature carries no readable certificate');
  const fault = certificateFault(certificate, trust, now);
  if (fault) return no(fault);
  if (certificate.publicKey.asymmetricKeyType !== 'rsa') return no('the certificate has no RSA key');
  const key =
    header.alg === 'PS256'
      ? { key: certificate.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : certificate.publicKey;
  const bytes = Buffer.from(signature, 'base64url');
  return verify('sha256', signingInput(encoded, payload), key, bytes)
    ? { ok: true, header, certificate }
    : no('the signature does not match');
}

function signingInput(encodedHeader: string, payload: Uint8Array): Buffer {
  return Buffer.from(`${encodedHeader}.${Buffer.from(payload).toString('base64url')}`);
}

function readHeader(encoded: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function leafOf(chain: unknown): X509Certificate | undefined {
  const [first]: unknown[] = Array.isArray(chain) ? chain : [];
  return typeof first === 'string' ? readCertificateDer(Buffer.from(first, 'base64')) : undefined;
}
