/** Rows ↔ domain. Rows are what one jsonb document holds: times as ISO strings, bytes as hex. */

import { clocksRunning } from '../domain/correction.ts';
import type { EventDraft } from '../domain/events.ts';
import type { Exit, ExitStatus } from '../domain/exit.ts';
import type { ExitFacts } from '../domain/facts.ts';
import type { Correction, Filing, FilingState } from '../domain/filing.ts';
import type { FilingClock } from '../domain/filing-clocks.ts';
import type { Gate } from '../domain/gates.ts';
import type { FilingKind } from '../domain/words.ts';

export interface GateRow {
  id: string;
  org_id: string;
  exit_id: string;
  position: number;
  code: string;
  subject: string;
  owner: string;
  cleared_at: string | null;
  title: Gate['title'];
  clears: Gate['clears'];
  item: Gate['item'] | null;
  documents: Gate['documents'] | null;
  raised_by: string;
  holds: string;
  holds_until: string | null;
  waived: boolean;
}

/** A filing's clock as JSON holds it. */
type ClockRow = Omit<FilingClock, 'warnsAt' | 'closesAt'> & { warnsAt: string; closesAt: string };

export interface FilingRow {
  id: string;
  org_id: string;
  exit_id: string;
  position: number;
  kind: string;
  connection_id: string;
  adapter: string;
  serial: string;
  revision: number;
  facts_revision: number;
  via: string;
  withdrawing: Filing['withdrawing'] | null;
  attachments: string[] | null;
  after: string[];
  state: string;
  receipt: string | null;
  attempts: number;
  polls: number;
  next_at: string | null;
  deadline: string;
  prepared_at: string | null;
  held_since: string | null;
  last_error: string | null;
  correction: Correction | null;
  lease_token: string | null;
  lease_until: string | null;
  clocks: ClockRow[];
  closes_at: string | null;
  previous_serial: string | null;
  news: number;
  created_at: string;
  updated_at: string;
}

export interface EventRow {
  id: string;
  org_id: string;
  /** One of the three. */
  exit_id: string | null;
  employee_id: string | null;
  connection_id: string | null;
  sequence: number;
  type: string;
  occurred_at: string;
  data: EventDraft['data'];
  sealed: string | null;
  sandbox: boolean;
}

/** The columns of `exits` that a reader needs, with its gates and filings. */
export interface ExitRow {
  id: string;
  org_id: string;
  person_id: string;
  sandbox: boolean;
  profile_version: string;
  status: string;
  facts: unknown;
  facts_revision: number;
  earlier_facts: unknown;
  decision_due_at: Date | null;
  decision_asked_at: Date | null;
  released_at: Date | null;
  released_by: string | null;
  cancelled_at: Date | null;
  sealed: Uint8Array;
  version: number;
  last_sequence: number;
  clocks_told_until: Date | null;
  clocks_next_at: Date | null;
  created_at: Date;
  updated_at: Date;
  wrapped_key: Uint8Array;
  gates: GateRow[];
  filings: FilingRow[];
}

const date = (value: string | null) => (value === null ? undefined : new Date(value));
/** Leaves out what is undefined: exactOptionalPropertyTypes tells absent from undefined. */
function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;
}

export function gateOf(row: GateRow): Gate {
  const { id, code, subject, owner, title, clears } = row;
  return {
    id,
    code,
    subject,
    owner,
    title,
    clears,
    raisedBy: row.raised_by as Gate['raisedBy'],
    holds: row.holds as Gate['holds'],
    ...defined<Pick<Gate, 'item' | 'documents' | 'holdsUntil' | 'clearedAt' | 'waived'>>({
      item: row.item ?? undefined,
      documents: row.documents ?? undefined,
      holdsUntil: row.holds_until ?? undefined,
      clearedAt: date(row.cleared_at),
      waived: row.waived ? true : undefined,
    }),
  };
}

