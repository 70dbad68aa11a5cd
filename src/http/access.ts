/** What every request gets: an id, a line in the log that names nobody, and headers that keep browsers strict. */
import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { localsOf } from './endpoint.ts';

export function access(log: Logger): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    const given = request.get('x-request-id');
    const locals = localsOf(response);
    locals.requestId =
      given !== undefined && /^[\w.-]{1,64}$/.test(given) ? given : `req_${randomBytes(12).toString('hex')}`;
    response.set('X-Request-Id', locals.requestId);
    response.once('close', () => {
      // The route's pattern, never the path: external ids in a query may be people's.
      const { requestId, route, caller, problem } = locals;
      log.info(
        {
          request_id: requestId,
          method: request.method,
          route: route ?? '-',
          status: response.writableFinished ? response.statusCode : 'aborted',
          ms: Math.round((performance.now() - began) * 10) / 10,
          ...(caller === undefined ? {} : { org_id: caller.orgId, key: caller.key.hint }),
          ...(problem === undefined ? {} : { problem }),
        },
        'request',
      );
    });
    next();
  };
}

export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
  });
  next();
};
