/** Moving an organisation's test time: who moves it, where it stands meanwhile, what is due on the way. Sandbox rows alone. */
import { type Database, rows } from './database.ts';
import { testNowOf } from './test-time.ts';

/** One thing that has its time: a filing's next step, deadlines of an exit to tell, or an agency to be asked whether it is back. */
export type Due = { readonly at: Date } & (
  | { readonly what: 'deadline'; readonly exitId: string }
  | { readonly what: 'probe'; readonly connectionId: string }
  | {
      readonly what: 'filing';
      readonly exitId: string;
      readonly filingId: string;
      readonly kind: string;
      readonly adapter: string;
      /** The last day that the queue orders by. */
      readonly deadline: string;
      /** A worker has it. */
      readonly inHand: boolean;
    }
);

export interface Happened {
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  /** Null for what is about an employee and no exit. */
  readonly exitId: string | null;
  readonly filingId: string | null;
}

export interface TestClockStore {
  /**
   * Takes the clock: from here on the time stands, for as long as `until` (real time) unless it is moved on before.
   * @returns undefined while somebody else has it.
   */
  begin(
    orgId: string,
    mover: string,
    real: Date,
    until: Date,
  ): Promise<{ readonly now: Date; readonly frozen: boolean } | undefined>;
  /** @returns false when the clock is somebody else's by now. */
  moveTo(orgId: string, mover: string, at: Date, real: Date, until: Date): Promise<boolean>;
  /** Lets it go on from `at`, or stand there. Nothing when the clock is somebody else's by now. */
  end(orgId: string, mover: string, at: Date, real: Date, frozen: boolean): Promise<void>;
  /** What has its time up to then, in the order in which it comes due; what a worker has in hand comes with it. */
  ahead(
    orgId: string,
    real: Date,
    page: {
      readonly until?: Date;
      readonly limit: number;
      /**
       * Over these connections, without filings that wait for a pending answer and agencies that are not back, where they
       * were asked since then.
       */
      readonly unless?: Asked;
    },
  ): Promise<readonly Due[]>;
  /** The nearest limit after `now`: of an open filing's nearest clock, or until when gates may hold. */
  nextDeadline(orgId: string, now: Date): Promise<Date | undefined>;
  /** A mark for `since`: what is committed from now on. */
  mark(): Promise<Mark>;
  /** Events since a mark, in the order of the organisation's time. */
  since(orgId: string, mark: Mark, limit: number): Promise<readonly Happened[]>;
}

export interface Asked {
  readonly connectionIds: readonly string[];
  /** By the organisation's time. */
  readonly since: Date;
}

/** A transaction's snapshot, as PostgreSQL writes it. */
export type Mark = string;

const BEGIN = `
  UPDATE organisations o SET test_mover = $2, test_stands_at = ${testNowOf('$3::timestamptz')}, test_moving_until = $4::timestamptz
  WHERE o.id = $1 AND (o.test_mover IS NULL OR o.test_moving_until <= $3::timestamptz)
  RETURNING o.test_stands_at AS now, o.test_frozen AS frozen`;

const AHEAD_OF_REAL = `(extract(epoch FROM $3::timestamptz - $4::timestamptz) * 1000)::bigint`;

const MOVE = `
  UPDATE organisations SET test_stands_at = $3::timestamptz, test_ahead_ms = ${AHEAD_OF_REAL}, test_moving_until = $5::timestamptz
  WHERE id = $1 AND test_mover = $2 RETURNING id`;

const END = `
  UPDATE organisations SET test_frozen = $5, test_stands_at = CASE WHEN $5 THEN $3::timestamptz END, test_ahead_ms = ${AHEAD_OF_REAL},
    test_mover = NULL, test_moving_until = NULL
  WHERE id = $1 AND test_mover = $2`;

/** Deadlines before filings at the same instant: what is settled at its limit was not settled before it. */
const AHEAD = `
  SELECT * FROM (
    SELECT 'deadline' AS what, e.clocks_next_at AS at, e.id AS exit_id, NULL AS connection_id, NULL AS filing_id, NULL AS kind, NULL AS adapter, NULL AS deadline, false AS in_hand
    FROM exits e WHERE e.org_id = $1 AND e.sandbox AND e.clocks_next_at IS NOT NULL AND e.status NOT IN ('completed', 'cancelled')
    UNION ALL
    SELECT 'probe', h.probe_at, NULL, h.connection_id, NULL, NULL, NULL, NULL, coalesce(h.probe_until > $2::timestamptz, false)
    FROM agency_health h WHERE h.org_id = $1 AND h.sandbox AND h.probe_at IS NOT NULL
      AND NOT (h.connection_id = ANY (coalesce($5::text[], '{}')) AND coalesce(h.probed_at > $6::timestamptz, false))
    UNION ALL
    SELECT 'filing', f.next_at, e.id, f.connection_id, f.id, f.kind, f.adapter, f.deadline, coalesce(f.lease_until > $2::timestamptz, false)
    FROM exits e JOIN filings f ON f.exit_id = e.id WHERE e.org_id = $1 AND e.sandbox AND f.next_at IS NOT NULL
      AND NOT (f.connection_id = ANY (coalesce($5::text[], '{}')) AND f.state IN ('submitted', 'in_review') AND f.withdrawing IS NULL AND f.attempts = 0 AND f.held_since IS NULL
        AND f.updated_at > $6::timestamptz)
  ) due WHERE $3::timestamptz IS NULL OR at <= $3::timestamptz
  ORDER BY at, what, deadline, filing_id, exit_id LIMIT $4`;

