// One run of the PostgreSQL server: start, watch, stop; and the stopping of one that a killed process left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { type Binaries, program } from './binaries.ts';
import { type Account, cannotExecute, childOf, commandLine, processIdentity, run } from './process.ts';

export type Server = {
  pid: number;
  /** Settles when PostgreSQL ends although nobody called stop(). */
  exited: Promise<string>;
  stop(): Promise<void>;
};
type Run = { binaries: Binaries; data: string; port: number; account: Account | undefined };
/** `failed` holds what PostgreSQL said. */
export type Started = { server: Server } | { failed: string };

// Given on the command line, not in postgresql.conf, so that a new release changes them for old data too.
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // their paths have a limit of about 100 bytes, and nothing needs them
  max_connections: 100,
  shared_buffers: '128MB', // touched only as used; the rest of a small machine serves as page cache
  // Parallel queries take /dev/shm, of which containers have 64 MB, and our queries are small.
  max_parallel_workers_per_gather: 0,
  jit: 'off',
  // fsync, full_page_writes and synchronous_commit keep their safe defaults. wal_level stays `replica`: `minimal`
  // saves nothing on small transactions and would rule out a base backup of the running database.
  fsync: 'on',
  timezone: 'UTC',
  lc_messages: 'C', // we read the messages
  // The statements that fail are the application's to report, and they hold personal data: keep them out of the log.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_line_prefix: '',
  logging_collector: 'off',
};
const READY = 'database system is ready to accept connections';
const ROUTINE =
  /^(LOG: {2}(starting|listening|database system (was shut|is)|received|aborting|shutting|background))|^FATAL: {2}terminating connection/;
// Fast (rolls back, writes a checkpoint), immediate (recovers at the next start), by force: 30 s at the most.
const STEPS = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;

export async function startServer(
  { binaries, data, port, account }: Run,
  log: (message: string) => void,
): Promise<Started> {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Detached: its own session, so that a terminal's Ctrl-C reaches us and not PostgreSQL, and we drain first.
  const file = program(binaries, 'postgres');
  const child = spawn(file, ['-D', data, '-p', String(port), ...settings], {
    ...childOf(account),
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const pid = child.pid;
  const last: string[] = [];
  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(cannotExecute(error, file) ?? error.message));
    child.once('close', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`));
  });
  const ready = new Promise<true>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      last.push(line);
      if (last.length > 20) last.shift();
      if (line.includes(READY)) resolve(true);
      else if (!ROUTINE.test(line)) log(`PostgreSQL: ${line}`);
    });
  });
  const guard = pid === undefined ? undefined : watchOver(pid, account);
  child.once('exit', () => guard?.kill('SIGKILL')); // before the number can go to another process
  // No limit: after a crash, recovery takes as long as it takes, and PostgreSQL logs its progress.
  const how = await Promise.race([ready, ended]);
  if (how !== true || pid === undefined) return { failed: [...last, how].join('\n') };

  const exited = new Promise<string>((resolve) => {
    ended.then((reason) => {
      const said = last.filter((line) => /FATAL|PANIC|terminated/.test(line)).at(-1);
      if (!stopping) resolve(`The embedded PostgreSQL ended by itself: ${said ?? reason}.`);
    });
  });
  const stop = async () => {
    stopping = true;
    const gone = ended.then(() => true);
    if (process.platform === 'win32')
      await run(program(binaries, 'pg_ctl'), ['stop', '-D', data, '-m', 'fast', '-t', '20']);
    await stopBySteps(
      (signal) => child.kill(signal),
      (ms) => Promise.race([gone, unless(ms)]),
    );
    child.stderr.destroy();
  };
  return { server: { pid, exited, stop } };
}

/**
 * Ends PostgreSQL soon after we are killed outright: a shell that waits for the end of a pipe that only we hold.
 * Rejected: prctl's parent-death signal, which Node cannot set. Without /bin/sh the next start does the work.
 */
function watchOver(pid: number, account: Account | undefined): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const script = 'read -r _; kill -INT "$1"';
  const guard = spawn('/bin/sh', ['-c', script, 'exitgate-postgres-guard', String(pid)], {
    ...childOf(account),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  return guard;
}

/** Stops the server that a killed process left on `data`, and clears the way for a new one. */
export async function stopOrphan(
  data: string,
  binaries: Binaries,
  log: (message: string) => void,
): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = Number.parseInt((await readFile(file, 'utf8').catch(() => '')).split('\n')[0] ?? '', 10);
  if (!(pid > 1) || (await processIdentity(pid)) === undefined) return; // PostgreSQL clears a dead one's file itself
  if (process.platform === 'win32') {
    await run(program(binaries, 'pg_ctl'), ['stop', '-D', data, '-m', 'fast', '-t', '20']);
    return;
  }
  const whose = await whoseIs(pid, data);
  // The number went to another program since (a restart of the machine): PostgreSQL would refuse to start.
  if (whose === 'other') await rm(file, { force: true });
  if (whose !== 'ours') return; // not knowing, we signal nobody; PostgreSQL will say if it is in the way
  log(`Stopping the PostgreSQL (process ${pid}) that an earlier run left behind.`);
  const stopped = await stopBySteps(
    (signal) => process.kill(pid, signal),
    async (ms) => {
      const until = Date.now() + ms;
      while (Date.now() < until) {
        if ((await processIdentity(pid)) === undefined) return true;
        await wait(20);
      }
      return false;
    },
  );
  if (!stopped)
    throw new Error(
      `The PostgreSQL that an earlier run left behind (process ${pid}) does not end: end it by hand.`,
    );
}

async function whoseIs(pid: number, data: string): Promise<'ours' | 'other' | 'unknown'> {
  const args = await commandLine(pid);
  if (!args?.[0]) return 'unknown';
  if (args.length === 1) {
    // `ps`, where arguments cannot be told apart.
    if (args[0].includes(`postgres -D ${data} -p `)) return 'ours';
    return args[0].includes('postgres') ? 'unknown' : 'other';
  }
  if (basename(args[0]) !== 'postgres') return 'other';
  const dir = args[args.indexOf('-D') + 1];
  if (!args.includes('-D') || !dir?.startsWith('/')) return 'unknown';
  const [theirs, mine] = await Promise.all([stat(dir).catch(() => undefined), stat(data)]);
  if (!theirs) return 'unknown'; // its folder has another name now: this one, perhaps
  return theirs.ino === mine.ino && theirs.dev === mine.dev ? 'ours' : 'other';
}

async function stopBySteps(
  kill: (signal: NodeJS.Signals) => unknown,
  gone: (ms: number) => Promise<boolean>,
): Promise<boolean> {
  for (const [signal, ms] of STEPS) {
    try {
      kill(signal);
    } catch {
      // already gone
    }
    if (await gone(ms)) return true;
  }
  return false;
}

const unless = (ms: number) => wait(ms, false, { ref: false });
