/**
 * An endpoint is data, its handler returns a value. One wrapper owns authentication, limits, validation, idempotency,
 * status, headers and errors; OpenAPI is made from the same data.
 */
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Language } from '../language.ts';
import { type PlainProblemCode, type ProblemCode, problem } from '../problem.ts';
import type { Scope } from '../store/organisations.ts';
import type { Authenticator, Caller } from './auth.ts';
import type { BodyReader, ByteReader } from './body.ts';
import { invalid, languageOf } from './errors.ts';
import { type Answer, idempotencyKeyOf, type Once } from './idempotency.ts';
import { check, inBody, inQuery } from './validate.ts';

/** What a handler is asked. */
export interface Asked<Query, Body> {
  /** The id in the path; empty when the path has none. */
  readonly id: string;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly language: Language;
  readonly requestId: string;
  /** Of a `raw` endpoint alone. */
  readonly raw?: RawRequest;
}

export interface RawRequest {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the body: not before it is known that anybody wants it. */
  read(): Promise<Uint8Array>;
}

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** It was not taken, whatever the status says: whoever is refused too often has to wait. */
  readonly refused: boolean;
}

/** The `answer` of a raw endpoint. */
export const RawAnswer = z.custom<RawAnswer>();

interface Described {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** As OpenAPI writes it; `{id}` is the one parameter. */
  readonly path: `/${string}`;
  /** OpenAPI's operationId. */
  readonly name: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Absent: open to everybody. */
  readonly scope?: Scope;
  /** The id's form, and the problem when an id has another. */
  readonly id?: { readonly schema: z.ZodString; readonly absent: PlainProblemCode };
  readonly status: 200 | 201 | 204;
  /** What the handler itself can refuse; what the wrapper refuses is added in openapi.ts. */
  readonly problems: readonly ProblemCode[];
  /** The query parameter that takes `next_cursor`. */
  readonly cursor?: 'cursor' | 'after';
  /** The body goes to the handler as it came, and the answer is in the words of the sender's protocol (`RawAnswer`). */
  readonly raw?: true;
  /** Content type of an answer that is a text and no JSON; or the types of an answer that is a file (`FileAnswer`). */
  readonly produces?: string | readonly string[];
}

