/** Carries webhooks: a job is a lane (endpoint, exit), and sends what is pending there in sequence. */
import { randomUUID } from 'node:crypto';
import type { DeliveryStore, Lease } from '../src/store/deliveries.ts';
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
  const lease = (now: Date): Lease => ({
    token: randomUUID(),
    now,
    until: new Date(now.getTime() + worker.leaseMs),
  });
  let began = clock();
  let delivery = await deliveries.claim(lane, lease(began));
  for (;;) {
    if (delivery === undefined) {
      const ahead = await deliveries.nextAt(lane);
      if (ahead === undefined) return { kind: 'done' };
      const { at, leasedUntil } = ahead;
      if (leasedUntil !== undefined && leasedUntil > began) return { kind: 'later', at: leasedUntil };
      if (at > began) return { kind: 'later', at };
      // It came, or came free, between the two questions.
      began = clock();
      delivery = await deliveries.claim(lane, lease(began));
      continue;
    }
    const { id: sent, token, attempts, event } = delivery;
    const answer = await worker.sender.send(delivery);
    const at = clock();
    const verdict = judge(answer, attempts, at, worker.random());
    const milliseconds = at.getTime() - began.getTime();
    const recorded = await deliveries.record({ id: sent, token, at, milliseconds, ...verdict }, lease(at));
    if (verdict.state !== 'delivered')
      job.log(`${at.toISOString()} ${event.type} #${event.sequence}: ${verdict.error}`);
    if (verdict.disableEndpoint)
      return { kind: 'person', reason: 'the endpoint is gone (410) and was disabled' };
    if (verdict.nextAt !== undefined) return { kind: 'later', at: verdict.nextAt };
    // Whoever puts down another one wakes the lane once more.
    if (!recorded.ahead) return { kind: 'done' };
    began = at;
    delivery = recorded.next;
  }
}
