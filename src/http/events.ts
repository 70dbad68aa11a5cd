/** GET /v1/exits/{id}/events · GET /v1/events, the pull stream: the same bodies that webhooks carry. */
import { z } from 'zod';
import { problem } from '../problem.ts';
import type { StoredEvent, StreamPosition } from '../store/events.ts';
import { exitId, loadExit } from './change.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { eventExample, pageExample } from './examples.ts';
import { id, instant } from './fields.ts';
import { afterQuery, decodeCursor, encodeCursor, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';

const EventView = z
  .object({
    id: id('event'),
    type: z.string(),
    sequence: z
      .int()
      .meta({ description: 'Without gaps within an exit (or an employee, or a connection), from 1' }),
    exit_id: id('exit').nullable().meta({
      description:
        'Null for an event about an employee (risk.warned) or an agency (agency.*, which names its connection)',
    }),
    external_id: z.string().nullable(),
    occurred_at: instant,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });

const present = (event: StoredEvent): z.output<typeof EventView> => ({
  id: event.id,
  type: event.type,
  sequence: event.sequence,
  exit_id: event.exitId,
  external_id: event.externalId,
  occurred_at: event.occurredAt.toISOString(),
  data: event.data,
});

export function eventEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store } = parts;
  return [
    endpoint({
      method: 'get',
      path: '/v1/exits/{id}/events',
      name: 'listExitEvents',
      tag: 'Events',
      summary: "List an exit's events, oldest first",
      scope: 'exits:read',
      id: exitId,
      query: pageQuery,
      cursor: 'cursor',
      answer: pageOf(EventView),
      answerExample: pageExample(eventExample),
      status: 200,
      problems: ['exit_not_found', 'cursor_invalid'],
      handler: async ({ id, query: { limit, cursor }, caller }) => {
        await loadExit(parts, id, caller);
        const after = sequenceOf(cursor);
        const found = await store.events.ofExit(caller.orgId, id, { after, limit: limit + 1 });
        return pageFrom(found, limit, ({ sequence }) => `#${sequence}`, present);
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/events',
      name: 'pullEvents',
      tag: 'Events',
      summary: "Pull the organisation's events, oldest first",
      description:
        'Ask again with `after` = `next_cursor`: nothing is skipped, and nothing appears behind a cursor. ' +
        '`next_cursor` is given even when nothing is new; `has_more` says that a full page was read.',
      scope: 'exits:read',
      query: afterQuery,
      cursor: 'after',
      answer: pageOf(EventView),
      answerExample: { data: [eventExample], has_more: false, next_cursor: 'OTEyLjM0' },
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query: { limit, after }, caller: { orgId, sandbox } }) => {
        const from = positionOf(after);
        const { events, end } = await store.events.stream(orgId, sandbox, {
          limit,
          ...(from === undefined ? {} : { after: from }),
        });
        return {
          data: events.map(present),
          has_more: events.length === limit,
          next_cursor:
            end === undefined ? (after ?? null) : encodeCursor(`${end.transaction}.${end.position}`),
        };
      },
    }),
  ];
}

function sequenceOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [, sequence] = /^#(\d{1,9})$/.exec(decodeCursor(cursor)) ?? [];
  if (sequence === undefined) throw problem('cursor_invalid', { parameter: 'cursor' });
  return Number(sequence);
}

function positionOf(after: string | undefined): StreamPosition | undefined {
  if (after === undefined) return undefined;
  const [, transaction, position] = /^(\d{1,18})\.(\d{1,18})$/.exec(decodeCursor(after)) ?? [];
  if (transaction === undefined || position === undefined)
    throw problem('cursor_invalid', { parameter: 'after' });
  return { transaction: BigInt(transaction), position: BigInt(position) };
}
