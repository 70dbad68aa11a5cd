// The published contract: loaded once, its schemas compiled. Nothing else knows its shape.
import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { Refusal } from '../kernel/agency.ts';

export const yamlText = readFileSync(new URL('./contract/openapi.yaml', import.meta.url), 'utf8');

interface Sealing {
  readonly 'x-sealed': string;
}
interface Document {
  readonly paths: Readonly<
    Record<
      string,
      { readonly post: { readonly requestBody: Sealing; readonly responses: { readonly 200: Sealing } } }
    >
  >;
}

let read: { readonly document: Document; readonly ajv: Ajv2020 } | undefined;

/** Read when it is first asked for: whoever starts all agencies for one of them does not wait for this. */
function contract(): NonNullable<typeof read> {
  if (read) return read;
  const document = parse(yamlText, { merge: true }) as Document; // our own file
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

function errorsAt(reference: string, value: unknown): ErrorObject[] | undefined {
  const validate = contract().ajv.getSchema(`openapi${reference}`);
  if (!validate) throw new Error(`the contract has no schema ${reference}`);
  return validate(value) ? undefined : (validate.errors ?? []);
}

const named = (schema: string) => `#/components/schemas/${schema}`;

export const fits = (schema: string, value: unknown): boolean => errorsAt(named(schema), value) === undefined;

/** What was sealed in the request, against the contract. Throws Refusal SCHEMA_INVALID with the pointers. */
export function requireContent(path: string, value: unknown): void {
  const reference = contract().document.paths[path]?.post.requestBody['x-sealed'];
  if (reference === undefined) throw new Error(`the contract has no path ${path}`);
  const errors = errorsAt(reference, value);
  if (!errors) return;
  throw new Refusal('SCHEMA_INVALID', 'The content does not follow the published schema', {
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

/** An answer before it is sealed. @param path undefined: not one of the contract's. Throws Error. */
export function checkAnswer(path: string | undefined, content: unknown): void {
  const operation = contract().document.paths[path ?? '']?.post;
  const errors = errorsAt(operation?.responses[200]['x-sealed'] ?? named('Refusal'), content);
  if (errors) throw new Error(`the answer breaks the contract: ${contract().ajv.errorsText(errors)}`);
}

export function checkBody(body: unknown): void {
  const errors = errorsAt(named('Body'), body);
  if (errors) throw new Error(`the body breaks the contract: ${contract().ajv.errorsText(errors)}`);
}

export function checkCallback(content: unknown): void {
  const errors = errorsAt(named('Callback'), content);
  if (errors) throw new Error(`the callback breaks the contract: ${contract().ajv.errorsText(errors)}`);
}
