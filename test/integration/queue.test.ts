// The alarm clock, on PostgreSQL and on Redis, by one list of checks: what is woken runs, once, at its time, by whoever is alive.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import type { Job } from 'bullmq';
import pino from 'pino';
import {
  createQueueSystem,
  type Ending,
  type JobView,
  type QueueSystem,
  type WakeOptions,
} from '../../queues/queue.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { redisForTests } from '../support/redis-server.ts';

const LOCK_MS = 1500;
const log = pino({ level: 'silent' });

interface Where {
  readonly databaseUrl: string;
  readonly redisUrl?: string;
}

for (const backend of ['postgresql', 'redis'] as const)
  describe(`queue on ${backend}`, () => {
    let database: TestDatabase | undefined;
    let where: Where;
    let queues: QueueSystem;
    const systems: QueueSystem[] = [];
    let numbered = 0;
    let name = '';

    before(async () => {
      if (backend === 'postgresql') {
        database = await freshDatabase();
        where = { databaseUrl: database.url };
      }
    });
    beforeEach(async function () {
      // A Redis database for each test; in PostgreSQL the names keep tests apart.
      if (backend === 'redis') where = { databaseUrl: '', redisUrl: await redisForTests(this) };
      name = `test-agency-${++numbered}`;
      queues = system();
    });
    afterEach(async () => {
      for (const each of systems.splice(0)) await each.close();
    });
    after(() => database?.drop());

    function system(): QueueSystem {
      const made = createQueueSystem({ ...where, log, lockMs: LOCK_MS });
      systems.push(made);
      return made;
    }

    /** A worker that notes each run and ends it as told. */
    function work(
      ending: (run: number, id: string, job: JobView) => Ending | Promise<Ending>,
      { concurrency = 4, by = queues }: { concurrency?: number; by?: QueueSystem } = {},
    ) {
      const runs: { readonly id: string; readonly at: number }[] = [];
      by.work(name, concurrency, async (id, job) => {
        runs.push({ id, at: Date.now() });
        return ending(runs.filter((run) => run.id === id).length, id, job);
      });
      return runs;
    }
    const queue = () => queues.open(name);
    const wake = (id: string, options: Partial<WakeOptions> = {}) =>
      queue().wake(id, { name: id, ...options });
    const counts = async (state: string) => (await queue().counts())[state] ?? 0;
    const settled = (state: string, n: number) =>
      eventually(async () => (await counts(state)) === n, { what: `${n} jobs ${state}` });
    const jobs = async (): Promise<Job[]> =>
      (await queues
        .all()
        .find((each) => each.name === name)
        ?.getJobs()) ?? [];

    it('knows where it lives', () => assert.equal(queues.backend, backend));

    it('runs what is woken', async () => {
      const runs = work(() => ({ kind: 'done' }));
      await wake('fil_1');
      await settled('completed', 1);
      assert.deepEqual(
        runs.map((run) => run.id),
        ['fil_1'],
      );
    });

    it('makes one job of many wakes, from two processes as well', async () => {
      const other = system();
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? queues : other).open(name).wake('fil_1', { name: 'fil_1', priority: 5 }),
        ),
      );
      assert.equal((await jobs()).length, 1);
      const runs = work(() => ({ kind: 'done' }));
      await settled('completed', 1);
      assert.equal(runs.length, 1);
    });

    it('makes a new job when the old one has ended', async () => {
      const runs = work(() => ({ kind: 'done' }));
      await wake('fil_1');
      await settled('completed', 1);
      await wake('fil_1');
      await settled('completed', 2);
      assert.equal(runs.length, 2);
    });

    it('comes back at the time it was told, in the same job', async () => {
      let at = 0;
      const runs = work((run) => {
        if (run > 1) return { kind: 'done' };
        at = Date.now() + 300;
        return { kind: 'later', at: new Date(at) };
      });
      await wake('fil_1', { priority: 5 });
      // That it lies there as delayed is seen below, where it lies long enough for any machine to look.
      await settled('completed', 1);
      assert.equal(runs.length, 2);
      assert.ok((runs[1]?.at ?? 0) >= at - 20, `${(runs[1]?.at ?? 0) - at} ms too early`);
      assert.equal((await jobs()).length, 1);
    });

    it('comes back at once for a time that has passed', async () => {
      const runs = work((run) =>
        run === 1 ? { kind: 'later', at: new Date(Date.now() - 5000) } : { kind: 'done' },
      );
      await wake('fil_1');
      await settled('completed', 1);
      assert.equal(runs.length, 2);
    });

    it('is hurried by a wake while it waits', async () => {
      const runs = work((run) =>
        run === 1 ? { kind: 'later', at: new Date(Date.now() + 3_600_000) } : { kind: 'done' },
      );
      await wake('fil_1', { priority: 5 });
      await settled('delayed', 1);
      await wake('fil_1', { priority: 5 });
      await settled('completed', 1);
      assert.equal(runs.length, 2);
    });

    it('is not hurried by a wake that only wants it to run again', async () => {
      const runs = work(() => ({ kind: 'later', at: new Date(Date.now() + 3_600_000) }));
      await wake('lane', { again: true });
      await settled('delayed', 1);
      await wake('lane', { again: true });
      // Whatever the wake started would be through before a job that comes after it.
      await wake('other', { again: true });
      await settled('delayed', 2);
      assert.deepEqual(
        runs.map((run) => run.id),
        ['lane', 'other'],
      );
      assert.equal((await jobs()).length, 2);
    });

    it('runs once more when woken in the middle of a run, however often', async () => {
      let finish: (() => void) | undefined;
      const runs = work(async (run) => {
        if (run === 1)
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
        return { kind: 'done' };
      });
      await wake('lane', { again: true });
      await eventually(() => finish !== undefined);
      for (let n = 0; n < 5; n++) await wake('lane', { again: true });
      assert.equal(runs.length, 1, 'two at a time');
      finish?.();
      await settled('completed', 2);
      assert.equal(runs.length, 2);
      assert.equal(await counts('active'), 0);
    });

    it('fails with the reason where a person is needed, and a wake afterwards makes a new job', async () => {
      const runs = work((run) =>
        run === 1 ? { kind: 'person', reason: 'rejected: NOT_IN_UNIT' } : { kind: 'done' },
      );
      await wake('fil_1');
      await settled('failed', 1);
      const [failed] = await jobs();
      assert.equal(failed?.failedReason, 'rejected: NOT_IN_UNIT');
      await wake('fil_1');
      await settled('completed', 1);
      assert.equal(runs.length, 2);
    });

    it('fails a job that throws, and can be woken again', async () => {
      const runs = work((run) => {
        if (run === 1) throw new Error('a bug');
        return { kind: 'done' };
      });
      await wake('fil_1');
      await settled('failed', 1);
      await wake('fil_1');
      await settled('completed', 1);
      assert.equal(runs.length, 2);
    });

    it('takes the lowest priority first', async () => {
      for (const [id, priority] of [
        ['late', 900],
        ['soon', 3],
        ['middle', 40],
        ['sooner', 2],
      ] as const)
        await wake(id, { priority });
      const runs = work(() => ({ kind: 'done' }), { concurrency: 1 });
      await settled('completed', 4);
      assert.deepEqual(
        runs.map((run) => run.id),
        ['sooner', 'soon', 'middle', 'late'],
      );
    });

    it('does no more at a time than it was allowed', async () => {
      let running = 0;
      let most = 0;
      work(
        async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          return { kind: 'done' };
        },
        { concurrency: 3 },
      );
      await Promise.all(Array.from({ length: 30 }, (_, n) => wake(`fil_${n}`)));
      await settled('completed', 30);
      assert.ok(most <= 3, `${most} at a time`);
    });

    it('shows the log and the state of a job', async () => {
      let shown: () => void = () => {};
      const looked = new Promise<void>((resolve) => {
        shown = resolve;
      });
      work(async (run, _id, job) => {
        job.log(run === 1 ? 'submit: pending' : 'lookup: accepted');
        if (run === 1) return { kind: 'later', at: new Date(), state: 'submitted' };
        job.log('readBack: agrees');
        await looked;
        return { kind: 'done', state: 'verified' };
      });
      await wake('fil_1');
      await eventually(async () => isDeepStrictEqual((await jobs())[0]?.progress, { state: 'submitted' }));
      shown();
      await settled('completed', 1);
      const [job] = await jobs();
      assert.deepEqual(job?.progress, { state: 'verified' });
      const board = queues.all().find((each) => each.name === name);
      assert.deepEqual((await board?.getJobLogs(job?.id ?? ''))?.logs, [
        'submit: pending',
        'lookup: accepted\nreadBack: agrees',
      ]);
      assert.deepEqual(job?.data, { id: 'fil_1' });
    });

    it('keeps what a run has logged before it threw', async () => {
      work((_run, _id, job) => {
        job.log('submit: pending');
        throw new Error('a bug');
      });
      await wake('fil_1');
      await settled('failed', 1);
      const board = queues.all().find((each) => each.name === name);
      const [job] = await jobs();
      assert.deepEqual((await board?.getJobLogs(job?.id ?? ''))?.logs, ['submit: pending']);
    });

    it('leaves no trace of a job where none is wanted, and runs it once more when woken meanwhile', async () => {
      let finish: (() => void) | undefined;
      const runs = work(async (run) => {
        if (run === 1)
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
        return { kind: 'done' };
      });
      const lane = { again: true, traceless: true };
      await wake('lane', lane);
      await eventually(() => finish !== undefined);
      await wake('lane', lane);
      finish?.();
      await eventually(async () => runs.length === 2 && (await jobs()).length === 0);
      await wake('lane', lane);
      await eventually(async () => runs.length === 3 && (await jobs()).length === 0);
    });

    it('waits for the work in hand when it stops, and takes no more', async () => {
      let finish: (() => void) | undefined;
      const runs = work(
        async () => {
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          return { kind: 'done' };
        },
        { concurrency: 1 },
      );
      await wake('first');
      await wake('second');
      await eventually(() => finish !== undefined);
      const drained = queues.drain(10_000).then(() => 'drained');
      assert.equal(await Promise.race([drained, eventually(() => 'still busy')]), 'still busy');
      finish?.();
      assert.equal(await drained, 'drained');
      assert.deepEqual(
        runs.map((run) => run.id),
        ['first'],
      );
      assert.equal(await counts('completed'), 1);
    });

    it('waits no longer than it may, and gives what hangs back to the queue', async () => {
      let started = false;
      const first = system();
      work(
        async () => {
          started = true;
          return new Promise<Ending>(() => {});
        },
        { by: first },
      );
      await wake('stuck');
      await eventually(() => started);
      await first.drain(50);
      await systems.splice(systems.indexOf(first), 1)[0]?.close();
      assert.equal(await counts('delayed'), 1);
      const runs = work(() => ({ kind: 'done' }));
      await settled('completed', 1);
      assert.equal(runs.length, 1);
    });

    it('gives the job of a worker that was killed to another', async () => {
      const source = `
        import pino from 'pino';
        import { createQueueSystem } from ${JSON.stringify(new URL('../../queues/queue.ts', import.meta.url).href)};
        const queues = createQueueSystem({ ...JSON.parse(process.argv[1]), log: pino({ level: 'silent' }), lockMs: ${LOCK_MS} });
        queues.work(process.argv[2], 1, (id) => { console.log(id); return new Promise(() => {}); });`;
      const args = ['--import=tsx', '--input-type=module', '--eval', source, JSON.stringify(where), name];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const exited = once(child, 'exit');
      try {
        await wake('fil_1', { priority: 5 });
        const [line] = await once(createInterface(child.stdout), 'line');
        assert.equal(line, 'fil_1');
      } finally {
        child.kill('SIGKILL');
        await exited;
      }
      const runs = work(() => ({ kind: 'done' }));
      await wake('fil_1', { priority: 5 });
      await settled('completed', 1);
      assert.deepEqual(
        runs.map((run) => run.id),
        ['fil_1'],
      );
    });

    it('answers a ping', () => queues.open(name) && queues.ping());
  });
