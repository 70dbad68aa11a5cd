/** The OpenAPI 3.1 document, made from the same endpoints that are served. */
import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../problem.ts';
import type { Endpoint } from './endpoint.ts';

type Json = Record<string, unknown>;

const ALWAYS: readonly ProblemCode[] = ['internal_error', 'database_unavailable'];
const SCOPED: readonly ProblemCode[] = [
  'authorization_malformed',
  'api_key_missing',
  'api_key_unknown',
  'api_key_revoked',
  'api_key_expired',
  'address_not_allowed',
  'scope_missing',
  'rate_limited',
];
const WITH_BODY: readonly ProblemCode[] = [
  'idempotency_key_missing',
  'idempotency_key_malformed',
  'idempotency_in_flight',
  'idempotency_key_reused',
  'body_missing',
  'body_unreadable',
  'json_malformed',
  'content_type_unsupported',
  'body_too_large',
  'body_invalid',
];

const RAW: readonly ProblemCode[] = ['body_too_large', 'body_unreadable', 'refused_too_often'];

/** Every problem that an endpoint can answer: its own, and the wrapper's. */
export function problemsOf(endpoint: Endpoint): readonly ProblemCode[] {
  return [
    ...endpoint.problems,
    'query_invalid',
    // An id that is no valid percent-encoding.
    ...(endpoint.id === undefined ? [] : (['path_unknown'] as const)),
    ...(endpoint.scope === undefined ? [] : SCOPED),
    ...(endpoint.body === undefined ? [] : WITH_BODY),
    ...(endpoint.raw === true ? RAW : []),
    ...ALWAYS,
  ];
}

/**
 * @param options.closed says that answers have no other members than those described. True for tests only: clients
 * must bear new members.
 */
export function openApiDocument(
  endpoints: readonly Endpoint[],
  options: { readonly closed?: boolean } = {},
): Json {
  const schemas: Json = { Problem: problemSchema };
  const reference = (schema: z.ZodType, io: 'input' | 'output') =>
    hoist(
      z.toJSONSchema(schema, { io, override: open(io === 'output' && !options.closed) }) as Json,
      schemas,
    );
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operation(endpoint, reference) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Exitgate',
      version: '1.0.0',
      description:
        'A gateway between HR systems and the government systems that an employee’s exit has to pass. ' +
        'Errors are RFC 9457 problems, in English or Chinese by Accept-Language.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: '`eg_test_…` (sandbox) or `eg_live_…`' },
      },
    },
  };
}

type Reference = (schema: z.ZodType, io: 'input' | 'output') => Json;

function operation(endpoint: Endpoint, reference: Reference): Json {
  const { name, tag, summary, description, scope, body, bodyExample } = endpoint;
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(scope === undefined ? { security: [] } : { security: [{ apiKey: [] }], 'x-scope': scope }),
    parameters: parameters(endpoint, reference),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: reference(body, 'input'), example: bodyExample } },
          },
        }),
    responses: { [endpoint.status]: success(endpoint, reference), ...refusals(endpoint) },
  };
}

function parameters(endpoint: Endpoint, reference: Reference): Json[] {
  const { properties = {} } = reference(endpoint.query, 'input') as { properties?: Record<string, Json> };
  const query = Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
  const header = (name: string, schema: Json, required: boolean) => ({
    name,
    in: 'header',
    required,
    schema,
  });
  return [
    ...(endpoint.id === undefined
      ? []
      : [{ name: 'id', in: 'path', required: true, schema: reference(endpoint.id.schema, 'input') }]),
    ...query,
    ...(endpoint.body === undefined
      ? []
      : [header('Idempotency-Key', { type: 'string', pattern: '^[\\x20-\\x7e]{1,255}$' }, true)]),
    header('Accept-Language', { type: 'string', default: 'en', examples: ['zh-CN'] }, false),
  ];
}

const BYTES = { schema: { type: 'string', format: 'binary' } } as const;

function success(
  { status, answer, answerExample, produces, raw, body, cursor }: Endpoint,
  reference: Reference,
): Json {
  const text = (description: string) => ({ description, schema: { type: 'string' } });
  const headers = {
    ...(status === 201 ? { Location: text('Where the new thing is') } : {}),
    ...(Array.isArray(produces)
      ? {
          'Content-Disposition': text('A name to save it under (RFC 6266)'),
          'Repr-Digest': text('SHA-256 of the bytes (RFC 9530)'),
        }
      : {}),
    ...(body === undefined
      ? {}
      : { 'Idempotent-Replayed': text('`true` on an answer that was given before') }),
    ...(cursor === undefined ? {} : { Link: text('`rel="next"`: the next page') }),
  };
  if (raw === true) return { description: 'The answer that the sender expects', content: { '*/*': BYTES } };
  return {
    description: status === 201 ? 'Done' : status === 204 ? 'Gone' : 'Answer',
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(answer === undefined ? {} : { content: contentOf(answer, answerExample, produces, reference) }),
  };
}

function contentOf(
  answer: z.ZodType,
  answerExample: unknown,
  produces: Endpoint['produces'],
  reference: Reference,
): Json {
  if (produces !== undefined && typeof produces !== 'string')
    return Object.fromEntries(produces.map((type) => [type, BYTES]));
  return {
    [produces ?? 'application/json']: {
      schema: reference(answer, 'output'),
      ...(answerExample === undefined ? {} : { example: answerExample }),
    },
  };
}

function refusals(endpoint: Endpoint): Json {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(endpoint)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\` ${PROBLEMS[code].en[0]}`).join(' · '),
        content: {
          'application/problem+json': {
            schema: {
              allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }],
            },
          },
        },
      },
    ]),
  );
}

const text = { type: 'string' };
const problemSchema = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'detail', 'code', 'instance'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: text,
    code: text,
    instance: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'RFC 6901, into the body' },
          parameter: { type: 'string', description: 'The query parameter' },
          code: text,
          detail: text,
        },
      },
    },
  },
};

/** Zod closes the objects of answers; a client that was made from the document must bear what is added later. */
const open = (yes: boolean) => (context: { jsonSchema: Json }) => {
  if (yes && context.jsonSchema.additionalProperties === false)
    delete context.jsonSchema.additionalProperties;
};

/** Moves what has a name into the components, and leaves a reference to it. */
function hoist(schema: Json, components: Json): Json {
  const {
    $defs = {},
    $schema: _draft,
    ...rest
  } = schema as { $defs?: Record<string, Json>; $schema?: string };
  for (const [name, definition] of Object.entries($defs)) components[name] = refer(nameless(definition));
  const { id } = rest as { id?: string };
  const whole = refer(nameless(rest));
  if (id === undefined) return whole;
  components[id] = whole;
  return { $ref: `#/components/schemas/${id}` };
}

function nameless(schema: Json): Json {
  const { id: _id, ...rest } = schema;
  return rest;
}

const refer = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
