/** POST, GET /v1/connections/{id}/maintenances · DELETE /v1/maintenances/{id} */
import { z } from 'zod';
import type { Maintenance } from '../domain/maintenance.ts';
import { faultAt } from '../faults.ts';
import { problem } from '../problem.ts';
import type { StoredMaintenance } from '../store/maintenances.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid } from './errors.ts';
import { maintenanceExample, pageExample } from './examples.ts';
import { id, instant, instantGiven, line } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';

const MaintenanceDraft = z
  .strictObject({
    starts_at: instantGiven,
    ends_at: instantGiven.meta({ description: 'When the agency is back; filings are held until then' }),
    reason: line(200).meta({ description: 'Shown with every filing that waits: nothing personal' }),
  })
  .meta({ id: 'MaintenanceDraft' });

const MaintenanceView = z
  .object({
    id: id('maintenance'),
    connection_id: id('connection'),
    starts_at: instant,
    ends_at: instant,
    reason: z.string(),
    created_at: instant,
  })
  .meta({ id: 'Maintenance' });

const present = (maintenance: StoredMaintenance): z.output<typeof MaintenanceView> => ({
  id: maintenance.id,
  connection_id: maintenance.connectionId,
  starts_at: maintenance.startsAt.toISOString(),
  ends_at: maintenance.endsAt.toISOString(),
  reason: maintenance.reason,
  created_at: maintenance.createdAt.toISOString(),
});

/** Weeks are known; what is longer than a year is a slip of the pen, and would hold filings past every deadline. */
const LONGEST_MS = 366 * 86_400_000;

const path = '/v1/connections/{id}/maintenances';
const common = { tag: 'Connections', scope: 'connections' } as const;
const ofConnection = { schema: id('connection'), absent: 'connection_not_found' } as const;
const one = { schema: id('maintenance'), absent: 'maintenance_not_found' } as const;

export function maintenanceEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store } = parts;
  return [
    endpoint({
      ...common,
      method: 'post',
      path,
      name: 'createMaintenance',
      summary: "Enter when a connection's agency is out of service: filings wait until it is over",
      description:
        'Nothing is sent and nothing is asked meanwhile, and no attempt is burnt; `filing.held` tells until when. Several may ' +
        'overlap. A worker notices a new one within five seconds.',
      id: ofConnection,
      body: MaintenanceDraft,
      bodyExample: {
        starts_at: maintenanceExample.starts_at,
        ends_at: maintenanceExample.ends_at,
        reason: maintenanceExample.reason,
      },
      answer: MaintenanceView,
      answerExample: maintenanceExample,
      status: 201,
      problems: [ofConnection.absent],
      handler: async ({ id: connectionId, body, caller }) => {
        const { orgId, sandbox } = caller;
        const now = await timeOf(parts, caller);
        const draft = maintenanceOf(body, now);
        const created = await store.maintenances.create(orgId, sandbox, connectionId, draft, now);
        if (created === undefined) throw problem(ofConnection.absent, {});
        // What waits for an older one hears of the newer end.
        await store.filings.retryHeld(orgId, { connectionId }, now);
        return present(created);
      },
    }),
    endpoint({
      ...common,
      method: 'get',
      path,
      name: 'listMaintenances',
      summary: "List a connection's maintenances, newest first",
      id: ofConnection,
      query: pageQuery,
      cursor: 'cursor',
      answer: pageOf(MaintenanceView),
      answerExample: pageExample(maintenanceExample),
      status: 200,
      problems: [ofConnection.absent, 'cursor_invalid'],
      handler: async ({ id: connectionId, query, caller: { orgId, sandbox } }) => {
        const connections = await store.connections.list(orgId, sandbox);
        if (!connections.some((each) => each.id === connectionId)) throw problem(ofConnection.absent, {});
        const found = await store.maintenances.list(orgId, connectionId, pageAfter('maintenance', query));
        return pageFrom(found, query.limit, (each) => each.id, present);
      },
    }),
    endpoint({
      ...common,
      method: 'delete',
      path: '/v1/maintenances/{id}',
      name: 'deleteMaintenance',
      summary: 'End a maintenance early, or take back one to come; what it holds goes on',
      id: one,
      status: 204,
      problems: [one.absent],
      handler: async ({ id, caller }) => {
        const { orgId, sandbox } = caller;
        const removed = await store.maintenances.remove(orgId, sandbox, id);
        if (removed === undefined) throw problem(one.absent, {});
        await store.filings.retryHeld(
          orgId,
          { connectionId: removed.connectionId },
          await timeOf(parts, caller),
        );
        return undefined;
      },
    }),
  ];
}

function maintenanceOf(draft: z.output<typeof MaintenanceDraft>, now: Date): Maintenance {
  const { starts_at, ends_at, reason } = draft;
  const startsAt = new Date(starts_at);
  const endsAt = new Date(ends_at);
  if (endsAt <= startsAt)
    throw invalid('body_invalid', [
      faultAt('/ends_at', 'maintenance_end_before_start', { starts_at, ends_at }),
    ]);
  if (endsAt <= now)
    throw invalid('body_invalid', [
      faultAt('/ends_at', 'maintenance_over', { ends_at, now: now.toISOString() }),
    ]);
  if (endsAt.getTime() - startsAt.getTime() > LONGEST_MS)
    throw invalid('body_invalid', [faultAt('/ends_at', 'maintenance_too_long', { starts_at, ends_at })]);
  return { startsAt, endsAt, reason };
}
