/** Everything that can go wrong in a request → one `application/problem+json`. Stacks and foreign words stay in the log. */
import type { Request, Response } from 'express';
import { FAULTS, type Fault } from '../faults.ts';
import { fill, type Language, type Slot, type Words } from '../language.ts';
import { PROBLEMS, Problem, problem } from '../problem.ts';
import { MOST_FAULTS } from './validate.ts';

/** English unless the client prefers a Chinese. */
export function languageOf(request: Request): Language {
  return request.acceptsLanguages('en', 'zh') === 'zh' ? 'zh' : 'en';
}

export function problemBody(given: Problem, language: Language, requestId: string) {
  const { status, [language]: words } = PROBLEMS[given.code];
  const { faults, members } = given.extra;
  return {
    type: `urn:exitgate:problem:${given.code}`,
    title: words[0],
    status,
    detail: fill(words[1], given.slots, language),
    code: given.code,
    instance: `urn:exitgate:request:${requestId}`,
    ...(faults === undefined ? {} : { errors: faults.map((fault) => faultBody(fault, language)) }),
    ...members,
  };
}

function faultBody({ code, slots, pointer, parameter }: Fault, language: Language) {
  return {
    ...(pointer === undefined ? {} : { pointer }),
    ...(parameter === undefined ? {} : { parameter }),
    code,
    detail: fill(FAULTS[code][language], slots, language),
  };
}

/**
 * A refusal for faults; the detail already says the first, for those who read no list.
 * @param unlisted how many faults there are besides these.
 */
export function invalid(
  code:
    | 'body_invalid'
    | 'query_invalid'
    | 'connection_missing'
    | 'clearance_documents_missing'
    | 'claims_incomplete',
  given: readonly Fault[],
  unlisted = 0,
) {
  const [first] = given;
  if (first === undefined) throw new Error('invalid() without a fault');
  const faults = given.slice(0, MOST_FAULTS);
  const more = given.length - faults.length + unlisted;
  const sentence = (language: Language) => fill(FAULTS[first.code][language], first.slots, language);
  const slots = {
    count: countOf(faults.length + more, first),
    where: whereOf(code, first),
    first: { en: sentence('en'), zh: sentence('zh') },
    more: more === 0 ? '' : { en: ` (${more} more not listed.)`, zh: `（另有 ${more} 处未列出。）` },
  };
  return new Problem(code, slots, { faults });
}

/** An empty pointer is the body as a whole. */
const countOf = (count: number, { pointer }: Fault): Words =>
  pointer === ''
    ? { en: 'the body as a whole', zh: '整个请求体' }
    : { en: count === 1 ? '1 field' : `${count} fields`, zh: `${count} 处` };

function whereOf(code: string, { pointer, parameter }: Fault): Slot {
  if (code === 'query_invalid') return parameter ?? '';
  return pointer ? { en: ` At “${pointer}”:`, zh: `“${pointer}”：` } : '';
}

/** A reason goes into a sentence that has its own stop. */
export const unstopped = (reason: string) => reason.replace(/[.。\s]+$/, '');

export function sendProblem(request: Request, response: Response, given: Problem): void {
  const language = languageOf(request);
  const { requestId } = response.locals as { requestId: string };
  response.locals.problem = given.code;
  response
    .status(PROBLEMS[given.code].status)
    .set({
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Language': language,
      ...given.extra.headers,
    })
    .vary('Accept-Language')
    .send(Buffer.from(JSON.stringify(problemBody(given, language, requestId))));
}

const RETRY_SECONDS = 5;
/** No connection, none left in time, no such database, or a server that starts or stops: what an outage of PostgreSQL looks like. */
const OUTAGE =
  /\b(P100[1-3]|P1008|P1017|P2024|P2028|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|57P0[1-3]|53300|08\d{3}|DatabaseNotReachable|ConnectionClosed)\b/;

/** What express, the body reader and our own code throw, as a problem. */
export function asProblem(error: unknown, requestId: string): Problem {
  if (error instanceof Problem) return error;
  // A path that is no valid percent-encoding names nothing.
  if (error instanceof URIError) return problem('path_unknown', {});
  if (isOutage(error))
    return problem(
      'database_unavailable',
      { seconds: RETRY_SECONDS },
      { headers: { 'Retry-After': String(RETRY_SECONDS) } },
    );
  return problem('internal_error', { id: requestId });
}

function isOutage(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 4) return false;
  const { code, kind, cause, meta } = error as Record<string, unknown>;
  if (OUTAGE.test(`${String(code)} ${String(kind)}`)) return true;
  const driver = (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError;
  return isOutage(cause, depth + 1) || isOutage(driver, depth + 1);
}

/** An error for the log: where it happened, without the words that may quote what a client sent. */
export function loggable(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    code: typeof code === 'string' ? code : undefined,
    message: error.message.replace(/\p{Script=Han}+|\w*\d[\w-]{5,}/gu, '…').slice(-300),
    frames: error.stack?.split('\n').filter((line) => line.startsWith('    at ')),
  };
}
