/**
 * Exits with their gates, filings and events. Two of the three hot writes live here: `open` (intake) and `save`
 * (any change of an exit, an agency's outcome included). Each is one statement for all exits of a flush.
 */
import type { Keyring } from '../crypto/keyring.ts';
import { sealJson, unsealJson } from '../crypto/keyring.ts';
import type { Change, Dispute, Exit, Person } from '../domain/exit.ts';
import { newId } from '../ids.ts';
import { type Database, grouped, hex, rows } from './database.ts';
import type { Persons } from './persons.ts';
import { type EventRow, type ExitRow, exitOf, filingRow, gateRow, type Place } from './rows.ts';
import { type Committed, eventRows, TELL } from './tell.ts';

export type { Committed } from './tell.ts';

/** The encrypted part of an exit. */
export interface ExitSecret {
  readonly person: Person;
  readonly disputes: readonly Dispute[];
}

/** An exit as it was read: what to decide on, and what a change must name to be taken. */
export interface StoredExit {
  readonly orgId: string;
  readonly sandbox: boolean;
  readonly version: number;
  readonly lastSequence: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly exit: Exit;
  /** Decrypts on demand: most readers never need a name. */
  readonly secret: () => ExitSecret;
  readonly personKey: () => Uint8Array;
}

export interface Attempt {
  readonly filingId: string;
  readonly step: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly hashes: readonly string[];
  /** The foreign messages, to be encrypted. */
  readonly messages: unknown;
}

export interface SaveOptions {
  readonly now: Date;
  /** The claim under which an outcome was obtained: without it any more, the outcome is another worker's to find. */
  readonly lease?: { readonly filingId: string; readonly token: string };
  readonly attempt?: Attempt;
}

