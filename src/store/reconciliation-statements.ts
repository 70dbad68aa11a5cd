/** The statements of reconciliations.ts. Nights come by the organisation's time, leases go by real time. */
import { testNowOf } from './test-time.ts';

/** The hour of China at which a night's runs are planned: after most agencies' own nightly work. */
const NIGHT_HOUR = 5;

const NOW = `CASE WHEN r.sandbox THEN ${testNowOf('$3::timestamptz')} ELSE $3::timestamptz END`;

/** The newest night that has come, of each connection that was there by then and has no run of it. */
export const NIGHTS = `
  SELECT c.id, c.org_id, c.sandbox, n.now, d.night FROM connections c JOIN organisations o ON o.id = c.org_id
    CROSS JOIN LATERAL (SELECT (CASE WHEN c.sandbox THEN ${testNowOf('$1::timestamptz')} ELSE $1::timestamptz END)::timestamptz(3) AS now) n
    CROSS JOIN LATERAL (SELECT to_char((n.now + interval '${8 - NIGHT_HOUR} hours') AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS night) d
  WHERE c.deleted_at IS NULL AND c.adapter IN (SELECT jsonb_array_elements_text($2::jsonb))
    AND c.created_at < (d.night::timestamp AT TIME ZONE 'UTC') - interval '${8 - NIGHT_HOUR} hours'
    AND NOT EXISTS (SELECT 1 FROM reconciliations r WHERE r.connection_id = c.id AND r.night = d.night)`;

export const DUE = `
  SELECT id FROM reconciliations WHERE state IN ('waiting', 'running') AND (lease_until IS NULL OR lease_until <= $1::timestamptz)
  ORDER BY id LIMIT $2`;

export const CLAIM = `
  WITH free AS (
    SELECT r.id, (${NOW})::timestamptz(3) AS now FROM reconciliations r JOIN organisations o ON o.id = r.org_id
    WHERE r.id = $1 AND r.state IN ('waiting', 'running') AND (r.lease_until IS NULL OR r.lease_until <= $3::timestamptz OR r.lease_token = $2)
    FOR UPDATE OF r SKIP LOCKED
  )
  UPDATE reconciliations r SET state = 'running', lease_token = $2, lease_until = $4::timestamptz FROM free WHERE r.id = free.id
  RETURNING r.*, free.now`;

export const LIST = `
  SELECT * FROM reconciliations WHERE org_id = $1 AND sandbox = $2 AND ($3::text IS NULL OR state = $3)
    AND ($4::text IS NULL OR connection_id = $4) AND ($5::text IS NULL OR id < $5) ORDER BY id DESC LIMIT $6`;
