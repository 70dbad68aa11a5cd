/** bull-board: the queues' dashboard. A filing is one job, so the board reads like the work itself. */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Router } from 'express';
import type { QueueSystem } from './queue.ts';

const PATH = '/console/queues';

/** @param router stands behind the operator key. */
export function mountBoard(router: Pick<Router, 'use'>, queues: QueueSystem): void {
  const server = new ExpressAdapter();
  server.setBasePath(PATH);
  createBullBoard({
    queues: queues.all().map((queue) => new BullMQAdapter(queue)),
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'Exitgate', hideRedisDetails: true } },
  });
  router.use(PATH, server.getRouter());
}
