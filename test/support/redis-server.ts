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
import { closedPort } from './sockets.ts';
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
  const port = await closedPort();
  const redis = spawn(
    'redis-server',
    [
      '--bind',
      '127.0.0.1',
      '--port',
      `${port}`,
      '--save',
      '',
      '--dir',
      folder,
      '--databases',
      `${DATABASES}`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  // Where the run is interrupted, nobody calls stop().
  process.once('exit', () => redis.kill());
  await listening(redis);
  return {
    answer: { url: `redis://127.0.0.1:${port}`, databases: DATABASES } satisfies RedisAnswer,
    async stop() {
      redis.kill();
      await once(redis, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listening(redis: ChildProcess): Promise<void> {
  let said = '';
  redis.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await eventually(() => {
    if (redis.exitCode !== null) throw new Error(`redis-server ended at once: ${said}`);
    return said.includes('Ready to accept connections');
  });
}
