/** The Redis of a test run: EXITGATE_TEST_REDIS_URL (one that tests may empty), else the machine's `redis-server` on a free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Context } from 'mocha';
import { eventually } from './eventually.ts';
import { askShared, type SharedServer } from './shared-servers.ts';
import { freePort } from './sockets.ts';
import { requireTool } from './tools.ts';

const DATABASES = 1000;
/** What a Redis that nobody configured has. */
const DATABASES_ELSEWHERE = 16;

interface RedisAnswer {
  readonly url: string;
  readonly databases: number;
}

/** The URL of an empty Redis database for this test; skips it (or fails, where CI demands tools) when there is no Redis. */
export async function redisForTests(context: Context): Promise<string> {
  if (process.env.EXITGATE_TEST_REDIS_URL === undefined) requireTool('redis-server', context);
  const { url, databases } = await askShared<RedisAnswer>({ ask: 'redis' });
  const { number } = await askShared<{ number: number }>({ ask: 'number' });
  const own = new URL(url);
  own.pathname = `/${number % databases}`;
  const client = new Redis(own.href);
  try {
    await client.flushdb();
  } finally {
    client.disconnect();
  }
  return own.href;
}

export async function startTestRedis(): Promise<SharedServer> {
  const given = process.env.EXITGATE_TEST_REDIS_URL;
  if (given !== undefined)
    return {
      answer: { url: given, databases: DATABASES_ELSEWHERE } satisfies RedisAnswer,
      stop: async () => {},
    };
  const folder = await mkdtemp(join(tmpdir(), 'exitgate-redis-'));
  const { redis, port } = await startSomewhere(folder);
  // Where the run is interrupted, nobody calls stop().
  process.once('exit', () => redis.kill());
  return {
    answer: { url: `redis://127.0.0.1:${port}`, databases: DATABASES } satisfies RedisAnswer,
    async stop() {
      redis.kill();
      await once(redis, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startSomewhere(folder: string): Promise<{ redis: ChildProcess; port: number }> {
  for (;;) {
    const port = await freePort();
    const options = { bind: '127.0.0.1', port, save: '', dir: folder, databases: DATABASES };
    const redis = spawn(
      'redis-server',
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]),
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const said = await listening(redis);
    if (said === undefined) return { redis, port };
    if (!said.includes('Address already in use')) throw new Error(`redis-server ended at once: ${said}`);
  }
}

/** @returns what it said, where it ended instead of listening. */
async function listening(redis: ChildProcess): Promise<string | undefined> {
  let said = '';
  redis.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await eventually(() => redis.exitCode !== null || said.includes('Ready to accept connections'));
  return redis.exitCode === null ? undefined : said;
}
