/** How an exit goes on: its status and its next instant as gates and filings make them, and what a change lets go. Pure. */
import { endOfDay } from './clocks.ts';
import { nextTelling } from './deadlines.ts';
import type { EventDraft } from './events.ts';
import type { Change, Exit, ExitStatus } from './exit.ts';
import type { Filing } from './filing.ts';
import { holdLimit } from './gates.ts';

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

export const needsPerson = (filing: Filing): boolean =>
  (filing.state === 'correction_requested' && filing.withdrawing?.stage !== 'asked') ||
  filing.state === 'rejected' ||
  filing.state === 'manual';

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

/** What is told of the filings that need a person now and did not before. */
export const newlyAttended = (before: readonly Filing[], after: readonly Filing[]): readonly EventDraft[] =>
  after
    .filter((filing, index) => {
      const was = before[index];
      return needsPerson(filing) && was !== undefined && !needsPerson(was);
    })
    .map(attention);
