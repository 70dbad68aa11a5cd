/** Deliveries: events on their way to endpoints. A lane is (endpoint, subject); its head is its lowest pending sequence. */
import { type Keyring, unsealJson } from '../crypto/keyring.ts';
import { type Database, grouped, rows } from './database.ts';
import { CLAIM, RECORD } from './delivery-statements.ts';

export interface Lane {
  readonly endpointId: string;
  /** The lane's subject: an exit, or an employee for what is about no exit. */
  readonly exitId: string;
}

export interface Lease {
  readonly token: string;
  readonly now: Date;
  readonly until: Date;
}

/** The head of a lane, claimed: what to send, and where. */
export interface ClaimedDelivery {
  readonly id: string;
  /** The claim's. */
  readonly token: string;
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

export interface Recorded {
  /** False: the claim had run out, and the delivery is somebody else's by now. */
  readonly taken: boolean;
  /** Something is pending behind it. */
  readonly ahead: boolean;
  /** What is next in the lane, claimed. */
  readonly next?: ClaimedDelivery;
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
  claim(lane: Lane, lease: Lease): Promise<ClaimedDelivery | undefined>;
  /** And claims what is next, unless this one is to be tried again or its endpoint is gone. */
  record(result: DeliveryResult, next: Lease): Promise<Recorded>;
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

interface ClaimRow {
  id: string;
  token: string;
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

/** Of what is next nothing where nothing was claimed. */
type RecordRow = { recorded: string; ahead: boolean } & (ClaimRow | { id: null });

const LANE_KEY = (lane: Lane) => `${lane.endpointId}/${lane.exitId}`;

export function createDeliveryStore(database: Database, keyring: Keyring): DeliveryStore {
  const claim = grouped(async (items: readonly (Lane & Lease)[]) => {
    const wanted = items.map(({ endpointId, exitId, ...lease }) => ({
      endpoint_id: endpointId,
      subject: exitId,
      ...lease,
    }));
    const claimed = await rows<ClaimRow>(database, CLAIM, wanted);
    const byLane = new Map(
      claimed.map((row) => [LANE_KEY({ endpointId: row.endpoint_id, exitId: row.subject }), row]),
    );
    return items.map((item) => byLane.get(LANE_KEY(item)));
  }, LANE_KEY);
  const record = grouped(
    async (results: readonly (DeliveryResult & { next: Lease })[]) => {
      const recorded = await rows<RecordRow>(
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
          next: result.next,
        })),
      );
      const byId = new Map(recorded.map((row) => [row.recorded, row]));
      return results.map((result) => byId.get(result.id));
    },
    (result) => result.id,
  );

  function toSend(row: ClaimRow): ClaimedDelivery {
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
      token: row.token,
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
  }

  return {
    async claim(lane, lease) {
      const row = await claim({ ...lane, ...lease });
      return row && toSend(row);
    },

    async record(result, next) {
      const row = await record({ ...result, next });
      if (row === undefined) return { taken: false, ahead: true };
      const { ahead } = row;
      return row.id === null ? { taken: true, ahead } : { taken: true, ahead, next: toSend(row) };
    },

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