const NEXT_DEADLINE = `
  SELECT min(at) AS at FROM (
    SELECT e.decision_due_at AS at FROM exits e WHERE e.org_id = $1 AND e.sandbox AND e.status = 'gated' AND e.decision_due_at > $2::timestamptz
    UNION ALL
    SELECT f.closes_at FROM exits e JOIN filings f ON f.exit_id = e.id
    WHERE e.org_id = $1 AND e.sandbox AND e.status NOT IN ('completed', 'cancelled') AND f.closes_at > $2::timestamptz
      AND f.state NOT IN ('accepted', 'verified', 'withdrawn')
  ) limits`;

const SINCE = `
  SELECT id, type, occurred_at, exit_id, data ->> 'filing_id' AS filing_id FROM events
  WHERE org_id = $1 AND sandbox AND transaction_id >= pg_snapshot_xmin($2::pg_snapshot)::text::bigint
    AND NOT pg_visible_in_snapshot(transaction_id::text::xid8, $2::pg_snapshot)
  ORDER BY occurred_at, transaction_id, position LIMIT $3`;

interface DueRow {
  what: 'deadline' | 'probe' | 'filing';
  at: Date;
  exit_id: string | null;
  connection_id: string | null;
  filing_id: string | null;
  kind: string | null;
  adapter: string | null;
  deadline: string | null;
  in_hand: boolean;
}

interface EventRow {
  id: string;
  type: string;
  occurred_at: Date;
  exit_id: string | null;
  filing_id: string | null;
}

export function createTestClockStore(database: Database): TestClockStore {
  return {
    async begin(orgId, mover, real, until) {
      const found = await rows<{ now: Date; frozen: boolean }>(
        database,
        BEGIN,
        orgId,
        mover,
        real.toISOString(),
        until.toISOString(),
      );
      return found[0];
    },

    async moveTo(orgId, mover, at, real, until) {
      const instants = [at, real, until].map((each) => each.toISOString());
      return (await rows(database, MOVE, orgId, mover, ...instants)).length === 1;
    },

    async end(orgId, mover, at, real, frozen) {
      await database.$executeRawUnsafe(END, orgId, mover, at.toISOString(), real.toISOString(), frozen);
    },

    async ahead(orgId, real, { until, limit, unless }) {
      const found = await rows<DueRow>(
        database,
        AHEAD,
        orgId,
        real.toISOString(),
        until?.toISOString() ?? null,
        limit,
        unless === undefined || unless.connectionIds.length === 0 ? null : unless.connectionIds,
        unless?.since.toISOString() ?? null,
      );
      return found.map(due);
    },

    async nextDeadline(orgId, now) {
      const [row] = await rows<{ at: Date | null }>(database, NEXT_DEADLINE, orgId, now.toISOString());
      return row?.at ?? undefined;
    },

    async mark() {
      const [row] = await rows<{ mark: string }>(database, 'SELECT pg_current_snapshot()::text AS mark');
      return row?.mark ?? '';
    },

    async since(orgId, mark, limit) {
      const found = await rows<EventRow>(database, SINCE, orgId, mark, limit);
      return found.map((row) => ({
        id: row.id,
        type: row.type,
        at: row.occurred_at,
        exitId: row.exit_id,
        filingId: row.filing_id,
      }));
    },
  };
}

function due({ what, at, exit_id, connection_id, filing_id, kind, adapter, deadline, in_hand }: DueRow): Due {
  switch (what) {
    case 'deadline':
      return { what, at, exitId: exit_id ?? '' };
    case 'probe':
      return { what, at, connectionId: connection_id ?? '' };
    case 'filing':
      return {
        what,
        at,
        exitId: exit_id ?? '',
        filingId: filing_id ?? '',
        kind: kind ?? '',
        adapter: adapter ?? '',
        deadline: deadline ?? '',
        inHand: in_hand,
      };
  }
}
