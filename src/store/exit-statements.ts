/** The statements of exits.ts: each is one for all exits of a flush. `$1` exits, `$2` events, `$3` gates, `$4` filings, `$5` attempts. */
import { TELL } from './tell.ts';
import { MOVED, nowOf } from './test-time.ts';

export const READ = `
  SELECT e.id, e.org_id, e.person_id, e.sandbox, e.profile_version, e.status, e.facts, e.facts_revision, e.earlier_facts, e.decision_due_at,
         e.decision_asked_at, e.released_at, e.released_by, e.cancelled_at, e.sealed, e.version, e.last_sequence, e.clocks_told_until, e.clocks_next_at,
         e.created_at, e.updated_at, p.wrapped_key,
         coalesce((SELECT jsonb_agg(g ORDER BY g.position) FROM gates g WHERE g.exit_id = e.id), '[]') AS gates,
         coalesce((SELECT jsonb_agg(f ORDER BY f.position) FROM filings f WHERE f.exit_id = e.id), '[]') AS filings
  FROM exits e JOIN persons p ON p.id = e.person_id`;

export const OPEN = `
  WITH accepted AS (
    INSERT INTO exits SELECT * FROM jsonb_populate_recordset(NULL::exits, $1::jsonb)
    ON CONFLICT (org_id, sandbox, external_id) DO NOTHING RETURNING id
  ), raised AS (
    INSERT INTO gates SELECT g.* FROM jsonb_populate_recordset(NULL::gates, $3::jsonb) g JOIN accepted a ON a.id = g.exit_id
  ), planned AS (
    INSERT INTO filings SELECT f.* FROM jsonb_populate_recordset(NULL::filings, $4::jsonb) f JOIN accepted a ON a.id = f.exit_id
  ), ${TELL}`;

export const SAVE = `
  WITH change AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb)
      AS c(id text, version integer, last_sequence integer, status text, facts jsonb, facts_revision integer, earlier_facts jsonb, sealed bytea,
           decision_due_at timestamptz, decision_asked_at timestamptz, released_at timestamptz, released_by text, cancelled_at timestamptz,
           clocks_told_until timestamptz, clocks_next_at timestamptz, updated_at timestamptz, filing_id text, lease_token text, prepared jsonb)
  ), locked AS (
    -- A claim that commits while we wait for its row is seen here; one that comes later finds the row as we leave it.
    -- The exit first, as every save does: two that take the rows in another order would wait for each other.
    SELECT f.id, f.exit_id, f.prepared_at FROM change c JOIN exits e ON e.id = c.id JOIN filings f ON f.exit_id = e.id
    WHERE c.prepared IS NOT NULL FOR UPDATE OF e, f
  ), accepted AS (
    UPDATE exits e SET version = c.version + 1, last_sequence = c.last_sequence, status = c.status,
      facts = coalesce(c.facts, e.facts), facts_revision = c.facts_revision, earlier_facts = coalesce(c.earlier_facts, e.earlier_facts),
      sealed = coalesce(c.sealed, e.sealed), decision_due_at = c.decision_due_at, decision_asked_at = c.decision_asked_at,
      released_at = c.released_at, released_by = c.released_by, cancelled_at = c.cancelled_at,
      clocks_told_until = c.clocks_told_until, clocks_next_at = c.clocks_next_at, updated_at = c.updated_at
    FROM change c
    WHERE e.id = c.id AND e.version = c.version AND (c.lease_token IS NULL OR EXISTS (
      SELECT 1 FROM filings f WHERE f.id = c.filing_id AND f.lease_token = c.lease_token))
      AND (c.prepared IS NULL OR NOT EXISTS (
      SELECT 1 FROM locked l WHERE l.exit_id = c.id AND l.prepared_at IS DISTINCT FROM (c.prepared ->> l.id)::timestamptz))
    RETURNING e.id, c.filing_id
  ), settled AS (
    INSERT INTO gates SELECT n.* FROM jsonb_populate_recordset(NULL::gates, $3::jsonb) n JOIN accepted a ON a.id = n.exit_id
    ON CONFLICT (id) DO UPDATE SET cleared_at = EXCLUDED.cleared_at, waived = EXCLUDED.waived, holds_until = EXCLUDED.holds_until
  ), moved AS (
    UPDATE filings f SET state = n.state, connection_id = n.connection_id, adapter = n.adapter, serial = n.serial, revision = n.revision, facts_revision = n.facts_revision, via = n.via,
      withdrawing = n.withdrawing, attachments = n.attachments, receipt = n.receipt, attempts = n.attempts, polls = n.polls, next_at = n.next_at,
      deadline = n.deadline, clocks = n.clocks, closes_at = n.closes_at, prepared_at = n.prepared_at, held_since = n.held_since, last_error = n.last_error,
      correction = n.correction, previous_serial = n.previous_serial, news = n.news, updated_at = n.updated_at,
      -- A new serial is another submission: whoever held the old one has nothing to say about it.
      lease_token = CASE WHEN f.id = a.filing_id OR f.serial <> n.serial THEN NULL ELSE f.lease_token END,
      lease_until = CASE WHEN f.id = a.filing_id OR f.serial <> n.serial THEN NULL ELSE f.lease_until END
    FROM jsonb_populate_recordset(NULL::filings, $4::jsonb) n JOIN accepted a ON a.id = n.exit_id WHERE f.id = n.id
  ), tried AS (
    INSERT INTO attempts SELECT t.* FROM jsonb_populate_recordset(NULL::attempts, $5::jsonb) t JOIN accepted a ON a.id = t.exit_id
  ), ${TELL}`;

/** As for filings: by real time, and what only an organisation that is ahead of it has due. */
export const CLOCKS_DUE = `
  SELECT id FROM (
    SELECT e.id, e.clocks_next_at FROM exits e JOIN organisations o ON o.id = e.org_id
    WHERE e.clocks_next_at <= $1::timestamptz AND e.clocks_next_at <= ${nowOf('$1::timestamptz')}
    UNION ALL
    SELECT e.id, e.clocks_next_at FROM organisations o JOIN exits e ON e.org_id = o.id AND e.sandbox
    WHERE ${MOVED} AND e.clocks_next_at > $1::timestamptz AND e.clocks_next_at <= ${nowOf('$1::timestamptz')}
  ) due ORDER BY clocks_next_at LIMIT $2`;
