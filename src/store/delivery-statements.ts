/** The statements of deliveries.ts: each is one for all lanes of a flush. */

/** Takes the heads of the lanes in `wanted`; `but` has just ended, which a statement does not see of itself. */
const CLAIMED = `
  claimed AS (
    UPDATE deliveries d SET lease_token = w.token, lease_until = w.until
    FROM wanted w
    WHERE d.id = (SELECT h.id FROM deliveries h WHERE h.endpoint_id = w.endpoint_id AND h.subject = w.subject AND h.state = 'pending'
                  AND h.id IS DISTINCT FROM w.but ORDER BY h.sequence LIMIT 1)
      AND EXISTS (SELECT 1 FROM endpoints p WHERE p.id = d.endpoint_id AND p.status = 'active')
      AND d.state = 'pending' AND d.next_at <= w.now AND (d.lease_until IS NULL OR d.lease_until <= w.now)
    RETURNING d.id, d.lease_token AS token, d.endpoint_id, d.subject, d.event_id, d.attempts
  )`;

const TO_SEND = `
  SELECT c.id, c.token, c.endpoint_id, c.subject, c.attempts, p.url, p.org_id, p.sealed AS endpoint_sealed, v.exit_id, x.external_id,
         coalesce(r.id, m.id) AS key_of, coalesce(r.wrapped_key, m.wrapped_key) AS wrapped_key,
         v.id AS event_id, v.type, v.sequence, v.occurred_at, v.data, v.sealed AS event_sealed
  FROM claimed c JOIN endpoints p ON p.id = c.endpoint_id JOIN events v ON v.id = c.event_id
    LEFT JOIN exits x ON x.id = v.exit_id LEFT JOIN persons r ON r.id = x.person_id LEFT JOIN employees m ON m.id = v.employee_id`;

export const CLAIM = `
  WITH wanted AS (
    SELECT *, NULL::text AS but FROM jsonb_to_recordset($1::jsonb)
      AS w(endpoint_id text, subject text, token text, now timestamptz, until timestamptz)
  ), ${CLAIMED} ${TO_SEND}`;

export const RECORD = `
  WITH result AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(id text, token text, state text, at timestamptz, next_at timestamptz, status integer,
      error text, entry jsonb, disable boolean, next jsonb)
  ), recorded AS (
    -- Its endpoint may have been deleted while it was on its way: what arrived has arrived, what did not stays cancelled.
    UPDATE deliveries d SET state = CASE WHEN d.state = 'cancelled' AND r.state = 'pending' THEN d.state ELSE r.state END,
      attempts = d.attempts + 1, next_at = CASE WHEN d.state = 'cancelled' THEN NULL ELSE r.next_at END, last_status = r.status, last_error = r.error,
      log = d.log || r.entry, delivered_at = CASE WHEN r.state = 'delivered' THEN r.at END, lease_token = NULL, lease_until = NULL
    FROM result r WHERE d.id = r.id AND d.lease_token = r.token
    RETURNING d.id, d.endpoint_id, d.subject, r.state, r.disable, r.next
  ), disabled AS (
    UPDATE endpoints p SET status = 'disabled' FROM recorded r WHERE p.id = r.endpoint_id AND r.disable
  ), wanted AS (
    SELECT r.endpoint_id, r.subject, r.id AS but, n.* FROM recorded r
    CROSS JOIN LATERAL jsonb_to_record(r.next) AS n(token text, now timestamptz, until timestamptz)
    WHERE r.state <> 'pending' AND NOT r.disable
  ), ${CLAIMED}
  SELECT r.id AS recorded, s.*, EXISTS (SELECT 1 FROM deliveries h WHERE h.endpoint_id = r.endpoint_id AND h.subject = r.subject
    AND h.state = 'pending' AND h.id <> r.id) AS ahead
  FROM recorded r LEFT JOIN (${TO_SEND}) s ON s.endpoint_id = r.endpoint_id AND s.subject = r.subject`;
