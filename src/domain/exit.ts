/**
 * One person's leaving one employer, with its gates and filings: the unit that every decision reads and every
 * transaction writes. Pure: `open`, `record` and their kin (clearance, release, amend) return the change and leave the
 * saving to the store.
 */

import type { RecordedClearance } from './clearance.ts';
import { endOfDay } from './clocks.ts';
import { businessDate } from './dates.ts';
import { type ClockWork, filingClocks, nextTelling } from './deadlines.ts';
import { lingering } from './doubt.ts';
import type { EventDraft } from './events.ts';
import type { ExitFacts, OpenItems, Person } from './facts.ts';
import {
  ATTENTION_AFTER_ATTEMPTS,
  type Filing,
  type SettleContext,
  type Step,
  type StepResult,
  settle,
} from './filing.ts';
import {
  blockerData,
  blockersOf,
  type EarlierSignal,
  type Gate,
  holdLimit,
  holdLimits,
  raiseGates,
} from './gates.ts';
import { nextStep } from './next-step.ts';
import type { Profile } from './profile.ts';
import { type Pursuit, pursue } from './pursue.ts';
import type { Release } from './release.ts';
import type { Answer } from './supplements.ts';
import type { BusinessDate, FilingKind } from './words.ts';

export const EXIT_STATUSES = ['gated', 'filing', 'attention', 'completed', 'cancelled'] as const;
export type ExitStatus = (typeof EXIT_STATUSES)[number];

export interface Exit {
  readonly id: string;
  readonly facts: ExitFacts;
  /** Counts from 1; an amendment makes the next. */
  readonly factsRevision: number;
  /** What was said before each amendment: filings may still carry it. */
  readonly earlierFacts: readonly { readonly revision: number; readonly facts: ExitFacts }[];
  /** The profile version the exit was opened under: its `effective_from`. */
  readonly profileVersion: BusinessDate;
  readonly status: ExitStatus;
  readonly gates: readonly Gate[];
  readonly filings: readonly Filing[];
  /** While gates hold: the instant from which somebody must decide. */
  readonly decisionDueAt?: Date;
  /** When the decision was asked for. */
  readonly decisionAskedAt?: Date;
  readonly released?: { readonly at: Date; readonly by: 'person' | 'policy' };
  readonly cancelledAt?: Date;
  /** Until when deadlines have been told, and when there is next something to tell. */
  readonly clocksToldUntil?: Date;
  readonly clocksNextAt?: Date;
}

/** The encrypted part of an exit: whoever may read it holds the person's key. */
export interface ExitSecret extends OpenItems {
  readonly person: Person;
  readonly earlierPersons: readonly { readonly revision: number; readonly person: Person }[];
  readonly clearances: readonly RecordedClearance[];
  readonly release?: Release;
  /** What was sent along with the answers to corrections. */
  readonly answers: readonly Answer[];
}

/** An exit as it is to become, and what to tell about it. */
export interface Change {
  readonly exit: Exit;
  readonly events: readonly EventDraft[];
  /** What becomes of the encrypted part; absent: it stays. */
  readonly secret?: (before: ExitSecret) => ExitSecret;
}

export interface OpenContext {
  readonly now: Date;
  /** With the firm's own gates behind its own. */
  readonly profile: Profile;
  /** Which connection serves a kind of filing for this employer. */
  readonly connections: ReadonlyMap<FilingKind, { readonly id: string; readonly adapter: string }>;
  readonly items: OpenItems;
  readonly signals: readonly EarlierSignal[];
  readonly clockWork: ClockWork;
  /** ISO 8601 durations before a deadline at which it is told. */
  readonly distances: readonly string[];
  readonly newId: (prefix: 'exit' | 'gate' | 'filing') => string;
  /** Agencies' idempotency key for a filing. */
  readonly newSerial: () => string;
}

