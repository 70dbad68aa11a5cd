/** Deliveries: events on their way to endpoints. A lane is (endpoint, subject); its head is its lowest pending sequence. */
import { type Keyring, unsealJson } from '../crypto/keyring.ts';
import { type Database, grouped, rows } from './database.ts';

export interface Lane {
  readonly endpointId: string;
  /** The lane's subject: an exit, or an employee for what is about no exit. */
  readonly exitId: string;
}

/** The head of a lane, claimed: what to send, and where. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly attempts: number;
  readonly url: string;
  /** Signing secrets, newest first. */
  readonly secrets: readonly string[];
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly sequence: number;
    /** Null for what is about an employee and no exit. */
    readonly exitId: string | null;
    readonly externalId: string | null;
    readonly occurredAt: Date;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** What became of one try. */
export interface DeliveryResult {
  readonly id: string;
  readonly token: string;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly at: Date;
  readonly nextAt?: Date;
  readonly status?: number;
  readonly error?: string;
  readonly milliseconds: number;
  /** The endpoint said 410 Gone: nothing more is sent there. */
  readonly disableEndpoint: boolean;
}

export interface ListedDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** Null for what is about an employee and no exit. */
  readonly exitId: string | null;
  readonly eventId: string;
  readonly sequence: number;
  readonly state: string;
  readonly attempts: number;
  readonly nextAt?: Date;
  readonly lastStatus?: number;
  readonly lastError?: string;
  readonly log: unknown;
  readonly createdAt: Date;
  readonly deliveredAt?: Date;
}

