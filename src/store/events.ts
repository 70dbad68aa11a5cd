/** Readers of events: one exit's, and an organisation's whole stream. */
import { type Keyring, unsealJson } from '../crypto/keyring.ts';
import type { EventType } from '../domain/events.ts';
import { type Database, rows } from './database.ts';

export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  /** Null for what is about an employee and no exit. */
  readonly exitId: string | null;
  readonly externalId: string | null;
  readonly occurredAt: Date;
  /** Business data, joined with what was kept encrypted. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Where a reader of the stream stands. */
export interface StreamPosition {
  readonly transaction: bigint;
  readonly position: bigint;
}

export interface EventStore {
  ofExit(
    orgId: string,
    exitId: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly StoredEvent[]>;
  /** The newest of a type that is about a filing. */
  latest(
    orgId: string,
    about: { readonly exitId: string; readonly filingId: string; readonly type: EventType },
  ): Promise<StoredEvent | undefined>;
  /**
   * The organisation's stream from a position on. An event is shown once every transaction that began before its own
   * has ended: what a reader has passed, nothing can appear behind.
   */
  stream(
    orgId: string,
    sandbox: boolean,
    page: { readonly after?: StreamPosition; readonly limit: number },
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly end?: StreamPosition }>;
}

interface Row {
  id: string;
  type: string;
  sequence: number;
  exit_id: string | null;
  external_id: string | null;
  occurred_at: Date;
  data: Record<string, unknown>;
  sealed: Uint8Array | null;
  /** The person of the exit, or the employee: whose key it is. */
  key_of: string;
  wrapped_key: Uint8Array | null;
  transaction_id: bigint;
  position: bigint;
}

const READ = `
  SELECT v.id, v.type, v.sequence, v.exit_id, e.external_id, v.occurred_at, v.data, v.sealed, coalesce(p.id, m.id) AS key_of, coalesce(p.wrapped_key, m.wrapped_key) AS wrapped_key,
         v.transaction_id, v.position
  FROM events v LEFT JOIN exits e ON e.id = v.exit_id LEFT JOIN persons p ON p.id = e.person_id LEFT JOIN employees m ON m.id = v.employee_id`;

export function createEventStore(database: Database, keyring: Keyring): EventStore {
  const event = (row: Row): StoredEvent => {
    const personal =
      row.sealed === null || row.wrapped_key === null
        ? {}
        : (unsealJson(keyring.openPersonKey(row.key_of, row.wrapped_key), row.sealed, row.id) as object);
    return {
      id: row.id,
      type: row.type,
      sequence: row.sequence,
      exitId: row.exit_id,
      externalId: row.external_id,
      occurredAt: row.occurred_at,
      data: { ...row.data, ...personal },
    };
  };
  return {
    async ofExit(orgId, exitId, { after, limit }) {
      const found = await rows<Row>(
        database,
        `${READ} WHERE v.org_id = $1 AND v.exit_id = $2 AND v.sequence > $3 ORDER BY v.sequence LIMIT $4`,
        orgId,
        exitId,
        after,
        limit,
      );
      return found.map(event);
    },

    async latest(orgId, { exitId, filingId, type }) {
      const [row] = await rows<Row>(
        database,
        `${READ} WHERE v.org_id = $1 AND v.exit_id = $2 AND v.type = $3 AND v.data ->> 'filing_id' = $4 ORDER BY v.sequence DESC LIMIT 1`,
        orgId,
        exitId,
        type,
        filingId,
      );
      return row === undefined ? undefined : event(row);
    },

    async stream(orgId, sandbox, { after, limit }) {
      const found = await rows<Row>(
        database,
        `${READ} WHERE v.org_id = $1 AND v.sandbox = $2 AND (v.transaction_id, v.position) > ($3, $4)
           AND v.transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         ORDER BY v.transaction_id, v.position LIMIT $5`,
        orgId,
        sandbox,
        after?.transaction ?? 0n,
        after?.position ?? 0n,
        limit,
      );
      const last = found.at(-1);
      return {
        events: found.map(event),
        ...(last === undefined ? {} : { end: { transaction: last.transaction_id, position: last.position } }),
      };
    },
  };
}