/** Bytes on their way out, to be saved and not shown: the strict content policy would spoil a page. */
export interface FileAnswer {
  readonly mediaType: string;
  readonly filename: string;
  readonly bytes: Uint8Array;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** The `answer` of an endpoint that gives files. Not for one with a body: what is kept for a replay is JSON. */
export const FileAnswer = z.custom<FileAnswer>();

export interface Endpoint extends Described {
  readonly query: z.ZodObject;
  readonly body?: z.ZodType;
  readonly bodyExample?: unknown;
  readonly answer?: z.ZodType;
  readonly answerExample?: unknown;
  readonly handler: (asked: Asked<unknown, unknown>) => Promise<unknown>;
}

interface Definition<Query extends z.ZodRawShape, Body extends z.ZodType, Value extends z.ZodType>
  extends Described {
  readonly query?: Query;
  readonly body?: Body;
  readonly bodyExample?: z.input<Body>;
  readonly answer?: Value;
  readonly answerExample?: z.output<Value>;
  readonly handler: (
    asked: Asked<z.output<z.ZodObject<Query>>, z.output<Body>>,
  ) => Promise<z.output<Value> | undefined>;
}

/** Ties the handler's types to the schemas, then forgets them: a list of endpoints has one type. */
export function endpoint<
  Query extends z.ZodRawShape = Record<never, never>,
  Body extends z.ZodType = z.ZodUndefined,
  Value extends z.ZodType = z.ZodUndefined,
>(definition: Definition<Query, Body, Value>): Endpoint {
  return { ...definition, query: z.strictObject(definition.query ?? {}) } as unknown as Endpoint;
}

export interface Tools {
  readonly authenticate: Authenticator;
  readonly limit: RequestHandler;
  /** For endpoints that anybody may call: counts what was refused. */
  readonly limitRefused: RequestHandler;
  readonly readBody: BodyReader;
  readonly readBytes: ByteReader;
  readonly once: Once;
}

/** What the wrapper leaves for the access log and the limiter. */
export interface Locals {
  requestId: string;
  route?: string;
  caller?: Caller;
  problem?: ProblemCode;
  /** A refusal by another status than a refusal's. */
  refused?: boolean;
}

export const localsOf = (response: Response): Locals => response.locals as unknown as Locals;

export function serve(endpoint: Endpoint, tools: Tools): RequestHandler[] {
  const { scope } = endpoint;
  const run: RequestHandler = async (request, response) =>
    send(request, response, endpoint, await answer(request, response));
  if (endpoint.raw === true) return [route(endpoint), tools.limitRefused, run];
  if (scope === undefined) return [route(endpoint), run];
  const authenticate: RequestHandler = async (request, response, next) => {
    localsOf(response).caller = await tools.authenticate(request, scope);
    next();
  };
  return [route(endpoint), authenticate, tools.limit, run];

  async function answer(request: Request, response: Response): Promise<Answer> {
    const { caller, requestId } = localsOf(response);
    const id = idOf(endpoint, request);
    const query = check(endpoint.query, request.query, inQuery);
    if (!query.ok) throw invalid('query_invalid', query.faults, query.more);
    const language = languageOf(request);
    // Only a handler of a scoped endpoint looks at its caller.
    const asked = { id, query: query.value, caller: caller as Caller, language, requestId };
    if (endpoint.raw === true) {
      const raw = rawOf(request, () => tools.readBytes(request, response));
      return shape(endpoint, language, await endpoint.handler({ ...asked, body: undefined, raw }));
    }
    if (endpoint.body === undefined || caller === undefined)
      return shape(endpoint, language, await endpoint.handler({ ...asked, body: undefined }));

    const key = endpoint.method === 'post' ? idempotencyKeyOf(request) : undefined;
    const { bytes, value } = await tools.readBody(request, response);
    const { schema, handler } = { schema: endpoint.body, handler: endpoint.handler };
    const handled = async () => {
      const body = check(schema, value, inBody);
      if (!body.ok) throw invalid('body_invalid', body.faults, body.more);
      return shape(endpoint, language, await handler({ ...asked, body: body.value }));
    };
    // A PATCH says what is to be: said twice, it is the same.
    if (key === undefined) return handled();
    return tools.once(caller, { key, method: request.method, path: request.path, bytes }, handled);
  }
}

const route =
  (endpoint: Endpoint): RequestHandler =>
  (_request, response, next) => {
    localsOf(response).route = endpoint.path;
    next();
  };

function idOf({ id }: Endpoint, request: Request): string {
  const given = request.params.id;
  if (id === undefined) return '';
  if (typeof given !== 'string' || !id.schema.safeParse(given).success) throw problem(id.absent, {});
  return given;
}

function shape({ status, path }: Endpoint, language: Language, body: unknown): Answer {
  const { id } = (body ?? {}) as { id?: unknown };
  return {
    status,
    headers: {
      'Content-Language': language,
      ...(status === 201 && typeof id === 'string' && !path.includes('{')
        ? { Location: `${path}/${id}` }
        : {}),
    },
    ...(body === undefined ? {} : { body }),
  };
}

function send(request: Request, response: Response, endpoint: Endpoint, answer: Answer): void {
  const { status, headers, body } = answer;
  response.status(status).set(headers).vary('Accept-Language');
  const next = nextLink(request, endpoint, body);
  if (next !== undefined) response.set('Link', next);
  if (body === undefined) response.end();
  else if (endpoint.raw === true) sendRaw(response, body as RawAnswer);
  else if (typeof endpoint.produces === 'string') response.set('Content-Type', endpoint.produces).send(body);
  else if (endpoint.produces !== undefined) sendFile(response, body as FileAnswer);
  else response.json(body);
}

const rawOf = ({ method, headers }: Request, read: RawRequest['read']): RawRequest => ({
  method,
  headers: Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  ),
  read,
});

function sendRaw(response: Response, { status, contentType, body, refused }: RawAnswer): void {
  localsOf(response).refused = refused;
  response.removeHeader('Content-Language');
  // Past express, which would add a charset to what is not its own.
  response.status(status).setHeader('Content-Type', contentType);
  response.end(body);
}

/** The digest (RFC 9530) lets a client see that it holds what the record names. */
function sendFile(response: Response, { mediaType, filename, bytes, sha256 }: FileAnswer): void {
  response.removeHeader('Content-Language');
  response
    .attachment(filename)
    .set({
      'Content-Type': mediaType,
      'Repr-Digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    })
    .send(Buffer.from(bytes));
}

/** RFC 8288: the same request with the next cursor. */
function nextLink(request: Request, { cursor }: Endpoint, body: unknown): string | undefined {
  if (cursor === undefined) return undefined;
  const { has_more, next_cursor } = body as { has_more: boolean; next_cursor: string | null };
  if (!has_more || next_cursor === null) return undefined;
  const query = new URLSearchParams(request.query as Record<string, string>);
  query.set(cursor, next_cursor);
  return `<${request.path}?${query}>; rel="next"`;
}