export interface ExitStore {
  /** @returns undefined when the organisation already has an exit with that external id. */
  open(
    orgId: string,
    sandbox: boolean,
    change: Change,
    secret: ExitSecret,
    now: Date,
  ): Promise<Committed | undefined>;
  load(orgId: string, id: string): Promise<StoredExit | undefined>;
  /** For workers, which follow a row and not a caller. */
  loadAny(id: string): Promise<StoredExit | undefined>;
  /** @returns undefined when the exit has changed since it was read, or the lease is gone: read again and decide anew. */
  save(before: StoredExit, change: Change, options: SaveOptions): Promise<Committed | undefined>;
  /** Exits that have something to tell about a deadline by now. */
  clocksDue(now: Date, limit: number): Promise<readonly string[]>;
  findByExternalId(orgId: string, sandbox: boolean, externalId: string): Promise<string | undefined>;
  /** Newest first. */
  list(
    orgId: string,
    filter: { readonly status?: string; readonly externalId?: string; readonly sandbox?: boolean },
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly StoredExit[]>;
}

const READ = `
  SELECT e.id, e.org_id, e.person_id, e.sandbox, e.profile_version, e.status, e.facts, e.sealed, e.version, e.last_sequence, e.clocks_told_until, e.clocks_next_at,
         e.created_at, e.updated_at, p.wrapped_key,
         coalesce((SELECT jsonb_agg(g ORDER BY g.position) FROM gates g WHERE g.exit_id = e.id), '[]') AS gates,
         coalesce((SELECT jsonb_agg(f ORDER BY f.position) FROM filings f WHERE f.exit_id = e.id), '[]') AS filings
  FROM exits e JOIN persons p ON p.id = e.person_id`;

const OPEN = `
  WITH accepted AS (
    INSERT INTO exits SELECT * FROM jsonb_populate_recordset(NULL::exits, $1::jsonb)
    ON CONFLICT (org_id, sandbox, external_id) DO NOTHING RETURNING id
  ), raised AS (
    INSERT INTO gates SELECT g.* FROM jsonb_populate_recordset(NULL::gates, $3::jsonb) g JOIN accepted a ON a.id = g.exit_id
  ), planned AS (
    INSERT INTO filings SELECT f.* FROM jsonb_populate_recordset(NULL::filings, $4::jsonb) f JOIN accepted a ON a.id = f.exit_id
  ), ${TELL}`;

const SAVE = `
  WITH change AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb)
      AS c(id text, version integer, last_sequence integer, status text, clocks_told_until timestamptz, clocks_next_at timestamptz, updated_at timestamptz, filing_id text, lease_token text)
  ), accepted AS (
    UPDATE exits e SET version = c.version + 1, last_sequence = c.last_sequence, status = c.status,
      clocks_told_until = c.clocks_told_until, clocks_next_at = c.clocks_next_at, updated_at = c.updated_at
    FROM change c
    WHERE e.id = c.id AND e.version = c.version AND (c.lease_token IS NULL OR EXISTS (
      SELECT 1 FROM filings f WHERE f.id = c.filing_id AND f.lease_token = c.lease_token))
    RETURNING e.id, c.filing_id
  ), cleared AS (
    UPDATE gates g SET cleared_at = n.cleared_at
    FROM jsonb_populate_recordset(NULL::gates, $3::jsonb) n JOIN accepted a ON a.id = n.exit_id WHERE g.id = n.id
  ), moved AS (
    UPDATE filings f SET state = n.state, receipt = n.receipt, attempts = n.attempts, polls = n.polls, next_at = n.next_at,
      deadline = n.deadline, prepared_at = n.prepared_at, held_since = n.held_since, last_error = n.last_error,
      correction = n.correction, updated_at = n.updated_at,
      lease_token = CASE WHEN f.id = a.filing_id THEN NULL ELSE f.lease_token END,
      lease_until = CASE WHEN f.id = a.filing_id THEN NULL ELSE f.lease_until END
    FROM jsonb_populate_recordset(NULL::filings, $4::jsonb) n JOIN accepted a ON a.id = n.exit_id WHERE f.id = n.id
  ), tried AS (
    INSERT INTO attempts SELECT t.* FROM jsonb_populate_recordset(NULL::attempts, $5::jsonb) t JOIN accepted a ON a.id = t.exit_id
  ), ${TELL}`;

interface Flush {
  readonly id: string;
  readonly exit: Record<string, unknown>;
  readonly events: readonly EventRow[];
  readonly gates: readonly object[];
  readonly filings: readonly object[];
  readonly attempts: readonly object[];
}

export function createExitStore(database: Database, keyring: Keyring, persons: Persons): ExitStore {
  const write = (sql: string, withAttempts: boolean) => async (items: readonly Flush[]) => {
    const parameters = [
      items.map((item) => item.exit),
      items.flatMap((item) => item.events),
      items.flatMap((item) => item.gates),
      items.flatMap((item) => item.filings),
      ...(withAttempts ? [items.flatMap((item) => item.attempts)] : []),
    ];
    const written = await rows<{ id: string; endpoint_ids: string[] }>(database, sql, ...parameters);
    const byId = new Map(written.map((row) => [row.id, { endpointIds: row.endpoint_ids }]));
    return items.map((item): Committed | undefined => byId.get(item.id));
  };
  const flushOpen = grouped(
    write(OPEN, false),
    (item) => `${item.exit.org_id}/${item.exit.sandbox}/${item.exit.external_id}`,
  );
  const flushSave = grouped(write(SAVE, true), (item) => item.id);
  const read = grouped(async (ids: readonly string[]) => {
    const found = await rows<ExitRow>(database, `${READ} WHERE e.id = ANY ($1)`, ids);
    const byId = new Map(found.map((row) => [row.id, stored(row)]));
    return ids.map((id) => byId.get(id));
  });

  function stored(row: ExitRow): StoredExit {
    const personKey = () => keyring.openPersonKey(row.person_id, row.wrapped_key);
    return {
      orgId: row.org_id,
      sandbox: row.sandbox,
      version: row.version,
      lastSequence: row.last_sequence,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      exit: exitOf(row),
      secret: () => unsealJson(personKey(), row.sealed, row.id) as ExitSecret,
      personKey,
    };
  }

  return {
    async open(orgId, sandbox, change, secret, now) {
      const { exit } = change;
      const { facts } = exit;
      const place: Place = { orgId, exitId: exit.id, now };
      const person = await persons.ensure(orgId, secret.person.id_type, secret.person.id_number);
      const events = eventRows(change, place, sandbox, 0, () => person.key);
      return flushOpen({
        id: exit.id,
        exit: {
          id: exit.id,
          org_id: orgId,
          external_id: facts.externalId,
          employee_external_id: facts.employeeExternalId,
          person_id: person.id,
          sandbox,
          profile: facts.profile,
          profile_version: exit.profileVersion,
          status: exit.status,
          facts,
          sealed: hex(sealJson(person.key, secret, exit.id)),
          version: 1,
          last_sequence: events.length,
          ...clockColumns(exit),
          created_at: now.toISOString(),
          updated_at: now.toISOString(),
        },
        events,
        gates: exit.gates.map((gate, position) => gateRow(gate, position, place)),
        filings: exit.filings.map((filing, position) => filingRow(filing, position, place)),
        attempts: [],
      });
    },

    async save(before, change, { now, lease, attempt }) {
      const { exit } = change;
      const place: Place = { orgId: before.orgId, exitId: exit.id, now };
      const events = eventRows(change, place, before.sandbox, before.lastSequence, before.personKey);
      const changed = <Item>(after: readonly Item[], was: readonly Item[]) =>
        after.map((item, position) => ({ item, position })).filter(({ item }) => !was.includes(item));
      return flushSave({
        id: exit.id,
        exit: {
          id: exit.id,
          version: before.version,
          last_sequence: before.lastSequence + events.length,
          status: exit.status,
          ...clockColumns(exit),
          updated_at: now.toISOString(),
          filing_id: lease?.filingId ?? null,
          lease_token: lease?.token ?? null,
        },
        events,
        gates: changed(exit.gates, before.exit.gates).map(({ item, position }) =>
          gateRow(item, position, place),
        ),
        filings: changed(exit.filings, before.exit.filings).map(({ item, position }) =>
          filingRow(item, position, place),
        ),
        attempts: attempt === undefined ? [] : [attemptRow(attempt, place, before.personKey())],
      });
    },

    async load(orgId, id) {
      const found = await read(id);
      return found?.orgId === orgId ? found : undefined;
    },

    loadAny: read,

    async clocksDue(now, limit) {
      const found = await database.exits.findMany({
        where: { clocks_next_at: { lte: now } },
        orderBy: { clocks_next_at: 'asc' },
        take: limit,
        select: { id: true },
      });
      return found.map((row) => row.id);
    },

    async findByExternalId(orgId, sandbox, externalId) {
      const row = await database.exits.findUnique({
        where: { org_id_sandbox_external_id: { org_id: orgId, sandbox, external_id: externalId } },
        select: { id: true },
      });
      return row?.id;
    },

    async list(orgId, { status, externalId, sandbox }, { before, limit }) {
      const found = await rows<ExitRow>(
        database,
        `${READ} WHERE e.org_id = $1 AND ($2::text IS NULL OR e.status = $2) AND ($3::text IS NULL OR e.external_id = $3)
           AND ($4::boolean IS NULL OR e.sandbox = $4) AND ($5::text IS NULL OR e.id < $5) ORDER BY e.id DESC LIMIT $6`,
        orgId,
        status ?? null,
        externalId ?? null,
        sandbox ?? null,
        before ?? null,
        limit,
      );
      return found.map(stored);
    },
  };
}

const clockColumns = ({ clocksToldUntil, clocksNextAt }: Exit) => ({
  clocks_told_until: clocksToldUntil?.toISOString() ?? null,
  clocks_next_at: clocksNextAt?.toISOString() ?? null,
});

function attemptRow(attempt: Attempt, { orgId, exitId }: Place, key: Uint8Array) {
  const id = newId('attempt', attempt.startedAt);
  return {
    id,
    org_id: orgId,
    exit_id: exitId,
    filing_id: attempt.filingId,
    step: attempt.step,
    outcome: attempt.outcome,
    reason: attempt.reason ?? null,
    started_at: attempt.startedAt.toISOString(),
    ended_at: attempt.endedAt.toISOString(),
    hashes: attempt.hashes,
    sealed: hex(sealJson(key, attempt.messages, id)),
  };
}
