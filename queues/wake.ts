/** Wakes the jobs of rows that have a step ahead. A wake that is lost costs time, not work: sweep finds the row. */
import type { Logger } from 'pino';
import { daysBetween } from '../src/domain/dates.ts';
import type { Exit } from '../src/domain/exit.ts';
import type { BusinessDate } from '../src/domain/words.ts';
import type { Lane } from '../src/store/deliveries.ts';
import type { Committed } from '../src/store/exits.ts';
import type { QueueSystem } from './queue.ts';

export interface Wake {
  filing(filing: {
    readonly id: string;
    readonly adapter: string;
    readonly deadline: BusinessDate;
  }): Promise<void>;
  lane(lane: Lane): Promise<void>;
  /** All that a commit has made due: filings in state `due`, and the lanes of the exit (or of an employee, without filings). Never fails. */
  after(
    exit: Pick<Exit, 'id' | 'filings'>,
    committed: Committed,
    options?: { readonly but?: string },
  ): Promise<void>;
}

export const DELIVERIES = 'deliveries';
const EPOCH: BusinessDate = '2020-01-01';
const MOST_PRIORITY = 2_097_151;

export const laneId = ({ endpointId, exitId }: Lane) => `${endpointId}.${exitId}`;
export function laneOf(id: string): Lane {
  const [endpointId = '', exitId = ''] = id.split('.');
  return { endpointId, exitId };
}

export function createWake(queues: QueueSystem, log: Logger): Wake {
  const wake: Wake = {
    filing: ({ id, adapter, deadline }) =>
      queues.open(adapter).wake(id, {
        name: id,
        // Earliest deadline first: days since a day before any deadline.
        priority: Math.min(Math.max(daysBetween(EPOCH, deadline), 1), MOST_PRIORITY),
      }),
    lane: (lane) =>
      queues.open(DELIVERIES).wake(laneId(lane), { name: laneId(lane), again: true, traceless: true }),
    async after(exit, { endpointIds }, { but } = {}) {
      const due = exit.filings.filter((filing) => filing.state === 'due' && filing.id !== but);
      const woken = await Promise.allSettled([
        ...due.map((filing) => wake.filing(filing)),
        ...endpointIds.map((endpointId) => wake.lane({ endpointId, exitId: exit.id })),
      ]);
      const failed = woken.find((each) => each.status === 'rejected');
      if (failed !== undefined)
        log.warn({ exit: exit.id, error: String(failed.reason) }, 'wake lost; sweep will repair it');
    },
  };
  return wake;
}
