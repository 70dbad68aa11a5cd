/** What an agency allows a connection, held over all processes; and the line of those who wait for it, the earliest deadline first. */
import { type Database, rows } from './database.ts';
import { nowOf } from './test-time.ts';

export interface Pace {
  /** So many at once, */
  readonly burst: number;
  /** and then one every so many milliseconds. */
  readonly everyMs: number;
}

export interface RateStore {
  /** Takes leave for one call. @returns undefined when it has it, else when the next one may have it; by the time that `now` is of. */
  take(connectionId: string, pace: Pace, now: Date): Promise<Date | undefined>;
  /**
   * Gives up a claim whose call may not be made yet, and has everybody who is due at the connection come in turn from `from`
   * on: else all would come at once and all but one in vain. Nothing is counted against any of them, and what the claim has
   * fixed is fixed anew. @returns when it is this filing's turn; undefined when the claim was lost.
   */
  lineUp(
    claim: { readonly filingId: string; readonly token: string; readonly now: Date },
    connectionId: string,
    line: { readonly from: Date; readonly everyMs: number },
    real: Date,
  ): Promise<Date | undefined>;
}

/** The generic cell rate algorithm: the row holds until when the calls let through have used up the allowance. */
const TAKE = `
  WITH wanted AS (
    SELECT $1::text AS connection_id, $2::timestamptz AS now, $3::float8 * interval '1 millisecond' AS every, $4::float8 AS burst
  ), taken AS (
    INSERT INTO agency_rates AS r (connection_id, used_until) SELECT connection_id, now + every FROM wanted
    ON CONFLICT (connection_id) DO UPDATE SET used_until = greatest(r.used_until, $2::timestamptz) + $3::float8 * interval '1 millisecond'
    WHERE r.used_until <= $2::timestamptz + ($4::float8 - 1) * $3::float8 * interval '1 millisecond'
    RETURNING r.connection_id
  )
  SELECT t.connection_id IS NOT NULL AS taken, r.used_until - (w.burst - 1) * w.every AS next
  FROM wanted w LEFT JOIN taken t ON true LEFT JOIN agency_rates r ON r.connection_id = w.connection_id`;

const MOST_IN_LINE = 2000;

const LINE_UP = `
  WITH due AS (
    SELECT f.id, f.deadline, f.next_at, f.lease_token FROM filings f JOIN exits e ON e.id = f.exit_id JOIN organisations o ON o.id = f.org_id
    WHERE f.connection_id = $1 AND f.next_at <= ${nowOf('$7::timestamptz')}
      AND (f.lease_until IS NULL OR f.lease_until <= $7::timestamptz OR (f.id = $2 AND f.lease_token = $3))
    ORDER BY f.deadline, f.next_at, f.id LIMIT ${MOST_IN_LINE} FOR UPDATE OF f SKIP LOCKED
  ), own AS (
    SELECT id FROM filings WHERE id = $2 AND lease_token = $3
  ), line AS (
    SELECT d.id, (row_number() OVER (ORDER BY d.deadline, d.next_at, d.id) - 1) * $6::float8 * interval '1 millisecond' AS later FROM due d
  )
  UPDATE filings f SET next_at = $5::timestamptz + l.later,
    lease_token = CASE WHEN f.id = $2 THEN NULL ELSE f.lease_token END, lease_until = CASE WHEN f.id = $2 THEN NULL ELSE f.lease_until END,
    attachments = CASE WHEN f.id = $2 AND f.state = 'due' AND f.prepared_at = $4::timestamptz THEN NULL ELSE f.attachments END,
    prepared_at = CASE WHEN f.id = $2 AND f.state = 'due' AND f.prepared_at = $4::timestamptz THEN NULL ELSE f.prepared_at END
  FROM line l WHERE f.id = l.id AND EXISTS (SELECT 1 FROM own)
  RETURNING f.id, f.next_at`;

export function createRateStore(database: Database): RateStore {
  return {
    async take(connectionId, { burst, everyMs }, now) {
      const [row] = await rows<{ taken: boolean; next: Date | null }>(
        database,
        TAKE,
        connectionId,
        now.toISOString(),
        everyMs,
        burst,
      );
      if (row?.taken === true) return undefined;
      // Of somebody else's first call, made this moment, the row is not seen yet: one look later it is.
      return new Date(Math.max(row?.next?.getTime() ?? 0, now.getTime() + 1));
    },

    async lineUp({ filingId, token, now }, connectionId, { from, everyMs }, real) {
      const placed = await rows<{ id: string; next_at: Date }>(
        database,
        LINE_UP,
        connectionId,
        filingId,
        token,
        now.toISOString(),
        from.toISOString(),
        everyMs,
        real.toISOString(),
      );
      return placed.find(({ id }) => id === filingId)?.next_at;
    },
  };
}
