/** The statements of uploads.ts. An open upload has no rows of its own: whatever waits for it at the moment is in it. */

/** What a row's filing is collected under: insurance counts by month of insurance, everything else by the month of the exit. */
const MONTH = `CASE WHEN f.kind IN ('insurance_stop', 'insurance_transfer')
  THEN greatest(f.month, e.facts->>'insuranceEndMonth') ELSE left(e.facts->>'exitDate', 7) END`;

/** Its adapter has put it into a person's hands, nothing has gone wrong with it, and it is in no file that counts. */
const WAITING = `
  SELECT f.id AS filing_id, f.exit_id, f.serial, f.org_id, e.sandbox, f.connection_id, f.adapter, f.kind, f.deadline, e.facts_revision,
    ${MONTH} AS month, e.facts->'employer'->>'uscc' AS employer_uscc
  FROM filings f JOIN exits e ON e.id = f.exit_id
  WHERE f.state = 'manual' AND f.last_error IS NULL AND e.cancelled_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM upload_rows r WHERE r.filing_id = f.id AND r.serial = f.serial AND r.outcome IS DISTINCT FROM 'discarded')`;

const OF_UPLOAD = `w.org_id = u.org_id AND w.sandbox = u.sandbox AND w.connection_id = u.connection_id AND w.kind = u.kind
  AND w.month = u.month AND w.employer_uscc = u.employer_uscc`;

/** Groups of waiting filings that no open upload collects. */
export const UNCOLLECTED = `
  SELECT DISTINCT u.connection_id, u.kind, u.month, u.employer_uscc
  FROM (${WAITING} AND f.org_id = $1 AND e.sandbox = $2 AND f.adapter = ANY ($3)) u
  WHERE NOT EXISTS (SELECT 1 FROM uploads w WHERE w.state = 'open' AND ${OF_UPLOAD})`;

export const COLLECT = `
  INSERT INTO uploads SELECT * FROM jsonb_populate_recordset(NULL::uploads, $1::jsonb)
  ON CONFLICT (org_id, sandbox, connection_id, employer_uscc, kind, month) WHERE state = 'open' DO NOTHING`;

/** Rows whose filing is still in hand under the serial of the file wait for a result; others have moved on. */
const COUNTS = `
  SELECT count(*) AS rows, count(*) FILTER (WHERE r.outcome = 'accepted') AS accepted, count(*) FILTER (WHERE r.outcome = 'rejected') AS rejected,
    count(*) FILTER (WHERE r.outcome IS NULL AND f.state = 'manual' AND f.serial = r.serial) AS waiting
  FROM upload_rows r JOIN filings f ON f.id = r.filing_id WHERE r.upload_id = u.id`;

const COLUMNS = `u.id, u.org_id, u.sandbox, u.connection_id, u.kind, u.month, u.employer_uscc, u.two_person, u.media_type, u.file_name, u.sha256, u.size,
  u.people, u.closed_at, u.downloaded_at, u.confirmed_at, u.discarded_at, u.created_at`;

/** As an upload is seen: settled as soon as no row waits any more. */
const SEEN = `
  SELECT ${COLUMNS}, CASE WHEN u.state IN ('closed', 'confirmed') AND c.waiting = 0 THEN 'settled' ELSE u.state END AS state,
    coalesce(o.waiting, c.rows)::int AS rows, c.accepted::int AS accepted, c.rejected::int AS rejected, coalesce(o.waiting, c.waiting)::int AS waiting
  FROM uploads u CROSS JOIN LATERAL (${COUNTS}) c
  LEFT JOIN LATERAL (SELECT count(*) AS waiting FROM (${WAITING}) w WHERE ${OF_UPLOAD}) o ON u.state = 'open'`;

export const LIST = `
  SELECT * FROM (${SEEN} WHERE u.org_id = $1 AND u.sandbox = $2) s
  WHERE ($3::text IS NULL OR s.id = $3) AND ($4::text IS NULL OR s.state = $4) AND ($5::text IS NULL OR s.month = $5) AND ($6::text IS NULL OR s.kind = $6)
    AND ($7::text IS NULL OR s.connection_id = $7) AND ($8::text IS NULL OR s.id < $8) ORDER BY s.id DESC LIMIT $9`;

/** Nearest deadline first: what does not fit goes into the next file. */
export const WAITING_ROWS = `
  SELECT w.filing_id, w.exit_id, w.serial FROM uploads u JOIN (${WAITING}) w ON ${OF_UPLOAD}
  WHERE u.id = $1 AND u.state = 'open' ORDER BY w.deadline, w.filing_id LIMIT $2`;