/** Opens an exit: raises its gates from the facts, plans its filings, and starts the first when nothing holds it. */
export function open(facts: ExitFacts, context: OpenContext): Change {
  const { profile, now } = context;
  const filings = profile.filings.map((plan): Filing => {
    const connection = context.connections.get(plan.kind);
    if (connection === undefined) throw new Error(`no connection for ${plan.kind}`);
    return {
      id: context.newId('filing'),
      kind: plan.kind,
      connectionId: connection.id,
      adapter: connection.adapter,
      serial: context.newSerial(),
      revision: 1,
      factsRevision: 1,
      via: 'submit',
      after: plan.after,
      state: 'waiting',
      attempts: 0,
      polls: 0,
      news: 0,
      ...clocksOf(plan.clocks, facts, context.clockWork),
    };
  });
  const limits = holdLimits(facts, context.clockWork, unrolled(filings));
  const gates = raiseGates(
    profile.gates,
    { ...context.items, signals: context.signals },
    { today: businessDate(now), limits, newId: () => context.newId('gate') },
  );
  const planned = timed(
    {
      id: context.newId('exit'),
      facts,
      factsRevision: 1,
      earlierFacts: [],
      profileVersion: profile.effective_from,
      status: 'gated',
      gates,
      filings,
    },
    context.distances,
  );
  const opened: EventDraft = {
    type: 'exit.opened',
    data: {
      profile: profile.name,
      reason: facts.reason,
      exit_date: facts.exitDate,
      filings: filings.map((each) => each.kind),
    },
  };
  const blockers = blockersOf(gates);
  if (blockers.length === 0) return started(planned, now, [opened]);
  return {
    exit: planned,
    events: [opened, { type: 'exit.gated', data: { blockers: blockers.map(blockerData) } }],
  };
}

/** The facts, and the person, as they were at a revision. */
export const factsAt = (exit: Pick<Exit, 'facts' | 'earlierFacts'>, revision: number): ExitFacts =>
  exit.earlierFacts.find((each) => each.revision === revision)?.facts ?? exit.facts;
export const personAt = ({ person, earlierPersons }: ExitSecret, revision: number): Person =>
  earlierPersons.find((each) => each.revision === revision)?.person ?? person;

/** A filing's clocks for these facts, and the limit of the nearest. */
export function clocksOf(
  ids: readonly string[],
  facts: ExitFacts,
  work: ClockWork,
): Pick<Filing, 'clocks' | 'deadline'> {
  const clocks = filingClocks(ids, facts, work);
  const [nearest] = clocks;
  return { clocks, deadline: nearest?.due ?? nearest?.warnOn ?? facts.exitDate };
}

export const unrolled = (filings: readonly Filing[]): readonly BusinessDate[] =>
  filings.map(({ clocks, deadline }) => clocks[0]?.warnOn ?? deadline);

/** The exit with the instants at which there is something to ask or to tell. */
export function timed(exit: Exit, distances: readonly string[]): Exit {
  const { decisionDueAt: _due, decisionAskedAt: askedAt, clocksNextAt: _next, ...rest } = exit;
  const limit = exit.status === 'gated' ? holdLimit(exit.gates) : undefined;
  const decisionDueAt = limit === undefined ? undefined : endOfDay(limit);
  const asked = askedAt === undefined ? {} : { decisionAskedAt: askedAt };
  const held: Exit =
    decisionDueAt === undefined
      ? { ...rest, ...asked }
      : // What was asked at an earlier limit is to be asked again at a later one.
        { ...rest, decisionDueAt, ...(askedAt !== undefined && askedAt >= decisionDueAt ? asked : {}) };
  const next = nextTelling(held, distances, exit.clocksToldUntil);
  return next === undefined ? held : { ...held, clocksNextAt: next };
}

/** The gates that still hold the exit. */
export const blockers = (exit: Pick<Exit, 'gates'>): readonly Gate[] => blockersOf(exit.gates);

/**
 * Records what an agency answered on one filing, follows what the exit has become meanwhile, lets the filings that waited
 * for it go, and judges the exit anew.
 */
