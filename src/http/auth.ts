/** Who is calling: API key, its expiry, its addresses, its scopes. */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { problem } from '../problem.ts';
import { rangeList } from '../ranges.ts';
import type { ApiKey, OrganisationStore, Scope } from '../store/organisations.ts';
import { isRepeated } from './headers.ts';

export interface Caller {
  readonly orgId: string;
  /** A test key sees sandbox data alone, a live key live data alone. */
  readonly sandbox: boolean;
  readonly key: ApiKey;
}

export type Authenticator = (request: Request, scope: Scope) => Promise<Caller>;

/** A revoked key is refused after so long at the latest. */
const CACHE_MS = 5000;
const CACHED_KEYS = 10_000;

export function createAuthenticator(
  organisations: Pick<OrganisationStore, 'findKey'>,
  clock: () => Date,
): Authenticator {
  const find = cached((secret) => organisations.findKey(secret));
  return async (request, scope) => {
    const key = await find(secretOf(request));
    if (key === undefined) throw problem('api_key_unknown', {}, challenge('invalid_token'));
    const { hint } = key;
    if (key.revokedAt !== undefined)
      throw problem('api_key_revoked', { hint, at: key.revokedAt.toISOString() }, challenge('invalid_token'));
    if (key.expiresAt !== undefined && key.expiresAt <= clock())
      throw problem('api_key_expired', { hint, at: key.expiresAt.toISOString() }, challenge('invalid_token'));
    const address = plainAddress(request.ip ?? '');
    if (!isAllowed(address, key.addresses)) throw problem('address_not_allowed', { hint, address });
    if (!key.scopes.includes(scope))
      throw problem(
        'scope_missing',
        { scope, hint, scopes: key.scopes.join(', ') || '–' },
        challenge('insufficient_scope', scope),
      );
    return { orgId: key.orgId, sandbox: !key.live, key };
  };
}

/** RFC 6750 §3. */
const challenge = (error?: string, scope?: string) => ({
  headers: {
    'WWW-Authenticate': `Bearer realm="exitgate"${error ? `, error="${error}"` : ''}${scope ? `, scope="${scope}"` : ''}`,
  },
});

function secretOf(request: Request): string {
  // Which of two a proxy before us looked at cannot be known.
  if (isRepeated(request, 'authorization'))
    throw problem('authorization_malformed', {}, challenge('invalid_request'));
  const [scheme, secret] = (request.headers.authorization ?? '').split(/ +/, 2);
  if (scheme?.toLowerCase() !== 'bearer' || !secret) throw problem('api_key_missing', {}, challenge());
  if (!/^eg_(test|live)_[\w-]{10,100}$/.test(secret))
    throw problem('api_key_unknown', {}, challenge('invalid_token'));
  return secret;
}

/** Only keys that exist are kept, so that guesses cannot fill the memory; the secret itself is not kept. */
function cached(find: (secret: string) => Promise<ApiKey | undefined>) {
  const kept = new Map<string, { readonly key: ApiKey; readonly until: number }>();
  return async (secret: string): Promise<ApiKey | undefined> => {
    const name = createHash('sha256').update(secret).digest('base64');
    const hit = kept.get(name);
    if (hit !== undefined && hit.until > performance.now()) return hit.key;
    const key = await find(secret);
    if (kept.size >= CACHED_KEYS) kept.clear();
    if (key === undefined) kept.delete(name);
    else kept.set(name, { key, until: performance.now() + CACHE_MS });
    return key;
  };
}

/** An IPv4 client of a dual-stack listener shows as `::ffff:a.b.c.d`. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** No list: anywhere. An entry that is no CIDR range allows nobody. */
function isAllowed(address: string, ranges: readonly string[]): boolean {
  if (ranges.length === 0) return true;
  return ranges.some((range) => {
    try {
      return rangeList([range]).has(address);
    } catch {
      return false;
    }
  });
}
