/** Telling: events and their fan-out to the organisation's endpoints, in the same statement as the change they tell of. */
import { sealJson } from '../crypto/keyring.ts';
import type { EventDraft } from '../domain/events.ts';
import type { ExitSecret } from '../domain/exit-secret.ts';
import { newId } from '../ids.ts';
import { hex } from './database.ts';
import type { EventRow } from './rows.ts';
import { MOVED } from './test-time.ts';

/** Who must be woken after a commit. */
export interface Committed {
  /** Endpoints with a new delivery in the subject's lane. */
  readonly endpointIds: readonly string[];
}

/**
 * The end of a statement: its `$2` holds event rows, its `accepted` the ids of the exits (or employees, or connections) whose change
 * stands. @returns a row for each: `id`, `endpoint_ids`.
 */
export const TELL = `
  told AS (
    INSERT INTO events (id, org_id, exit_id, employee_id, connection_id, sequence, type, occurred_at, data, sealed, sandbox, transaction_id)
    SELECT v.id, v.org_id, v.exit_id, v.employee_id, v.connection_id, v.sequence, v.type, v.occurred_at, v.data, v.sealed, v.sandbox, pg_current_xact_id()::text::bigint
    FROM jsonb_populate_recordset(NULL::events, $2::jsonb) v JOIN accepted a ON a.id = coalesce(v.exit_id, v.employee_id, v.connection_id)
    -- The stream's order within a transaction: a join may hand the rows over in any.
    ORDER BY a.id, v.sequence
    RETURNING id, org_id, exit_id, employee_id, connection_id, sequence, type, occurred_at, sandbox
  ), lanes AS (
    INSERT INTO deliveries (id, org_id, endpoint_id, exit_id, employee_id, connection_id, event_id, sequence, state, attempts, next_at, log, created_at)
    SELECT 'del_' || substr(t.id, 5) || right(p.id, 6), t.org_id, p.id, t.exit_id, t.employee_id, t.connection_id, t.id, t.sequence, 'pending', 0, r.at, '[]', r.at
    FROM told t JOIN endpoints p ON p.org_id = t.org_id AND p.sandbox = t.sandbox AND p.status = 'active' AND p.deleted_at IS NULL
      AND (p.event_types = '{}' OR t.type = ANY (p.event_types))
      JOIN organisations o ON o.id = t.org_id
      -- Webhooks go by real time, from which the event's own is away where test time was moved.
      CROSS JOIN LATERAL (SELECT CASE WHEN t.sandbox AND ${MOVED} THEN least(t.occurred_at, now()) ELSE t.occurred_at END AS at) r
    RETURNING subject, endpoint_id
  )
  SELECT a.id, coalesce((SELECT jsonb_agg(DISTINCT l.endpoint_id) FROM lanes l WHERE l.subject = a.id), '[]') AS endpoint_ids
  FROM accepted a`;

/** What events are about, and when. An employee's warning of risk needs no exit, nor does an agency's outage. */
export type Subject = { readonly orgId: string; readonly now: Date } & (
  | { readonly exitId: string }
  | { readonly employeeId: string }
  | { readonly connectionId: string }
);

const noSecret = (): never => {
  throw new Error('what is about no exit has none to quote from');
};

/** @param lastSequence of the subject: numbers go on from it without a gap. */
export function eventRows(
  { events }: { readonly events: readonly EventDraft[] },
  subject: Subject,
  sandbox: boolean,
  lastSequence: number,
  key: () => Uint8Array,
  /** For events that quote the exit's encrypted part. */
  secret: () => ExitSecret = noSecret,
): EventRow[] {
  const { orgId, now } = subject;
  return events.map(({ type, data, personal }, index) => {
    const id = newId('event', now);
    const words = typeof personal === 'function' ? personal(secret()) : personal;
    return {
      id,
      org_id: orgId,
      exit_id: 'exitId' in subject ? subject.exitId : null,
      employee_id: 'employeeId' in subject ? subject.employeeId : null,
      connection_id: 'connectionId' in subject ? subject.connectionId : null,
      sequence: lastSequence + index + 1,
      type,
      occurred_at: now.toISOString(),
      data,
      sealed: words === undefined ? null : hex(sealJson(key(), words, id)),
      sandbox,
    };
  });
}
