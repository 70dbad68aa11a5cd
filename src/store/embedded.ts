// The PostgreSQL that Exitgate brings along, for a machine without DATABASE_URL: a real server in its own folder,
// durable (fsync on), on 127.0.0.1 only, one process at a time.
import { mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { type Binaries, findBinaries, usableBinaries } from './embedded/binaries.ts';
import { explain, prepareCluster, SUPERUSER } from './embedded/cluster.ts';
import { takeLock } from './embedded/lock.ts';
import { findPlace, type Place } from './embedded/place.ts';
import { errorCode } from './embedded/process.ts';
import { startServer, stopOrphan } from './embedded/server.ts';

const DATABASE = 'exitgate';
/** Beside the data while the server runs: how a command that is typed meanwhile finds it. */
const URL_FILE = 'postgres.url';
const ATTEMPTS = 20;

export type Embedded = {
  /** With the superuser's password: never log it. */
  url: string;
  port: number;
  /** Settles with a sentence when PostgreSQL ends although nobody called close(); else never. */
  exited: Promise<string>;
  /** Stops PostgreSQL (within 30 s, whatever happens) and frees the folder. May be called twice. */
  close(): Promise<void>;
};
type Options = { dir: string; log: (message: string) => void; port?: number };

/**
 * Starts PostgreSQL on `<dir>/postgres`, making it at the first start. `port` 0 or absent: a free one.
 * Throws an Error whose message is a sentence for the operator.
 */
export async function startEmbedded(options: Options): Promise<Embedded> {
  const undo: Array<() => Promise<void>> = [];
  const unwind = async () => {
    for (const release of undo.splice(0).reverse()) await release();
  };
  try {
    await makeFolder(resolve(options.dir), 0o700);
    const dir = await realpath(options.dir);
    await readdir(dir); // fails when it is a file
    const found = await findBinaries();
    const place = await findPlace(dir, options.log);
    undo.push(await takeLock(`${place.data}.lock`, `The embedded database in ${place.data}`));
    const binaries = await usableBinaries(found, place);
    const password = await prepareCluster(dir, place, binaries);
    await stopOrphan(place.data, binaries, options.log);
    const { server, port } = await startSomewhere(place, binaries, options);
    undo.push(server.stop);
    const url = (database: string) => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
    await createDatabase(url('postgres'));
    const urlFile = join(dir, URL_FILE);
    await writeFile(urlFile, url(DATABASE), { mode: 0o600 });
    undo.push(() => rm(urlFile, { force: true }));
    options.log(
      `PostgreSQL ${binaries.version.split('.', 2).join('.')} is ready on 127.0.0.1:${port}, data in ${place.data}.`,
    );
    let closing: Promise<void> | undefined;
    const close = () => {
      closing ??= unwind();
      return closing;
    };
    return { url: url(DATABASE), port, exited: server.exited, close };
  } catch (error) {
    await unwind();
    throw asSentence(error, resolve(options.dir));
  }
}

/** The address of the embedded database that another process is running in `dir` now; undefined when none answers. */
export async function runningEmbedded(dir: string): Promise<string | undefined> {
  const url = await readFile(join(dir, URL_FILE), 'utf8').catch(() => undefined);
  if (url === undefined) return undefined;
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return url;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function startSomewhere(place: Place, binaries: Binaries, { port: wanted = 0, log }: Options) {
  let said = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = wanted || (await freePort());
    const started = await startServer({ ...place, binaries, port }, log);
    if ('server' in started) return { server: started.server, port };
    said = started.failed;
    const portTaken = said.includes('could not bind');
    if (portTaken && wanted) {
      throw new Error(`Port ${port} on 127.0.0.1 is taken: give the embedded database another one, or none.`);
    }
    // Children of a PostgreSQL that was killed outright need a moment to notice.
    const lingering = said.includes('shared memory block');
    if (!portTaken && !lingering) break;
    if (lingering) await wait(250);
  }
  throw new Error(explain(`PostgreSQL could not start on ${place.data}`, said));
}

// Between asking and binding another process may take it: the caller tries again.
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function createDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

// Not `recursive`: where nothing can be made and nothing is refused (/proc), Node tries for ever.
async function makeFolder(dir: string, mode?: number): Promise<void> {
  try {
    await mkdir(dir, { mode });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(dir) === dir) return unlessThere(error);
    await makeFolder(dirname(dir));
    await mkdir(dir, { mode }).catch(unlessThere);
  }
}

function unlessThere(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}

function asSentence(error: unknown, dir: string): unknown {
  const code = errorCode(error);
  if (!(error instanceof Error) || !code) return error;
  const sentence = {
    ENOENT:
      'syscall' in error && error.syscall === 'mkdir'
        ? `The embedded database cannot make its folder ${dir}: choose another with EXITGATE_DATA`
        : undefined,
    EACCES: `The embedded database may not use ${dir}: give this folder and all in it to the user who starts Exitgate, or choose another`,
    ENOSPC: `The embedded database has no room in ${dir}: the disk is full`,
    EROFS: `The embedded database cannot write to ${dir}: choose a folder that is not read-only`,
    ENOTDIR: `The embedded database needs a folder at ${dir}: a file is in its way`,
    '28P01': `The embedded database refuses the password kept in ${dir}/postgres.password: put the right file back`,
  }[code === 'EPERM' ? 'EACCES' : code];
  return sentence ? new Error(`${sentence} (${error.message}).`, { cause: error }) : error;
}
