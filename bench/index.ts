/**
 * `npm run bench [-- --exits N --rounds N --statements]`: exits per second through the whole way beside a bare BullMQ
 * pipeline that makes the same calls with nothing stored. Both run in turn, in this process, against the same agencies and
 * sink, so the ratio holds where the machine's speed drifts; the single figures do not travel. Where others work on the
 * machine, go by this process's time of the processor and by the number of SQL statements per exit, which `--statements` lists.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import axios from 'axios';
import { runBare } from './bare.ts';
import { type Started, startMocks, startPostgres, startRedis, startSink, type Urls } from './machines.ts';
import type { Statements } from './statements.ts';
import { runWhole } from './whole.ts';

const { values } = parseArgs({
  options: {
    exits: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    statements: { type: 'boolean', default: false },
  },
});
const exits = Number(values.exits);
const rounds = Number(values.rounds);
const ROOM = new URL('./results/', import.meta.url);

let used = 0;
interface Result {
  readonly backend: string;
  readonly whole: number;
  readonly bare: number;
  /** Milliseconds of the processor per exit, in this process. */
  readonly whole_cpu: number;
  readonly bare_cpu: number;
  /** SQL statements per exit. */
  readonly whole_statements: number;
  readonly bare_statements: number;
}

async function contest(backend: string, mocks: Urls, redis: string | undefined): Promise<Result> {
  const run = async (contestant: typeof runWhole) => {
    const [postgres, sink] = await Promise.all([startPostgres(), startSink()]);
    try {
      used += exits;
      const { seconds, cpuSeconds, statements } = await contestant({
        database: postgres.value,
        ...(redis === undefined ? {} : { redis }),
        mocks,
        sink: sink.value,
        exits,
        from: used,
      });
      return { speed: exits / seconds, cpu: (cpuSeconds * 1000) / exits, statements };
    } finally {
      await sink.close();
      await postgres.close();
    }
  };
  const bare = await run(runBare);
  const whole = await run(runWhole);
  if (values.statements) list(backend, whole.statements);
  return {
    backend,
    whole: whole.speed,
    bare: bare.speed,
    whole_cpu: whole.cpu,
    bare_cpu: bare.cpu,
    whole_statements: whole.statements.total / exits,
    bare_statements: bare.statements.total / exits,
  };
}

function list(backend: string, { counts, total }: Statements): void {
  console.log(`\n${backend}: ${(total / exits).toFixed(1)} statements per exit`);
  for (const [text, count] of [...counts].sort(([, a], [, b]) => b - a))
    console.log(`${(count / exits).toFixed(2).padStart(7)}  ${text}`);
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const started: Started<unknown>[] = [];
try {
  const mocks = await startMocks();
  started.push(mocks);
  // The clerks decide at once: what is measured is the gateway, not their patience.
  for (const agency of ['labor', 'insurance', 'credit'])
    await axios.put(
      `${mocks.value.desk}/clerk/${agency}`,
      { policy: 'accept', delay: 'PT0S' },
      { proxy: false },
    );
  const redis = await startRedis();
  if (redis === undefined) console.log('redis-server is not installed: PostgreSQL only');
  else started.push(redis);
  const results: Result[] = [];
  for (let round = 0; round < rounds; round++)
    for (const [backend, url] of [
      ['postgresql', undefined],
      ['redis', redis?.value],
    ] as const) {
      if (backend === 'redis' && url === undefined) continue;
      const result = await contest(backend, mocks.value, url);
      console.log(
        `round ${round + 1}  ${backend.padEnd(10)}  whole ${result.whole.toFixed(1)} exits/s  bare ${result.bare.toFixed(1)} exits/s  ratio ${(result.whole / result.bare).toFixed(2)}  cpu ms/exit ${result.whole_cpu.toFixed(0)} (bare ${result.bare_cpu.toFixed(0)})  statements/exit ${result.whole_statements.toFixed(1)} (bare ${result.bare_statements.toFixed(1)})`,
      );
      results.push(result);
    }
  const summary = [...new Set(results.map((result) => result.backend))].map((backend) => {
    const of = results.filter((result) => result.backend === backend);
    return {
      backend,
      whole_exits_per_second: median(of.map((each) => each.whole)),
      bare_exits_per_second: median(of.map((each) => each.bare)),
      ratio: median(of.map((each) => each.whole / each.bare)),
      whole_cpu_ms_per_exit: median(of.map((each) => each.whole_cpu)),
      bare_cpu_ms_per_exit: median(of.map((each) => each.bare_cpu)),
      whole_statements_per_exit: median(of.map((each) => each.whole_statements)),
      bare_statements_per_exit: median(of.map((each) => each.bare_statements)),
    };
  });
  console.log('\nmedians');
  console.table(
    Object.fromEntries(
      summary.map(({ backend, ...figures }) => [
        backend,
        Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toFixed(2))])),
      ]),
    ),
  );
  mkdirSync(ROOM, { recursive: true });
  const file = new URL('latest.json', ROOM);
  writeFileSync(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), node: process.version, cores: cpus().length, exits, rounds, summary, results }, null, 2)}\n`,
  );
  console.log('written: bench/results/latest.json');
} finally {
  for (const each of started.reverse()) await each.close();
}
process.exit(0);
