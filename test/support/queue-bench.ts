/** A queue for each test of a suite, on PostgreSQL or on Redis, with workers that note what they run. */
import type { Job } from 'bullmq';
import pino from 'pino';
import {
  createQueueSystem,
  type Ending,
  type JobView,
  type QueueSystem,
  type WakeOptions,
} from '../../queues/queue.ts';
import { freshDatabase, type TestDatabase } from './database.ts';
import { eventually } from './eventually.ts';
import { redisForTests } from './redis-server.ts';

export const BACKENDS = ['postgresql', 'redis'] as const;
export const LOCK_MS = 1500;
const log = pino({ level: 'silent' });

interface Where {
  readonly databaseUrl: string;
  readonly redisUrl?: string;
}

export interface Run {
  readonly id: string;
  readonly at: number;
}

export interface QueueBench {
  readonly where: Where;
  /** The queue of this test. */
  readonly name: string;
  readonly queues: QueueSystem;
  /** As another process would have it. */
  system(): QueueSystem;
  /** Closes it before the test ends. */
  end(system: QueueSystem): Promise<void>;
  /** A worker that ends each run as told. @returns its runs so far, which grow. */
  work(
    ending: (run: number, id: string, job: JobView) => Ending | Promise<Ending>,
    options?: { readonly concurrency?: number; readonly by?: QueueSystem },
  ): readonly Run[];
  wake(id: string, options?: Partial<WakeOptions>): Promise<void>;
  counts(state: string): Promise<number>;
  /** Waits until so many jobs are in that state. */
  settled(state: string, n: number): Promise<unknown>;
  jobs(): Promise<Job[]>;
}

export function useQueue(backend: (typeof BACKENDS)[number]): QueueBench {
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
  const counts = async (state: string) => (await queues.open(name).counts())[state] ?? 0;

  return {
    get where() {
      return where;
    },
    get name() {
      return name;
    },
    get queues() {
      return queues;
    },
    system,
    async end(which) {
      systems.splice(systems.indexOf(which), 1);
      await which.close();
    },
    work(ending, { concurrency = 4, by = queues } = {}) {
      const runs: Run[] = [];
      by.work(name, concurrency, async (id, job) => {
        runs.push({ id, at: Date.now() });
        return ending(runs.filter((run) => run.id === id).length, id, job);
      });
      return runs;
    },
    wake: (id, options = {}) => queues.open(name).wake(id, { name: id, ...options }),
    counts,
    settled: (state, n) =>
      eventually(async () => (await counts(state)) === n, { what: `${n} jobs ${state}` }),
    jobs: async () =>
      (await queues
        .all()
        .find((each) => each.name === name)
        ?.getJobs()) ?? [],
  };
}
