// The credit agency. README.md beside this file is its protocol, contract/openapi.yaml its contract.
import { readFileSync } from 'node:fs';
import {
  type Agency,
  type Call,
  type Identity,
  type Person,
  Refusal,
  type Reply,
  type Room,
} from '../kernel/agency.ts';
import type { Keeps } from '../kernel/rules.ts';
import { planOf } from './changes.ts';
import { checkAnswer, openapi, requireFit, yamlText } from './contract.ts';
import { SIGNATURE_HEADER, signAnswer, verifyRequest } from './jws.ts';
import { callback, cases, decide, fire } from './review.ts';
import type { Answer, Request, Route } from './route.ts';
import { findRoute, requireRoute } from './routes.ts';
import { RULES } from './rules.ts';
import { authenticateClient, readToken } from './token.ts';

interface Draft {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
const JSON_TYPE = 'application/json';

function page(call: Call): Reply | undefined {
  if (call.method !== 'GET') return undefined;
  const reply = (type: string, body: string): Reply => ({
    status: 200,
    headers: { 'content-type': type },
    body,
  });
  if (call.path === '/openapi.json') return reply(JSON_TYPE, openapi(call.base));
  if (call.path === '/openapi.yaml')
    return reply('application/yaml', yamlText.replace('- url: /', `- url: ${call.base}`));
  if (call.path === '/') return reply('text/markdown; charset=UTF-8', readme);
  return undefined;
}

function authenticate(call: Call, room: Room): Request {
  const { route, serial } = requireRoute(call);
  const query = readQuery(call, route, room.keeps);
  const common = { operation: route.operation, route, serial, query };
  if (route.operation === 'token')
    return { ...common, unit: authenticateClient(call, room), unitName: '', body: undefined };
  const unit = readToken(call.headers.authorization, room);
  const signer = verifyRequest(call, room);
  if (room.keeps('credit.unit-of-token') && signer.uscc !== unit)
    throw unitRefused('Certificate and token are not one unit');
  return { ...common, unit, unitName: signer.cn, body: readBody(call, route.method, room.keeps) };
}

const unitRefused = (why: string) => new Refusal('AUTH_UNIT', why, { status: 403 });

function readQuery({ query }: Call, route: Route, keeps: Keeps): Request['query'] {
  const invalid = (why: string) => new Refusal('SCHEMA_INVALID', why, { status: 400 });
  if (route.query === undefined && keeps('credit.no-query') && query.size > 0)
    throw invalid('This operation takes no query');
  const names = [...query.keys()];
  if (new Set(names).size < names.length) throw invalid('A parameter comes twice');
  return Object.fromEntries(query);
}

function readBody(call: Call, method: string, keeps: Keeps): unknown {
  const invalid = (why: string, cause?: unknown) =>
    new Refusal('SCHEMA_INVALID', why, { status: 400, cause });
  if (method === 'GET') {
    if (keeps('credit.get-without-body') && call.body.length > 0) throw invalid('GET takes no body');
    return undefined;
  }
  const json = /^application\/json\b/i.test(call.headers['content-type'] ?? '');
  if (keeps('credit.media-type') && !json)
    throw new Refusal('MEDIA_TYPE', 'application/json expected', { status: 415 });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(call.body));
  } catch (error) {
    throw invalid('The body is not JSON in UTF-8', error);
  }
}

/** The practitioner that a valid body names, in a member of its own or as the body itself. */
function personsOf(body: unknown): Person[] {
  const member = (of: unknown, name: string): unknown =>
    typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
  const carrier = member(body, 'practitioner') ?? member(body, 'subject') ?? body;
  const [idType, idNumber, name] = ['id_type', 'id_number', 'name'].map((part) => member(carrier, part));
  if (typeof idType !== 'string' || typeof idNumber !== 'string' || typeof name !== 'string') return [];
  return [{ idType, idNumber, name }];
}

function validate(_call: Call, { route, body, query, unit }: Request, { keeps }: Room): void {
  if (route.query !== undefined) requireFit(route.query, query);
  if (route.body === undefined) return;
  if (keeps('credit.schema')) requireFit(route.body, body);
  const claimed: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'unit_uscc') : undefined;
  if (keeps('credit.unit-of-body') && claimed !== undefined && claimed !== unit)
    throw unitRefused('unit_uscc is not the unit of token and certificate');
}

/** What a sandbox or a fault refuses at the token endpoint is told in OAuth's words too: its contract has no others. */
const OAUTH: Readonly<Record<number, string>> = { 400: 'invalid_request', 401: 'invalid_client' };

function refuse(refusal: Refusal, call: Call): Draft {
  const { code, message, retryAfterSeconds, extra } = refusal;
  // A fault may ask for a business failure by status 200, which this protocol does not have.
  const status = refusal.status >= 400 ? refusal.status : 422;
  const headers = {
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(typeof extra.allow === 'string' && { allow: extra.allow }),
    ...(code === 'INVALID_TOKEN' && { 'www-authenticate': 'Bearer error="invalid_token"' }),
  };
  const atToken = findRoute(call)?.route.operation === 'token' ? OAUTH[status] : undefined;
  const oauth = typeof extra.oauth === 'string' ? extra.oauth : atToken;
  if (oauth !== undefined)
    return {
      status,
      headers: {
        'cache-control': 'no-store',
        ...(status === 401 && { 'www-authenticate': 'Basic realm="credit"' }),
      },
      type: JSON_TYPE,
      body: { error: oauth, error_description: message },
    };
  const body = {
    type: `urn:agency:credit:problem:${code}`,
    title: message,
    status,
    code,
    ...(Array.isArray(extra.errors) && { errors: extra.errors }),
  };
  return { status, headers, type: 'application/problem+json', body };
}

function seal(draft: Draft, call: Call, signer: Identity, room: Room): Reply {
  const body = Buffer.from(JSON.stringify(draft.body));
  const signed = call.path !== '/oauth/token';
  return {
    status: draft.status,
    headers: {
      ...draft.headers,
      'content-type': draft.type,
      ...(signed && { [SIGNATURE_HEADER]: signAnswer(call, draft.status, body, signer, room.wallNow()) }),
    },
    body,
  };
}

export const credit: Agency<Request, Answer, Draft> = {
  name: 'credit',
  commonName: 'credit.agency.mock',
  clerkDelay: 'PT3S',
  reads: [
    'ping',
    'getRegistrationChange',
    'listRegistrationChanges',
    'listPractitioners',
    'queryPractitioner',
  ],
  rules: RULES,
  page,
  operation: (call) => findRoute(call)?.route.operation,
  authenticate,
  validate,
  concerns(request, room) {
    const plan = planOf(request, room);
    return {
      unit: request.unit,
      unitName: request.unitName,
      persons: personsOf(request.body),
      ...(plan ? { plan } : {}),
    };
  },
  handle: (request, room) => request.route.handle(request, room),
  encode: ({ status, body }, { operation }) => ({
    status,
    headers: operation === 'token' ? { 'cache-control': 'no-store' } : {},
    type: JSON_TYPE,
    body,
  }),
  refuse,
  check: ({ status, type, body }, call) =>
    checkAnswer(findRoute(call)?.route.path, call.method, status, type, body),
  seal: (draft, call, _request, signer, room) => seal(draft, call, signer, room),
  callback,
  fire,
  cases,
  decide,
};