export function record(
  exit: Exit,
  filingId: string,
  step: Step,
  result: StepResult,
  context: SettleContext & Pursuit,
): Change {
  const before = exit.filings.find((filing) => filing.id === filingId);
  if (before === undefined) throw new Error(`filing ${filingId} is not of exit ${exit.id}`);
  // While the agency was asked, an amendment or a cancellation took the filing elsewhere: the answer to that question
  // decides nothing any more. What was sent is never among them: a filing in flight is left alone.
  if (nextStep(before) !== step) return { exit, events: [] };
  const doubtful = lingering(before, result, exit, context.now);
  if (doubtful !== undefined) return judged(exit, withFilings(exit, doubtful, context.now), []);
  const settled = settle(before, step, result, context);
  // What is collected from this moment on is in no file yet.
  const followed = pursue(settled.filing, exit, { ...context, inNoFile: () => true });
  const change = withFilings(exit, followed.filing, context.now);
  const events = [...settled.events, ...followed.events];
  const stuck =
    followed.filing.attempts === ATTENTION_AFTER_ATTEMPTS && before.attempts < ATTENTION_AFTER_ATTEMPTS;
  if (stuck || (needsPerson(followed.filing) && !needsPerson(before)))
    events.push(attention(followed.filing));
  return judged(exit, change, events);
}

/**
 * What a filing that is certainly not on its way has to become before it is sent: the exit may have been amended or
 * cancelled while it waited for its next try. @returns undefined when it may go as it is.
 */
export function refresh(exit: Exit, filing: Filing, context: Pursuit): Change | undefined {
  const { filing: next, events, action } = pursue(filing, exit, context);
  return action === 'none' ? undefined : judged(exit, withFilings(exit, next, context.now), events);
}

/** The exit with one filing changed, and every filing let go that waited for it. */
export function withFilings(exit: Exit, changed: Filing, now: Date): Exit {
  const filings = exit.filings.map((filing) => (filing.id === changed.id ? changed : filing));
  return { ...exit, filings: exit.status === 'gated' ? filings : letGo(filings, now) };
}

/** The change with the exit's status as its filings now make it, told when the exit ends. */
export function judged(before: Exit, after: Exit, events: readonly EventDraft[]): Change {
  const status = statusOf(after);
  const ended: EventDraft[] =
    status === 'completed' && before.status !== 'completed'
      ? [{ type: 'exit.completed', data: { exit_date: after.facts.exitDate } }]
      : [];
  return { exit: { ...after, status }, events: [...events, ...ended] };
}

export const attention = (filing: Filing): EventDraft => ({
  type: 'exit.attention_required',
  data: {
    filing_id: filing.id,
    kind: filing.kind,
    serial: filing.serial,
    receipt: filing.receipt ?? null,
    state: filing.state,
    reason: filing.lastError,
  },
});

/** Nothing holds the exit any more: its first filings are due. */
export function started(exit: Exit, now: Date, events: readonly EventDraft[]): Change {
  const { decisionDueAt: _due, ...rest } = exit;
  const filings = letGo(exit.filings, now);
  const due = filings.filter((filing) => filing.state === 'due').map((filing) => filing.kind);
  return {
    exit: { ...rest, status: 'filing', filings },
    events: [...events, { type: 'exit.filing_started', data: { filings: due } }],
  };
}

/** Lets every waiting filing go whose predecessors are verified. */
export function letGo(filings: readonly Filing[], now: Date): readonly Filing[] {
  const verified = new Set(
    filings.filter((filing) => filing.state === 'verified').map((filing) => filing.kind),
  );
  return filings.map((filing) =>
    filing.state === 'waiting' && filing.after.every((kind) => verified.has(kind))
      ? { ...filing, state: 'due', nextAt: now }
      : filing,
  );
}

export const needsPerson = (filing: Filing): boolean =>
  (filing.state === 'correction_requested' && filing.withdrawing?.stage !== 'asked') ||
  filing.state === 'rejected' ||
  filing.state === 'manual';

/** Withdrawn, or never taken: nothing of it stands at the agency. */
const isGone = ({ state }: Filing) => state === 'withdrawn' || state === 'rejected';

function statusOf(exit: Exit): ExitStatus {
  const { filings } = exit;
  if (exit.cancelledAt !== undefined) {
    if (filings.every(isGone)) return 'cancelled';
    return filings.some((filing) => needsPerson(filing) && !isGone(filing)) ? 'attention' : 'filing';
  }
  if (exit.status === 'gated') return 'gated';
  if (filings.every((filing) => filing.state === 'verified')) return 'completed';
  return filings.some(needsPerson) ? 'attention' : 'filing';
}
