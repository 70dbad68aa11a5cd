// Detached JWS (RFC 7515, appendix F) with node:crypto alone: whose request it is, and the agency's own signature.
import { createHash, sign, verify } from 'node:crypto';
import { type Call, type Identity, Refusal, type Room, type Signer } from '../../mocks/kernel/agency.ts';

export const SIGNATURE = 'x-signature';
/** Seconds that a client's clock may be off. */
const LEEWAY = 300;

const bad = (why: string, cause?: unknown) => new Refusal('AUTH_SIGNATURE', why, { status: 401, cause });

/** Throws Refusal AUTH_SIGNATURE or AUTH_CERTIFICATE. */
export function verifyRequest(call: Call, room: Room): Signer {
  const [head = '', empty, tail, ...rest] = (call.headers[SIGNATURE] ?? '').split('.');
  if (head === '' || empty !== '' || !tail || rest.length > 0) throw bad('X-Signature is no detached JWS');
  const header = readHeader(head);
  if (header.alg !== 'RS256') throw bad('RS256 is the only algorithm');
  const [certificate] = Array.isArray(header.x5c) ? header.x5c : [];
  if (typeof certificate !== 'string') throw bad('x5c must carry the certificate');
  const signer = room.ca.verify(Buffer.from(certificate, 'base64'));
  const input = Buffer.from(`${head}.${call.body.toString('base64url')}`);
  if (!verify('sha256', input, signer.publicKey, Buffer.from(tail, 'base64url')))
    throw bad('The signature does not fit the body');
  if (header.htm !== call.method || header.htu !== call.path) throw bad('htm or htu is not this request');
  const age = Math.abs(room.wallNow().getTime() / 1000 - Number(header.iat));
  if (!(age <= LEEWAY)) throw bad('iat is too old or too early');
  return signer;
}

function readHeader(encoded: string): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null ? { ...header } : {};
  } catch (cause) {
    throw bad('The protected header is not JSON', cause);
  }
}

/** Bound to the request by `rid`, and to the status. */
export function signAnswer(call: Call, status: number, body: Buffer, signer: Identity): string {
  const header = {
    alg: 'RS256',
    x5c: [signer.certificateDer.toString('base64')],
    status,
    rid: createHash('sha256')
      .update(call.headers[SIGNATURE] ?? '')
      .digest('base64url'),
  };
  const head = Buffer.from(JSON.stringify(header)).toString('base64url');
  const input = Buffer.from(`${head}.${body.toString('base64url')}`);
  return `${head}..${sign('sha256', input, signer.privateKey).toString('base64url')}`;
}
