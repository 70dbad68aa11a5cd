/** Idempotency keys: the first answer to a POST is kept for 30 days, encrypted, and given again. */
import { type Keyring, sealJson, unsealJson } from '../crypto/keyring.ts';
import { type Database, grouped, hex, rows } from './database.ts';

const KEPT_DAYS = 30;
/** A request that has not ended after this long died with its process; its key is free again. */
const ABANDONED_SECONDS = 120;

export type Begun =
  | { readonly kind: 'new' }
  | { readonly kind: 'in_flight' }
  | { readonly kind: 'other_body' }
  | { readonly kind: 'replay'; readonly status: number; readonly body: unknown };

export interface IdempotencyStore {
  /** @param fingerprint SHA-256 of method, path and body. */
  begin(orgId: string, key: string, fingerprint: Uint8Array): Promise<Begun>;
  /** Keeps the answer. */
  finish(orgId: string, key: string, status: number, body: unknown): Promise<void>;
  /** Frees the key: nothing was done, so the same key may be used for the mended request. */
  forget(orgId: string, key: string): Promise<void>;
  /** Removes what is older than 30 days. */
  expire(): Promise<void>;
}

const BEGIN = `
  WITH wanted AS (
    SELECT * FROM jsonb_populate_recordset(NULL::idempotency_keys, $1::jsonb)
  ), taken AS (
    INSERT INTO idempotency_keys AS k (org_id, key, fingerprint) SELECT org_id, key, fingerprint FROM wanted
    ON CONFLICT (org_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, created_at = now()
      WHERE k.sealed IS NULL AND k.created_at < now() - interval '${ABANDONED_SECONDS} seconds'
    RETURNING org_id, key
  )
  SELECT w.org_id, w.key, t.key IS NOT NULL AS new, k.fingerprint = w.fingerprint AS same, k.status, k.sealed
  FROM wanted w LEFT JOIN taken t USING (org_id, key) LEFT JOIN idempotency_keys k USING (org_id, key)`;

const FINISH = `
  UPDATE idempotency_keys k SET status = n.status, sealed = n.sealed FROM jsonb_populate_recordset(NULL::idempotency_keys, $1::jsonb) n
  WHERE k.org_id = n.org_id AND k.key = n.key RETURNING k.key`;

interface Row {
  org_id: string;
  key: string;
  new: boolean;
  same: boolean | null;
  status: number | null;
  sealed: Uint8Array | null;
}

const name = (item: { orgId: string; key: string }) => JSON.stringify([item.orgId, item.key]);

export function createIdempotencyStore(database: Database, keyring: Keyring): IdempotencyStore {
  const context = (key: string) => `idempotency:${key}`;
  const begin = grouped(async (items: readonly { orgId: string; key: string; fingerprint: Uint8Array }[]) => {
    const found = await rows<Row>(
      database,
      BEGIN,
      items.map((item) => ({ org_id: item.orgId, key: item.key, fingerprint: hex(item.fingerprint) })),
    );
    const byName = new Map(found.map((row) => [name({ orgId: row.org_id, key: row.key }), row]));
    return items.map((item) => byName.get(name(item)));
  }, name);
  const finish = grouped(
    async (items: readonly { orgId: string; key: string; status: number; body: unknown }[]) => {
      await rows(
        database,
        FINISH,
        items.map(({ orgId, key, status, body }) => ({
          org_id: orgId,
          key,
          status,
          sealed: hex(sealJson(keyring.organisationKey(orgId), body, context(key))),
        })),
      );
      return items.map(() => undefined);
    },
    name,
  );

  return {
    async begin(orgId, key, fingerprint) {
      const row = await begin({ orgId, key, fingerprint });
      if (row === undefined || row.new) return { kind: 'new' };
      if (row.same === false) return { kind: 'other_body' };
      if (row.sealed === null || row.status === null) return { kind: 'in_flight' };
      return {
        kind: 'replay',
        status: row.status,
        body: unsealJson(keyring.organisationKey(orgId), row.sealed, context(key)),
      };
    },
    finish: (orgId, key, status, body) => finish({ orgId, key, status, body }),
    async forget(orgId, key) {
      await database.idempotency_keys.deleteMany({ where: { org_id: orgId, key, sealed: null } });
    },
    async expire() {
      await database.idempotency_keys.deleteMany({
        where: { created_at: { lt: new Date(Date.now() - KEPT_DAYS * 86_400_000) } },
      });
    },
  };
}
