// Detached JWS (RFC 7515 appendix F) with node:crypto only: verifying the client's, making the agency's.
import { constants, createHash, sign, verify } from 'node:crypto';
import { type Call, type Identity, Refusal, type Room, type Signer } from '../kernel/agency.ts';
import type { Keeps } from '../kernel/rules.ts';
import { fits } from './contract.ts';

export const SIGNATURE_HEADER = 'x-jws-signature';
/** Seconds that a client's clock may be off. */
const LEEWAY = 300;

interface Header {
  readonly alg: 'RS256' | 'PS256';
  readonly x5c: readonly string[];
  readonly iat: number;
  readonly htm: string;
  readonly htu: string;
}

const bad = (why: string, cause?: unknown) => new Refusal('AUTH_SIGNATURE', why, { status: 401, cause });
const padding = (alg: Header['alg']) =>
  alg === 'PS256'
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { padding: constants.RSA_PKCS1_PADDING };

/** Who signed this very request. Throws Refusal AUTH_SIGNATURE, AUTH_CERTIFICATE, AUTH_BINDING. */
export function verifyRequest(call: Call, room: Room): Signer {
  const [head, empty, tail, ...rest] = (call.headers[SIGNATURE_HEADER] ?? '').split('.');
  if (!head || empty !== '' || !tail || rest.length > 0) throw bad('X-JWS-Signature is no detached JWS');
  const { keeps } = room;
  const header = readHeader(head, keeps);
  const [certificate = ''] = header.x5c;
  const signer = room.ca.verify(Buffer.from(certificate, 'base64'));
  const input = Buffer.from(`${head}.${call.body.toString('base64url')}`);
  const key = { key: signer.publicKey, ...padding(header.alg) };
  const fits = verify('sha256', input, key, canonicalBytes(tail));
  if (keeps('credit.signature') && !fits) throw bad('The signature does not fit the body');
  const target = call.query.size === 0 ? call.path : `${call.path}?${call.query}`;
  const here = header.htm === call.method && header.htu === target;
  if (keeps('credit.bound-request') && !here) throw unbound('htm or htu is not this request');
  const now = Math.abs(room.wallNow().getTime() / 1000 - header.iat) <= LEEWAY;
  if (keeps('credit.bound-time') && !now) throw unbound('iat is too old or too early');
  return signer;
}

const unbound = (why: string) => new Refusal('AUTH_BINDING', why, { status: 401 });

function readHeader(encoded: string, keeps: Keeps): Header {
  let header: unknown;
  try {
    header = JSON.parse(canonicalBytes(encoded).toString('utf8'));
  } catch (error) {
    throw bad('The protected header is not JSON', error);
  }
  if (keeps('credit.jws-header') && !fits('JwsHeader', header))
    throw bad('The protected header is not as published');
  return header as Header;
}

/** Node decodes leniently; two spellings of one signature would be two request ids. */
function canonicalBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw bad('Not base64url');
  return bytes;
}

/** The agency's signature over the answer, bound to the request by `rid` and to the status. */
export function signAnswer(call: Call, status: number, body: Buffer, signer: Identity, at: Date): string {
  const request = call.headers[SIGNATURE_HEADER];
  const header = {
    alg: 'RS256',
    x5c: [signer.certificateDer.toString('base64')],
    iat: Math.floor(at.getTime() / 1000),
    status,
    ...(request !== undefined && { rid: createHash('sha256').update(request).digest('base64url') }),
  };
  const head = Buffer.from(JSON.stringify(header)).toString('base64url');
  const input = Buffer.from(`${head}.${body.toString('base64url')}`);
  return `${head}..${sign('sha256', input, signer.privateKey).toString('base64url')}`;
}
