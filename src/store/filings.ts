/** Filings as workers and readers see them: claims under a lease, what is due, lists. */

import type { Filing } from '../domain/filing.ts';
import { type Database, grouped, rows } from './database.ts';
import { CLAIM, DEADLINES, DUE, LIST, NEXT_AT, RETRY_HELD } from './filing-statements.ts';
import { type FilingRow, filingOf } from './rows.ts';

export interface Claim {
  readonly exitId: string;
  /** The organisation's time at which it was claimed: real time, or its test time. */
  readonly now: Date;
  /** An earlier claim ran out in the middle of a submission: what it sent cannot be known. */
  readonly lost: boolean;
  /** The month that the filing carries, where its window has moved it past the exit's own. */
  readonly month?: string;
  /** Of its connection as it stands; absent: there is none. */
  readonly connection?: { readonly version: number; readonly deleted: boolean };
}

export interface DueFiling {
  readonly id: string;
  readonly adapter: string;
  readonly deadline: string;
}

export interface ListedFiling {
  readonly exitId: string;
  readonly filing: Filing;
  readonly updatedAt: Date;
}

/** A filing whose statutory limit is still running. */
export interface OpenDeadline {
  readonly filing: Filing;
  readonly exitId: string;
  readonly externalId: string;
}

export interface FilingStore {
  /** Open clocks, the nearest limit first. */
  deadlines(
    orgId: string,
    sandbox: boolean,
    filter: { readonly kind?: string; readonly exitId?: string; readonly before?: Date },
    page: { readonly after?: { readonly at: Date; readonly filingId: string }; readonly limit: number },
  ): Promise<readonly OpenDeadline[]>;
  /** @returns undefined when the filing is not due, or another worker has it. */
  claim(
    id: string,
    lease: { readonly token: string; readonly now: Date; readonly until: Date },
  ): Promise<Claim | undefined>;
  /** Keeps a claim while its call is under way. @returns false when it is somebody else's by now. */
  renew(id: string, token: string, until: Date): Promise<boolean>;
  /** Keeps the month that a filing is about to carry. @returns false when the claim is somebody else's by now. */
  carryMonth(id: string, token: string, month: string): Promise<boolean>;
  /**
   * Makes due now what is held: a window or a maintenance has changed. Call it after that change is committed, never
   * with it: who holds a filing looks at both again after saving, so that one of the two always sees the other.
   * @returns how many.
   */
  retryHeld(
    orgId: string,
    held: {
      readonly id?: string;
      readonly connectionId?: string;
      readonly sandbox?: boolean;
      /** GB/T 2260 prefix of the employer's region. */
      readonly region?: string;
      readonly kinds?: readonly string[];
      /** Only where the connection was deleted. */
      readonly orphaned?: boolean;
    },
    now: Date,
  ): Promise<number>;
  /**
   * The same for all that one connection's agency holds. @returns them, the earliest deadline first: to be woken.
   * @param tried also what waits between two tries: the connection is another by now.
   */
  releaseHeld(
    connection: { readonly orgId: string; readonly connectionId: string; readonly tried?: boolean },
    now: Date,
  ): Promise<readonly DueFiling[]>;
  /** When by real time the filing's next step is due, as things stand, and until when somebody has it; undefined when nothing is ahead. */
  nextAt(id: string, real: Date): Promise<{ readonly at: Date; readonly leasedUntil?: Date } | undefined>;
  /** Due without a live lease, earliest deadline first: what sweep wakes. */
  due(now: Date, limit: number): Promise<readonly DueFiling[]>;
  /** @param sandbox where it must be; either when left out. */
  load(orgId: string, id: string, sandbox?: boolean): Promise<ListedFiling | undefined>;
  list(
    orgId: string,
    filter: {
      readonly state?: string;
      readonly kind?: string;
      readonly exitId?: string;
      readonly sandbox?: boolean;
    },
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly ListedFiling[]>;
  attempts(orgId: string, filingId: string): Promise<readonly AttemptSummary[]>;
  /** Filings by adapter and state, over all organisations: for /metrics. */
  count(): Promise<readonly { readonly adapter: string; readonly state: string; readonly count: number }[]>;
}

export interface AttemptSummary {
  readonly id: string;
  readonly step: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly hashes: readonly string[];
}

interface ClaimRow {
  id: string;
  exit_id: string;
  now: Date;
  lost: boolean;
  month: string | null;
  connection_version: number | null;
  connection_deleted: boolean;
}

const claimOf = ({ connection_version: version, connection_deleted: deleted, ...row }: ClaimRow): Claim => ({
  exitId: row.exit_id,
  now: row.now,
  lost: row.lost,
  ...(row.month === null ? {} : { month: row.month }),
  ...(version === null ? {} : { connection: { version, deleted } }),
});

export function createFilingStore(database: Database): FilingStore {
  const claim = grouped(
    async (items: readonly { id: string; token: string; now: Date; until: Date }[]) => {
      const claimed = await rows<ClaimRow>(database, CLAIM, items);
      const byId = new Map(claimed.map((row) => [row.id, claimOf(row)]));
      return items.map((item): Claim | undefined => byId.get(item.id));
    },
    (item) => item.id,
  );
  const listed = ({ row, updated_at }: { row: FilingRow; updated_at: Date }): ListedFiling => ({
    exitId: row.exit_id,
    filing: filingOf(row),
    updatedAt: updated_at,
  });
  const retryHeld = async (
    orgId: string,
    { id, connectionId, sandbox, region, kinds, orphaned = false }: Parameters<FilingStore['retryHeld']>[1],
    now: Date,
    tried = false,
  ): Promise<DueFiling[]> =>
    database.$queryRawUnsafe<DueFiling[]>(
      RETRY_HELD,
      now.toISOString(),
      orgId,
      id ?? null,
      connectionId ?? null,
      sandbox ?? null,
      region ?? null,
      kinds ?? null,
      tried,
      orphaned,
    );
  return {
    claim: (id, lease) => claim({ id, ...lease }),

    async renew(id, token, until) {
      const { count } = await database.filings.updateMany({
        where: { id, lease_token: token },
        data: { lease_until: until },
      });
      return count === 1;
    },

    async carryMonth(id, token, month) {
      const { count } = await database.filings.updateMany({
        where: { id, lease_token: token },
        data: { month },
      });
      return count === 1;
    },

    retryHeld: async (orgId, held, now) => (await retryHeld(orgId, held, now)).length,

    async releaseHeld({ orgId, connectionId, tried }, now) {
      const released = await retryHeld(orgId, { connectionId }, now, tried);
      return released.sort((a, b) => (`${a.deadline} ${a.id}` < `${b.deadline} ${b.id}` ? -1 : 1));
    },

    async nextAt(id, real) {
      const [row] = await rows<{ at: Date; lease_until: Date | null }>(
        database,
        NEXT_AT,
        id,
        real.toISOString(),
      );
      if (row === undefined) return undefined;
      return row.lease_until === null ? { at: row.at } : { at: row.at, leasedUntil: row.lease_until };
    },

    due: (real, limit) => rows<DueFiling>(database, DUE, real.toISOString(), limit),

    async deadlines(orgId, sandbox, { kind, exitId, before }, { after, limit }) {
      const found = await rows<{ row: FilingRow; external_id: string }>(
        database,
        DEADLINES,
        orgId,
        sandbox,
        kind ?? null,
        exitId ?? null,
        before?.toISOString() ?? null,
        after?.at.toISOString() ?? null,
        after?.filingId ?? null,
        limit,
      );
      return found.map(({ row, external_id }) => ({
        filing: filingOf(row),
        exitId: row.exit_id,
        externalId: external_id,
      }));
    },

    async load(orgId, id, sandbox) {
      const [row] = await rows<{ row: FilingRow; updated_at: Date }>(
        database,
        LIST,
        orgId,
        id,
        null,
        null,
        null,
        sandbox ?? null,
        null,
        1,
      );
      return row === undefined ? undefined : listed(row);
    },

    async list(orgId, { state, kind, exitId, sandbox }, { before, limit }) {
      const found = await rows<{ row: FilingRow; updated_at: Date }>(
        database,
        LIST,
        orgId,
        null,
        state ?? null,
        kind ?? null,
        exitId ?? null,
        sandbox ?? null,
        before ?? null,
        limit,
      );
      return found.map(listed);
    },

    async attempts(orgId, filingId) {
      const found = await database.attempts.findMany({
        where: { org_id: orgId, filing_id: filingId },
        // Not by id alone: while a test time stands, all have one moment. What is older than the version has none.
        orderBy: [{ version: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
        omit: { sealed: true },
      });
      return found.map((row) => ({
        id: row.id,
        step: row.step,
        outcome: row.outcome,
        ...(row.reason === null ? {} : { reason: row.reason }),
        startedAt: row.started_at,
        endedAt: row.ended_at,
        hashes: row.hashes,
      }));
    },

    async count() {
      const groups = await database.filings.groupBy({ by: ['adapter', 'state'], _count: { _all: true } });
      return groups.map((group) => ({
        adapter: group.adapter,
        state: group.state,
        count: group._count._all,
      }));
    },
  };
}
