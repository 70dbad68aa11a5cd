/** Carries webhooks: a job is a lane (endpoint, exit), and sends what is pending there in sequence. */
import { randomUUID } from 'node:crypto';
import type { DeliveryStore } from '../src/store/deliveries.ts';
import { judge } from '../src/webhooks/schedule.ts';
import type { Sender } from '../src/webhooks/send.ts';
import type { Ending, JobView } from './queue.ts';
import { laneOf } from './wake.ts';

export interface DeliveryWorker {
  readonly deliveries: DeliveryStore;
  readonly sender: Sender;
  readonly clock: () => Date;
  readonly random: () => number;
  readonly leaseMs: number;
}

export async function runLane(worker: DeliveryWorker, id: string, job: JobView): Promise<Ending> {
  const { deliveries, clock } = worker;
  const lane = laneOf(id);
  for (;;) {
    const token = randomUUID();
    const now = clock();
    const delivery = await deliveries.claim(lane, {
      token,
      now,
      until: new Date(now.getTime() + worker.leaseMs),
    });
    if (delivery === undefined) {
      const at = await deliveries.nextAt(lane);
      if (at === undefined) return { kind: 'done' };
      // Due, and yet not to be had: another worker is sending it.
      return { kind: 'later', at: at > now ? at : new Date(now.getTime() + worker.leaseMs) };
    }
    const answer = await worker.sender.send(delivery, now);
    const at = clock();
    const verdict = judge(answer, delivery.attempts, at, worker.random());
    await deliveries.record({
      id: delivery.id,
      token,
      at,
      milliseconds: at.getTime() - now.getTime(),
      ...verdict,
    });
    if (verdict.state === 'delivered') continue;
    await job.log(`${at.toISOString()} ${delivery.event.type} #${delivery.event.sequence}: ${verdict.error}`);
    if (verdict.disableEndpoint)
      return { kind: 'person', reason: 'the endpoint is gone (410) and was disabled' };
    if (verdict.nextAt !== undefined) return { kind: 'later', at: verdict.nextAt };
  }
}
