/** Callbacks that were taken, and the filings that one names. */
import type { Database } from './database.ts';

export interface TakenCallback {
  readonly orgId: string;
  readonly connectionId: string;
  /** The agency's number of it. */
  readonly foreignId: string;
  readonly sentAt: Date;
  readonly sha256: string;
}

export interface NamedFiling {
  readonly id: string;
  readonly exitId: string;
}

export interface CallbackStore {
  /** @returns false when the same one was taken before, and all that it named was told. */
  begin(callback: TakenCallback, real: Date): Promise<boolean>;
  done(callback: TakenCallback, real: Date): Promise<void>;
  /** The organisation's filings at that agency which go by one of these serials or receipts. */
  named(
    of: { readonly orgId: string; readonly sandbox: boolean; readonly adapter: string },
    serials: readonly string[],
    receipts: readonly string[],
  ): Promise<readonly NamedFiling[]>;
  /** Forgets those that would be refused for their age. */
  expire(real: Date): Promise<void>;
}

const KEPT_MS = 30 * 86_400_000;

/** A death between `begin` and `done` leaves it open: the same one again then goes on with it. */
const BEGIN = `
  INSERT INTO callbacks (connection_id, foreign_id, org_id, sent_at, received_at, sha256)
  VALUES ($1, $2, $3, $4::timestamptz, $5::timestamptz, $6)
  ON CONFLICT (connection_id, foreign_id) DO UPDATE SET received_at = EXCLUDED.received_at WHERE callbacks.done_at IS NULL
  RETURNING foreign_id`;

const NAMED = `
  SELECT f.id, f.exit_id FROM filings f JOIN exits e ON e.id = f.exit_id
  WHERE f.org_id = $1 AND e.sandbox = $2 AND f.adapter = $3 AND (f.serial = ANY ($4) OR f.receipt = ANY ($5)) ORDER BY f.id`;

export function createCallbackStore(database: Database): CallbackStore {
  return {
    async begin({ connectionId, foreignId, orgId, sentAt, sha256 }, real) {
      const begun = await database.$queryRawUnsafe<unknown[]>(
        BEGIN,
        connectionId,
        foreignId,
        orgId,
        sentAt.toISOString(),
        real.toISOString(),
        sha256,
      );
      return begun.length > 0;
    },

    async done({ connectionId, foreignId }, real) {
      await database.callbacks.updateMany({
        where: { connection_id: connectionId, foreign_id: foreignId },
        data: { done_at: real },
      });
    },

    async named({ orgId, sandbox, adapter }, serials, receipts) {
      const found = await database.$queryRawUnsafe<{ id: string; exit_id: string }[]>(
        NAMED,
        orgId,
        sandbox,
        adapter,
        serials,
        receipts,
      );
      return found.map(({ id, exit_id }) => ({ id, exitId: exit_id }));
    },

    async expire(real) {
      await database.callbacks.deleteMany({
        where: { received_at: { lt: new Date(real.getTime() - KEPT_MS) } },
      });
    },
  };
}
