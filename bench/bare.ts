/**
 * The yardstick: a bare BullMQ pipeline that makes the same calls to the same agencies, on the same schedule, and posts
 * as many webhooks, but takes nothing in, stores nothing and could recover nothing. One job is one exit.
 */
import axios from 'axios';
import { createPostgresBackend, DelayedError, type Job, type PgPool, Queue, Worker } from 'bullmq';
import pg from 'pg';
import type { Adapter, Call, FilingOrder } from '../adapters/adapter.ts';
import { ADAPTERS } from '../adapters/index.ts';
import { migrateQueues } from '../queues/migrate.ts';
import { EXAMPLE_EMPLOYER } from '../src/cli/sandbox.ts';
import { backoff } from '../src/domain/backoff.ts';
import type { FilingKind } from '../src/domain/words.ts';
import type { Urls } from './machines.ts';
import { idNumber } from './people.ts';
import { type Contest, type Measured, measure } from './run.ts';

const KINDS: readonly { kind: FilingKind; adapter: string; webhooks: number }[] = [
  { kind: 'labor_filing', adapter: 'labor-soap', webhooks: 3 },
  { kind: 'insurance_stop', adapter: 'insurance-xml', webhooks: 3 },
  { kind: 'insurance_transfer', adapter: 'insurance-xml', webhooks: 3 },
];
const CONCURRENCY = 60;

interface Progress {
  filing: number;
  step: 'submit' | 'lookup' | 'readBack';
  polls: number;
  receipt?: string;
}

export async function runBare(contest: Contest & { readonly mocks: Urls }): Promise<Measured> {
  const { database, redis, mocks, sink } = contest;
  const adapters = await openAdapters(mocks);
  const post = axios.create({ baseURL: sink, proxy: false });
  const webhook = (index: number, type: string) =>
    post.post('/', { id: `evt-${index}`, type, exit_id: `exit-${index}`, data: { kind: type } });
  const progress = new Map<number, Progress>();

  async function process(job: Job): Promise<void> {
    const { index } = job.data as { index: number };
    const at = progress.get(index) ?? { filing: 0, step: 'submit', polls: 0 };
    progress.set(index, at);
    const later = async (milliseconds: number): Promise<never> => {
      await job.moveToDelayed(Date.now() + milliseconds, job.token);
      throw new DelayedError();
    };
    if (at.filing === 0 && at.step === 'submit')
      for (const type of ['exit.opened', 'exit.filing_started']) await webhook(index, type);
    for (;;) {
      const plan = KINDS[at.filing];
      if (plan === undefined) break;
      const adapter = adapters.get(plan.adapter);
      if (adapter === undefined) throw new Error(`no adapter ${plan.adapter}`);
      const order = orderOf(plan.kind, index, at.receipt);
      const call = callOf(`b${index}-${at.filing}`);
      const answer = await (at.step === 'submit'
        ? adapter.submit(order, call)
        : at.step === 'lookup'
          ? adapter.lookup?.(order, call)
          : adapter.readBack?.(order, call));
      if (answer?.kind === 'agrees') {
        for (let count = 0; count < plan.webhooks; count++) await webhook(index, plan.kind);
        progress.set(index, Object.assign(at, { filing: at.filing + 1, step: 'submit', polls: 0 }));
      } else if (answer?.kind === 'accepted') {
        Object.assign(at, { step: 'readBack', receipt: answer.receipt });
      } else if (answer?.kind === 'pending') {
        Object.assign(at, { step: 'lookup', receipt: answer.receipt, polls: at.polls + 1 });
        await later(
          answer.pollAfter === undefined
            ? backoff(at.polls, Math.random(), 1000, 900_000)
            : answer.pollAfter * 1000,
        );
      } else {
        // A hiccup: asked again, or looked up when it was a submission; as little as can be done.
        if (at.step === 'submit') at.step = answer?.kind === 'unsure' ? 'lookup' : 'submit';
        else if (answer?.kind === 'absent') at.step = 'submit';
        await later(1000);
      }
    }
    await webhook(index, 'exit.completed');
  }

  const pool =
    redis === undefined
      ? new pg.Pool({ connectionString: database, max: 20, options: '-c search_path=bullmq' })
      : undefined;
  if (pool !== undefined) await migrateQueues(database);
  const connection =
    redis === undefined
      ? undefined
      : { host: '127.0.0.1', port: Number(new URL(redis).port), maxRetriesPerRequest: null };
  const queue =
    connection !== undefined
      ? new Queue('bare', { connection })
      : (new Queue(
          'bare',
          { connection: pool as unknown as PgPool },
          createPostgresBackend,
        ) as unknown as Queue);
  const worker =
    connection !== undefined
      ? new Worker('bare', process, { connection, concurrency: CONCURRENCY })
      : (new Worker(
          'bare',
          process,
          { connection: pool as unknown as PgPool, concurrency: CONCURRENCY },
          createPostgresBackend,
        ) as unknown as Worker);
  worker.on('failed', (_, error) => console.error(error.message));
  try {
    return await measure(contest, (index) => queue.add('exit', { index }));
  } finally {
    await worker.close();
    await queue.close();
    await pool?.end();
  }
}

async function openAdapters(mocks: Urls): Promise<ReadonlyMap<string, Adapter>> {
  const { data } = await axios.post(
    `${mocks.desk}/identities`,
    { uscc: EXAMPLE_EMPLOYER.uscc, name: EXAMPLE_EMPLOYER.name },
    { proxy: false },
  );
  const { key, certificate, ca } = data as { key: string; certificate: string; ca: string };
  const urls = { 'labor-soap': mocks.labor, 'insurance-xml': mocks.insurance };
  return new Map(
    Object.entries(urls).map(([name, url]) => {
      const entry = ADAPTERS.find(({ manifest }) => manifest.name === name);
      if (entry === undefined) throw new Error(`no adapter ${name}`);
      return [name, entry.create(entry.manifest.settings.parse({ key, certificate, ca, url }))];
    }),
  );
}

const callOf = (serial: string): Call => ({
  serial,
  attempt: 1,
  signal: AbortSignal.timeout(60_000),
  now: new Date(),
  log: () => undefined,
  keep: () => undefined,
  codes: [],
});

const orderOf = (kind: FilingKind, index: number, receipt: string | undefined): FilingOrder => ({
  kind,
  revision: 1,
  preparedAt: new Date(Date.UTC(2026, 10, 23)),
  employer: EXAMPLE_EMPLOYER,
  person: { name: '测试员工', id_type: 'resident_id', id_number: idNumber(index) },
  post: '测试岗位',
  contract: { type: 'fixed_term', start: '2022-03-01', end: '2027-02-28' },
  reason: 'resignation',
  noticeDate: '2026-10-26',
  lastAttendanceDate: '2026-11-25',
  exitDate: '2026-11-25',
  insuranceEndMonth: '2026-11',
  supplements: [],
  ...(receipt === undefined ? {} : { receipt }),
});