export const ROWS = `
  SELECT r."row", r.filing_id, r.exit_id, r.serial, r.facts_revision, r.outcome, r.receipt, r.code, r.settled_at,
    f.state = 'manual' AND f.serial = r.serial AS standing,
    CASE WHEN e.cancelled_at IS NOT NULL THEN 'cancelled' WHEN e.facts_revision > r.facts_revision THEN 'amended' END AS changed
  FROM upload_rows r JOIN filings f ON f.id = r.filing_id JOIN exits e ON e.id = r.exit_id WHERE r.upload_id = $1 ORDER BY r."row"`;

/**
 * One statement: of two that close at once, the second finds nothing open. An exit that has changed since its row was made
 * (`$3`: its version then) lets nothing be closed; whoever has read one and is about to cancel it must see the file first.
 */
export const CLOSE = `
  WITH read AS (
    SELECT e.id FROM jsonb_to_recordset($3::jsonb) AS n(id text, version integer) JOIN exits e ON e.id = n.id AND e.version = n.version
    ORDER BY e.id FOR UPDATE OF e
  ), closed AS (
    UPDATE uploads u SET state = 'closed', two_person = n.two_person, media_type = n.media_type, file_name = n.file_name, sha256 = n.sha256,
      size = n.size, sealed = n.sealed, people = n.people, closed_at = n.closed_at
    FROM jsonb_populate_recordset(NULL::uploads, $1::jsonb) n
    WHERE u.id = n.id AND u.state = 'open' AND (SELECT count(*) FROM read) = jsonb_array_length($3::jsonb) RETURNING u.id
  ), newer AS (
    UPDATE exits e SET version = version + 1 FROM read, closed WHERE e.id = read.id
  )
  INSERT INTO upload_rows SELECT r.* FROM jsonb_populate_recordset(NULL::upload_rows, $2::jsonb) r JOIN closed c ON c.id = r.upload_id RETURNING "row"`;

export const FILE = `
  UPDATE uploads SET downloaded_at = coalesce(downloaded_at, $4::timestamptz)
  WHERE id = $1 AND org_id = $2 AND sandbox = $3 AND state <> 'open' AND (state <> 'discarded' OR downloaded_at IS NOT NULL) RETURNING sealed`;

/** The persons of a file's rows, in their order. */
export const PERSONS = `
  SELECT p.id, p.wrapped_key FROM upload_rows r JOIN exits e ON e.id = r.exit_id JOIN persons p ON p.id = e.person_id
  WHERE r.upload_id = $1 ORDER BY r."row"`;

export const CONFIRM = `
  UPDATE uploads SET state = 'confirmed', people = decode($2, 'hex'), confirmed_at = $3::timestamptz
  WHERE id = $1 AND state = 'closed' RETURNING id`;

/**
 * What the agency has rejected stays; the rest may go into another file. Of one that it has accepted a row of, it has the
 * rest as well: collected anew, that would be filed twice. `$4`: only while nobody has downloaded it.
 */
export const DISCARD = `
  WITH discarded AS (
    UPDATE uploads SET state = 'discarded', people = decode($2, 'hex'), discarded_at = $3::timestamptz
    WHERE id = $1 AND state IN ('closed', 'confirmed') AND (NOT $4::boolean OR downloaded_at IS NULL)
      AND EXISTS (SELECT 1 FROM upload_rows r WHERE r.upload_id = $1 AND r.outcome IS NULL)
      AND NOT EXISTS (SELECT 1 FROM upload_rows r WHERE r.upload_id = $1 AND r.outcome = 'accepted') RETURNING id
  ), freed AS (
    UPDATE upload_rows r SET outcome = 'discarded' FROM discarded d WHERE r.upload_id = d.id AND r.outcome IS NULL
  )
  SELECT id FROM discarded`;

/** The files that count, of submissions that are in one. */
export const PLACES = `
  SELECT r.filing_id, r.upload_id, u.downloaded_at IS NOT NULL AS downloaded FROM upload_rows r JOIN uploads u ON u.id = r.upload_id
  WHERE r.filing_id = ANY ($1) AND r.serial = ANY ($2) AND r.outcome IS DISTINCT FROM 'discarded'`;

export const CARRIED = `
  SELECT f.id, f.receipt FROM filings f WHERE f.org_id = $1 AND f.connection_id = $2 AND f.receipt = ANY ($3)`;

export const SETTLE = `
  UPDATE upload_rows r SET outcome = n.outcome, receipt = n.receipt, code = n.code, settled_at = n.settled_at
  FROM jsonb_populate_recordset(NULL::upload_rows, $1::jsonb) n WHERE r.upload_id = n.upload_id AND r."row" = n."row" AND r.outcome IS NULL`;
