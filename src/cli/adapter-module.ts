/** An adapter as somebody's modules export it. They may be TypeScript, in a folder that is none of ours. */
import { existsSync, statSync } from 'node:fs';
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
  const file = ours(path) ?? fileOf(resolve(path), path);
  const exported = await load(file);
  const entry = the(exported, isEntry, `${path} must export one adapter: an object with manifest and create`);
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
  const file = find(join(path, 'index'));
  if (file === undefined) throw new Error(`${typed} has no index.ts, index.js or index.mjs`);
  return file;
}

const find = (stem: string) => EXTENSIONS.map((each) => `${stem}${each}`).find((each) => existsSync(each));

async function load(file: string): Promise<Exports> {
  if (extname(file) === '.ts') await readTypes(file);
  return import(pathToFileURL(file).href);
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
