// The embedded PostgreSQL against everything that happens to a process on a real machine: killed, started twice,
// interrupted while it makes its database, installed without scripts, shut away in root's home.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { findBinaries, program, usableBinaries } from '../../src/store/embedded/binaries.ts';
import { findPlace } from '../../src/store/embedded/place.ts';
import { childOf, processIdentity, run } from '../../src/store/embedded/process.ts';
import { type Embedded, runningEmbedded, startEmbedded } from '../../src/store/embedded.ts';

const SHELTER = '/var/lib/exitgate';
const isRoot = process.getuid?.() === 0;

describe('embedded PostgreSQL', function () {
  this.timeout(30_000);
  let root: string;
  let dir: string; // made once and used by most cases: initdb is the slow part
  let open: Embedded | undefined;
  let children: ChildProcess[] = [];
  let copies: string[];

  before(async () => {
    copies = await fs.readdir(SHELTER).catch(() => []);
    root = await fs.mkdtemp(join(tmpdir(), 'exitgate-embedded-'));
    await fs.chmod(root, 0o755);
    dir = join(root, 'house', '.exitgate');
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    children = [];
    await open?.close();
    open = undefined;
  });
  after(async () => {
    await fs.rm(root, { recursive: true, force: true, maxRetries: 20 });
    for (const name of await fs.readdir(SHELTER).catch(() => [])) {
      if (name.startsWith('postgresql-') && !copies.includes(name)) {
        await fs.rm(join(SHELTER, name), { recursive: true });
      }
    }
  });

  const start = async (at = dir, port = 0) => {
    open = await startEmbedded({ dir: at, log: () => undefined, port });
    return open;
  };
  const refused = (pattern: RegExp, at = dir, port = 0) =>
    assert.rejects(start(at, port), (error: Error) => {
      assert.match(error.message, pattern);
      return true;
    });

  it('keeps its data, behind a password, on 127.0.0.1, durably', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept (name text)');
    await query(first.url, 'INSERT INTO kept VALUES ($1)', ['证券 Émile']);
    const [row] = await query(
      first.url,
      `SELECT current_setting('fsync') AS fsync, current_setting('listen_addresses') AS listen,
              current_setting('server_encoding') AS encoding, upper(name) AS upper, current_database() AS db FROM kept`,
    );
    assert.deepEqual(row, {
      fsync: 'on',
      listen: '127.0.0.1',
      encoding: 'UTF8',
      upper: '证券 ÉMILE',
      db: 'exitgate',
    });
    const stranger = first.url.replace(/:[^:@]+@/, ':wrong@');
    await assert.rejects(query(stranger, 'SELECT 1'), /password authentication failed/);
    assert.equal((await fs.stat(join(dir, 'postgres.password'))).mode & 0o777, 0o600);
    await first.close();
    await assert.rejects(query(first.url, 'SELECT 1'), /ECONNREFUSED/);

    const second = await start();
    assert.equal(await kept(second.url), '证券 Émile');
    await second.close();
    await second.close();
  });

  it('says who holds it to a second start, and leaves the first alone', async () => {
    const first = await start();
    await refused(new RegExp(`is in use by process ${process.pid} since 2.* UTC: stop that process`));
    open = first;
    assert.equal(await kept(first.url), '证券 Émile');
  });

  it('starts again after the process that holds it was killed outright', async () => {
    const { child, url } = await holdInChild();
    await query(url, "INSERT INTO kept VALUES ('while held')");
    await refused(new RegExp(`is in use by process ${child.pid} `));
    const orphan = await postmaster();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const next = await start();
    assert.equal(await processIdentity(orphan), undefined);
    assert.deepEqual(await query(next.url, "SELECT name FROM kept WHERE name LIKE 'while%'"), [
      { name: 'while held' },
    ]);
  });

  it('stops the PostgreSQL that outlived its process', async () => {
    const { child } = await holdInChild();
    const orphan = await postmaster();
    process.kill(orphan, 'SIGSTOP'); // so that the guard's signal waits, and the next start meets it alive
    child.kill('SIGKILL');
    await once(child, 'exit');
    const starting = start();
    await until(async () => (await holder()) === process.pid);
    process.kill(orphan, 'SIGCONT');
    assert.equal(await kept((await starting).url), '证券 Émile');
    assert.equal(await processIdentity(orphan), undefined);
  });

  it('ends by itself when its process was killed outright', async function () {
    if (process.platform === 'win32') this.skip();
    const { child } = await holdInChild();
    const orphan = await postmaster();
    child.kill('SIGKILL');
    await until(async () => (await processIdentity(orphan)) === undefined);
  });

  it('outlives the Ctrl-C that a terminal sends to the whole group', async () => {
    const { child, url } = await holdInChild();
    process.kill(-(child.pid ?? 0), 'SIGINT'); // the child ignores it, as a draining service does
    assert.equal(await kept(url), '证券 Émile');
    child.stdin?.end(); // asks the child to close()
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.equal(existsSync(await lockFile()), false);
  });

  it('takes over the marks of dead processes whose numbers others carry now', async () => {
    const lock = {
      pid: process.pid,
      identity: 'an earlier boot',
      host: hostname(),
      since: 'then',
    };
    await fs.writeFile(await lockFile(), JSON.stringify(lock));
    // A process of PostgreSQL's own user: one of another user would not stop it.
    const { account } = await findPlace(await fs.realpath(dir), () => undefined);
    const other = spawn('sleep', ['60'], { ...childOf(account), stdio: 'ignore' });
    children.push(other);
    await fs.writeFile(await postmasterFile(), `${other.pid}\n${await dataDir()}\n1\n1\n\n127.0.0.1\n\n`);
    const { url } = await start();
    assert.equal(await kept(url), '证券 Émile');
  });

  it('tells that PostgreSQL died, and closes all the same', async () => {
    const first = await start();
    process.kill(await postmaster(), 'SIGKILL');
    assert.match(await first.exited, /^The embedded PostgreSQL ended by itself: .*SIGKILL/);
    await first.close();
    assert.equal(await kept((await start()).url), '证券 Émile');
  });

  it('says that its port is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await refused(new RegExp(`^Port ${port} on 127.0.0.1 is taken`), dir, port);
    squatter.close();
  });

  it('refuses data of another major version, and folders that are something else', async () => {
    const version = join(await dataDir(), 'PG_VERSION');
    const real = await fs.readFile(version, 'utf8');
    await fs.writeFile(version, '17\n');
    await refused(/belongs to PostgreSQL 17, and this release brings 18: dump it/);
    await fs.writeFile(version, real);
    const foreign = join(root, 'foreign');
    await fs.mkdir(join(foreign, 'postgres'), { recursive: true });
    await fs.writeFile(join(foreign, 'postgres', 'letter.txt'), 'dear');
    await refused(/is not empty and is not a PostgreSQL data directory/, foreign);
    await fs.writeFile(join(root, 'file'), '');
    await refused(/a file is in its way/, join(root, 'file'));
    await start(); // and none of these refusals left the lock behind
  });

  it('tells other commands where it runs, as long as it does', async () => {
    const { url, close } = await start();
    assert.equal(await runningEmbedded(dir), url);
    await close();
    assert.equal(await runningEmbedded(dir), undefined);
  });

  it('makes its database anew when it was killed while making it', async () => {
    const half = join(root, 'half');
    const { child } = holdIn(half);
    await until(async () =>
      (await fs.readdir(half).catch(() => [])).some((name) => name.startsWith('postgres.init-')),
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(existsSync(join(half, 'postgres')), false);
    const { url } = await start(half);
    assert.deepEqual(await query(url, 'SELECT 1 AS one'), [{ one: 1 }]);
    const kept = ['postgres', 'postgres.lock', 'postgres.password', 'postgres.url'];
    assert.deepEqual((await fs.readdir(half)).sort(), kept);
  });

  it('does without npm install scripts', async () => {
    const found = await findBinaries();
    const native = join(root, 'package', 'native');
    await fs.cp(found.native, native, {
      recursive: true,
      filter: async (path) => !(await fs.lstat(path)).isSymbolicLink(),
    });
    await fs.chmod(program({ native }, 'initdb'), 0o644);
    const shelter = async () => assert.fail('needs no copy');
    const used = await usableBinaries({ ...found, native }, { shelter, account: undefined });
    assert.equal((await run(program(used, 'initdb'), ['--version'])).code, 0);
    const left = await Promise.all([found.native, native].map((at) => fs.readdir(at, { recursive: true })));
    assert.deepEqual(left[1]?.sort(), left[0]?.sort());
  });

  it('runs a copy of the programs when the installed ones are out of reach, and mends a damaged copy', async () => {
    const found = await findBinaries();
    const native = join(root, 'package', 'native'); // of the case before
    const account = isRoot ? (await findPlace(root, () => undefined)).account : undefined;
    // Root: its PostgreSQL may not enter. Anybody else: a node_modules without symlinks, and read-only.
    await fs.rm(join(native, 'lib', 'libpq.so.5'), { force: true });
    await fs.chmod(join(native, 'lib'), isRoot ? 0o700 : 0o555);
    const shelter = join(root, 'shelter');
    await fs.mkdir(shelter, { mode: 0o755 });
    const copy = () => usableBinaries({ ...found, native }, { shelter: async () => shelter, account });
    try {
      const used = await copy();
      assert.equal(dirname(dirname(used.native)), shelter);
      assert.equal((await run(program(used, 'initdb'), ['--version'], account)).code, 0);
      assert.ok(existsSync(join(used.native, 'lib', 'libpq.so.5')));
      await fs.truncate(program(used, 'initdb'), 100);
      assert.deepEqual(await copy(), used);
      assert.equal((await run(program(used, 'initdb'), ['--version'], account)).code, 0);
      assert.equal((await fs.readdir(shelter)).length, 1);
    } finally {
      await fs.chmod(join(native, 'lib'), 0o755);
    }
  });

  it('keeps data and programs where the postgres user may go when root starts it in a closed folder', async function () {
    if (!isRoot) this.skip(); // only root has folders that its own PostgreSQL may not enter
    const closed = join(root, 'closed');
    await fs.mkdir(closed, { mode: 0o700 });
    const at = join(closed, '.exitgate');
    const first = await start(at);
    await query(first.url, "CREATE TABLE kept AS SELECT 'here' AS name");
    await first.close();
    const data = await fs.readlink(join(at, 'postgres'));
    try {
      assert.equal(dirname(dirname(data)), SHELTER);
      assert.equal(await kept((await start(at)).url), 'here');
      await open?.close();
    } finally {
      await fs.rm(dirname(data), { recursive: true });
    }
    await refused(/is gone: bring it back, or remove the link/, at);
  });

  const dataDir = async () => fs.realpath(join(dir, 'postgres'));
  const lockFile = async () => `${await dataDir()}.lock`;
  const postmasterFile = async () => join(await dataDir(), 'postmaster.pid');
  const postmaster = async () => Number((await fs.readFile(await postmasterFile(), 'utf8')).split('\n')[0]);
  const holder = async () => (JSON.parse(await fs.readFile(await lockFile(), 'utf8')) as { pid: number }).pid;

  /** A process of its own that starts the database, prints its address, and closes it at the end of its stdin. */
  function holdIn(at: string) {
    const source = `
      import { startEmbedded } from ${JSON.stringify(new URL('../../src/store/embedded.ts', import.meta.url).href)};
      process.on('SIGINT', () => undefined);
      const embedded = await startEmbedded({ dir: ${JSON.stringify(at)}, log: () => undefined });
      console.log(embedded.url);
      process.stdin.on('end', () => embedded.close()).resume();`;
    const args = ['--import=tsx', '--input-type=module', '--eval', source];
    const child = spawn(process.execPath, args, { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    return { child };
  }

  async function holdInChild() {
    const { child } = holdIn(dir);
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    return { child, url: line.toString().trim() };
  }
});

async function query(url: string, sql: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function kept(url: string): Promise<unknown> {
  const [row] = await query(url, 'SELECT name FROM kept LIMIT 1');
  return (row as { name?: unknown } | undefined)?.name;
}

async function until(state: () => Promise<boolean>): Promise<void> {
  while (!(await state().catch(() => false))) await wait(10);
}