export function filingOf(row: FilingRow): Filing {
  return {
    id: row.id,
    kind: row.kind as FilingKind,
    connectionId: row.connection_id,
    adapter: row.adapter,
    serial: row.serial,
    revision: row.revision,
    factsRevision: row.facts_revision,
    via: row.via as Filing['via'],
    after: row.after as FilingKind[],
    state: row.state as FilingState,
    attempts: row.attempts,
    polls: row.polls,
    news: row.news,
    deadline: row.deadline,
    clocks: row.clocks.map((clock) => ({
      ...clock,
      warnsAt: new Date(clock.warnsAt),
      closesAt: new Date(clock.closesAt),
    })),
    ...defined({
      previousSerial: row.previous_serial ?? undefined,
      receipt: row.receipt ?? undefined,
      nextAt: date(row.next_at),
      preparedAt: date(row.prepared_at),
      heldSince: date(row.held_since),
      lastError: row.last_error ?? undefined,
      correction: row.correction ?? undefined,
      withdrawing: row.withdrawing ?? undefined,
      attachments: row.attachments ?? undefined,
    }),
  };
}

export function exitOf(row: ExitRow): Exit {
  return {
    id: row.id,
    facts: row.facts as ExitFacts,
    factsRevision: row.facts_revision,
    earlierFacts: row.earlier_facts as Exit['earlierFacts'],
    profileVersion: row.profile_version,
    status: row.status as ExitStatus,
    gates: row.gates.map(gateOf),
    filings: row.filings.map(filingOf),
    ...defined({
      decisionDueAt: row.decision_due_at ?? undefined,
      decisionAskedAt: row.decision_asked_at ?? undefined,
      released:
        row.released_at === null
          ? undefined
          : {
              at: row.released_at,
              by: row.released_by === 'policy' ? ('policy' as const) : ('person' as const),
            },
      cancelledAt: row.cancelled_at ?? undefined,
      clocksToldUntil: row.clocks_told_until ?? undefined,
      clocksNextAt: row.clocks_next_at ?? undefined,
    }),
  };
}

const iso = (value: Date | undefined) => value?.toISOString() ?? null;

/** Where a row stands: whose it is, and when it was made. */
export interface Place {
  readonly orgId: string;
  readonly exitId: string;
  readonly now: Date;
}

export function gateRow(gate: Gate, position: number, { orgId, exitId }: Place): GateRow {
  const { id, code, subject, owner, title, clears, raisedBy, holds } = gate;
  return {
    id,
    org_id: orgId,
    exit_id: exitId,
    position,
    code,
    subject,
    owner,
    cleared_at: iso(gate.clearedAt),
    title,
    clears,
    item: gate.item ?? null,
    documents: gate.documents ?? null,
    raised_by: raisedBy,
    holds,
    holds_until: gate.holdsUntil ?? null,
    waived: gate.waived ?? false,
  };
}

export function filingRow(filing: Filing, position: number, place: Place): FilingRow {
  return {
    id: filing.id,
    org_id: place.orgId,
    exit_id: place.exitId,
    position,
    kind: filing.kind,
    connection_id: filing.connectionId,
    adapter: filing.adapter,
    serial: filing.serial,
    revision: filing.revision,
    facts_revision: filing.factsRevision,
    via: filing.via,
    withdrawing: filing.withdrawing ?? null,
    attachments: filing.attachments === undefined ? null : [...filing.attachments],
    after: [...filing.after],
    state: filing.state,
    receipt: filing.receipt ?? null,
    attempts: filing.attempts,
    polls: filing.polls,
    next_at: iso(filing.nextAt),
    deadline: filing.deadline,
    prepared_at: iso(filing.preparedAt),
    held_since: iso(filing.heldSince),
    last_error: filing.lastError ?? null,
    correction: filing.correction ?? null,
    lease_token: null,
    lease_until: null,
    clocks: filing.clocks.map((clock) => ({
      ...clock,
      warnsAt: clock.warnsAt.toISOString(),
      closesAt: clock.closesAt.toISOString(),
    })),
    closes_at: iso(clocksRunning(filing)[0]?.closesAt),
    previous_serial: filing.previousSerial ?? null,
    news: filing.news,
    created_at: place.now.toISOString(),
    updated_at: place.now.toISOString(),
  };
}
