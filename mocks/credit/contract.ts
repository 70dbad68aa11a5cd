// The published contract: loaded once, its schemas compiled, its answers looked up. Nothing else knows its shape.
import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { Refusal } from '../kernel/agency.ts';

export const yamlText = readFileSync(new URL('./contract/openapi.yaml', import.meta.url), 'utf8');
type Json = Readonly<Record<string, unknown>>;

let read: { readonly document: Json; readonly ajv: Ajv2020 } | undefined;

/** Read when it is first asked for: whoever starts all agencies for one of them does not wait for this. */
function contract(): NonNullable<typeof read> {
  if (read) return read;
  const document = asObject(parse(yamlText));
  // `strict: false`: OpenAPI's own keywords surround the schemas.
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');
  read = { document, ajv };
  return read;
}

/** The document as served at this address. */
export const openapi = (base: string): string =>
  JSON.stringify({ ...contract().document, servers: [{ url: base }] });

function asObject(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('not an object');
  return value as Json;
}

/** Errors of a value against a schema of the contract, undefined when it fits. `at` is a JSON pointer into the document. */
function errorsAt(at: string, value: unknown): ErrorObject[] | undefined {
  const validate = contract().ajv.getSchema(`openapi#${at}`);
  if (!validate) throw new Error(`the contract has no schema ${at}`);
  return validate(value) ? undefined : (validate.errors ?? []);
}

export const fits = (schema: string, value: unknown): boolean =>
  errorsAt(`/components/schemas/${schema}`, value) === undefined;

/** Throws Refusal SCHEMA_INVALID (422) with the pointers. */
export function requireFit(schema: string, value: unknown): void {
  const errors = errorsAt(`/components/schemas/${schema}`, value);
  if (!errors) return;
  throw new Refusal('SCHEMA_INVALID', 'The body does not follow the published schema', {
    extra: {
      errors: errors.slice(0, 20).map((error) => ({
        pointer: pointerOf(error),
        message: error.message ?? error.keyword,
      })),
    },
  });
}

function pointerOf({ instancePath, params }: ErrorObject): string {
  const extra: unknown = params.additionalProperty ?? params.missingProperty;
  return typeof extra === 'string'
    ? `${instancePath}/${extra.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : instancePath;
}

const escapePointer = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * An answer against the contract: the operation's response for the status (or `default`), media type and body.
 * `template` is a path of the contract, undefined for a path it does not have. Throws Error.
 */
export function checkAnswer(
  template: string | undefined,
  method: string,
  status: number,
  type: string,
  body: unknown,
): void {
  const at = template === undefined ? undefined : responseAt(template, method.toLowerCase(), String(status));
  const response = at ?? '/components/responses/Problem';
  const schema = `${response}/content/${escapePointer(type)}/schema`;
  if (lookUp(schema) === undefined)
    throw new Error(`${status} ${type} is not in the contract of ${method} ${template}`);
  const errors = errorsAt(schema, body);
  if (errors) throw new Error(`the answer breaks the contract: ${contract().ajv.errorsText(errors)}`);
}

function responseAt(template: string, method: string, status: string): string | undefined {
  const responses = `/paths/${escapePointer(template)}/${method}/responses`;
  for (const key of [status, 'default']) {
    const found = lookUp(`${responses}/${key}`);
    if (found === undefined) continue;
    const reference = asObject(found).$ref;
    return typeof reference === 'string' ? reference.slice(1) : `${responses}/${key}`;
  }
  return undefined;
}

function lookUp(pointer: string): unknown {
  let value: unknown = contract().document;
  for (const part of pointer.slice(1).split('/')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, part.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return value;
}
