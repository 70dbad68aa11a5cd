/** Holds an answer against the OpenAPI document of the endpoints that gave it: no field, status or problem undescribed. */
import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { openApiDocument, problemsOf } from '../../src/http/openapi.ts';

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  readonly requestBody?: { readonly content: Content };
  readonly responses: Record<string, { readonly content?: Content }>;
}
type Content = Record<string, { readonly schema: object; readonly example?: unknown }>;

const documents = new WeakMap<readonly Endpoint[], { document: Document; ajv: Ajv2020 }>();

export function documentOf(endpoints: readonly Endpoint[]) {
  const known = documents.get(endpoints);
  if (known !== undefined) return known;
  const document = openApiDocument(endpoints, { closed: true }) as unknown as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(document, 'https://exitgate.invalid/openapi.json');
  documents.set(endpoints, { document, ajv });
  return { document, ajv };
}

/** A schema of the document, its references resolved in the document. */
export function validator(endpoints: readonly Endpoint[], schema: object): ValidateFunction {
  const { ajv } = documentOf(endpoints);
  const absolute = JSON.stringify(schema).replaceAll('"#/', '"https://exitgate.invalid/openapi.json#/');
  return ajv.compile(JSON.parse(absolute) as object);
}

export function conform(
  endpoints: readonly Endpoint[],
  method: string,
  path: string,
  reply: { readonly status: number; readonly headers: Headers; readonly body: unknown },
): void {
  const plain = path.split('?', 1)[0] ?? '';
  const endpoint = endpoints.find(
    (each) =>
      each.method.toUpperCase() === method &&
      new RegExp(`^${each.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(plain),
  );
  if (endpoint === undefined) return;
  const { document } = documentOf(endpoints);
  const where = `${method} ${endpoint.path} → ${reply.status}`;
  const type = (reply.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
  const described = document.paths[endpoint.path]?.[endpoint.method]?.responses[reply.status];
  assert.ok(described, `${where} is not described`);
  if (described.content === undefined) {
    assert.equal(reply.body, '', where);
    return;
  }
  const content = Object.entries(described.content).find(([name]) => name.split(';', 1)[0] === type)?.[1];
  assert.ok(content, `${where}: ${type} is not described`);
  const validate = validator(endpoints, content.schema);
  assert.ok(
    validate(reply.body),
    `${where}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(reply.body)}`,
  );
  if (type !== 'application/problem+json') return;
  const { code } = reply.body as { code: (typeof endpoint.problems)[number] };
  assert.ok(problemsOf(endpoint).includes(code), `${where}: ${code} is not among the endpoint's problems`);
}
