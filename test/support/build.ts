/**
 * The command as the package carries it, compiled once in a run: from dist it is up in half the time that the sources
 * take through tsx, and tests start it some sixty times. It lies within node_modules, where it finds its dependencies.
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { SharedServer } from './shared-servers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const node = promisify(execFile).bind(undefined, process.execPath);

export interface BuildAnswer {
  /** The file that `node` runs as `exitgate`. */
  readonly command: string;
}

export async function buildForTests(): Promise<SharedServer> {
  const folder = join(ROOT, 'node_modules', '.cache', `exitgate-test-${process.pid}`);
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  // Where the run is interrupted, nobody calls stop().
  process.once('exit', remove);
  await mkdir(folder, { recursive: true });
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  const options = ['-p', 'tsconfig.build.json', '--declaration', 'false', '--outDir', folder];
  await node([join(dirname(compiler), 'bin', 'tsc'), ...options], { cwd: ROOT });
  await node([join(ROOT, 'scripts', 'assets.mjs'), folder], { cwd: ROOT });
  const { type, version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type, version }));
  return {
    answer: { command: join(folder, 'src', 'cli', 'index.js') } satisfies BuildAnswer,
    stop: async () => remove(),
  };
}
