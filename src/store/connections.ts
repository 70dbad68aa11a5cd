/** Connections: an organisation's configured adapters. Settings hold keys and are encrypted under the organisation's key. */
import { type Keyring, sealJson, unsealJson } from '../crypto/keyring.ts';
import type { FilingKind } from '../domain/words.ts';
import { newId } from '../ids.ts';
import { type Database, rows, unlessDeadlocked } from './database.ts';
import { type FindingRow, lockExits, READ_FINDINGS, type Told, writeFindings } from './finding-rows.ts';
import { resolvedBy } from './finding-steps.ts';

export interface ConnectionDraft {
  readonly name: string;
  readonly adapter: string;
  readonly kinds: readonly FilingKind[];
  /** GB/T 2260 prefix served (`11`, `1101`, `110105`); empty: any. */
  readonly region: string;
  /** Empty: any employer. */
  readonly employerUscc: string;
  readonly settings: unknown;
}

export interface Connection extends Omit<ConnectionDraft, 'settings'> {
  readonly id: string;
  readonly createdAt: Date;
  /** Counts its changes. */
  readonly version: number;
}

export interface ConnectionWithSettings extends Connection {
  readonly settings: unknown;
}

/** Whose a connection is, and what speaks there. */
export interface ConnectionPlace {
  readonly id: string;
  readonly orgId: string;
  readonly sandbox: boolean;
  readonly adapter: string;
  readonly version: number;
}

export interface ConnectionStore {
  create(orgId: string, sandbox: boolean, draft: ConnectionDraft): Promise<Connection>;
  list(orgId: string, sandbox: boolean): Promise<readonly Connection[]>;
  /** @returns undefined when there is none, or it was deleted. */
  load(orgId: string, sandbox: boolean, id: string): Promise<ConnectionWithSettings | undefined>;
  /**
   * Another name, other settings: to its filings it stays the same.
   * @returns undefined when somebody else has changed it since it was read: read again and decide anew.
   */
  change(
    orgId: string,
    before: Pick<Connection, 'id' | 'version'>,
    to: { readonly name?: string; readonly settings?: unknown },
  ): Promise<Connection | undefined>;
  /**
   * Its open findings end with it: nobody asks there any more. @returns whom to wake; undefined when there is none.
   * @param now by the organisation's time.
   */
  remove(orgId: string, sandbox: boolean, id: string, now: Date): Promise<Told | undefined>;
  /** Whose it is; also of one that was deleted, whose filings go on. */
  place(id: string): Promise<ConnectionPlace | undefined>;
  /** For workers: the adapter's name and its settings. */
  open(
    id: string,
  ): Promise<{ readonly adapter: string; readonly settings: unknown; readonly version: number } | undefined>;
}

export function createConnectionStore(database: Database, keyring: Keyring): ConnectionStore {
  return {
    async create(orgId, sandbox, draft) {
      const id = newId('connection');
      const row = await database.connections.create({
        data: {
          id,
          org_id: orgId,
          name: draft.name,
          adapter: draft.adapter,
          kinds: [...draft.kinds],
          region: draft.region,
          employer_uscc: draft.employerUscc,
          sandbox,
          sealed: sealJson(keyring.organisationKey(orgId), draft.settings, id),
        },
      });
      return connection(row);
    },

    async list(orgId, sandbox) {
      const found = await database.connections.findMany({
        where: { org_id: orgId, sandbox, deleted_at: null },
        orderBy: { id: 'asc' },
      });
      return found.map(connection);
    },

    async load(orgId, sandbox, id) {
      const row = await database.connections.findFirst({
        where: { id, org_id: orgId, sandbox, deleted_at: null },
      });
      if (row === null) return undefined;
      return {
        ...connection(row),
        settings: unsealJson(keyring.organisationKey(orgId), row.sealed, id),
      };
    },

    async change(orgId, { id, version }, { name, settings }) {
      const [row] = await database.connections.updateManyAndReturn({
        where: { id, org_id: orgId, version, deleted_at: null },
        data: {
          version: version + 1,
          ...(name === undefined ? {} : { name }),
          ...(settings === undefined
            ? {}
            : { sealed: sealJson(keyring.organisationKey(orgId), settings, id) }),
        },
      });
      return row && connection(row);
    },

    remove: (orgId, sandbox, id, now) =>
      unlessDeadlocked(() =>
        database.$transaction(async (transaction) => {
          const { count } = await transaction.connections.updateMany({
            where: { id, org_id: orgId, sandbox, deleted_at: null },
            data: { deleted_at: new Date(), version: { increment: 1 } },
          });
          if (count !== 1) return undefined;
          const open = await rows<FindingRow>(
            transaction,
            `${READ_FINDINGS} WHERE f.connection_id = $1 AND f.state = 'open' ORDER BY f.id FOR UPDATE OF f`,
            id,
          );
          const places = await lockExits(
            transaction,
            open.flatMap(({ exit_id }) => exit_id ?? []),
          );
          const ended = open.map((row) => resolvedBy(row, 'connection_deleted', now));
          return writeFindings(transaction, keyring, places, ended, { orgId, now });
        }),
      ),

    async place(id) {
      const row = await database.connections.findUnique({
        where: { id },
        select: { org_id: true, sandbox: true, adapter: true, version: true },
      });
      if (row === null) return undefined;
      return { id, orgId: row.org_id, sandbox: row.sandbox, adapter: row.adapter, version: row.version };
    },

    async open(id) {
      // A deleted connection still answers for what was sent by it.
      const row = await database.connections.findUnique({ where: { id } });
      if (row === null) return undefined;
      return {
        adapter: row.adapter,
        settings: unsealJson(keyring.organisationKey(row.org_id), row.sealed, id),
        version: row.version,
      };
    },
  };
}

function connection(row: {
  id: string;
  name: string;
  adapter: string;
  kinds: string[];
  region: string;
  employer_uscc: string;
  created_at: Date;
  version: number;
}): Connection {
  return {
    id: row.id,
    name: row.name,
    adapter: row.adapter,
    kinds: row.kinds as FilingKind[],
    region: row.region,
    employerUscc: row.employer_uscc,
    createdAt: row.created_at,
    version: row.version,
  };
}
