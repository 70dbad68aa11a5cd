// The token endpoint (RFC 6749 section 4.4) and the tokens: JWTs under a key made from the sandbox's secret, so that nothing
// is stored. They live in wall time, which is what their users' clocks show.
import { createHmac, timingSafeEqual } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { type Call, Refusal, type Room } from '../kernel/agency.ts';

export const TOKEN_SECONDS = 1800;
const CLIENT = /^client-([0-9A-Z]{18})$/;

const secret = (room: Room) => createHmac('sha256', room.secret).update('credit tokens').digest();
const seconds = (at: Date) => Math.floor(at.getTime() / 1000);

/** The unit that the client's credentials stand for. Throws Refusal with an `oauth` error. */
export function authenticateClient(call: Call, room: Room): string {
  const type = call.headers['content-type'] ?? '';
  const { keeps } = room;
  const form = /^application\/x-www-form-urlencoded\b/i.test(type);
  if (keeps('credit.form') && !form) throw oauth('invalid_request', 'form expected');
  const fields = new URLSearchParams(call.body.toString('utf8'));
  for (const name of new Set(fields.keys()))
    if (keeps('credit.form') && fields.getAll(name).length > 1)
      throw oauth('invalid_request', `${name} is repeated`);
  const [id, password] = basic(call.headers.authorization) ?? [
    fields.get('client_id'),
    fields.get('client_secret'),
  ];
  const unit = CLIENT.exec(id ?? '')?.[1];
  const known =
    unit !== undefined && (same(password ?? '', room.ca.clientSecret(unit)) || !keeps('credit.client'));
  if (!known) throw oauth('invalid_client', 'unknown client or wrong secret');
  if (keeps('credit.grant') && !fields.has('grant_type'))
    throw oauth('invalid_request', 'grant_type is missing');
  if (keeps('credit.grant') && fields.get('grant_type') !== 'client_credentials')
    throw oauth('unsupported_grant_type', 'client_credentials only');
  return unit;
}

function basic(header: string | undefined): [string, string] | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw oauth('invalid_client', 'Basic without a colon');
  try {
    // RFC 6749 section 2.3.1: both parts are form-encoded first.
    return [decodeURIComponent(text.slice(0, colon)), decodeURIComponent(text.slice(colon + 1))];
  } catch {
    throw oauth('invalid_client', 'Basic is not form-encoded');
  }
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHmac('sha256', 'compare').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

const oauth = (error: string, message: string) =>
  new Refusal(error.toUpperCase(), message, {
    status: error === 'invalid_client' ? 401 : 400,
    extra: { oauth: error },
  });

export const issueToken = (unit: string, room: Room): string =>
  jwt.sign({ iat: seconds(room.wallNow()) }, secret(room), {
    algorithm: 'HS256',
    subject: unit,
    audience: 'credit',
    expiresIn: TOKEN_SECONDS,
  });

/** The unit a bearer token speaks for. Throws Refusal INVALID_TOKEN. */
export function readToken(header: string | undefined, room: Room): string {
  const token = /^Bearer ([A-Za-z0-9._-]+)$/i.exec(header ?? '')?.[1];
  const invalid = (cause?: unknown) =>
    new Refusal('INVALID_TOKEN', 'The token is missing, unknown or expired', { status: 401, cause });
  if (token === undefined) throw invalid();
  try {
    const claims = room.keeps('credit.token')
      ? jwt.verify(token, secret(room), {
          algorithms: ['HS256'],
          audience: 'credit',
          clockTimestamp: seconds(room.wallNow()),
        })
      : (jwt.decode(token) ?? '');
    if (typeof claims === 'string' || claims.sub === undefined) throw new Error('no subject');
    return claims.sub;
  } catch (error) {
    throw invalid(error);
  }
}
