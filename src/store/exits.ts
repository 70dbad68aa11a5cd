/**
 * Exits with their gates, filings and events. Two of the three hot writes live here: `open` (intake) and `save`
 * (any change of an exit, an agency's outcome included). Each is one statement for all exits of a flush.
 */
import type { Keyring } from '../crypto/keyring.ts';
import { sealJson, unsealJson } from '../crypto/keyring.ts';
import type { Change, Exit } from '../domain/exit.ts';
import type { ExitSecret } from '../domain/exit-secret.ts';
import { newId } from '../ids.ts';
import { type Database, grouped, hex, rows } from './database.ts';
import { CLOCKS_DUE, OPEN, READ, SAVE } from './exit-statements.ts';
import type { Persons } from './persons.ts';
import { type EventRow, type ExitRow, exitOf, filingRow, gateRow, type Place } from './rows.ts';
import { type Committed, eventRows } from './tell.ts';

export type { Committed } from './tell.ts';

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
  /**
   * Taken only while no filing was claimed for the first time since the exit was read: what has been claimed may have been
   * sent with the facts as they were.
   */
  readonly guarded?: boolean;
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
  /** Exits that have something to tell about a deadline by now, each by its organisation's time. */
  clocksDue(real: Date, limit: number): Promise<readonly string[]>;
  findByExternalId(orgId: string, sandbox: boolean, externalId: string): Promise<string | undefined>;
  /** Newest first. */
  list(
    orgId: string,
    filter: {
      readonly status?: string;
      readonly externalId?: string;
      readonly sandbox?: boolean;
      /** Only those whose gates may hold no longer at this instant. */
      readonly undecidedAt?: Date;
    },
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly StoredExit[]>;
}

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
      const events = eventRows(
        change,
        place,
        sandbox,
        0,
        () => person.key,
        () => secret,
      );
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
          facts_revision: exit.factsRevision,
          earlier_facts: exit.earlierFacts,
          sealed: hex(sealJson(person.key, secret, exit.id)),
          version: 1,
          last_sequence: events.length,
          ...courseColumns(exit),
          created_at: now.toISOString(),
          updated_at: now.toISOString(),
        },
        events,
        gates: exit.gates.map((gate, position) => gateRow(gate, position, place)),
        filings: exit.filings.map((filing, position) => filingRow(filing, position, place)),
        attempts: [],
      });
    },

    async save(before, change, { now, lease, attempt, guarded = false }) {
      const { exit } = change;
      const place: Place = { orgId: before.orgId, exitId: exit.id, now };
      const { sandbox, lastSequence, personKey, secret } = before;
      const events = eventRows(change, place, sandbox, lastSequence, personKey, secret);
      const changed = <Item>(after: readonly Item[], was: readonly Item[]) =>
        after.map((item, position) => ({ item, position })).filter(({ item }) => !was.includes(item));
      // The claimed filing's row is always written: that ends the claim, whatever came of it.
      const filings = exit.filings
        .map((item, position) => ({ item, position }))
        .filter(({ item }) => item.id === lease?.filingId || !before.exit.filings.includes(item));
      const amended = exit.factsRevision !== before.exit.factsRevision;
      return flushSave({
        id: exit.id,
        exit: {
          id: exit.id,
          version: before.version,
          last_sequence: before.lastSequence + events.length,
          status: exit.status,
          facts: amended ? exit.facts : null,
          facts_revision: exit.factsRevision,
          earlier_facts: amended ? exit.earlierFacts : null,
          sealed:
            change.secret === undefined ? null : hex(sealJson(personKey(), change.secret(secret()), exit.id)),
          ...courseColumns(exit),
          prepared: guarded
            ? Object.fromEntries(
                before.exit.filings.map(({ id, preparedAt }) => [id, preparedAt?.toISOString() ?? null]),
              )
            : null,
          updated_at: now.toISOString(),
          filing_id: lease?.filingId ?? null,
          lease_token: lease?.token ?? null,
        },
        events,
        gates: changed(exit.gates, before.exit.gates).map(({ item, position }) =>
          gateRow(item, position, place),
        ),
        filings: filings.map(({ item, position }) => filingRow(item, position, place)),
        attempts: attempt === undefined ? [] : [attemptRow(attempt, before.version, place, personKey())],
      });
    },

    async load(orgId, id) {
      const found = await read(id);
      return found?.orgId === orgId ? found : undefined;
    },

    loadAny: read,

    async clocksDue(real, limit) {
      const found = await rows<{ id: string }>(database, CLOCKS_DUE, real.toISOString(), limit);
      return found.map((row) => row.id);
    },

    async findByExternalId(orgId, sandbox, externalId) {
      const row = await database.exits.findUnique({
        where: { org_id_sandbox_external_id: { org_id: orgId, sandbox, external_id: externalId } },
        select: { id: true },
      });
      return row?.id;
    },

    async list(orgId, { status, externalId, sandbox, undecidedAt }, { before, limit }) {
      const found = await rows<ExitRow>(
        database,
        `${READ} WHERE e.org_id = $1 AND ($2::text IS NULL OR e.status = $2) AND ($3::text IS NULL OR e.external_id = $3)
           AND ($4::boolean IS NULL OR e.sandbox = $4) AND ($5::text IS NULL OR e.id < $5)
           AND ($7::timestamptz IS NULL OR e.decision_due_at <= $7) ORDER BY e.id DESC LIMIT $6`,
        orgId,
        status ?? null,
        externalId ?? null,
        sandbox ?? null,
        before ?? null,
        limit,
        undecidedAt?.toISOString() ?? null,
      );
      return found.map(stored);
    },
  };
}

const courseColumns = ({
  decisionDueAt,
  decisionAskedAt,
  released,
  cancelledAt,
  clocksToldUntil,
  clocksNextAt,
}: Exit) => ({
  decision_due_at: decisionDueAt?.toISOString() ?? null,
  decision_asked_at: decisionAskedAt?.toISOString() ?? null,
  released_at: released?.at.toISOString() ?? null,
  released_by: released?.by ?? null,
  cancelled_at: cancelledAt?.toISOString() ?? null,
  clocks_told_until: clocksToldUntil?.toISOString() ?? null,
  clocks_next_at: clocksNextAt?.toISOString() ?? null,
});

function attemptRow(attempt: Attempt, version: number, { orgId, exitId }: Place, key: Uint8Array) {
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
    version,
  };
}
