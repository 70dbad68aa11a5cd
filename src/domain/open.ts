/** Opens an exit: raises its gates from the facts, plans its filings, and starts the first when nothing holds it. Pure. */
import { businessDate } from './dates.ts';
import type { EventDraft } from './events.ts';
import type { Change } from './exit.ts';
import { started, timed } from './exit-course.ts';
import type { ExitFacts, OpenItems } from './facts.ts';
import type { Filing } from './filing.ts';
import { type ClockWork, clocksOf, unrolled } from './filing-clocks.ts';
import { blockerData, blockersOf, type EarlierSignal, holdLimits, raiseGates } from './gates.ts';
import type { Profile } from './profile.ts';
import type { FilingKind } from './words.ts';

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
