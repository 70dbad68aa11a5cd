/** What a look-up at a settled filing makes of its finding: one statement with what its exit hears. */
import type { Keyring } from '../crypto/keyring.ts';
import { followFindings } from '../domain/finding-course.ts';
import type { Finding } from '../domain/findings.ts';
import type { BusinessDate } from '../domain/words.ts';
import { type Database, rows, unlessDeadlocked } from './database.ts';
import { type FindingRow, lockExits, READ_FINDINGS, type Told, writeFindings } from './finding-rows.ts';
import { type FindingSource, fingerprintOf, keptBy, knownRow } from './finding-steps.ts';
import { lockSiblings, twinsAt } from './finding-twins.ts';

export interface Notice {
  readonly exitId: string;
  readonly identity: string;
  readonly on: BusinessDate;
  /** Absent: both sides say the same. */
  readonly finding?: Finding;
}

export const noticeFinding = (
  database: Database,
  keyring: Keyring,
  source: FindingSource,
  { exitId, identity, on, finding }: Notice,
  now: Date,
): Promise<Told> =>
  unlessDeadlocked(() =>
    database.$transaction(async (transaction) => {
      const siblings = await lockSiblings(transaction, source.connectionId);
      const key = fingerprintOf(keyring, source, { identity });
      const known = await rows<FindingRow>(
        transaction,
        `${READ_FINDINGS} WHERE f.connection_id = $1 AND f.fingerprint = $2::bytea`,
        source.connectionId,
        key,
      );
      const places = await lockExits(transaction, [exitId]);
      const others = siblings.flatMap(({ id, deleted_at }) =>
        id === source.connectionId || deleted_at !== null ? [] : id,
      );
      const isTwin = await twinsAt(transaction, keyring, source.orgId, others);
      const told = known.some(({ state }) => state !== 'resolved');
      const found = finding !== undefined && (told || !isTwin(finding)) ? [[key, finding] as const] : [];
      const steps = followFindings(known.map(knownRow), new Map(found), {
        complete: true,
        period: { from: on, to: on },
      });
      return writeFindings(
        transaction,
        keyring,
        places,
        steps.map((step) => keptBy(step, { source, places, now }, keyring)),
        { orgId: source.orgId, now },
      );
    }),
  );
