/** The maintenance calendar of each connection. */
import type { Maintenance } from '../domain/maintenance.ts';
import { newId } from '../ids.ts';
import { type Database, rows } from './database.ts';

export interface StoredMaintenance extends Maintenance {
  readonly id: string;
  readonly connectionId: string;
  readonly createdAt: Date;
}

export interface MaintenanceStore {
  /** @returns undefined when the organisation has no such connection. */
  create(
    orgId: string,
    sandbox: boolean,
    connectionId: string,
    maintenance: Maintenance,
    now: Date,
  ): Promise<StoredMaintenance | undefined>;
  /** Newest first. */
  list(
    orgId: string,
    connectionId: string,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly StoredMaintenance[]>;
  /** @returns what was removed. */
  remove(orgId: string, sandbox: boolean, id: string): Promise<StoredMaintenance | undefined>;
  /** For workers: what has not ended. */
  ahead(connectionId: string, now: Date): Promise<readonly Maintenance[]>;
}

const CREATE = `
  INSERT INTO maintenances (id, org_id, connection_id, starts_at, ends_at, reason, created_at)
  SELECT $1, c.org_id, c.id, $5::timestamptz, $6::timestamptz, $7, $8::timestamptz FROM connections c
  WHERE c.org_id = $2 AND c.sandbox = $3 AND c.id = $4 AND c.deleted_at IS NULL RETURNING *`;

const REMOVE = `
  DELETE FROM maintenances m USING connections c
  WHERE c.id = m.connection_id AND m.org_id = $1 AND c.sandbox = $2 AND m.id = $3 RETURNING m.*`;

interface MaintenanceRow {
  id: string;
  connection_id: string;
  starts_at: Date;
  ends_at: Date;
  reason: string;
  created_at: Date;
}

export function createMaintenanceStore(database: Database): MaintenanceStore {
  return {
    async create(orgId, sandbox, connectionId, { startsAt, endsAt, reason }, now) {
      const [row] = await rows<MaintenanceRow>(
        database,
        CREATE,
        newId('maintenance', now),
        orgId,
        sandbox,
        connectionId,
        startsAt.toISOString(),
        endsAt.toISOString(),
        reason,
        now.toISOString(),
      );
      return row === undefined ? undefined : stored(row);
    },

    async list(orgId, connectionId, { before, limit }) {
      const found = await database.maintenances.findMany({
        where: {
          org_id: orgId,
          connection_id: connectionId,
          ...(before === undefined ? {} : { id: { lt: before } }),
        },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return found.map(stored);
    },

    async remove(orgId, sandbox, id) {
      const [row] = await rows<MaintenanceRow>(database, REMOVE, orgId, sandbox, id);
      return row === undefined ? undefined : stored(row);
    },

    async ahead(connectionId, now) {
      const found = await database.maintenances.findMany({
        where: { connection_id: connectionId, ends_at: { gt: now } },
      });
      return found.map(stored);
    },
  };
}

const stored = (row: MaintenanceRow): StoredMaintenance => ({
  id: row.id,
  connectionId: row.connection_id,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  reason: row.reason,
  createdAt: row.created_at,
});
