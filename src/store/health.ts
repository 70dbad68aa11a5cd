/** How agencies are, shared by all processes: a row for each connection, changed only by who has read its present version. */
import type { EventDraft } from '../domain/events.ts';
import { type Health, healthy } from '../domain/health.ts';
import { type Database, rows } from './database.ts';
import { type Committed, eventRows, TELL } from './tell.ts';
import { nowOf } from './test-time.ts';

export interface StoredHealth {
  readonly connectionId: string;
  readonly orgId: string;
  readonly sandbox: boolean;
  readonly adapter: string;
  readonly name: string;
  /** Of the connection's settings. */
  readonly settingsVersion: number;
  readonly health: Health;
  readonly version: number;
  readonly lastSequence: number;
}

export interface HealthStore {
  /** A connection that nothing was ever wrong with is available, since it was made. @returns undefined when there is no such connection. */
  load(connectionId: string): Promise<StoredHealth | undefined>;
  /** @returns undefined when it has changed since it was read: read again and decide anew. */
  save(
    before: StoredHealth,
    health: Health,
    events: readonly EventDraft[],
    now: Date,
  ): Promise<Committed | undefined>;
  /** Whose turn it is to ask: one process at a time, until it has saved what it saw. @returns false when it is another's, or not due. */
  claimProbe(
    connectionId: string,
    lease: { readonly token: string; readonly real: Date; readonly until: Date },
  ): Promise<boolean>;
  /** Connections whose agency is to be asked now, each by its organisation's time. */
  probesDue(real: Date, limit: number): Promise<readonly string[]>;
  /** How many filings are held for the connection's agency. */
  waiting(connectionId: string): Promise<number>;
}

const READ = `
  SELECT c.id AS connection_id, c.org_id, c.sandbox, c.adapter, c.name, c.version AS settings_version, c.created_at, h.state, h.cause, h.failures, h.since, h.until, h.probes,
         h.probe_at, h.probed_at, h.busy_until, coalesce(h.version, 0) AS version, coalesce(h.last_sequence, 0) AS last_sequence
  FROM connections c LEFT JOIN agency_health h ON h.connection_id = c.id WHERE c.id = $1`;

const SAVE = `
  WITH change AS (
    SELECT * FROM jsonb_populate_recordset(NULL::agency_health, $1::jsonb)
  ), accepted AS (
    INSERT INTO agency_health AS h SELECT * FROM change
    ON CONFLICT (connection_id) DO UPDATE SET state = EXCLUDED.state, cause = EXCLUDED.cause, failures = EXCLUDED.failures, since = EXCLUDED.since,
      until = EXCLUDED.until, probes = EXCLUDED.probes, probe_at = EXCLUDED.probe_at, probed_at = EXCLUDED.probed_at, busy_until = EXCLUDED.busy_until, probe_token = NULL, probe_until = NULL,
      version = EXCLUDED.version, last_sequence = EXCLUDED.last_sequence
    WHERE h.version = EXCLUDED.version - 1
    RETURNING h.connection_id AS id
  ), ${TELL}`;

const CLAIM = `
  UPDATE agency_health h SET probe_token = $2, probe_until = $4::timestamptz FROM connections e JOIN organisations o ON o.id = e.org_id
  WHERE h.connection_id = $1 AND e.id = h.connection_id AND h.probe_at <= ${nowOf('$3::timestamptz')}
    AND (h.probe_until IS NULL OR h.probe_until <= $3::timestamptz)
  RETURNING h.connection_id`;

const DUE = `
  SELECT h.connection_id FROM agency_health h JOIN connections e ON e.id = h.connection_id JOIN organisations o ON o.id = e.org_id
  WHERE h.probe_at IS NOT NULL AND h.probe_at <= ${nowOf('$1::timestamptz')} AND (h.probe_until IS NULL OR h.probe_until <= $1::timestamptz)
    -- A deleted one's agency is asked as long as something that was sent there is still to be followed.
    AND (e.deleted_at IS NULL OR EXISTS (SELECT 1 FROM filings f WHERE f.connection_id = e.id AND f.next_at IS NOT NULL))
  ORDER BY h.probe_at LIMIT $2`;

interface HealthRow {
  connection_id: string;
  org_id: string;
  sandbox: boolean;
  adapter: string;
  name: string;
  settings_version: number;
  created_at: Date;
  state: string | null;
  cause: string | null;
  failures: number | null;
  since: Date | null;
  until: Date | null;
  probes: number | null;
  probe_at: Date | null;
  probed_at: Date | null;
  busy_until: Date | null;
  version: number;
  last_sequence: number;
}

export function createHealthStore(database: Database): HealthStore {
  return {
    async load(connectionId) {
      const [row] = await rows<HealthRow>(database, READ, connectionId);
      return row && stored(row);
    },

    async save(before, health, events, now) {
      const { connectionId, orgId, sandbox, lastSequence } = before;
      const told = eventRows({ events }, { orgId, connectionId, now }, sandbox, lastSequence, noKey);
      const row = {
        connection_id: connectionId,
        org_id: orgId,
        sandbox,
        state: health.state,
        cause: health.cause ?? null,
        failures: health.failures,
        since: health.since.toISOString(),
        until: health.until?.toISOString() ?? null,
        probes: health.probes,
        probe_at: health.probeAt?.toISOString() ?? null,
        probed_at: health.probedAt?.toISOString() ?? null,
        busy_until: health.busyUntil?.toISOString() ?? null,
        version: before.version + 1,
        last_sequence: lastSequence + told.length,
      };
      const [committed] = await rows<{ endpoint_ids: string[] }>(database, SAVE, [row], told);
      return committed && { endpointIds: committed.endpoint_ids };
    },

    async claimProbe(connectionId, { token, real, until }) {
      const times = [real, until].map((each) => each.toISOString());
      return (await rows(database, CLAIM, connectionId, token, ...times)).length === 1;
    },

    async probesDue(real, limit) {
      const found = await rows<{ connection_id: string }>(database, DUE, real.toISOString(), limit);
      return found.map((row) => row.connection_id);
    },

    waiting: (connectionId) =>
      database.filings.count({
        where: { connection_id: connectionId, held_since: { not: null }, next_at: { not: null } },
      }),
  };
}

const noKey = (): never => {
  throw new Error('nothing personal is told of an agency');
};

const stored = (row: HealthRow): StoredHealth => ({
  connectionId: row.connection_id,
  orgId: row.org_id,
  sandbox: row.sandbox,
  adapter: row.adapter,
  name: row.name,
  settingsVersion: row.settings_version,
  health: healthOf(row),
  version: row.version,
  lastSequence: row.last_sequence,
});

function healthOf(row: HealthRow): Health {
  if (row.state === null || row.since === null) return healthy(row.created_at);
  return {
    state: row.state as Health['state'],
    failures: row.failures ?? 0,
    since: row.since,
    probes: row.probes ?? 0,
    ...(row.cause === null ? {} : { cause: row.cause as NonNullable<Health['cause']> }),
    ...(row.until === null ? {} : { until: row.until }),
    ...(row.probe_at === null ? {} : { probeAt: row.probe_at }),
    ...(row.probed_at === null ? {} : { probedAt: row.probed_at }),
    ...(row.busy_until === null ? {} : { busyUntil: row.busy_until }),
  };
}
