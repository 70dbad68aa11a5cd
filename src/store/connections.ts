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
}

/** Whose a connection is, and what speaks there. */
export interface ConnectionPlace {
  readonly id: string;
  readonly orgId: string;
  readonly sandbox: boolean;
  readonly adapter: string;
}

export interface ConnectionStore {
  create(orgId: string, sandbox: boolean, draft: ConnectionDraft): Promise<Connection>;
  list(orgId: string, sandbox: boolean): Promise<readonly Connection[]>;
  /** Replaces the settings of a connection that stays the same to its filings. */
  replaceSettings(orgId: string, id: string, settings: unknown): Promise<boolean>;
  /**
   * Its open findings end with it: nobody asks there any more. @returns whom to wake; undefined when there is none.
   * @param now by the organisation's time.
   */
  remove(orgId: string, sandbox: boolean, id: string, now: Date): Promise<Told | undefined>;
  /** Whose it is; also of one that was deleted, whose filings go on. */
  place(id: string): Promise<ConnectionPlace | undefined>;
  /** For workers: the adapter's name and its settings. `version` changes with the settings. */
  open(
    id: string,
  ): Promise<{ readonly adapter: string; readonly settings: unknown; readonly version: string } | undefined>;
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

    async replaceSettings(orgId, id, settings) {
      const { count } = await database.connections.updateMany({
        where: { id, org_id: orgId, deleted_at: null },
        data: { sealed: sealJson(keyring.organisationKey(orgId), settings, id) },
      });
      return count === 1;
    },

    remove: (orgId, sandbox, id, now) =>
      unlessDeadlocked(() =>
        database.$transaction(async (transaction) => {
          const { count } = await transaction.connections.updateMany({
            where: { id, org_id: orgId, sandbox, deleted_at: null },
            data: { deleted_at: new Date() },
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
        select: { org_id: true, sandbox: true, adapter: true },
      });
      return row === null ? undefined : { id, orgId: row.org_id, sandbox: row.sandbox, adapter: row.adapter };
    },

    async open(id) {
      // A deleted connection still serves the filings that were planned on it.
      const row = await database.connections.findUnique({ where: { id } });
      if (row === null) return undefined;
      return {
        adapter: row.adapter,
        settings: unsealJson(keyring.organisationKey(row.org_id), row.sealed, id),
        version: Buffer.from(row.sealed.subarray(1, 13)).toString('hex'),
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
}): Connection {
  return {
    id: row.id,
    name: row.name,
    adapter: row.adapter,
    kinds: row.kinds as FilingKind[],
    region: row.region,
    employerUscc: row.employer_uscc,
    createdAt: row.created_at,
  };
}
