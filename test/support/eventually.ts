/** Waiting for a state: the only timer that tests may use. */
import { setTimeout as pause } from 'node:timers/promises';

/** Far more than anything takes: a limit for what never comes, not a measure of how soon it should. */
const PATIENCE_MS = 30_000;

export interface Patience {
  /** What is waited for, for the message. */
  readonly what?: string;
  /** Milliseconds. */
  readonly within?: number;
  readonly every?: number;
}

/**
 * Asks again until the answer is neither undefined nor false, and returns it.
 * @throws Error when that has not come about in time; whatever `check` throws ends the waiting at once.
 */
export async function eventually<Found>(
  check: () => Found | undefined | false | Promise<Found | undefined | false>,
  { what = 'the state waited for', within = PATIENCE_MS, every = 10 }: Patience = {},
): Promise<Found> {
  const deadline = performance.now() + within;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`${what} did not come about within ${within} ms`);
    await pause(every);
  }
}
