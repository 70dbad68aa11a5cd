// The data directory: its password, its making, and whether it is one that we can open.
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Binaries, program } from './binaries.ts';
import type { Place } from './place.ts';
import { errorCode, run } from './process.ts';

export const SUPERUSER = 'postgres';

/** Makes the data directory when there is none; returns the superuser's password, kept in `<dir>/postgres.password`. */
export async function prepareCluster(dir: string, place: Place, binaries: Binaries): Promise<string> {
  const { data } = place;
  const drafts = `${basename(data)}.init-`;
  for (const name of await readdir(dirname(data))) {
    // Left by a start that was killed inside initdb, whose last child may write for another moment: hence retries.
    if (name.startsWith(drafts)) {
      await rm(join(dirname(data), name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    }
  }
  const version = await readVersion(data, binaries.major);
  const passwordFile = join(dir, 'postgres.password');
  const kept = (await readFile(passwordFile, 'utf8').catch(absent))?.trim();
  if (version) {
    if (kept) return kept;
    throw new Error(
      `The database in ${data} exists but its password file ${passwordFile} is missing: put the file back, ` +
        `or remove ${data} to start with an empty database.`,
    );
  }
  const password = kept || randomBytes(24).toString('base64url');
  if (!kept) await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await initialise(place, binaries, password);
  return password;
}

async function readVersion(data: string, major: string): Promise<string | undefined> {
  const version = (await readFile(join(data, 'PG_VERSION'), 'utf8').catch(absent))?.trim();
  if (version === major) return version;
  if (version !== undefined) {
    throw new Error(
      `The data in ${data} belongs to PostgreSQL ${version}, and this release brings ${major}: dump it with ` +
        `PostgreSQL ${version} (pg_dumpall) and load it into a new folder, or go on with the release that made it.`,
    );
  }
  const entries = await readdir(data).catch(absent);
  if (entries && entries.length > 0) {
    throw new Error(
      `${data} is not empty and is not a PostgreSQL data directory: move it away and start again.`,
    );
  }
  return undefined;
}

// Made beside its place and renamed: a directory under the final name is always complete.
async function initialise({ data, account }: Place, binaries: Binaries, password: string): Promise<void> {
  const draft = await mkdtemp(`${data}.init-`);
  const [fresh, pwfile] = [join(draft, 'data'), join(draft, 'password')];
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(pwfile, `${password}\n`, { mode: 0o600 });
  if (account) for (const path of [draft, fresh, pwfile]) await chown(path, account.uid, account.gid);
  const made = await run(
    program(binaries, 'initdb'),
    [
      ...['-D', fresh, '-U', SUPERUSER, `--pwfile=${pwfile}`, '-A', 'scram-sha-256', '--no-instructions'],
      // Nothing of the system's locales, which differ from machine to machine and change sort orders on upgrade:
      // code point order, with Unicode's own upper and lower case.
      ...['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ],
    account,
  );
  if (made.code !== 0) {
    await rm(draft, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    throw new Error(explain(`PostgreSQL could not make a database in ${data}`, made.output));
  }
  await rmdir(data).catch(() => undefined); // an empty one: Windows does not rename over it
  await rename(fresh, data);
  await syncDirectory(dirname(data));
  await rm(draft, { recursive: true, force: true });
  await chmod(data, 0o700);
}

/** A sentence from PostgreSQL's last lines. */
export function explain(what: string, output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => /error:|FATAL|PANIC|could not|GLIBC/.test(line));
  const said = (telling.length > 0 ? telling : lines.slice(-2)).slice(-3).join('; ');
  if (/No space left|wrote only/i.test(output)) return `${what}: the disk is full (${said}).`;
  return `${what}: ${said || 'it said nothing'}. Or set DATABASE_URL to a PostgreSQL of your own.`;
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined); // Windows opens no directories
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function absent(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined;
  throw error;
}
