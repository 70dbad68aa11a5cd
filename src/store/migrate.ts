/**
 * Applies prisma/migrations in order, under an advisory lock, so that several processes may start at once.
 * It keeps the ledger that `prisma migrate deploy` keeps (`_prisma_migrations`), so either may be used on the same
 * database; Prisma's own engine is a download that many networks block, this needs only `pg`.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** The lock that Prisma Migrate takes as well: the two never run at the same time. */
const LOCK = 72707369;

const LEDGER = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
  logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

const PATIENCE_MS = 10_000;

/**
 * One connection, for a command that needs the database before anything else does.
 * @throws Error with a sentence that says where it was looked for and why in vain; never the password.
 */
export async function connectTo(url: string, application: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: application,
    connectionTimeoutMillis: PATIENCE_MS,
  });
  client.on('error', () => undefined); // a query that is under way fails with it
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    // A name with several addresses fails with all their errors and a message of its own: none.
    const { message, code = '' } = error as NodeJS.ErrnoException;
    const answered = /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]+$/.test(code); // SQLSTATE: it spoke to us
    throw new Error(
      `DATABASE_URL ${answered ? 'is refused by' : 'does not answer at'} ${client.host}:${client.port}: ${message || code}`,
      { cause: error },
    );
  }
}

/**
 * @returns the names applied now; empty when the schema was up to date.
 * @throws Error when a migration that was applied has been changed since, or when one fails (it is rolled back whole).
 */
export async function migrate(url: string, folder: string): Promise<readonly string[]> {
  const client = await connectTo(url, 'exitgate migrate');
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(LEDGER);
    const applied: string[] = [];
    for (const { name, sql, checksum } of readMigrations(folder)) {
      const { rows } = await client.query<{ checksum: string }>(
        'SELECT checksum FROM _prisma_migrations WHERE migration_name = $1 AND finished_at IS NOT NULL AND rolled_back_at IS NULL',
        [name],
      );
      if (rows[0]?.checksum === checksum) continue;
      if (rows[0] !== undefined)
        throw new Error(
          `migration ${name} was changed after it had been applied: restore the file, and put the change into a new migration`,
        );
      await apply(client, name, sql, checksum);
      applied.push(name);
    }
    return applied;
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      'INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, now(), $3, 1)',
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(
      `migration ${name} failed and was rolled back: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
}

function readMigrations(folder: string) {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return names.map((name) => {
    const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}
