/**
 * The only file that knows BullMQ. A queue here is an alarm clock: a job holds a row's id, the row says what to do.
 * On Redis when there is one, else on the same PostgreSQL (schema `bullmq`).
 */
import {
  createPostgresBackend,
  DelayedError,
  type Job,
  type PgPool,
  Queue,
  UnrecoverableError,
  Worker,
} from 'bullmq';
import pg from 'pg';
import type { Logger } from 'pino';

/** How a run of a job ends: for good, until later, or with a person. The dashboard shows the state as the job's progress. */
export type Ending =
  | { readonly kind: 'done'; readonly state?: string }
  /** By real time, as the gateway's clock tells it. */
  | { readonly kind: 'later'; readonly at: Date; readonly state?: string }
  | { readonly kind: 'person'; readonly reason: string; readonly state?: string };

export interface JobView {
  readonly id: string;
  /** A line in the dashboard's log of the job, written when the run ends; never personal data. */
  readonly log: (line: string) => void;
}

export interface WakeOptions {
  /** What the dashboard calls the job. */
  readonly name: string;
  /** Lower is sooner; 1 to 2 097 151. */
  readonly priority?: number;
  /** Woken in the middle of a run, a job runs once more; a job that waits for its time is not hurried. Else it is hurried. */
  readonly again?: boolean;
  /** Nothing of a job that is done stays on the dashboard: what it did is told elsewhere. */
  readonly traceless?: boolean;
}

export interface WorkQueue {
  readonly name: string;
  /** Makes sure that a job for this id will run soon; one that exists is not doubled. */
  wake(id: string, options: WakeOptions): Promise<void>;
  counts(): Promise<Record<string, number>>;
}

export interface QueueSystem {
  readonly backend: 'redis' | 'postgresql';
  open(name: string): WorkQueue;
  work(name: string, concurrency: number, run: (id: string, job: JobView) => Promise<Ending>): void;
  /** For the dashboard alone. */
  all(): readonly Queue[];
  ping(): Promise<void>;
  /** Takes no new jobs and waits for those in hand, at most so long. */
  drain(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export interface QueueOptions {
  readonly databaseUrl: string;
  readonly redisUrl?: string;
  /** Of the keys in Redis; default BullMQ's own, `bull`. */
  readonly prefix?: string;
  readonly log: Logger;
  /** After so long without a sign of life a job is given to another worker. */
  readonly lockMs: number;
  /** What `later` is told by; the queue itself knows real time only. */
  readonly clock?: () => Date;
}

/**
 * Finished jobs stay for the dashboard. By age alone: of a number to keep, PostgreSQL goes through every kept job each time
 * that one ends.
 */
const KEEP = { age: 7 * 24 * 3600 };
const SCHEMA = 'bullmq';
/** A queue that does not answer must not hold up whoever commits: the row is written, and sweep will wake it. */
const PATIENCE_MS = 3_000;
/** How often workers ask for a server that is away; BullMQ's own pace is 15 s, which would be added to every outage. */
const RETRY_MS = 1_000;
const LAST_MOMENT_MS = 5_000;

export function createQueueSystem({
  databaseUrl,
  redisUrl,
  prefix = 'bull',
  log,
  lockMs,
  clock = () => new Date(),
}: QueueOptions): QueueSystem {
  const pool = redisUrl === undefined ? openPool(databaseUrl, log) : undefined;
  const opened = new Map<string, { readonly queue: Queue; readonly view: WorkQueue }>();
  const workers: Worker[] = [];
  let abandon: (ending: Ending) => void = () => {};
  const abandoned = new Promise<Ending>((resolve) => {
    abandon = resolve;
  });

  function openQueue(name: string) {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const queue =
      pool === undefined
        ? new Queue(name, { connection: redis(redisUrl ?? ''), prefix })
        : (new Queue(name, { connection: saying(pool) }, createPostgresBackend) as unknown as Queue);
    queue.on('error', (error) => log.warn({ queue: name, error: error.message }, 'queue connection'));
    const entry = { queue, view: view(name, queue) };
    opened.set(name, entry);
    return entry;
  }

  return {
    backend: pool === undefined ? 'redis' : 'postgresql',
    open: (name) => openQueue(name).view,

    work(name, concurrency, run) {
      const options = {
        concurrency,
        lockDuration: lockMs,
        stalledInterval: lockMs,
        runRetryDelay: RETRY_MS,
        // A stalled job is a worker that died, and the row knows how far it came: never a reason to give up.
        maxStalledCount: 1_000_000,
      };
      const process = (job: Job) => perform(job, clock, (...work) => Promise.race([run(...work), abandoned]));
      const worker =
        pool === undefined
          ? new Worker(name, process, {
              ...options,
              connection: { ...redis(redisUrl ?? ''), maxRetriesPerRequest: null },
              prefix,
            })
          : (new Worker(
              name,
              process,
              { ...options, connection: saying(pool) },
              createPostgresBackend,
            ) as unknown as Worker);
      worker.on('error', (error) => log.warn({ queue: name, error: error.message }, 'worker connection'));
      worker.on('failed', (job, error) => {
        // A person's case is an ending, not a fault; whatever else was thrown is a bug.
        if (!(error instanceof UnrecoverableError))
          log.error({ queue: name, job: job?.name, error: error.message }, 'job threw');
      });
      workers.push(worker);
    },

    all: () => [...opened.values()].map(({ queue }) => queue),

    async ping() {
      const [first] = opened.values();
      await inTime(pool?.query('SELECT 1') ?? first?.queue.getJobCounts('active') ?? Promise.resolve());
    },

    drain: (milliseconds) => atMost(milliseconds, Promise.all(workers.map((worker) => worker.close()))),

    async close() {
      // Whoever was told to stop has a moment to write down how far it came. A job that does not end even then goes back
      // to the queue: a worker that drains waits for it for ever, and closing it by force does nothing any more.
      const closed = Promise.allSettled(workers.map((worker) => worker.close()));
      const moment = Math.min(lockMs, LAST_MOMENT_MS);
      await atMost(moment, closed);
      abandon({ kind: 'later', at: new Date(clock().getTime() + lockMs) });
      await atMost(moment, closed);
      await Promise.allSettled([...opened.values()].map(({ queue }) => queue.close()));
      await pool?.end();
    },
  };
}

/** Waits for the work, at most so long; that it fails is not for here. */
async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work.catch(() => {}), limit]);
  clearTimeout(timer);
}

