/**
 * The PostgreSQL of a test run: EXITGATE_TEST_DATABASE_URL (a server on which databases may be made), else the embedded
 * one in a temporary folder, without fsync. On it a template with every migration applied, of which each test gets a copy.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrateQueues } from '../../queues/migrate.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { SharedServer } from './shared-servers.ts';

export const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

export interface PostgresAnswer {
  readonly adminUrl: string;
  readonly template: string;
}

export async function startTestPostgres(): Promise<SharedServer> {
  const given = process.env.EXITGATE_TEST_DATABASE_URL;
  const server = given === undefined ? await startTemporary() : { url: given, stop: async () => {} };
  const template = `exitgate_test_template_${process.pid}`;
  try {
    await sql(server.url, `DROP DATABASE IF EXISTS ${template}`);
    await sql(server.url, `CREATE DATABASE ${template}`);
    const url = urlOf(server.url, template);
    await migrate(url, MIGRATIONS);
    await migrateQueues(url);
  } catch (error) {
    await server.stop([]);
    throw error;
  }
  return {
    answer: { adminUrl: server.url, template } satisfies PostgresAnswer,
    async stop(kept) {
      await sql(server.url, `DROP DATABASE ${template} WITH (FORCE)`);
      await server.stop(kept);
    },
  };
}

async function startTemporary() {
  const folder = await mkdtemp(join(tmpdir(), 'exitgate-test-'));
  await chmod(folder, 0o755);
  const { url, close } = await startEmbedded({ dir: join(folder, 'data'), log: () => {} });
  // What a crash would lose does not matter here, and half of a clone's time is waiting for the disk.
  for (const [name, value] of Object.entries({ fsync: 'off', full_page_writes: 'off' }))
    await sql(url, `ALTER SYSTEM SET ${name} = ${value}`);
  await sql(url, 'SELECT pg_reload_conf()');
  return {
    url,
    async stop(kept: readonly string[]) {
      await close();
      if (kept.length === 0) await rm(folder, { recursive: true, force: true, maxRetries: 20 });
      else
        console.error(
          `\n  The failed tests' databases lie in ${folder} (EXITGATE_DATA=${join(folder, 'data')})`,
        );
    },
  };
}

/** The same server, another database. */
export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** One statement on a connection of its own. */
export async function sql<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'exitgate test' });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
