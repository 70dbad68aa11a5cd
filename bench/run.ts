/** What both contestants share. */
import axios from 'axios';
import { type Statements, takeStatements } from './statements.ts';

export interface Contest {
  readonly database: string;
  readonly redis?: string;
  readonly sink: string;
  readonly exits: number;
  /** First employee's number: agencies remember, so no two runs share people. */
  readonly from: number;
}

export interface Measured {
  readonly seconds: number;
  /** Of the processor, in this process: other work on the machine hardly shows in it. */
  readonly cpuSeconds: number;
  readonly statements: Statements;
}

/** Begins every exit, and waits until the last one is completed. */
export async function measure(
  { sink, exits, from }: Contest,
  begin: (index: number) => Promise<unknown>,
): Promise<Measured> {
  takeStatements();
  const start = performance.now();
  const used = process.cpuUsage();
  await inParallel(exits, (index) => begin(from + index));
  await waitForCompleted(sink, exits);
  const { user, system } = process.cpuUsage(used);
  return {
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    statements: takeStatements(),
  };
}

const IN_PARALLEL = 32;

async function inParallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(IN_PARALLEL, count) }, lane));
}

const LIMIT_MS = 600_000;

/** Waits until the sink has been told of so many finished exits since the call before. */
async function waitForCompleted(sink: string, exits: number): Promise<void> {
  const until = Date.now() + LIMIT_MS;
  for (;;) {
    const { data } = await axios.get<string>(sink, {
      proxy: false,
      responseType: 'text',
      transformResponse: (text: string) => text,
    });
    if (Number(data) >= exits) return;
    if (Date.now() > until)
      throw new Error(`only ${data} of ${exits} exits were completed in ${LIMIT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
