/**
 * Signals and the employees they are about. Signals name an employee by HR's reference alone, often years before there
 * is an exit and its person with an ID number. So each reference has a key of its own: destroying it erases what was
 * reported in words of that employee and of nobody else. (The organisation's key cannot be destroyed for one of its
 * people; and the person's key could only be had by asking for an ID number that signals do not need.)
 */
import { type Keyring, sealJson, unsealJson } from '../crypto/keyring.ts';
import type { EventDraft } from '../domain/events.ts';
import type { EarlierSignal } from '../domain/gates.ts';
import type { RiskFact, RiskHistory, Warned } from '../domain/risk.ts';
import type { RiskCode, RiskLevel } from '../domain/risk-rules.ts';
import type { Signal, SignalKind, SignalSecret, SignalSource } from '../domain/signals.ts';
import { newId } from '../ids.ts';
import { type Database, hex, rows } from './database.ts';
import { type Committed, eventRows, TELL } from './tell.ts';

export interface NewSignal {
  readonly signal: Omit<Signal, 'id'>;
  readonly secret: SignalSecret;
  /** By whose rules the employee's signals are weighed from now on; left out: as before. */
  readonly profile?: string;
}

export interface StoredSignal {
  readonly signal: Signal;
  readonly createdAt: Date;
  /** Decrypts on demand; undefined when the employee was erased. */
  readonly secret: () => SignalSecret | undefined;
}

export interface RecordedSignal extends Committed {
  readonly stored: StoredSignal;
  readonly employeeId: string;
}

/** An employee as the score sees them. */
export interface EmployeeFacts {
  readonly profile: string;
  readonly facts: readonly (RiskFact & { readonly externalId: string })[];
}

/** What a new fact changes: pure, and asked under the employee's lock. */
export type Decide = (
  history: RiskHistory,
  fact: RiskFact,
  profile: string,
) => { readonly warned: Warned; readonly events: readonly EventDraft[] };

