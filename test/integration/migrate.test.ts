// Migrations: once each, whoever starts at the same time, and never half.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { migrateQueues } from '../../queues/migrate.ts';
import { migrate } from '../../src/store/migrate.ts';
import { emptyDatabase, MIGRATIONS, sql, type TestDatabase } from '../support/database.ts';

describe('migrations', () => {
  let database: TestDatabase;
  let folder: string;
  beforeEach(async () => {
    database = await emptyDatabase();
    folder = await mkdtemp(join(tmpdir(), 'exitgate-migrations-'));
    await cp(MIGRATIONS, folder, { recursive: true });
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  });

  const ours = async () =>
    (await readdir(MIGRATIONS, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  const add = async (name: string, content: string) => {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'migration.sql'), content);
  };
  const tables = async () =>
    (
      await sql<{ name: string }>(
        database.url,
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
      )
    ).map(({ name }) => name);

  it('are applied in order, once', async () => {
    assert.deepEqual(await migrate(database.url, folder), (await ours()).sort());
    assert.deepEqual(await migrate(database.url, folder), []);
    await add('29990101000000_later', 'CREATE TABLE later (id integer)');
    assert.deepEqual(await migrate(database.url, folder), ['29990101000000_later']);
    assert.ok((await tables()).includes('later'));
  });

  it('are applied once by four that start at the same time', async () => {
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(database.url, folder)));
    assert.deepEqual(applied.flat().sort(), (await ours()).sort());
    const [ledger] = await sql<{ n: string }>(database.url, 'SELECT count(*) n FROM _prisma_migrations');
    assert.equal(Number(ledger?.n), (await ours()).length);
  });

  it('are applied once by four processes, the tables of the queues included', async () => {
    const source = `
      import { migrate } from ${JSON.stringify(new URL('../../src/store/migrate.ts', import.meta.url).href)};
      import { migrateQueues } from ${JSON.stringify(new URL('../../queues/migrate.ts', import.meta.url).href)};
      const url = process.argv[1];
      console.log(JSON.stringify(await migrate(url, process.argv[2])));
      await migrateQueues(url);`;
    const run = async () => {
      const args = ['--import=tsx', '--input-type=module', '--eval', source, database.url, folder];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      assert.equal(code, 0);
      return JSON.parse(said) as string[];
    };
    const applied = await Promise.all([run(), run(), run(), run()]);
    assert.deepEqual(applied.flat().sort(), (await ours()).sort());
    await migrateQueues(database.url);
  });

  it('refuse a file that was changed after it had been applied', async () => {
    await add('20260101000000_early', 'CREATE TABLE early (id integer)');
    await migrate(database.url, folder);
    await add('20260101000000_early', 'CREATE TABLE early (id bigint)');
    await assert.rejects(
      migrate(database.url, folder),
      /20260101000000_early was changed after it had been applied/,
    );
  });

  it('leave nothing of one that fails, keep those before it, and go on when it is mended', async () => {
    await add('29990101000000_broken', 'CREATE TABLE half (id integer); SELECT 1/0;');
    await add('29990102000000_next', 'CREATE TABLE next (id integer)');
    await assert.rejects(
      migrate(database.url, folder),
      /29990101000000_broken failed and was rolled back: division by zero/,
    );
    const there = await tables();
    assert.ok(there.includes('exits') && !there.includes('half') && !there.includes('next'));
    await add('29990101000000_broken', 'CREATE TABLE whole (id integer)');
    assert.deepEqual(await migrate(database.url, folder), ['29990101000000_broken', '29990102000000_next']);
  });

  it('are not applied when they cannot be written down', async () => {
    await add(
      '29990101000000_unwritten',
      'CREATE TABLE unwritten (id integer); ALTER TABLE _prisma_migrations RENAME COLUMN checksum TO sum;',
    );
    await assert.rejects(
      migrate(database.url, folder),
      /29990101000000_unwritten failed and was rolled back/,
    );
    assert.ok(!(await tables()).includes('unwritten'));
  });

  it('keep the ledger of Prisma Migrate', async () => {
    await migrate(database.url, folder);
    const [row] = await sql(
      database.url,
      `SELECT length(id) AS id, checksum ~ '^[0-9a-f]{64}$' AS checksum, finished_at IS NOT NULL AS finished, migration_name,
              rolled_back_at, applied_steps_count FROM _prisma_migrations ORDER BY migration_name`,
    );
    const [first] = (await ours()).sort();
    assert.deepEqual(row, {
      id: 36,
      checksum: true,
      finished: true,
      migration_name: first,
      rolled_back_at: null,
      applied_steps_count: 1,
    });
  });
});
