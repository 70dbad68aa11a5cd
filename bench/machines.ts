/** What both contestants run against: the mock agencies and a webhook sink in processes of their own, a fresh database, a queue. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '../src/store/embedded.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Started<Value> {
  readonly value: Value;
  close(): Promise<void>;
}

/** Runs a script of ours and waits until it has said what `ready` looks for. */
async function startProcess<Value>(
  args: readonly string[],
  environment: Record<string, string>,
  ready: (output: string) => Value | undefined,
): Promise<Started<Value>> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const value = await new Promise<Value>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = ready(output);
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)));
    child.once('error', reject);
  });
  return { value, close: () => stop(child) };
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

export interface Urls {
  readonly desk: string;
  readonly labor: string;
  readonly insurance: string;
  readonly credit: string;
}

export function startMocks(): Promise<Started<Urls>> {
  return startProcess(['bin/exitgate.js', 'mocks'], { MOCKS_PORT: '0' }, (output) => {
    const urls = Object.fromEntries(
      [...output.matchAll(/^(desk|labor|insurance|credit)\s+(http:\S+)$/gm)].map(([, name, url]) => [
        name,
        url,
      ]),
    );
    return Object.keys(urls).length === 4 ? (urls as unknown as Urls) : undefined;
  });
}

/** A webhook endpoint that answers 204 and counts `exit.completed`; GET tells the count. */
export function startSink(): Promise<Started<string>> {
  return startProcess(['--import', 'tsx', 'bench/sink.ts'], {}, (output) => /^http:\S+/.exec(output)?.[0]);
}

export async function startPostgres(): Promise<Started<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'exitgate-bench-'));
  const { url, close } = await startEmbedded({ dir: folder, log: () => undefined });
  return {
    value: url,
    close: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's redis-server on a free port, with its usual durability off as most deployments of queues have it. @returns undefined when it is not installed. */
export async function startRedis(): Promise<Started<string> | undefined> {
  const port = await freePort();
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const up = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('Ready to accept') && resolve(true));
  });
  return up ? { value: `redis://127.0.0.1:${port}`, close: () => stop(child) } : undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
