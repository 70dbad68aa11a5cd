/** The project's own sources, and what each imports: for tests that guard the structure. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Import {
  /** A file of ours as a path from the root (`src/domain/exit.ts`), or a package's specifier (`node:fs`, `zod`). */
  readonly target: string;
  readonly ours: boolean;
  /** Nothing of it is left when the types are gone. */
  readonly typeOnly: boolean;
}

export interface Source {
  /** From the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const STATEMENT =
  /^[ \t]*(?:import|export)\s+(?:(type)\s+)?(?:((?:[\w*$]+\s*,?\s*)?(?:\{[^}]*\}|\*\s+as\s+\w+|\*)?)\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

export function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(STATEMENT)].map(([, type, names, from, dynamic]) => {
    const specifier = from ?? dynamic ?? '';
    const ours = specifier.startsWith('.');
    const inner = /^\s*\{([^}]*)\}\s*$/.exec(names ?? '')?.[1] ?? '';
    const named = inner
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const allTypes = named.length > 0 && named.every((name) => name.startsWith('type '));
    return {
      target: ours ? join(dirname(path), specifier).split(sep).join('/') : specifier,
      ours,
      typeOnly: type !== undefined || allTypes,
    };
  });
}

export function makeSource(path: string, text: string): Source {
  return { path, text, imports: importsOf(path, text) };
}

/** Every TypeScript file below these folders, without what is generated. */
export function readSources(...folders: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|tsx|js|mjs)$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((path) => !/(^|\/)(generated|node_modules|dist)\//.test(path))
      .map((path) => makeSource(path, readFileSync(join(ROOT, path), 'utf8'))),
  );
}
