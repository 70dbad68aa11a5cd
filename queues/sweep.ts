/**
 * Finds rows that are due and have nobody, and wakes them: whatever the queue lost, the row still knows.
 * A timer of the process and not a scheduled job: what repairs the queue must not live in it.
 */
import type { Logger } from 'pino';
import type { Store } from '../src/store/index.ts';
import type { Wake } from './wake.ts';

const MOST_AT_A_TIME = 1000;
const HOUR_MS = 3_600_000;

export interface Sweep {
  /** One pass; for tests and for the timer. */
  run(): Promise<void>;
  stop(): Promise<void>;
}

export interface SweepOptions {
  readonly store: Store;
  readonly wake: Wake;
  /** Tells deadlines; see clocks.ts. */
  readonly tell: (most: number) => Promise<number>;
  /** Fetches the agencies' code tables that are a day old. */
  readonly refreshCodes: () => Promise<void>;
  /** Plans the night's reconciliations, and wakes those that are due; see reconciliations.ts. */
  readonly reconcile: (most: number) => Promise<void>;
  /** Asks agencies that were not there whether they are back; see health.ts. */
  readonly probe: () => Promise<void>;
  readonly clock: () => Date;
  readonly log: Logger;
  readonly intervalMs: number;
}

async function inTurn<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}

export function startSweep(options: SweepOptions): Sweep {
  const { store, wake, tell, reconcile, refreshCodes, probe, clock, log, intervalMs } = options;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  let expired = 0;

  async function run(): Promise<void> {
    // What has just become due is on its way already: looking at it here would only double the queue's work.
    const before = new Date(clock().getTime() - intervalMs);
    const [filings, lanes] = await Promise.all([
      store.filings.due(before, MOST_AT_A_TIME),
      store.deliveries.due(before, MOST_AT_A_TIME),
    ]);
    if (Date.now() - expired > HOUR_MS) {
      await Promise.all([store.idempotency.expire(), store.callbacks.expire(clock())]);
      expired = Date.now();
      // Agencies answer when they like: nobody waits for them here.
      void refreshCodes().catch((error: unknown) =>
        log.warn({ error: String(error) }, 'code tables were not refreshed'),
      );
    }
    // Side by side: filings that cannot be woken must not keep the lanes waiting.
    const ways = [
      inTurn(filings, wake.filing),
      inTurn(lanes, wake.lane),
      tell(MOST_AT_A_TIME),
      reconcile(MOST_AT_A_TIME),
      probe(),
    ];
    const failed = (await Promise.allSettled(ways)).find((way) => way.status === 'rejected');
    if (filings.length + lanes.length > 0)
      log.info({ filings: filings.length, lanes: lanes.length }, 'sweep woke what was due');
    if (failed !== undefined) throw failed.reason;
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      running = run()
        .catch((error: unknown) =>
          log.warn(
            { error: error instanceof Error ? error.message : String(error) },
            'sweep failed; the next one follows',
          ),
        )
        .finally(schedule);
    }, intervalMs);
    timer.unref();
  }

  schedule();
  return {
    run,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
