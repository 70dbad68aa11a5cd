/** Persons: one row and one key for each ID number within an organisation. */
import type { Keyring } from '../crypto/keyring.ts';
import { newId } from '../ids.ts';
import { type Database, grouped, hex, rows } from './database.ts';

export interface Persons {
  /** Finds the person by blind index, or makes one with a key of their own. */
  ensure(
    orgId: string,
    idType: string,
    idNumber: string,
  ): Promise<{ readonly id: string; readonly key: Uint8Array }>;
}

// The update changes nothing; it makes the statement return the row that was there before us, and wait for one being inserted.
const ENSURE = `
  INSERT INTO persons AS p (id, org_id, number_index, wrapped_key)
  SELECT n.id, n.org_id, n.number_index, n.wrapped_key FROM jsonb_populate_recordset(NULL::persons, $1::jsonb) n
  ON CONFLICT (org_id, number_index) DO UPDATE SET org_id = p.org_id
  RETURNING id, number_index, wrapped_key`;

export function createPersons(database: Database, keyring: Keyring): Persons {
  const ensure = grouped(
    async (items: readonly { orgId: string; index: Uint8Array; id: string; wrapped: Uint8Array }[]) => {
      const found = await rows<{ id: string; number_index: Uint8Array; wrapped_key: Uint8Array }>(
        database,
        ENSURE,
        items.map((item) => ({
          id: item.id,
          org_id: item.orgId,
          number_index: hex(item.index),
          wrapped_key: hex(item.wrapped),
        })),
      );
      const byIndex = new Map(found.map((row) => [hex(row.number_index), row]));
      return items.map((item) => byIndex.get(hex(item.index)));
    },
    (item) => hex(item.index),
  );
  return {
    async ensure(orgId, idType, idNumber) {
      const id = newId('person');
      const fresh = keyring.newPersonKey(id);
      const row = await ensure({
        orgId,
        index: keyring.blindIndex(orgId, idType, idNumber),
        id,
        wrapped: fresh.wrapped,
      });
      if (row === undefined)
        throw new Error('a person row vanished between being written and being returned');
      return { id: row.id, key: row.id === id ? fresh.key : keyring.openPersonKey(row.id, row.wrapped_key) };
    },
  };
}