export interface SignalStore {
  /**
   * Records a signal and what follows from it, one at a time for each employee: two at once do not both cross a threshold.
   * @returns `exists` when the organisation has a signal of that external id, `erased` when the employee was erased.
   */
  record(
    orgId: string,
    sandbox: boolean,
    draft: NewSignal,
    decide: Decide,
    now: Date,
  ): Promise<RecordedSignal | 'exists' | 'erased'>;
  load(orgId: string, sandbox: boolean, id: string): Promise<StoredSignal | undefined>;
  findByExternalId(orgId: string, sandbox: boolean, externalId: string): Promise<StoredSignal | undefined>;
  /** Newest first. */
  list(
    orgId: string,
    sandbox: boolean,
    filter: { readonly employeeExternalId?: string; readonly kind?: string },
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly StoredSignal[]>;
  /** The signals of an employee, oldest first, as gates see them. */
  earlier(orgId: string, sandbox: boolean, employeeExternalId: string): Promise<readonly EarlierSignal[]>;
  /** @returns undefined when nothing was ever reported of them. */
  factsOf(orgId: string, sandbox: boolean, employeeExternalId: string): Promise<EmployeeFacts | undefined>;
}

const NEW_PROFILE = 'general';
/** Writers of one employee wait for each other here, in turn; each takes a few milliseconds. */
const PATIENCE = { maxWait: 10_000, timeout: 10_000 };

// The update changes a row that was there before us at most in its profile; it locks it, and returns it as it now is.
const LOCK = `
  INSERT INTO employees AS e (id, org_id, sandbox, external_id, wrapped_key, profile, warned_level, warned_codes, last_sequence, created_at)
  SELECT n.id, n.org_id, n.sandbox, n.external_id, n.wrapped_key, coalesce(n.profile, '${NEW_PROFILE}'), 'low', '{}', 0, n.created_at
  FROM jsonb_populate_recordset(NULL::employees, $1::jsonb) n
  ON CONFLICT (org_id, sandbox, external_id) DO UPDATE SET profile = coalesce($2::text, e.profile)
  RETURNING id, wrapped_key, profile, warned_level, warned_codes, last_sequence`;

const FACTS = `
  SELECT s.id, s.external_id, s.kind, s.occurred_on::text, s.amount::text FROM signals s WHERE s.employee_id = $1 ORDER BY s.id`;

const RECORD = `
  WITH recorded AS (
    INSERT INTO signals SELECT * FROM jsonb_populate_recordset(NULL::signals, $1::jsonb)
    ON CONFLICT (org_id, sandbox, external_id) DO NOTHING RETURNING employee_id
  ), accepted AS (
    UPDATE employees e SET warned_level = n.warned_level, warned_codes = n.warned_codes, last_sequence = n.last_sequence
    FROM jsonb_populate_recordset(NULL::employees, $3::jsonb) n JOIN recorded r ON r.employee_id = n.id
    WHERE e.id = n.id RETURNING e.id
  ), ${TELL}`;

const READ = `
  SELECT s.id, s.external_id, e.external_id AS employee_external_id, s.kind, s.occurred_on::text, s.amount::text, s.source, s.sealed,
         s.created_at, s.employee_id, e.wrapped_key
  FROM signals s JOIN employees e ON e.id = s.employee_id`;

interface EmployeeRow {
  id: string;
  wrapped_key: Uint8Array | null;
  profile: string;
  warned_level: string;
  warned_codes: string[];
  last_sequence: number;
}

interface FactRow {
  id: string;
  external_id: string;
  kind: string;
  occurred_on: string;
  amount: string | null;
}

interface SignalRow extends FactRow {
  employee_external_id: string;
  source: string;
  sealed: Uint8Array;
  created_at: Date;
  employee_id: string;
  wrapped_key: Uint8Array | null;
}

export function createSignalStore(database: Database, keyring: Keyring): SignalStore {
  const stored = (row: SignalRow): StoredSignal => ({
    signal: {
      id: row.id,
      externalId: row.external_id,
      employeeExternalId: row.employee_external_id,
      kind: row.kind as SignalKind,
      occurredOn: row.occurred_on,
      source: row.source as SignalSource,
      ...(row.amount === null ? {} : { amount: row.amount }),
    },
    createdAt: row.created_at,
    secret: () => {
      if (row.wrapped_key === null) return undefined;
      const key = keyring.openPersonKey(row.employee_id, row.wrapped_key);
      return unsealJson(key, row.sealed, row.id) as SignalSecret;
    },
  });

  const one =
    (column: 'id' | 'external_id') =>
    async (orgId: string, sandbox: boolean, value: string): Promise<StoredSignal | undefined> => {
      const sql = `${READ} WHERE s.org_id = $1 AND s.sandbox = $2 AND s.${column} = $3`;
      const [row] = await rows<SignalRow>(database, sql, orgId, sandbox, value);
      return row === undefined ? undefined : stored(row);
    };
  const findByExternalId = one('external_id');

  return {
    async record(orgId, sandbox, { signal, secret, profile }, decide, now) {
      // Before anything is written: what comes again must not touch the employee.
      if ((await findByExternalId(orgId, sandbox, signal.externalId)) !== undefined) return 'exists';
      const employeeId = newId('employee', now);
      const employee = {
        id: employeeId,
        org_id: orgId,
        sandbox,
        external_id: signal.employeeExternalId,
        wrapped_key: hex(keyring.newPersonKey(employeeId).wrapped),
        profile: profile ?? null,
        created_at: now.toISOString(),
      };
      return database.$transaction(async (transaction) => {
        const [row] = await rows<EmployeeRow>(transaction, LOCK, [employee], profile ?? null);
        if (row === undefined) throw new Error('an employee row vanished between being locked and returned');
        if (row.wrapped_key === null) return 'erased';
        const key = keyring.openPersonKey(row.id, row.wrapped_key);
        const before = (await rows<FactRow>(transaction, FACTS, row.id)).map(factOf);
        const taken: Signal = { ...signal, id: newId('signal', now) };
        const { warned, events } = decide(historyOf(signal, row, before), newFact(taken), row.profile);
        const told = eventRows(
          { events },
          { orgId, now, employeeId: row.id },
          sandbox,
          row.last_sequence,
          () => key,
        );
        const written = await rows<{ endpoint_ids: string[] }>(
          transaction,
          RECORD,
          [signalRow(taken, secret, { orgId, sandbox, employeeId: row.id, key, now })],
          told,
          [
            {
              id: row.id,
              warned_level: warned.level,
              warned_codes: warned.codes,
              last_sequence: row.last_sequence + told.length,
            },
          ],
        );
        const [committed] = written;
        if (committed === undefined) return 'exists';
        return {
          stored: { signal: taken, createdAt: now, secret: () => secret },
          employeeId: row.id,
          endpointIds: committed.endpoint_ids,
        };
      }, PATIENCE);
    },

    load: one('id'),
    findByExternalId,

    async list(orgId, sandbox, { employeeExternalId, kind }, { before, limit }) {
      const found = await rows<SignalRow>(
        database,
        `${READ} WHERE s.org_id = $1 AND s.sandbox = $2 AND ($3::text IS NULL OR e.external_id = $3)
           AND ($4::text IS NULL OR s.kind = $4) AND ($5::text IS NULL OR s.id < $5) ORDER BY s.id DESC LIMIT $6`,
        orgId,
        sandbox,
        employeeExternalId ?? null,
        kind ?? null,
        before ?? null,
        limit,
      );
      return found.map(stored);
    },

    async earlier(orgId, sandbox, employeeExternalId) {
      const found = await rows<{ external_id: string; kind: string; occurred_on: string }>(
        database,
        `SELECT s.external_id, s.kind, s.occurred_on::text FROM signals s JOIN employees e ON e.id = s.employee_id
         WHERE e.org_id = $1 AND e.sandbox = $2 AND e.external_id = $3 ORDER BY s.id`,
        orgId,
        sandbox,
        employeeExternalId,
      );
      return found.map(({ external_id, kind, occurred_on }) => ({
        externalId: external_id,
        kind: kind as SignalKind,
        occurredOn: occurred_on,
      }));
    },

    async factsOf(orgId, sandbox, employeeExternalId) {
      const employee = await database.employees.findUnique({
        where: {
          org_id_sandbox_external_id: { org_id: orgId, sandbox, external_id: employeeExternalId },
        },
        select: { id: true, profile: true },
      });
      if (employee === null) return undefined;
      const found = await rows<FactRow>(database, FACTS, employee.id);
      return {
        profile: employee.profile,
        facts: found.map((row) => ({ ...factOf(row), externalId: row.external_id })),
      };
    },
  };
}

const factOf = ({ id, kind, occurred_on, amount }: FactRow): RiskFact => ({
  id,
  code: kind as SignalKind,
  on: occurred_on,
  ...(amount === null ? {} : { amount }),
});

const newFact = ({ id, kind, occurredOn, amount }: Signal): RiskFact => ({
  id,
  code: kind,
  on: occurredOn,
  ...(amount === undefined ? {} : { amount }),
});

const historyOf = (
  { employeeExternalId }: Omit<Signal, 'id'>,
  row: EmployeeRow,
  facts: readonly RiskFact[],
): RiskHistory => ({
  employeeExternalId,
  warned: { level: row.warned_level as RiskLevel, codes: row.warned_codes as RiskCode[] },
  facts,
});

function signalRow(
  signal: Signal,
  secret: SignalSecret,
  place: {
    readonly orgId: string;
    readonly sandbox: boolean;
    readonly employeeId: string;
    readonly key: Uint8Array;
    readonly now: Date;
  },
) {
  return {
    id: signal.id,
    org_id: place.orgId,
    sandbox: place.sandbox,
    external_id: signal.externalId,
    employee_id: place.employeeId,
    kind: signal.kind,
    occurred_on: signal.occurredOn,
    amount: signal.amount ?? null,
    source: signal.source,
    sealed: hex(sealJson(place.key, secret, signal.id)),
    created_at: place.now.toISOString(),
  };
}
