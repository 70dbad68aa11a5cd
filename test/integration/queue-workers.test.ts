// Those who run what is woken, on PostgreSQL and on Redis: how many at a time, and what becomes of it when one stops, hangs or is killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Ending } from '../../queues/queue.ts';
import { eventually } from '../support/eventually.ts';
import { BACKENDS, LOCK_MS, useQueue } from '../support/queue-bench.ts';

for (const backend of BACKENDS)
  describe(`workers of a queue on ${backend}`, () => {
    const at = useQueue(backend);
    const { counts, end, settled, system, wake, work } = at;

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
      const drained = at.queues.drain(10_000).then(() => 'drained');
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
      await end(first);
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
      const args = [
        '--import=tsx',
        '--input-type=module',
        '--eval',
        source,
        JSON.stringify(at.where),
        at.name,
      ];
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
  });
