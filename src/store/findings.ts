/**
 * Findings of reconciliation. Of a finding about an exit, name and numbers lie under the key of that exit's person; of
 * somebody whom we do not know, under the organisation's. What its exit hears of it is told in the same statement.
 */
import { type Keyring, sealJson, unsealJson } from '../crypto/keyring.ts';
import { findingResolved } from '../domain/finding-course.ts';
import { type FindingState, findingData } from '../domain/findings.ts';
import { type Database, hex, rows, unlessDeadlocked } from './database.ts';
import { type Notice, noticeFinding } from './finding-notice.ts';
import {
  changedRow,
  type FindingFacts,
  type FindingRow,
  factsOf,
  lockExits,
  READ_FINDINGS,
  type Told,
  writeFindings,
} from './finding-rows.ts';
import type { FindingSource } from './finding-steps.ts';

/** Whom it is about as the agency knows them, and the number that we have where it has another. */
export interface FindingPerson {
  readonly name?: string;
  readonly id_number: string;
  readonly our_number?: string;
}

export interface Dismissal {
  readonly actor: string;
  readonly reason: string;
}

export interface StoredFinding {
  readonly id: string;
  readonly connectionId: string;
  /** The run that found it; absent: a look-up did. */
  readonly reconciliationId?: string;
  readonly state: FindingState;
  readonly facts: FindingFacts;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  readonly endedAt?: Date;
  /** Decrypts on demand. */
  readonly person: () => FindingPerson;
  readonly dismissal: () => Dismissal | undefined;
}

export interface FindingFilter {
  readonly state?: string;
  readonly kind?: string;
  readonly connectionId?: string;
  readonly exitId?: string;
}

export interface FindingStore {
  /** After a look-up at a settled filing: opens, or resolves, its difference of state. @returns whom to wake. */
  notice(source: FindingSource, notice: Notice, now: Date): Promise<Told>;
  load(orgId: string, sandbox: boolean, id: string): Promise<StoredFinding | undefined>;
  /** Newest first. */
  list(
    orgId: string,
    sandbox: boolean,
    filter: FindingFilter,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly StoredFinding[]>;
  /** @returns `not_open` with its state when it is resolved or was dismissed before; undefined when there is none. */
  dismiss(
    orgId: string,
    sandbox: boolean,
    id: string,
    dismissal: Dismissal,
    now: Date,
  ): Promise<Dismissed | undefined>;
}

export type Dismissed =
  | { readonly kind: 'dismissed'; readonly finding: StoredFinding; readonly told: Told }
  | { readonly kind: 'not_open'; readonly state: FindingState };

const LIST = `${READ_FINDINGS} WHERE f.org_id = $1 AND f.sandbox = $2 AND ($3::text IS NULL OR f.state = $3) AND ($4::text IS NULL OR f.kind = $4)
  AND ($5::text IS NULL OR f.connection_id = $5) AND ($6::text IS NULL OR f.exit_id = $6) AND ($7::text IS NULL OR f.id < $7) ORDER BY f.id DESC LIMIT $8`;

const LOAD = `${READ_FINDINGS} WHERE f.org_id = $1 AND f.sandbox = $2 AND f.id = $3`;

export function createFindingStore(database: Database, keyring: Keyring): FindingStore {
  const keyOf = ({ org_id, person_id, wrapped_key }: FindingRow) =>
    person_id === null || wrapped_key === null
      ? keyring.organisationKey(org_id)
      : keyring.openPersonKey(person_id, wrapped_key);

  const stored = (row: FindingRow): StoredFinding => ({
    id: row.id,
    connectionId: row.connection_id,
    ...(row.reconciliation_id === null ? {} : { reconciliationId: row.reconciliation_id }),
    state: row.state as FindingState,
    facts: factsOf(row),
    openedAt: row.opened_at,
    lastSeenAt: row.last_seen_at,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    person: () => unsealJson(keyOf(row), row.sealed, row.id) as FindingPerson,
    dismissal: () =>
      row.dismissal === null ? undefined : (unsealJson(keyOf(row), row.dismissal, row.id) as Dismissal),
  });

  return {
    notice: (source, notice, now) => noticeFinding(database, keyring, source, notice, now),

    async load(orgId, sandbox, id) {
      const [row] = await rows<FindingRow>(database, LOAD, orgId, sandbox, id);
      return row === undefined ? undefined : stored(row);
    },

    async list(orgId, sandbox, { state, kind, connectionId, exitId }, { before, limit }) {
      const found = await rows<FindingRow>(
        database,
        LIST,
        orgId,
        sandbox,
        state ?? null,
        kind ?? null,
        connectionId ?? null,
        exitId ?? null,
        before ?? null,
        limit,
      );
      return found.map(stored);
    },

    dismiss: (orgId, sandbox, id, dismissal, now) =>
      unlessDeadlocked(() =>
        database.$transaction(async (transaction) => {
          const [row] = await rows<FindingRow>(transaction, `${LOAD} FOR UPDATE OF f`, orgId, sandbox, id);
          if (row === undefined) return undefined;
          if (row.state !== 'open') return { kind: 'not_open', state: row.state as FindingState };
          const change = {
            state: 'dismissed',
            dismissal: hex(sealJson(keyOf(row), dismissal, id)),
            ended_at: now.toISOString(),
          };
          const places = await lockExits(transaction, row.exit_id === null ? [] : [row.exit_id]);
          const data = findingData(factsOf(row));
          const event = findingResolved(id, row.connection_id, data, 'dismissed', { ...dismissal });
          const told = await writeFindings(
            transaction,
            keyring,
            places,
            [
              {
                row: changedRow(row, change),
                ...(row.exit_id === null ? {} : { exitId: row.exit_id, event }),
              },
            ],
            { orgId, now },
          );
          const [after] = await rows<FindingRow>(transaction, LOAD, orgId, sandbox, id);
          if (after === undefined) throw new Error('a finding vanished while it was being dismissed');
          return { kind: 'dismissed', finding: stored(after), told };
        }),
      ),
  };
}
