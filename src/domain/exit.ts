/**
 * One person's leaving one employer, with its gates and filings: the unit that every decision reads and every
 * transaction writes. Pure: `open`, `clear` and `record` return the change and leave the saving to the store.
 */

import { type ClockWork, filingClocks, nextTelling } from './deadlines.ts';
import type { EventDraft } from './events.ts';
import {
  ATTENTION_AFTER_ATTEMPTS,
  type Filing,
  type Settled,
  type Step,
  type StepResult,
  settle,
} from './filing.ts';
import type { Profile } from './profile.ts';
import type { BusinessDate, ExitReason, FilingKind, IdType } from './words.ts';

export const EXIT_STATUSES = ['gated', 'filing', 'attention', 'completed', 'cancelled'] as const;
export type ExitStatus = (typeof EXIT_STATUSES)[number];

export interface Employer {
  readonly name: string;
  readonly uscc: string;
  /** GB/T 2260, where the person works. */
  readonly region: string;
}

export interface Contract {
  readonly type: 'fixed_term' | 'open_ended' | 'task';
  readonly start: BusinessDate;
  readonly end?: BusinessDate;
}

/** The personal part of an exit: encrypted at rest under the person's key, masked wherever it is shown. */
export interface Person {
  readonly name: string;
  readonly id_type: IdType;
  readonly id_number: string;
  readonly phone?: string;
  readonly address?: string;
}

export interface Dispute {
  readonly external_id: string;
  readonly kind: 'customer_complaint' | 'lawsuit' | 'arbitration' | 'internal';
  readonly summary: string;
  /** Yuan with two decimals. */
  readonly amount?: string;
}

export interface NonCompete {
  readonly months: number;
  readonly monthly_compensation: string;
  readonly competitors: readonly string[];
}

export interface ExitFacts {
  readonly externalId: string;
  readonly employeeExternalId: string;
  readonly profile: string;
  readonly reason: ExitReason;
  readonly employer: Employer;
  readonly post: string;
  readonly contract: Contract;
  readonly noticeDate: BusinessDate;
  readonly lastAttendanceDate: BusinessDate;
  readonly exitDate: BusinessDate;
  readonly insuranceEndMonth: string;
  readonly nonCompete?: NonCompete;
}

export interface Gate {
  readonly id: string;
  readonly code: string;
  /** The item that raised it: the dispute's external id. */
  readonly subject: string;
  readonly owner: string;
  readonly clearedAt?: Date;
}

/** What cleared a gate; the words and names in it are personal. */
export interface Clearance {
  readonly gate: string;
  readonly subject?: string;
  readonly actor: string;
  readonly note?: string;
  readonly documents: readonly {
    readonly title: string;
    readonly reference?: string;
    readonly sha256?: string;
  }[];
}

export interface Exit {
  readonly id: string;
  readonly facts: ExitFacts;
  /** The profile version the exit was opened under: its `effective_from`. */
  readonly profileVersion: BusinessDate;
  readonly status: ExitStatus;
  readonly gates: readonly Gate[];
  readonly filings: readonly Filing[];
  /** Until when deadlines have been told, and when there is next something to tell. */
  readonly clocksToldUntil?: Date;
  readonly clocksNextAt?: Date;
}

/** An exit as it is to become, and what to tell about it. */
export interface Change {
  readonly exit: Exit;
  readonly events: readonly EventDraft[];
}

export interface OpenContext {
  readonly now: Date;
  readonly profile: Profile;
  /** Which connection serves a kind of filing for this employer. */
  readonly connections: ReadonlyMap<FilingKind, { readonly id: string; readonly adapter: string }>;
  readonly disputes: readonly Dispute[];
  readonly clockWork: ClockWork;
  /** ISO 8601 durations before a deadline at which it is told. */
  readonly distances: readonly string[];
  readonly newId: (prefix: 'exit' | 'gate' | 'filing') => string;
  /** Agencies' idempotency key for a filing. */
  readonly newSerial: () => string;
}

/** Opens an exit: raises its gates from the facts, plans its filings, and starts the first when nothing blocks. */
export function open(facts: ExitFacts, context: OpenContext): Change {
  const { profile, now } = context;
  const gates = profile.gates.flatMap((gate) =>
    context.disputes.map(
      (dispute): Gate => ({
        id: context.newId('gate'),
        code: gate.code,
        subject: dispute.external_id,
        owner: gate.owner,
      }),
    ),
  );
  const filings = profile.filings.map((plan): Filing => {
    const connection = context.connections.get(plan.kind);
    if (connection === undefined) throw new Error(`no connection for ${plan.kind}`);
    const clocks = filingClocks(plan.clocks, facts, context.clockWork);
    const [nearest] = clocks;
    return {
      id: context.newId('filing'),
      kind: plan.kind,
      connectionId: connection.id,
      adapter: connection.adapter,
      serial: context.newSerial(),
      revision: 1,
      after: plan.after,
      state: 'waiting',
      attempts: 0,
      polls: 0,
      deadline: nearest?.due ?? nearest?.warnOn ?? facts.exitDate,
      clocks,
    };
  });
  const planned: Exit = {
    id: context.newId('exit'),
    facts,
    profileVersion: profile.effective_from,
    status: 'gated',
    gates,
    filings,
  };
  const next = nextTelling(planned, context.distances);
  const exit: Exit = { ...planned, ...(next === undefined ? {} : { clocksNextAt: next }) };
  const opened: EventDraft = {
    type: 'exit.opened',
    data: {
      profile: profile.name,
      reason: facts.reason,
      exit_date: facts.exitDate,
      filings: filings.map((each) => each.kind),
    },
  };
  if (gates.length === 0) return started(exit, now, [opened]);
  return { exit, events: [opened, { type: 'exit.gated', data: { blockers: gates.map(blocker) } }] };
}

