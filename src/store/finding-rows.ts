/** Findings as rows, and the one statement that writes them and tells their exits. */
import type { Keyring } from '../crypto/keyring.ts';
import type { EventDraft } from '../domain/events.ts';
import type { Finding } from '../domain/findings.ts';
import { type Database, hex, rows } from './database.ts';
import { type Committed, eventRows, TELL } from './tell.ts';

export type FindingFacts = Omit<Finding, 'identity' | 'person' | 'ourNumber'>;

/** Per exit, whom to wake. */
export type Told = ReadonlyMap<string, Committed>;

export interface FindingRow {
  id: string;
  org_id: string;
  sandbox: boolean;
  connection_id: string;
  reconciliation_id: string | null;
  fingerprint: Uint8Array;
  number_index: Uint8Array;
  kind: string;
  filing_kind: string;
  state: string;
  exit_id: string | null;
  filing_id: string | null;
  exit_date: string | null;
  ours: string | null;
  theirs: string | null;
  receipt: string | null;
  since: string | null;
  sealed: Uint8Array;
  dismissal: Uint8Array | null;
  opened_at: Date;
  last_seen_at: Date;
  noticed_at: Date | null;
  ended_at: Date | null;
  person_id: string | null;
  wrapped_key: Uint8Array | null;
}

export const READ_FINDINGS = `
  SELECT f.*, e.person_id, p.wrapped_key FROM findings f LEFT JOIN exits e ON e.id = f.exit_id LEFT JOIN persons p ON p.id = e.person_id`;

const WRITE = `
  WITH accepted AS (
    UPDATE exits e SET version = e.version + 1, last_sequence = n.last_sequence, updated_at = n.updated_at
    FROM jsonb_populate_recordset(NULL::exits, $1::jsonb) n WHERE e.id = n.id RETURNING e.id
  ), kept AS (
    INSERT INTO findings SELECT * FROM jsonb_populate_recordset(NULL::findings, $3::jsonb)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, exit_id = excluded.exit_id, filing_id = excluded.filing_id, exit_date = excluded.exit_date,
      ours = excluded.ours, theirs = excluded.theirs, receipt = excluded.receipt, since = excluded.since, sealed = excluded.sealed,
      dismissal = excluded.dismissal, opened_at = excluded.opened_at, last_seen_at = excluded.last_seen_at, noticed_at = excluded.noticed_at, ended_at = excluded.ended_at
  ), ${TELL}`;

export type Transaction = Pick<Database, '$queryRawUnsafe'>;

/** A finding as it is to be, and what its exit is to hear. */
export interface Kept {
  readonly row: object;
  readonly exitId?: string;
  readonly event?: EventDraft;
}

/** An exit's lock, its place in its stream and its person's key. */
export interface Place {
  id: string;
  sandbox: boolean;
  last_sequence: number;
  person_id: string;
  wrapped_key: Uint8Array;
}

/** Locks exits in the order in which everybody does. */
export const lockExits = async (transaction: Transaction, ids: readonly string[]) =>
  new Map(
    (
      await rows<Place>(
        transaction,
        `SELECT e.id, e.sandbox, e.last_sequence, e.person_id, p.wrapped_key FROM exits e JOIN persons p ON p.id = e.person_id
         WHERE e.id IN (SELECT jsonb_array_elements_text($1::jsonb)) ORDER BY e.id FOR UPDATE OF e`,
        JSON.stringify([...new Set(ids)]),
      )
    ).map((place) => [place.id, place]),
  );

/** One statement: the findings, and each exit's events under numbers of its own. */
export async function writeFindings(
  transaction: Transaction,
  keyring: Keyring,
  places: ReadonlyMap<string, Place>,
  kept: readonly Kept[],
  { orgId, now }: { readonly orgId: string; readonly now: Date },
): Promise<Told> {
  const told = [...places.values()].map((place) => {
    const drafts = kept.flatMap(({ exitId, event }) =>
      exitId === place.id && event !== undefined ? event : [],
    );
    const key = () => keyring.openPersonKey(place.person_id, place.wrapped_key);
    const subject = { orgId, now, exitId: place.id };
    return { place, events: eventRows({ events: drafts }, subject, place.sandbox, place.last_sequence, key) };
  });
  const moved = told.filter(({ events }) => events.length > 0);
  const written = await rows<{ id: string; endpoint_ids: string[] }>(
    transaction,
    WRITE,
    moved.map(({ place, events }) => ({
      id: place.id,
      last_sequence: place.last_sequence + events.length,
      updated_at: now.toISOString(),
    })),
    moved.flatMap(({ events }) => events),
    kept.map(({ row }) => row),
  );
  return new Map(written.map(({ id, endpoint_ids }) => [id, { endpointIds: endpoint_ids }]));
}

export const factsOf = (row: FindingRow): FindingFacts => ({
  kind: row.kind as Finding['kind'],
  filingKind: row.filing_kind as Finding['filingKind'],
  ...(row.exit_id === null ? {} : { exitId: row.exit_id }),
  ...(row.filing_id === null ? {} : { filingId: row.filing_id }),
  ...(row.exit_date === null ? {} : { on: row.exit_date }),
  ...(row.ours === null ? {} : { ours: row.ours as NonNullable<Finding['ours']> }),
  ...(row.theirs === null ? {} : { theirs: row.theirs as NonNullable<Finding['theirs']> }),
  ...(row.receipt === null ? {} : { receipt: row.receipt }),
  ...(row.since === null ? {} : { since: row.since }),
});

/** The row as it was, as JSON holds it, with changes laid over it. */
export const changedRow = (row: FindingRow, change: object): object => {
  const { person_id: _person, wrapped_key: _key, ...own } = row;
  return {
    ...own,
    fingerprint: hex(row.fingerprint),
    number_index: hex(row.number_index),
    sealed: hex(row.sealed),
    dismissal: row.dismissal === null ? null : hex(row.dismissal),
    opened_at: row.opened_at.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    noticed_at: row.noticed_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
    ...change,
  };
};
