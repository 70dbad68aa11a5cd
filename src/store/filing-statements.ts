/** The statements of filings.ts. What is due is due by the time of the row's organisation. */
import { MOVED, nowOf } from './test-time.ts';

/** The newest certificate and handover list of the facts that the filing carries: they go along for the reviewer. */
const ATTACHED = `
  SELECT array_agg(n.id ORDER BY n.id) FROM (
    SELECT DISTINCT ON (d.kind) d.id FROM documents d WHERE d.exit_id = f.exit_id AND d.facts_revision = f.facts_revision
      AND d.kind IN ('termination_certificate', 'handover_list') ORDER BY d.kind, d.id DESC) n`;

export const CLAIM = `
  WITH wanted AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS w(id text, token text, now timestamptz, until timestamptz)
  ), free AS (
    SELECT f.id, f.lease_token AS before, w.token, ${nowOf('w.now')}::timestamptz(3) AS now, w.until,
      c.version AS connection_version, c.deleted_at IS NOT NULL AS connection_deleted
    FROM filings f JOIN wanted w ON w.id = f.id JOIN exits e ON e.id = f.exit_id JOIN organisations o ON o.id = f.org_id
      LEFT JOIN connections c ON c.id = f.connection_id
    WHERE f.next_at <= ${nowOf('w.now')} AND (f.lease_until IS NULL OR f.lease_until <= w.now)
    FOR UPDATE OF f SKIP LOCKED
  )
  UPDATE filings f SET lease_token = w.token, lease_until = w.until, prepared_at = coalesce(f.prepared_at, w.now),
    attachments = CASE WHEN f.prepared_at IS NULL THEN (${ATTACHED}) ELSE f.attachments END,
    -- Another revision goes out under a serial of its own, and may carry another month.
    month = CASE WHEN f.prepared_at IS NOT NULL THEN f.month END
  FROM free w WHERE f.id = w.id
  RETURNING f.id, f.exit_id, w.now, w.before IS NOT NULL AND f.state = 'due' AS lost, f.month, w.connection_version, w.connection_deleted`;

export const NEXT_AT = `
  SELECT $2::timestamptz + (f.next_at - ${nowOf('$2::timestamptz')}) AS at, f.lease_until
  FROM filings f JOIN exits e ON e.id = f.exit_id JOIN organisations o ON o.id = f.org_id WHERE f.id = $1 AND f.next_at IS NOT NULL`;

/** First by real time, which has an index; then what is due only by the time of one that is ahead of it: few, and sandboxes. */
export const DUE = `
  SELECT id, adapter, deadline FROM (
    SELECT f.id, f.adapter, f.deadline, f.next_at, f.lease_until FROM filings f JOIN exits e ON e.id = f.exit_id JOIN organisations o ON o.id = f.org_id
    WHERE f.next_at <= $1::timestamptz AND f.next_at <= ${nowOf('$1::timestamptz')}
    UNION ALL
    SELECT f.id, f.adapter, f.deadline, f.next_at, f.lease_until FROM organisations o JOIN exits e ON e.org_id = o.id AND e.sandbox JOIN filings f ON f.exit_id = e.id
    WHERE ${MOVED} AND f.next_at > $1::timestamptz AND f.next_at <= ${nowOf('$1::timestamptz')}
  ) found WHERE lease_until IS NULL OR lease_until <= $1::timestamptz
  ORDER BY deadline, next_at LIMIT $2`;

export const RETRY_HELD = `
  WITH held AS (
  SELECT f.id, f.exit_id FROM filings f JOIN exits e ON e.id = f.exit_id
  WHERE f.org_id = $2 AND (f.held_since IS NOT NULL OR ($8::boolean AND f.attempts > 0)) AND f.next_at > $1::timestamptz
    AND ($3::text IS NULL OR f.id = $3) AND ($4::text IS NULL OR f.connection_id = $4) AND ($5::boolean IS NULL OR e.sandbox = $5)
    AND ($6::text IS NULL OR starts_with(e.facts->'employer'->>'region', $6)) AND ($7::text[] IS NULL OR f.kind = ANY ($7))
    AND (NOT $9::boolean OR EXISTS (SELECT 1 FROM connections c WHERE c.id = f.connection_id AND c.deleted_at IS NOT NULL))
  ), newer AS (
    -- Whoever has read the exit and is about to write its filings back must see them woken first.
    UPDATE exits e SET version = version + 1 FROM (SELECT DISTINCT exit_id FROM held ORDER BY exit_id) h WHERE e.id = h.exit_id RETURNING e.id
  )
  UPDATE filings f SET next_at = $1::timestamptz FROM held h JOIN newer n ON n.id = h.exit_id WHERE f.id = h.id RETURNING f.id, f.adapter, f.deadline`;

export const LIST = `
  SELECT to_jsonb(f) AS row, f.updated_at FROM filings f JOIN exits e ON e.id = f.exit_id
  WHERE f.org_id = $1 AND ($2::text IS NULL OR f.id = $2) AND ($3::text IS NULL OR f.state = $3) AND ($4::text IS NULL OR f.kind = $4)
    AND ($5::text IS NULL OR f.exit_id = $5) AND ($6::boolean IS NULL OR e.sandbox = $6) AND ($7::text IS NULL OR f.id < $7)
  ORDER BY f.id DESC LIMIT $8`;

export const DEADLINES = `
  SELECT to_jsonb(f) AS row, e.external_id FROM filings f JOIN exits e ON e.id = f.exit_id
  WHERE f.org_id = $1 AND e.sandbox = $2 AND f.closes_at IS NOT NULL AND f.state NOT IN ('accepted', 'verified', 'withdrawn')
    AND e.status NOT IN ('completed', 'cancelled') AND e.cancelled_at IS NULL AND ($3::text IS NULL OR f.kind = $3) AND ($4::text IS NULL OR f.exit_id = $4)
    AND ($5::timestamptz IS NULL OR f.closes_at <= $5) AND ($6::timestamptz IS NULL OR (f.closes_at, f.id) > ($6, $7))
  ORDER BY f.closes_at, f.id LIMIT $8`;
