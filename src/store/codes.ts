/** Agencies' code tables as they were fetched, each version that was ever seen. */
import type { CodeVersion } from '../domain/codes.ts';
import type { ConnectionPlace } from './connections.ts';
import { type Database, rows } from './database.ts';

export interface FetchedCodes extends CodeVersion {
  readonly fetchedAt: Date;
}

export interface CodeStore {
  /** Every version, by name. */
  read(connectionId: string): Promise<readonly FetchedCodes[]>;
  /** @param at by the organisation's time: from then on a version that was not known is used. */
  save(
    connection: ConnectionPlace,
    tables: readonly Pick<CodeVersion, 'name' | 'version' | 'entries'>[],
    at: Date,
    real: Date,
  ): Promise<void>;
  /** Connections of these adapters whose tables nobody has fetched since. */
  due(adapters: readonly string[], since: Date): Promise<readonly string[]>;
}

const SAVE = `
  INSERT INTO code_tables (connection_id, name, version, org_id, entries, since, fetched_at)
  SELECT * FROM jsonb_to_recordset($1::jsonb)
    AS t(connection_id text, name text, version text, org_id text, entries jsonb, since timestamptz, fetched_at timestamptz)
  ON CONFLICT (connection_id, name, version) DO UPDATE SET fetched_at = EXCLUDED.fetched_at`;

export function createCodeStore(database: Database): CodeStore {
  return {
    async read(connectionId) {
      const found = await database.code_tables.findMany({
        where: { connection_id: connectionId },
        orderBy: [{ name: 'asc' }, { since: 'asc' }],
      });
      return found.map(({ name, version, entries, since, fetched_at }) => ({
        name,
        version,
        entries: entries as Record<string, string>,
        since,
        fetchedAt: fetched_at,
      }));
    },

    async save({ id, orgId }, tables, at, real) {
      const fetched = tables.map(({ name, version, entries }) => ({
        connection_id: id,
        name,
        version,
        org_id: orgId,
        entries,
        since: at.toISOString(),
        fetched_at: real.toISOString(),
      }));
      if (fetched.length > 0) await rows(database, SAVE, fetched);
    },

    async due(adapters, since) {
      const [connections, fetched] = await Promise.all([
        database.connections.findMany({
          where: { adapter: { in: [...adapters] }, deleted_at: null },
          select: { id: true },
        }),
        database.code_tables.findMany({
          where: { fetched_at: { gt: since } },
          distinct: ['connection_id'],
          select: { connection_id: true },
        }),
      ]);
      const fresh = new Set(fetched.map(({ connection_id }) => connection_id));
      return connections.map(({ id }) => id).filter((id) => !fresh.has(id));
    },
  };
}
