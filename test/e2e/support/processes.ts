/** `exitgate …` in processes of their own, as an operator starts them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BuildAnswer } from '../../support/build.ts';
import { eventually } from '../../support/eventually.ts';
import { askShared } from '../../support/shared-servers.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
let command = '';

/** For a suite that starts processes: has the command built. */
export function useCommand(): void {
  before(async () => {
    command ||= (await askShared<BuildAnswer>({ ask: 'build' })).command;
  });
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Running {
  readonly pid: number;
  readonly stdout: () => string;
  /** stdout and stderr as they came. */
  readonly output: () => string;
  /** The first group of the pattern, once it is on stdout. @throws with all that was said when the process ends before. */
  said(pattern: RegExp, within?: number): Promise<string>;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): Promise<Ended>;
}

const running = new Set<ChildProcess>();

/** Nothing of this process' own settings reaches it. */
export function exitgate(args: readonly string[], environment: Readonly<Record<string, string>>): Running {
  if (command === '') throw new Error('a suite that starts processes calls useCommand() first');
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [command, ...args], {
    cwd: ROOT,
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    output: () => output,
    ended,
    async said(pattern, within = 60_000) {
      return eventually(
        () => {
          const found = pattern.exec(stdout);
          if (found !== null) return found[1] ?? found[0];
          if (child.exitCode !== null || child.signalCode !== null)
            throw new Error(`exitgate ${args.join(' ')} ended with ${child.exitCode}: ${output}`);
          return undefined;
        },
        { what: `${pattern} of exitgate ${args.join(' ')}`, within, every: 20 },
      );
    },
    async kill(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** A process that serves, up. `url` is empty for a worker. */
export async function started(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Running & { readonly url: string }> {
  const process_ = exitgate(args, environment);
  await process_.said(/exitgate is up/);
  return { ...process_, url: /API\s+(http:\S+)/.exec(process_.stdout())?.[1] ?? '' };
}

/** For `afterEach`: whatever a failed test has left running. */
export async function killLeftOvers(): Promise<void> {
  await Promise.all(
    [...running].map(
      (child) =>
        new Promise((resolve) => {
          child.once('close', resolve);
          child.kill('SIGKILL');
        }),
    ),
  );
}

/** Whether a process of that number runs. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    // One that has ended and that its parent has not yet asked after (an orphan's is the system's first process, which
    // takes its time in some containers) answers signals all the same.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
