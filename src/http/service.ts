/** The HTTP service: the written list of endpoints, and what stands before and behind them. */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { PROBLEMS, problem } from '../problem.ts';
import { access, securityHeaders } from './access.ts';
import { adapterEndpoints } from './adapters.ts';
import { amendmentEndpoints } from './amendments.ts';
import { createAuthenticator } from './auth.ts';
import { createBodyReader, createByteReader } from './body.ts';
import { callbackEndpoints } from './callbacks.ts';
import { clearanceEndpoints } from './clearances.ts';
import { codeEndpoints } from './codes.ts';
import { connectionEndpoints } from './connections.ts';
import { deadlineEndpoints } from './deadlines.ts';
import { deliveryEndpoints } from './deliveries.ts';
import { docsRouter, withDocument } from './docs.ts';
import { documentEndpoints } from './documents.ts';
import { type Endpoint, localsOf, serve, type Tools } from './endpoint.ts';
import { asProblem, loggable, sendProblem } from './errors.ts';
import { eventEndpoints } from './events.ts';
import { exitEndpoints } from './exits.ts';
import { filingWorkEndpoints } from './filing-work.ts';
import { filingEndpoints } from './filings.ts';
import { findingEndpoints } from './findings.ts';
import { gateEndpoints } from './gates.ts';
import { healthEndpoints } from './health.ts';
import { createOnce } from './idempotency.ts';
import { maintenanceEndpoints } from './maintenances.ts';
import { operatorPages } from './operator.ts';
import { organisationEndpoints } from './organisation.ts';
import type { HttpParts } from './parts.ts';
import { profileEndpoints } from './profiles.ts';
import { limiter, refusalLimiter } from './rate-limit.ts';
import { reconciliationEndpoints } from './reconciliations.ts';
import { releaseEndpoints } from './releases.ts';
import { riskEndpoints } from './risk.ts';
import { signalEndpoints } from './signals.ts';
import { testClockEndpoints } from './test-clock.ts';
import { uploadResultEndpoints } from './upload-results.ts';
import { uploadEndpoints } from './uploads.ts';
import { webhookEndpointEndpoints } from './webhook-endpoints.ts';
import { windowEndpoints } from './windows.ts';

export type { AdapterManifest, HttpParts } from './parts.ts';

const REFUSALS_PER_MINUTE = 60;

/** Every endpoint that is served and documented. */
export function listEndpoints(parts: HttpParts): readonly Endpoint[] {
  return withDocument([
    ...exitEndpoints(parts),
    ...amendmentEndpoints(parts),
    ...clearanceEndpoints(parts),
    ...releaseEndpoints(parts),
    ...filingEndpoints(parts),
    ...filingWorkEndpoints(parts),
    ...uploadEndpoints(parts),
    ...uploadResultEndpoints(parts),
    ...deadlineEndpoints(parts),
    ...profileEndpoints(parts),
    ...gateEndpoints(parts),
    ...documentEndpoints(parts),
    ...eventEndpoints(parts),
    ...signalEndpoints(parts),
    ...riskEndpoints(parts),
    ...webhookEndpointEndpoints(parts),
    ...deliveryEndpoints(parts),
    ...adapterEndpoints(parts),
    ...connectionEndpoints(parts),
    ...codeEndpoints(parts),
    ...maintenanceEndpoints(parts),
    ...windowEndpoints(parts),
    ...reconciliationEndpoints(parts),
    ...findingEndpoints(parts),
    ...organisationEndpoints(parts),
    ...testClockEndpoints(parts),
    ...callbackEndpoints(parts),
    ...healthEndpoints(parts),
  ]);
}

export function createHttp(parts: HttpParts): Express {
  const { store, clock, log, limits } = parts;
  const tools: Tools = {
    authenticate: createAuthenticator(store.organisations, clock),
    limit: limiter(limits.requestsPerMinute),
    limitRefused: refusalLimiter(REFUSALS_PER_MINUTE),
    readBody: createBodyReader(limits.bodyBytes),
    readBytes: createByteReader(limits.bodyBytes),
    once: createOnce(store.idempotency, log),
  };
  const endpoints = listEndpoints(parts);
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(access(log));
  app.use(securityHeaders);
  app.use(operatorPages(parts.operator));
  for (const endpoint of endpoints)
    app[endpoint.method](expressPath(endpoint.path), ...serve(endpoint, tools));
  app.use('/docs', docsRouter());
  app.use(nothingHere(endpoints));
  app.use(failed(log));
  return app;
}

export const expressPath = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');

/** 405 with the methods that the path does take, or 404. */
function nothingHere(endpoints: readonly Endpoint[]): RequestHandler {
  const patterns = endpoints.map(({ path, method }) => ({
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i'),
    methods: method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
  }));
  return (request, response) => {
    const methods = patterns
      .filter(({ pattern }) => pattern.test(request.path))
      .flatMap((each) => each.methods);
    if (methods.length === 0) throw problem('path_unknown', {});
    const allowed = [...new Set([...methods, 'OPTIONS'])].join(', ');
    if (request.method !== 'OPTIONS')
      throw problem('method_not_allowed', { allowed }, { headers: { Allow: allowed } });
    response.status(204).set('Allow', allowed).end();
  };
}

function failed(log: HttpParts['log']): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { requestId } = localsOf(response);
    const given = asProblem(error, requestId);
    if ((PROBLEMS[given.code] as { wakesSomebody?: boolean }).wakesSomebody === true)
      log.error({ request_id: requestId, problem: given.code, error: loggable(error) }, 'a request failed');
    // Half an answer is on the wire: nothing can be mended, the connection ends.
    if (response.headersSent) next(error);
    else sendProblem(request, response, given);
  };
}
