/** So many requests a minute and key, in this process; the headers are draft-ietf-httpapi-ratelimit-headers-08. */
import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { problem } from '../problem.ts';
import { localsOf } from './endpoint.ts';

const WINDOW_MS = 60_000;

/**
 * For who brings no key: so many refusals a minute for each address and each door, so that nobody can try signatures as
 * fast as we can check them. What is taken does not count: an agency may have much to tell.
 */
export function refusalLimiter(refusalsPerMinute: number): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: refusalsPerMinute,
    standardHeaders: false,
    legacyHeaders: false,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) =>
      response.statusCode < 400 && localsOf(response).refused !== true,
    keyGenerator: ({ ip = '', path }) => `${ipKeyGenerator(ip)} ${path}`,
    handler: (_request, response, next) => {
      const seconds = Number(response.getHeader('Retry-After') ?? WINDOW_MS / 1000);
      next(
        problem(
          'refused_too_often',
          { limit: refusalsPerMinute, seconds },
          { headers: { 'Retry-After': `${seconds}` } },
        ),
      );
    },
  });
}

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
