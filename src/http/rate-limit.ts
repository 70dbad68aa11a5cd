/** So many requests a minute and key, in this process; the headers are draft-ietf-httpapi-ratelimit-headers-08. */
import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { problem } from '../problem.ts';
import { localsOf } from './endpoint.ts';

const WINDOW_MS = 60_000;

export function limiter(requestsPerMinute: number): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'requests-per-key',
    keyGenerator: (_request, response) => localsOf(response).caller?.key.id ?? '',
    handler: (_request, response, next) => {
      const seconds = Number(response.getHeader('Retry-After') ?? WINDOW_MS / 1000);
      next(
        problem(
          'rate_limited',
          { limit: requestsPerMinute, seconds },
          { headers: { 'Retry-After': `${seconds}` } },
        ),
      );
    },
  });
}