const blocker = (gate: Gate) => ({ gate: gate.code, subject: gate.subject, owner: gate.owner });

/** The gates that still hold the exit. */
export function blockers(exit: Exit): readonly Gate[] {
  return exit.gates.filter((gate) => gate.clearedAt === undefined);
}

/** Why a clearance cannot be taken. */
export type ClearanceFault = 'not_gated' | 'no_such_gate' | 'already_cleared';

/** Clears a gate (all its items, or the one `subject`); the last one lets the exit go to filing. */
export function clear(exit: Exit, clearance: Clearance, now: Date): Change | ClearanceFault {
  const named = exit.gates.filter(
    (gate) =>
      gate.code === clearance.gate && (clearance.subject === undefined || gate.subject === clearance.subject),
  );
  if (named.length === 0) return 'no_such_gate';
  const shut = named.filter((gate) => gate.clearedAt === undefined);
  if (shut.length === 0) return 'already_cleared';
  if (exit.status !== 'gated') return 'not_gated';
  const gates = exit.gates.map((gate) => (shut.includes(gate) ? { ...gate, clearedAt: now } : gate));
  const cleared = { ...exit, gates };
  const left = blockers(cleared);
  const { actor, note, documents } = clearance;
  const event: EventDraft = {
    type: 'exit.cleared',
    data: { gate: clearance.gate, subjects: shut.map((gate) => gate.subject), blockers: left.map(blocker) },
    personal: { actor, note, documents },
  };
  return left.length === 0 ? started(cleared, now, [event]) : { exit: cleared, events: [event] };
}

/** Records what an agency answered on one filing, lets the filings that waited for it go, and judges the exit anew. */
export function record(
  exit: Exit,
  filingId: string,
  step: Step,
  result: StepResult,
  context: Parameters<typeof settle>[3],
): Change {
  const before = exit.filings.find((filing) => filing.id === filingId);
  if (before === undefined) throw new Error(`filing ${filingId} is not of exit ${exit.id}`);
  const settled: Settled = settle(before, step, result, context);
  const filings = letGo(
    exit.filings.map((filing) => (filing.id === filingId ? settled.filing : filing)),
    context.now,
  );
  const events = [...settled.events];
  const stuck =
    settled.filing.attempts === ATTENTION_AFTER_ATTEMPTS && before.attempts < ATTENTION_AFTER_ATTEMPTS;
  const status = statusOf(filings);
  if (stuck || (status === 'attention' && needsPerson(settled.filing) && !needsPerson(before)))
    events.push({
      type: 'exit.attention_required',
      data: {
        filing_id: filingId,
        kind: before.kind,
        state: settled.filing.state,
        reason: settled.filing.lastError,
      },
    });
  if (status === 'completed' && exit.status !== 'completed')
    events.push({ type: 'exit.completed', data: { exit_date: exit.facts.exitDate } });
  return { exit: { ...exit, filings, status }, events };
}

function started(exit: Exit, now: Date, events: readonly EventDraft[]): Change {
  const filings = letGo(exit.filings, now);
  const due = filings.filter((filing) => filing.state === 'due').map((filing) => filing.kind);
  return {
    exit: { ...exit, status: 'filing', filings },
    events: [...events, { type: 'exit.filing_started', data: { filings: due } }],
  };
}

/** Lets every waiting filing go whose predecessors are verified. */
function letGo(filings: readonly Filing[], now: Date): readonly Filing[] {
  const verified = new Set(
    filings.filter((filing) => filing.state === 'verified').map((filing) => filing.kind),
  );
  return filings.map((filing) =>
    filing.state === 'waiting' && filing.after.every((kind) => verified.has(kind))
      ? { ...filing, state: 'due', nextAt: now }
      : filing,
  );
}

const needsPerson = (filing: Filing) =>
  filing.state === 'correction_requested' || filing.state === 'rejected' || filing.state === 'manual';

function statusOf(filings: readonly Filing[]): ExitStatus {
  if (filings.every((filing) => filing.state === 'verified')) return 'completed';
  return filings.some(needsPerson) ? 'attention' : 'filing';
}
