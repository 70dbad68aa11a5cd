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
      const ahead = await deliveries.nextAt(lane);
      if (ahead === undefined) return { kind: 'done' };
      const { at, leasedUntil } = ahead;
      if (leasedUntil !== undefined && leasedUntil > now) return { kind: 'later', at: leasedUntil };
      if (at > now) return { kind: 'later', at };
      // It came, or came free, between the two questions.
      continue;
    }
    const answer = await worker.sender.send(delivery);
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