/** @throws Error when the work takes longer than a queue in order ever takes. What was sent may still arrive. */
async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the queue does not answer within ${PATIENCE_MS / 1000} s`)),
      PATIENCE_MS,
    );
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function view(name: string, queue: Queue): WorkQueue {
  return {
    name,
    async wake(id, { name: title, priority, again, traceless }) {
      const added = queue.add(
        title,
        { id },
        {
          attempts: 1,
          removeOnComplete: traceless === true ? true : KEEP,
          removeOnFail: KEEP,
          ...(priority === undefined ? {} : { priority }),
          // Not `jobId`: adding a kept id again is silently ignored, failed ones included.
          deduplication: again === true ? { id, keepLastIfActive: true } : { id, reschedule: true },
        },
      );
      await inTime(added);
    },
    counts: () => queue.getJobCounts('active', 'waiting', 'prioritized', 'delayed', 'failed', 'completed'),
  };
}

async function perform(
  job: Job,
  clock: () => Date,
  run: (id: string, job: JobView) => Promise<Ending>,
): Promise<string> {
  const { id } = job.data as { id: string };
  const lines: string[] = [];
  let ending: Ending;
  try {
    ending = await run(id, { id, log: (line) => lines.push(line) });
  } finally {
    if (lines.length > 0) await job.log(lines.join('\n'));
  }
  const { state } = ending;
  if (state !== undefined && state !== (job.progress as { state?: string }).state)
    await job.updateProgress({ state });
  switch (ending.kind) {
    case 'done':
      return 'done';
    case 'later':
      // A clock that was moved for a test moves what is due, not the queue: only the distance counts.
      await job.moveToDelayed(Date.now() + ending.at.getTime() - clock().getTime(), job.token);
      throw new DelayedError();
    case 'person':
      throw new UnrecoverableError(ending.reason);
  }
}

function openPool(connectionString: string, log: Logger): pg.Pool {
  // Each worker keeps one connection for LISTEN; what is left serves all queues.
  const pool = new pg.Pool({
    connectionString,
    max: 20,
    options: `-c search_path=${SCHEMA}`,
    keepAlive: true,
    application_name: 'exitgate queues',
  });
  pool.setMaxListeners(0);
  pool.on('error', (error) => log.warn({ error: error.message }, 'queue connection'));
  return pool;
}

const AWAY = /^(57P0[123]|08...|ECONN\w+|EPIPE|ETIMEDOUT)$|^Connection terminated/;

/**
 * The pool as BullMQ sees it: a server that is away (going down, starting up, recovering) is said in the one word that
 * BullMQ knows for it. Any other error its workers meet by asking again at once, hundreds of times in a second.
 */
function saying(pool: pg.Pool): PgPool {
  const away = (error: unknown): never => {
    const { code, message } = error as { code?: string; message: string };
    if (!AWAY.test(code ?? '') && !AWAY.test(message)) throw error;
    throw new Error(`ECONNREFUSED: ${message}`, { cause: error });
  };
  const seen = {
    query: (text: string, values?: unknown[]) => pool.query(text, values).catch(away),
    connect: () => pool.connect().catch(away),
    end: () => pool.end(),
    on: (event: 'error', listener: (error: Error) => void) => pool.on(event, listener),
    removeAllListeners: (event?: string) => pool.removeAllListeners(event),
  };
  return seen as unknown as PgPool;
}

function redis(text: string) {
  const url = new URL(text);
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.pathname.length > 1 ? { db: Number(url.pathname.slice(1)) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
