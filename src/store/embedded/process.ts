// Other processes: run one, tell whether one still lives, read its command line.
// Children get no environment of ours: it holds the master key, and PG* variables would redirect PostgreSQL.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** The system user that PostgreSQL runs as when we are root. */
export type Account = { name: string; uid: number; gid: number };

export const childEnv = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

/** Spawn options for a child of this account, away from our own folder, which the account may not enter. */
export function childOf(account: Account | undefined) {
  return { cwd: '/', env: childEnv, ...(account ? { uid: account.uid, gid: account.gid } : {}) };
}

/** Runs a program to its end; never throws. `code` is null when it could not run or was killed. */
export function run(
  file: string,
  args: string[],
  account?: Account,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(file, args, { ...childOf(account), stdio: ['ignore', 'pipe', 'pipe'] });
    const add = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.on('error', (error) =>
      resolve({ code: null, output: cannotExecute(error, file) ?? error.message }),
    );
    child.on('close', (code) => resolve({ code, output: output.trim() }));
  });
}

// The kernel says ENOENT for a file that is there when its loader is not: glibc programs on a musl system.
export function cannotExecute(error: Error, file: string): string | undefined {
  const code = errorCode(error);
  if ((code !== 'ENOENT' && code !== 'ENOEXEC') || !existsSync(file)) return undefined;
  return 'this system cannot execute the bundled programs (they need glibc; Alpine and other musl systems have none)';
}

/**
 * What tells this process from a later one with the same pid: boot and start time where the system says.
 * Undefined when it is gone; a zombie is gone.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return undefined;
  }
  if (process.platform === 'win32') return 'alive';
  if (process.platform !== 'linux') {
    const ps = await run('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return ps.code === 0 ? ps.output : undefined;
  }
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // Fields after the program's name, which may itself hold spaces and brackets: state is 3, start time 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${(await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** The arguments of a process; undefined when they cannot be read. Outside Linux: one string, spaces and all. */
export async function commandLine(pid: number): Promise<string[] | undefined> {
  if (process.platform === 'win32') return undefined;
  if (process.platform !== 'linux') {
    const ps = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
    return ps.code === 0 ? [ps.output] : undefined;
  }
  // World-readable, unlike /proc/<pid>/cwd, which root in a container may not read of another user's process.
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text ? text.split('\0').slice(0, -1) : undefined;
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
