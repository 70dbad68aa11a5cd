/** Our filings as reconciliation compares them: those of a connection's period, and whatever the agency's list may mean. */
import { type Keyring, unsealJson } from '../crypto/keyring.ts';
import { factsAt } from '../domain/exit.ts';
import { type ExitSecret, personAt } from '../domain/exit-secret.ts';
import type { ExitFacts } from '../domain/facts.ts';
import type { FilingState } from '../domain/filing.ts';
import type { Enrolled, OurFiling, TheirFiling } from '../domain/findings.ts';
import { type BusinessDate, type FilingKind, ID_TYPES } from '../domain/words.ts';
import { type Database, hex, rows } from './database.ts';

export interface Wanted {
  readonly orgId: string;
  readonly sandbox: boolean;
  readonly connectionId: string;
  readonly kinds: readonly FilingKind[];
  readonly period: { readonly from: BusinessDate; readonly to: BusinessDate };
  readonly theirs: readonly TheirFiling[];
  readonly roster: readonly Enrolled[];
}

// What is named is found whichever connection it went by, and whatever its date: a replaced connection leads to the same
// agency, and an agency may list under another day.
const READ = `
  SELECT f.id, f.exit_id, f.connection_id, f.kind, f.state, f.serial, f.receipt, f.withdrawing IS NOT NULL AS withdrawing, f.facts_revision, f.updated_at,
         e.facts, e.facts_revision AS newest_revision, e.earlier_facts, e.sealed, e.person_id, p.wrapped_key,
         coalesce((SELECT min(a.ended_at) FROM attempts a WHERE a.filing_id = f.id AND a.started_at >= f.prepared_at
                     AND a.outcome IN ('pending', 'accepted', 'correction')),
                  CASE WHEN f.receipt IS NOT NULL THEN f.updated_at END) AS received_at,
         coalesce((SELECT array_agg(DISTINCT v.data ->> 'serial') FROM events v
                   WHERE v.exit_id = f.exit_id AND v.data ->> 'filing_id' = f.id AND v.data ->> 'serial' <> f.serial), '{}') AS earlier_serials
  FROM filings f JOIN exits e ON e.id = f.exit_id JOIN persons p ON p.id = e.person_id
  WHERE f.org_id = $1 AND e.sandbox = $2 AND f.kind IN (SELECT jsonb_array_elements_text($3::jsonb)) AND (
    (f.connection_id = $4 AND (f.facts_revision <> e.facts_revision OR e.facts ->> 'exitDate' BETWEEN $5 AND $6))
    OR f.serial IN (SELECT jsonb_array_elements_text($7::jsonb)) OR f.receipt IN (SELECT jsonb_array_elements_text($8::jsonb))
    OR p.number_index IN (SELECT i::bytea FROM jsonb_array_elements_text($9::jsonb) i))`;

interface Row {
  id: string;
  exit_id: string;
  connection_id: string;
  kind: string;
  state: string;
  serial: string;
  receipt: string | null;
  withdrawing: boolean;
  facts_revision: number;
  updated_at: Date;
  facts: ExitFacts;
  newest_revision: number;
  earlier_facts: readonly { readonly revision: number; readonly facts: ExitFacts }[];
  sealed: Uint8Array;
  person_id: string;
  wrapped_key: Uint8Array;
  received_at: Date | null;
  earlier_serials: string[];
}

export async function readOurFilings(
  database: Database,
  keyring: Keyring,
  wanted: Wanted,
): Promise<readonly OurFiling[]> {
  const { orgId, theirs, roster } = wanted;
  const numbers = new Set([...theirs, ...roster].map(({ person }) => person.id_number));
  // No list says of what kind a document is, and the index has it in it.
  const indexes = [...numbers].flatMap((number) =>
    ID_TYPES.map((type) => hex(keyring.blindIndex(orgId, type, number))),
  );
  const found = await rows<Row>(
    database,
    READ,
    orgId,
    wanted.sandbox,
    JSON.stringify(wanted.kinds),
    wanted.connectionId,
    wanted.period.from,
    wanted.period.to,
    JSON.stringify(theirs.flatMap(({ serial }) => serial ?? [])),
    JSON.stringify(theirs.map(({ receipt }) => receipt)),
    JSON.stringify(indexes),
  );
  return found.map((row) => ourFiling(row, keyring));
}

function ourFiling(row: Row, keyring: Keyring): OurFiling {
  const key = keyring.openPersonKey(row.person_id, row.wrapped_key);
  const person = personAt(unsealJson(key, row.sealed, row.exit_id) as ExitSecret, row.facts_revision);
  const facts = factsAt({ facts: row.facts, earlierFacts: row.earlier_facts }, row.facts_revision);
  return {
    filingId: row.id,
    exitId: row.exit_id,
    connectionId: row.connection_id,
    kind: row.kind as FilingKind,
    state: row.state as FilingState,
    serial: row.serial,
    earlierSerials: row.earlier_serials,
    withdrawing: row.withdrawing,
    exitDate: facts.exitDate,
    person: { name: person.name.trim(), id_number: person.id_number.trim().toUpperCase() },
    changedAt: row.updated_at,
    ...(row.receipt === null ? {} : { receipt: row.receipt }),
    ...(row.received_at === null ? {} : { receivedAt: row.received_at }),
  };
}
