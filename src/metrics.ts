/** /metrics for Prometheus: the process, the filings and deliveries by state, the queues' counts. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { QueueSystem } from '../queues/queue.ts';
import type { Store } from './store/index.ts';

export interface Metrics {
  read(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** Counts a callback of an agency. */
  callback(agency: string, outcome: string): void;
}

export function createMetrics(store: Store, queues: QueueSystem): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const filings = gauge('exitgate_filings', 'Filings by agency and state', ['agency', 'state']);
  const deliveries = gauge('exitgate_deliveries', 'Webhook deliveries by state', ['state']);
  const jobs = gauge('exitgate_queue_jobs', 'Jobs by queue and state', ['queue', 'state']);
  const callbacks = new Counter({
    name: 'exitgate_callbacks_total',
    help: 'Callbacks by agency and what came of them',
    labelNames: ['agency', 'outcome'],
    registers: [registry],
  });
  const read: Metrics['read'] = async () => {
    const [filingCounts, deliveryCounts, jobCounts] = await Promise.all([
      store.filings.count(),
      store.deliveries.count(),
      Promise.all(
        queues
          .all()
          .map(async (queue) => ({ name: queue.name, counts: await queues.open(queue.name).counts() })),
      ),
    ]);
    for (const each of [filings, deliveries, jobs]) each.reset();
    for (const { adapter, state, count } of filingCounts) filings.set({ agency: adapter, state }, count);
    for (const { state, count } of deliveryCounts) deliveries.set({ state }, count);
    for (const { name, counts } of jobCounts)
      for (const [state, count] of Object.entries(counts)) jobs.set({ queue: name, state }, count);
    return { contentType: registry.contentType, body: await registry.metrics() };
  };
  return { read, callback: (agency, outcome) => callbacks.inc({ agency, outcome }) };
}
