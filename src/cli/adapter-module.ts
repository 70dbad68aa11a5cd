/** An adapter as somebody's modules export it. They may be TypeScript, in a folder that is none of ours. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AdapterEntry } from '../../adapters/adapter.ts';
import {
  type Conformance,
  descriptionFaults,
  type WithoutAgency,
} from '../../adapters/conformance/description.ts';
import { ADAPTERS } from '../../adapters/index.ts';
import { manifestFaults } from '../../adapters/manifest.ts';
import type { Agency } from '../../mocks/kernel/agency.ts';

export interface LoadedAdapter {
  readonly entry: AdapterEntry;
  readonly conformance: Conformance | WithoutAgency;
}

type Exports = Readonly<Record<string, unknown>>;

const has = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const OWN = fileURLToPath(import.meta.url);
const EXTENSIONS = ['.ts', '.js', '.mjs'];

export async function loadAdapter(path: string): Promise<LoadedAdapter> {
  const file = ours(path) ?? fileOf(placeOf(path), path);
  const exported = await load(file);
  const entry = entryIn(exported, path);
  const beside = find(join(dirname(file), 'conformance'));
  const described = 'conformance' in exported || beside === undefined ? exported : await load(beside);
  if (!('conformance' in described))
    throw new Error(
      `${path} describes itself nowhere: export conformance, there or in conformance.ts beside it`,
    );
  const faults = descriptionFaults(described.conformance, entry);
  if (faults.length > 0) throw new Error(`${path}:\n  ${faults.join('\n  ')}`);
  return { entry, conformance: described.conformance as LoadedAdapter['conformance'] }; // nothing was wrong with it
}

/** An adapter to file with: nothing is asked about how it is tested, and its manifest must be whole. */
export async function loadEntry(path: string): Promise<AdapterEntry> {
  const entry = entryIn(await load(fileOf(placeOf(path), path)), path);
  const faults = manifestFaults(entry.manifest);
  if (faults.length > 0) throw new Error(`${path}:\n  ${faults.join('\n  ')}`);
  return entry;
}

const entryIn = (exported: Exports, path: string): AdapterEntry =>
  the(exported, isEntry, `${path} must export one adapter: an object with manifest and create`);

/** @param path absolute; @param name what a description calls it. */
export async function loadAgency(path: string, name?: string): Promise<Agency> {
  const file = fileOf(path, path);
  const agency = the(
    await load(file),
    isAgency,
    `${file} must export one agency: an object with name and handle`,
  );
  if (name !== undefined && agency.name !== name)
    throw new Error(`${file} exports the agency ${agency.name}, not ${name}`);
  return agency;
}

function ours(name: string): string | undefined {
  if (!ADAPTERS.some(({ manifest }) => manifest.name === name)) return undefined;
  return join(dirname(OWN), '..', '..', 'adapters', name, `index${extname(OWN)}`);
}

function fileOf(path: string, typed: string): string {
  if (!existsSync(path)) {
    const names = ADAPTERS.map(({ manifest }) => manifest.name).join(', ');
    throw new Error(`${typed} is neither a folder nor a file, nor one of ours: ${names}`);
  }
  if (!statSync(path).isDirectory()) {
    if (!EXTENSIONS.includes(extname(path)))
      throw new Error(
        `${typed} is no module: name a folder with an index, or a file that ends in ${EXTENSIONS.join(', ')}`,
      );
    return path;
  }
  const file = exportedBy(path) ?? find(join(path, 'index'));
  if (file === undefined)
    throw new Error(
      `${typed} has no index.ts, index.js or index.mjs, and no package.json whose exports name a file that is there`,
    );
  return file;
}

/** What the package in this folder exports as itself: a file, or one under the conditions of an import. */
function exportedBy(folder: string): string | undefined {
  const described = join(folder, 'package.json');
  if (!existsSync(described)) return undefined;
  const { exports, main }: { exports?: unknown; main?: unknown } = JSON.parse(
    readFileSync(described, 'utf8'),
  );
  const itself = has(exports, '.') ?? exports ?? main;
  const [name] = [itself, has(itself, 'import'), has(itself, 'default')].filter(
    (each) => typeof each === 'string',
  );
  const file = name === undefined ? undefined : join(folder, name);
  return file !== undefined && existsSync(file) ? file : undefined;
}

/** A folder or file, or a package as `npm install` has put it beside whoever asks. */
function placeOf(typed: string): string {
  const path = resolve(typed);
  if (existsSync(path) || !PACKAGE.test(typed)) return path;
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const installed = join(folder, 'node_modules', typed);
    if (existsSync(installed)) return installed;
    if (folder === dirname(folder)) return path;
  }
}

const PACKAGE = /^(@[a-z0-9._-]+\/)?[a-z0-9][a-z0-9._-]*$/;

const find = (stem: string) => EXTENSIONS.map((each) => `${stem}${each}`).find((each) => existsSync(each));

async function load(file: string): Promise<Exports> {
  if (extname(file) === '.ts') await readTypes(file);
  try {
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    // TypeScript in a package of the old kind is read as CommonJS, which cannot load what the gateway exports.
    if (!/ES Module/.test(String(cause)) && has(cause, 'code') !== 'ERR_REQUIRE_ASYNC_MODULE') throw cause;
    throw new Error(
      `${file} is taken for CommonJS: write "type": "module" into the package.json of its folder, or make one with it`,
      { cause },
    );
  }
}

let readsTypes = extname(OWN) === '.ts' || Boolean(has(process.features, 'typescript'));

/** In a checkout tsx is at work already; the package has none, so that of whoever wrote the adapter is taken. */
async function readTypes(file: string): Promise<void> {
  if (readsTypes) return;
  let tsx: string;
  try {
    tsx = createRequire(file).resolve('tsx');
  } catch (cause) {
    throw new Error(
      `${file} is TypeScript: npm install --save-dev tsx beside it, or run Node.js 22.18 or newer`,
      { cause },
    );
  }
  // Its first file sets it to work, as `node --import tsx` does; what it offers to programs cannot be found by require.
  await import(pathToFileURL(tsx).href);
  readsTypes = true;
}

function the<T>(exported: Exports, is: (value: unknown) => value is T, otherwise: string): T {
  const found = [...new Set(Object.values(exported))].filter(is);
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) throw new Error(`${otherwise}; found ${found.length}`);
  return first;
}

const isEntry = (value: unknown): value is AdapterEntry =>
  typeof has(value, 'create') === 'function' && typeof has(has(value, 'manifest'), 'name') === 'string';
const isAgency = (value: unknown): value is Agency =>
  typeof has(value, 'handle') === 'function' && typeof has(value, 'name') === 'string';