export interface DeliveryStore {
  /** @returns undefined when the lane is empty, not due, or another worker has it. */
  claim(
    lane: Lane,
    lease: { readonly token: string; readonly now: Date; readonly until: Date },
  ): Promise<ClaimedDelivery | undefined>;
  /** @returns false when the claim had run out and is somebody else's by now. */
  record(result: DeliveryResult): Promise<boolean>;
  /** When the lane's head is due, and until when somebody has it; undefined when the lane is empty or its endpoint disabled. */
  nextAt(lane: Lane): Promise<{ readonly at: Date; readonly leasedUntil?: Date } | undefined>;
  /** Lanes whose head is due without a live lease: what sweep wakes. */
  due(now: Date, limit: number): Promise<readonly Lane[]>;
  list(
    orgId: string,
    filter: {
      readonly endpointId?: string;
      readonly exitId?: string;
      readonly state?: string;
      readonly sandbox?: boolean;
    },
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly ListedDelivery[]>;
  count(): Promise<readonly { readonly state: string; readonly count: number }[]>;
}

const CLAIM = `
  WITH wanted AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS w(endpoint_id text, exit_id text, token text, now timestamptz, until timestamptz)
  ), claimed AS (
    UPDATE deliveries d SET lease_token = w.token, lease_until = w.until
    FROM wanted w
    WHERE d.id = (SELECT h.id FROM deliveries h WHERE h.endpoint_id = w.endpoint_id AND h.subject = w.exit_id AND h.state = 'pending'
                  ORDER BY h.sequence LIMIT 1)
      AND EXISTS (SELECT 1 FROM endpoints p WHERE p.id = d.endpoint_id AND p.status = 'active')
      AND d.state = 'pending' AND d.next_at <= w.now AND (d.lease_until IS NULL OR d.lease_until <= w.now)
    RETURNING d.id, d.endpoint_id, d.subject, d.event_id, d.attempts
  )
  SELECT c.id, c.endpoint_id, c.subject, c.attempts, p.url, p.org_id, p.sealed AS endpoint_sealed, v.exit_id, x.external_id,
         coalesce(r.id, m.id) AS key_of, coalesce(r.wrapped_key, m.wrapped_key) AS wrapped_key,
         v.id AS event_id, v.type, v.sequence, v.occurred_at, v.data, v.sealed AS event_sealed
  FROM claimed c JOIN endpoints p ON p.id = c.endpoint_id JOIN events v ON v.id = c.event_id
    LEFT JOIN exits x ON x.id = v.exit_id LEFT JOIN persons r ON r.id = x.person_id LEFT JOIN employees m ON m.id = v.employee_id`;

interface ClaimRow {
  id: string;
  endpoint_id: string;
  subject: string;
  exit_id: string | null;
  attempts: number;
  url: string;
  org_id: string;
  endpoint_sealed: Uint8Array;
  external_id: string | null;
  /** The person of the exit, or the employee: whose key it is. */
  key_of: string;
  wrapped_key: Uint8Array | null;
  event_id: string;
  type: string;
  sequence: number;
  occurred_at: Date;
  data: Record<string, unknown>;
  event_sealed: Uint8Array | null;
}

const RECORD = `
  WITH result AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(id text, token text, state text, at timestamptz, next_at timestamptz, status integer,
      error text, entry jsonb, disable boolean)
  ), recorded AS (
    -- Its endpoint may have been deleted while it was on its way: what arrived has arrived, what did not stays cancelled.
    UPDATE deliveries d SET state = CASE WHEN d.state = 'cancelled' AND r.state = 'pending' THEN d.state ELSE r.state END,
      attempts = d.attempts + 1, next_at = CASE WHEN d.state = 'cancelled' THEN NULL ELSE r.next_at END, last_status = r.status, last_error = r.error,
      log = d.log || r.entry, delivered_at = CASE WHEN r.state = 'delivered' THEN r.at END, lease_token = NULL, lease_until = NULL
    FROM result r WHERE d.id = r.id AND d.lease_token = r.token
    RETURNING d.id, d.endpoint_id, r.disable
  ), disabled AS (
    UPDATE endpoints p SET status = 'disabled' FROM recorded r WHERE p.id = r.endpoint_id AND r.disable
  )
  SELECT id FROM recorded`;

const LANE_KEY = (lane: Lane) => `${lane.endpointId}/${lane.exitId}`;

export function createDeliveryStore(database: Database, keyring: Keyring): DeliveryStore {
  const claim = grouped(async (items: readonly (Lane & { token: string; now: Date; until: Date })[]) => {
    const wanted = items.map(({ endpointId, exitId, ...lease }) => ({
      endpoint_id: endpointId,
      exit_id: exitId,
      ...lease,
    }));
    const claimed = await rows<ClaimRow>(database, CLAIM, wanted);
    const byLane = new Map(
      claimed.map((row) => [LANE_KEY({ endpointId: row.endpoint_id, exitId: row.subject }), row]),
    );
    return items.map((item) => byLane.get(LANE_KEY(item)));
  }, LANE_KEY);
  const record = grouped(
    async (results: readonly DeliveryResult[]) => {
      const recorded = await rows<{ id: string }>(
        database,
        RECORD,
        results.map((result) => ({
          id: result.id,
          token: result.token,
          state: result.state,
          at: result.at,
          next_at: result.nextAt ?? null,
          status: result.status ?? null,
          error: result.error ?? null,
          entry: {
            at: result.at,
            status: result.status ?? null,
            error: result.error ?? null,
            milliseconds: result.milliseconds,
          },
          disable: result.disableEndpoint,
        })),
      );
      const ids = new Set(recorded.map((row) => row.id));
      return results.map((result) => ids.has(result.id));
    },
    (result) => result.id,
  );

  return {
    async claim(lane, lease) {
      const row = await claim({ ...lane, ...lease });
      if (row === undefined) return undefined;
      const { secrets } = unsealJson(
        keyring.organisationKey(row.org_id),
        row.endpoint_sealed,
        row.endpoint_id,
      ) as { secrets: string[] };
      const personal =
        row.event_sealed === null || row.wrapped_key === null
          ? {}
          : (unsealJson(
              keyring.openPersonKey(row.key_of, row.wrapped_key),
              row.event_sealed,
              row.event_id,
            ) as object);
      return {
        id: row.id,
        attempts: row.attempts,
        url: row.url,
        secrets,
        event: {
          id: row.event_id,
          type: row.type,
          sequence: row.sequence,
          exitId: row.exit_id,
          externalId: row.external_id,
          occurredAt: row.occurred_at,
          data: { ...row.data, ...personal },
        },
      };
    },

    record,

    async nextAt({ endpointId, exitId }) {
      const [head] = await rows<{ next_at: Date; lease_until: Date | null }>(
        database,
        `SELECT d.next_at, d.lease_until FROM deliveries d JOIN endpoints p ON p.id = d.endpoint_id AND p.status = 'active'
         WHERE d.endpoint_id = $1 AND d.subject = $2 AND d.state = 'pending' ORDER BY d.sequence LIMIT 1`,
        endpointId,
        exitId,
      );
      if (head === undefined) return undefined;
      return head.lease_until === null
        ? { at: head.next_at }
        : { at: head.next_at, leasedUntil: head.lease_until };
    },

    async due(now, limit) {
      const found = await rows<{ endpoint_id: string; subject: string }>(
        database,
        `SELECT d.endpoint_id, d.subject FROM deliveries d JOIN endpoints p ON p.id = d.endpoint_id AND p.status = 'active'
         WHERE d.state = 'pending' AND d.next_at <= $1::timestamptz AND (d.lease_until IS NULL OR d.lease_until <= $1::timestamptz)
           AND NOT EXISTS (SELECT 1 FROM deliveries h WHERE h.endpoint_id = d.endpoint_id AND h.subject = d.subject
                           AND h.state = 'pending' AND h.sequence < d.sequence)
         ORDER BY d.next_at LIMIT $2`,
        now.toISOString(),
        limit,
      );
      return found.map((row) => ({ endpointId: row.endpoint_id, exitId: row.subject }));
    },

    async list(orgId, { endpointId, exitId, state, sandbox }, { before, limit }) {
      // An endpoint is of one world, and so is all that goes to it; deleted ones keep their log.
      const worlds =
        sandbox === undefined
          ? undefined
          : await database.endpoints.findMany({ where: { org_id: orgId, sandbox }, select: { id: true } });
      const found = await database.deliveries.findMany({
        where: {
          org_id: orgId,
          ...(worlds === undefined
            ? {}
            : { AND: [{ endpoint_id: { in: worlds.map((endpoint) => endpoint.id) } }] }),
          ...(endpointId === undefined ? {} : { endpoint_id: endpointId }),
          ...(exitId === undefined ? {} : { exit_id: exitId }),
          ...(state === undefined ? {} : { state }),
          ...(before === undefined ? {} : { id: { lt: before } }),
        },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return found.map((row) => ({
        id: row.id,
        endpointId: row.endpoint_id,
        exitId: row.exit_id,
        eventId: row.event_id,
        sequence: row.sequence,
        state: row.state,
        attempts: row.attempts,
        log: row.log,
        createdAt: row.created_at,
        ...(row.next_at === null ? {} : { nextAt: row.next_at }),
        ...(row.last_status === null ? {} : { lastStatus: row.last_status }),
        ...(row.last_error === null ? {} : { lastError: row.last_error }),
        ...(row.delivered_at === null ? {} : { deliveredAt: row.delivered_at }),
      }));
    },

    async count() {
      const groups = await database.deliveries.groupBy({ by: ['state'], _count: { _all: true } });
      return groups.map((group) => ({ state: group.state, count: group._count._all }));
    },
  };
}
