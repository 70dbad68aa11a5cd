// The alarm clock, on PostgreSQL and on Redis, by one list of checks: what is woken runs, once, at its time.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { eventually } from '../support/eventually.ts';
import { BACKENDS, useQueue } from '../support/queue-bench.ts';

for (const backend of BACKENDS)
  describe(`queue on ${backend}`, () => {
    const at = useQueue(backend);
    const { counts, jobs, settled, system, wake, work } = at;

    it('knows where it lives', () => assert.equal(at.queues.backend, backend));

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
          (n % 2 === 0 ? at.queues : other).open(at.name).wake('fil_1', { name: 'fil_1', priority: 5 }),
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
      const board = at.queues.all().find((each) => each.name === at.name);
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
      const board = at.queues.all().find((each) => each.name === at.name);
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

    it('answers a ping', () => at.queues.open(at.name) && at.queues.ping());
  });
