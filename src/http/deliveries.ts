/** GET /v1/deliveries: the delivery log, what was sent where, when, and what came back. */
import { z } from 'zod';
import type { ListedDelivery } from '../store/deliveries.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { deliveryExample, pageExample } from './examples.ts';
import { id, instant } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';

const STATES = ['pending', 'delivered', 'failed', 'cancelled'] as const;

const Try = z.object({
  at: instant,
  status: z.int().nullable(),
  error: z.string().nullable(),
  milliseconds: z.number(),
});

const DeliveryView = z
  .object({
    id: id('delivery'),
    endpoint_id: id('endpoint'),
    exit_id: id('exit').nullable().meta({ description: 'Null for an event about an employee' }),
    event_id: id('event'),
    sequence: z.int(),
    state: z.enum(STATES),
    attempts: z.int(),
    next_attempt_at: instant.nullable(),
    last_status: z.int().nullable(),
    last_error: z.string().nullable(),
    log: z.array(Try).meta({ description: 'Each try, oldest first' }),
    created_at: instant,
    delivered_at: instant.nullable(),
  })
  .meta({ id: 'Delivery' });

const present = (delivery: ListedDelivery): z.output<typeof DeliveryView> => ({
  id: delivery.id,
  endpoint_id: delivery.endpointId,
  exit_id: delivery.exitId,
  event_id: delivery.eventId,
  sequence: delivery.sequence,
  state: z.enum(STATES).parse(delivery.state),
  attempts: delivery.attempts,
  next_attempt_at: delivery.nextAt?.toISOString() ?? null,
  last_status: delivery.lastStatus ?? null,
  last_error: delivery.lastError ?? null,
  log: z.array(Try).parse(delivery.log),
  created_at: delivery.createdAt.toISOString(),
  delivered_at: delivery.deliveredAt?.toISOString() ?? null,
});

export function deliveryEndpoints({ store }: HttpParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/deliveries',
      name: 'listDeliveries',
      tag: 'Webhooks',
      summary: 'List deliveries of events to webhook endpoints, newest first',
      scope: 'webhooks',
      query: {
        endpoint_id: id('endpoint').optional(),
        exit_id: id('exit').optional(),
        state: z.enum(STATES).optional(),
        ...pageQuery,
      },
      cursor: 'cursor',
      answer: pageOf(DeliveryView),
      answerExample: pageExample(deliveryExample),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query: { endpoint_id, exit_id, state, ...page }, caller: { orgId, sandbox } }) => {
        const filter = {
          sandbox,
          ...(endpoint_id === undefined ? {} : { endpointId: endpoint_id }),
          ...(exit_id === undefined ? {} : { exitId: exit_id }),
          ...(state === undefined ? {} : { state }),
        };
        const found = await store.deliveries.list(orgId, filter, pageAfter('delivery', page));
        return pageFrom(found, page.limit, (each) => each.id, present);
      },
    }),
  ];
}
