/** `exitgate start` on a bare machine: up with one command, down without a trace, and what it says when it cannot. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { emptyDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { exitDraft, testEnvironment } from '../support/gateway.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { alive, exitgate, killLeftOvers, type Running, started, useCommand } from './support/processes.ts';

/** What a first look may take on a machine that does nothing else; one that is busy is known by what Node alone takes on it. */
const UP_WITHIN_MS = 10_000;
const NODE_ALONE_MS = 100;
/** Prisma Migrate's, which ours takes as well. */
const MIGRATION_LOCK = 72707369;

describe('exitgate start', function () {
  this.timeout(90_000);
  useRealNetwork();
  useCommand();
  let folder: string;
  let data: string;
  let environment: Record<string, string>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exitgate-start-'));
    await chmod(folder, 0o755); // as root, PostgreSQL runs as another user
    data = join(folder, 'data');
    environment = { EXITGATE_DATA: data, PORT: '0', MOCKS_PORT: '0', LOG_LEVEL: 'warn' };
  });
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));
  afterEach(killLeftOvers);

  const timed = async <Result>(work: () => Promise<Result>) => {
    const from = performance.now();
    return { result: await work(), took: performance.now() - from };
  };
  const up = async () => {
    const { result: gateway, took } = await timed(() => started(['start'], environment));
    const { took: alone } = await timed(() => once(spawn(process.execPath, ['--eval', '0']), 'exit'));
    const most = UP_WITHIN_MS * Math.max(1, alone / NODE_ALONE_MS);
    assert.ok(took < most, `the start took ${Math.round(took)} ms, Node alone ${Math.round(alone)} ms`);
    return gateway;
  };
  const keyIn = (text: string) => /EXITGATE_KEY=(eg_test_\S+)/.exec(text)?.[1];
  const postmaster = async () =>
    Number((await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  /** As the printed line tells the user to. */
  async function post(url: string, key: string): Promise<string> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify(exitDraft());
    const answer = await fetch(`${url}/v1/exits`, {
      method: 'POST',
      headers: { ...headers, 'idempotency-key': 'first' },
      body,
    });
    assert.equal(answer.status, 201, await answer.clone().text());
    return ((await answer.json()) as { id: string }).id;
  }
  const statusOf = async (url: string, key: string, id: string) => {
    const answer = await fetch(`${url}/v1/exits/${id}`, { headers: { authorization: `Bearer ${key}` } });
    return ((await answer.json()) as { status: string }).status;
  };
  const stopped = async (gateway: Running, signal: NodeJS.Signals) => {
    const server = await postmaster();
    assert.ok(alive(server));
    assert.deepEqual(await gateway.kill(signal), { code: 0, signal: null }, gateway.output());
    assert.ok(!alive(server), 'its PostgreSQL is still there');
  };

  let key = '';
  let exitId = '';

  it('comes up with a key that is shown once, and an exit posted with it completes', async () => {
    const gateway = await up();
    assert.match(gateway.stdout(), /mocks +http:\S+ \(desk\)/);
    key = keyIn(gateway.stdout()) ?? '';
    assert.match(key, /^eg_test_/, gateway.output());
    exitId = await post(gateway.url, key);
    await eventually(async () => (await statusOf(gateway.url, key, exitId)) === 'completed', {
      what: 'completion',
      within: 30_000,
      every: 100,
    });
    await stopped(gateway, 'SIGTERM');
  });

  it('comes up again with its data and shows no key; keys list works meanwhile; SIGINT ends it too', async () => {
    const gateway = await up();
    assert.equal(keyIn(gateway.stdout()), undefined, 'a second key was shown');
    assert.equal(await statusOf(gateway.url, key, exitId), 'completed');
    const list = exitgate(['keys', 'list'], environment);
    assert.deepEqual(await list.ended, { code: 0, signal: null }, list.output());
    assert.match(list.stdout(), /^key_\w+\tsandbox\tfirst start\teg_test_/);
    assert.ok(!list.stdout().includes(key), 'the list shows the whole key');
    assert.equal(await statusOf(gateway.url, key, exitId), 'completed', 'the list disturbed the gateway');
    await stopped(gateway, 'SIGINT');
  });

  it('says who has the folder to a second start, and leaves the first alone', async () => {
    const gateway = await up();
    const second = exitgate(['start'], environment);
    const { code } = await second.ended;
    assert.equal(code, 1);
    assert.match(second.output(), new RegExp(`^exitgate: .* is in use by process ${gateway.pid} `, 'm'));
    assert.doesNotMatch(second.output(), /^\s+at /m, 'a stack is no sentence');
    assert.equal(await statusOf(gateway.url, key, exitId), 'completed');
    await stopped(gateway, 'SIGTERM');
  });

  it('says that its port is taken, and leaves nothing running', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await eventually(() => holder.listening);
    const { port } = holder.address() as AddressInfo;
    try {
      const gateway = exitgate(['start'], { ...environment, PORT: `${port}` });
      const { code } = await gateway.ended;
      assert.equal(code, 1);
      assert.match(
        gateway.output(),
        new RegExp(`^exitgate: cannot listen on 127.0.0.1:${port}: it is in use`, 'm'),
      );
      await assert.rejects(postmaster(), 'PostgreSQL was left behind');
    } finally {
      holder.close();
    }
  });

  it('says that a port of the mock agencies is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await eventually(() => holder.listening);
    const { port } = holder.address() as AddressInfo;
    try {
      const both = ['start', 'mocks'].map((each) =>
        exitgate([each], { ...environment, MOCKS_PORT: `${port}` }),
      );
      for (const gateway of both) {
        assert.equal((await gateway.ended).code, 1);
        const said = `^exitgate: the mock agencies cannot listen on 127.0.0.1:${port}: it is in use: .*MOCKS_PORT`;
        assert.match(gateway.output(), new RegExp(said, 'm'));
      }
    } finally {
      holder.close();
    }
  });

  it('says that it cannot make its folder', async () => {
    if (process.platform !== 'linux') return;
    const both = ['start', 'demo'].map((each) =>
      exitgate([each], { ...environment, EXITGATE_DATA: '/proc/exitgate' }),
    );
    for (const gateway of both) {
      assert.equal((await gateway.ended).code, 1);
      assert.match(
        gateway.output(),
        /The embedded database cannot make its folder \/proc\/exitgate.*EXITGATE_DATA/,
      );
    }
  });

  it('comes up again after kill -9', async () => {
    const gateway = await up();
    const orphan = await postmaster();
    await gateway.kill('SIGKILL');
    const next = await up();
    assert.equal(await statusOf(next.url, key, exitId), 'completed');
    assert.ok(!alive(orphan) || (await postmaster()) === orphan, 'two servers at once');
    await stopped(next, 'SIGTERM');
  });

  it('several processes on one empty database: each migrates or waits, all come up', async () => {
    const database = await emptyDatabase();
    try {
      const shared = testEnvironment(database.url);
      const gate = new pg.Client({ connectionString: database.url });
      gate.on('error', () => {}); // when a failure drops the database under it
      await gate.connect();
      await gate.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const starting = Promise.all(['api', 'worker', 'worker'].map((role) => started([role], shared)));
      starting.catch(() => {}); // looked at below
      const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${MIGRATION_LOCK} AND NOT granted`;
      const atTheGate = async () => (await gate.query(waiting)).rowCount === 3;
      await eventually(atTheGate, { what: 'all three waiting to migrate', within: 30_000, every: 50 });
      await gate.end();
      const all = await starting;
      for (const each of all)
        assert.deepEqual(await each.kill('SIGTERM'), { code: 0, signal: null }, each.output());
    } finally {
      await killLeftOvers();
      await database.drop();
    }
  });
});
