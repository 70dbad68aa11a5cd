// One holder per data directory. A file, because Node has no flock: who holds it, and a heartbeat in its mtime.
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { errorCode, processIdentity } from './process.ts';

const HEARTBEAT_MS = 2_000;
const Holder = z.object({ pid: z.number().int(), identity: z.string(), host: z.string(), since: z.string() });
type Holder = z.infer<typeof Holder>;

/** Takes the lock at `path` or throws a sentence that says who has it. The result releases it. */
export async function takeLock(path: string, what: string): Promise<() => Promise<void>> {
  const me: Holder = {
    pid: process.pid,
    identity: (await processIdentity(process.pid)) ?? 'alive',
    host: hostname(),
    since: `${new Date().toISOString().slice(0, 19).replace('T', ' ')} UTC`,
  };
  const mine = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  // Written whole, then linked: the lock never exists half written, and link() fails when it exists.
  // World-readable: an ordinary user has to be able to read that root holds it.
  await writeFile(mine, JSON.stringify(me), { mode: 0o644 });
  try {
    while (!(await linked(mine, path))) {
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const holder = parse(text);
      if (holder && (await alive(holder, path))) {
        throw new Error(
          `${what} is in use by process ${holder.pid}${holder.host === me.host ? '' : ` on ${holder.host}`} ` +
            `since ${holder.since}: stop that process, give this one another folder, ` +
            'or set DATABASE_URL when several are meant to share one database.',
        );
      }
      await clear(path, text);
    }
  } finally {
    await rm(mine, { force: true });
  }
  const text = JSON.stringify(me);
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  beat.unref();
  return async () => {
    clearInterval(beat);
    if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true });
  };
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

// A pid of another host (mostly: another container on the same volume) says nothing here. So watch its heartbeat
// for three beats; a container that was killed and made anew starts after that wait.
async function alive(holder: Holder, path: string): Promise<boolean> {
  if (holder.host === hostname()) return (await processIdentity(holder.pid)) === holder.identity;
  const mtime = async () => (await stat(path).catch(() => undefined))?.mtimeMs;
  const before = await mtime();
  for (let beats = 0; beats < 3; beats++) {
    await wait(HEARTBEAT_MS);
    if ((await mtime()) !== before) return true;
  }
  return false;
}

// Takes a dead holder's lock away. Renaming first means that of two takers one gets it; should it be a new lock
// that somebody took since we looked, it goes back. PostgreSQL's own postmaster.pid is the second line.
async function clear(path: string, stale: string): Promise<void> {
  const aside = `${path}.stale-${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== stale) await linked(aside, path);
  await rm(aside, { force: true });
}

function parse(text: string): Holder | undefined {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
