/**
 * The operators' door: /console and /metrics, behind the operator key. A browser asks for a password (HTTP Basic,
 * RFC 7617, any user name), a monitor brings the key as a Bearer token.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import { problem } from '../problem.ts';
import { localsOf } from './endpoint.ts';
import { isRepeated } from './headers.ts';
import type { HttpParts } from './parts.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();
const CHALLENGE = { headers: { 'WWW-Authenticate': 'Basic realm="Exitgate operators", charset="UTF-8"' } };

/** The pages' own scripts and styles, and nothing from elsewhere: bull-board asks a font host that many networks block, and would wait for it. */
const OWN_ASSETS = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "frame-ancestors 'none'",
].join('; ');

/** Without a key nobody may pass, and the answer says which setting opens the door. */
export function operatorPages(operator: HttpParts['operator']): Router {
  const router = Router();
  router.use(['/console', '/metrics'], operatorsOnly(operator?.key));
  router.use('/console', (_request, response, next) => {
    localsOf(response).route = '/console';
    response.set('Content-Security-Policy', OWN_ASSETS);
    next();
  });
  operator?.mount(router);
  return router;
}

function operatorsOnly(key: string | undefined): RequestHandler {
  const expected = key === undefined ? undefined : digest(key);
  return (request, _response, next) => {
    if (expected === undefined) throw problem('operator_key_unset', {});
    if (isRepeated(request, 'authorization')) throw problem('authorization_malformed', {});
    const given = keyOf(request.headers.authorization);
    if (given === undefined || !timingSafeEqual(digest(given), expected))
      throw problem('operator_key_wrong', {}, CHALLENGE);
    // A browser sends Basic credentials along with whatever another site makes it post.
    const site = request.get('sec-fetch-site');
    if (!['GET', 'HEAD'].includes(request.method) && site !== undefined && site !== 'same-origin')
      throw problem('operator_cross_site', {});
    next();
  };
}

function keyOf(authorization: string | undefined): string | undefined {
  const [scheme, value = ''] = authorization?.split(/ +/, 2) ?? [];
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() !== 'basic') return undefined;
  const text = Buffer.from(value, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
