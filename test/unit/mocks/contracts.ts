// The published contracts, read by other libraries than the agencies use: xmllint for XML, zod for JSON.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { XmlBufferInputProvider, XmlDocument, XsdValidator, xmlRegisterInputProvider } from 'libxml2-wasm';
import { parse } from 'yaml';
import { z } from 'zod';

const mocks = new URL('../../../mocks/', import.meta.url);
const folderOf = { labor: 'labor/contract/envelope.xsd', insurance: 'insurance/contract/insurance.xsd' };

/** Of these documents, by name, the ones that the XSD does not allow, and why. */
export async function againstXsd(
  agency: 'labor' | 'insurance',
  documents: ReadonlyMap<string, Buffer>,
): Promise<Map<string, string>> {
  const xsd = fileURLToPath(new URL(folderOf[agency], mocks));
  const folder = await mkdtemp(join(tmpdir(), 'exitgate-'));
  try {
    for (const [name, bytes] of documents) await writeFile(join(folder, name), bytes);
    const args = ['--noout', '--nonet', '--schema', xsd, ...documents.keys()];
    const said = await new Promise<string | undefined>((resolve, reject) => {
      execFile('xmllint', args, { cwd: folder, maxBuffer: 2 ** 26 }, (error, _out, errors) => {
        if (error?.code !== 'ENOENT') resolve(errors);
        else if (process.env.EXITGATE_REQUIRE_TOOLS) reject(error);
        else resolve(undefined);
      });
    });
    return said === undefined ? byLibrary(xsd, documents) : verdicts(said, documents);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** It says of each file `validates`, or why not. */
function verdicts(said: string, documents: ReadonlyMap<string, Buffer>): Map<string, string> {
  const lines = said.split('\n');
  const good = new Set(lines.filter((line) => line.endsWith(' validates')).map((line) => line.split(' ')[0]));
  const bad = [...documents.keys()].filter((name) => !good.has(name));
  const why = (name: string) => lines.filter((line) => line.startsWith(name)).join('\n');
  return new Map(bad.map((name) => [name, why(name)]));
}

/** Where xmllint is not installed. */
function byLibrary(xsd: string, documents: ReadonlyMap<string, Buffer>): Map<string, string> {
  xmlRegisterInputProvider(
    new XmlBufferInputProvider({
      'sweep://contract/labor.xsd': readFileSync(new URL('labor/contract/labor.xsd', mocks)),
    }),
  );
  const schema = XmlDocument.fromBuffer(readFileSync(xsd), { url: 'sweep://contract/schema.xsd' });
  const validator = XsdValidator.fromDoc(schema);
  const bad = new Map<string, string>();
  for (const [name, bytes] of documents)
    try {
      const doc = XmlDocument.fromBuffer(bytes);
      try {
        validator.validate(doc);
      } finally {
        doc.dispose();
      }
    } catch (cause) {
      bad.set(name, String(cause));
    }
  validator.dispose();
  schema.dispose();
  return bad;
}

type Json = { readonly [key: string]: unknown };
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const at = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce((inner: unknown, key) => (isJson(inner) ? inner[key] : undefined), value);

/** What both documents allow for a path or a method that they do not have. */
const UNKNOWN = {
  default: { content: { 'application/problem+json': { schema: { $ref: '#/$defs/Problem' } } } },
};

/** An OpenAPI document: what it allows as an answer. */
export interface Published {
  /** undefined: it does; else why not. `path` as the client called it. */
  refuses(method: string, path: string, status: number, type: string, body: unknown): string | undefined;
}

export function published(document: unknown): Published {
  const text = JSON.stringify(document).replaceAll('#/components/schemas/', '#/$defs/');
  const moved: unknown = JSON.parse(text);
  const $defs = at(moved, 'components', 'schemas');
  const compiled = new Map<string, z.ZodType>();

  function schemaOf(schema: Json): z.ZodType {
    const key = JSON.stringify(schema);
    const before = compiled.get(key);
    if (before) return before;
    const fresh = z.fromJSONSchema({ ...schema, $defs } as Parameters<typeof z.fromJSONSchema>[0]);
    compiled.set(key, fresh);
    return fresh;
  }

  function responsesOf(method: string, path: string): unknown {
    const paths = at(moved, 'paths');
    assert.ok(isJson(paths));
    const fits = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
    // One that is spelt out goes before one with a parameter.
    const template = paths[path] === undefined ? Object.keys(paths).find(fits) : path;
    return template === undefined ? undefined : at(paths, template, method.toLowerCase(), 'responses');
  }

  return {
    refuses(method, path, status, type, body) {
      const responses = responsesOf(method, path);
      const named = at(responses, String(status)) ?? at(responses ?? UNKNOWN, 'default');
      const reference = at(named, '$ref');
      const response = typeof reference === 'string' ? at(moved, ...reference.slice(2).split('/')) : named;
      const schema = at(response, 'content', type, 'schema');
      if (!isJson(schema)) return `${status} ${type} is not in the contract of ${method} ${path}`;
      const read = schemaOf(schema).safeParse(body);
      return read.success ? undefined : read.error.message;
    },
  };
}

/** What is sealed in an answer of the second city, as if it had travelled in the open; and what travels. */
export const SM2 = (() => {
  const document: unknown = parse(
    readFileSync(new URL('insurance-sm2/contract/openapi.yaml', mocks), 'utf8'),
    {
      merge: true,
    },
  );
  const paths = at(document, 'paths');
  assert.ok(isJson(document) && isJson(paths));
  const json = ($ref: unknown) => ({ content: { 'application/json': { schema: { $ref } } } });
  const refusal = json('#/components/schemas/Refusal');
  const opened = Object.fromEntries(
    Object.entries(paths).map(([path, item]) => {
      const sealed = at(item, 'post', 'responses', '200', 'x-sealed');
      const other = { responses: { default: refusal } };
      return [path, { post: { responses: { 200: json(sealed), default: refusal } }, put: other, get: other }];
    }),
  );
  return {
    outer: published({
      ...document,
      paths: { '/any': { post: { responses: { default: json('#/components/schemas/Body') } } } },
    }),
    inner: published({
      ...document,
      paths: { ...opened, '/no/such/path': { post: { responses: { default: refusal } } } },
    }),
  };
})();

export const CREDIT = published(parse(readFileSync(new URL('credit/contract/openapi.yaml', mocks), 'utf8')));
