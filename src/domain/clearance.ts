/** Clearing gates: settling one, waiving it, and taking that back while nothing is filed. Pure. */
import type { EventDraft } from './events.ts';
import type { Change, Exit } from './exit.ts';
import { started, timed } from './exit-course.ts';
import type { Clearance, ClearanceDocument, RecordedClearance } from './exit-secret.ts';
import { blockerData, blockersOf, type Gate, isAboutDispute } from './gates.ts';

/** Why a clearance cannot be taken. */
export type ClearanceFault =
  | 'exit_cancelled'
  | 'no_such_gate'
  | 'already_cleared'
  | 'not_cleared'
  | 'filing_started'
  | { readonly fault: 'documents_missing'; readonly need: 'any' | 'all'; readonly kinds: readonly string[] };

/** Clears, waives or revokes a gate (all its items, or the one `subject`); the last blocker lets the exit go to filing. */
export function clear(
  exit: Exit,
  clearance: Clearance,
  { now, distances }: { readonly now: Date; readonly distances: readonly string[] },
): Change | ClearanceFault {
  if (exit.cancelledAt !== undefined) return 'exit_cancelled';
  const named = exit.gates.filter(
    (gate) =>
      gate.code === clearance.gate && (clearance.subject === undefined || gate.subject === clearance.subject),
  );
  if (named.length === 0) return 'no_such_gate';
  const revoked = clearance.decision === 'revoked';
  const concerned = named.filter((gate) => (gate.clearedAt !== undefined) === revoked);
  if (concerned.length === 0) return revoked ? 'not_cleared' : 'already_cleared';
  if (revoked && exit.status !== 'gated') return 'filing_started';
  if (clearance.decision === 'cleared')
    for (const gate of concerned) {
      const missing = missingDocuments(gate, clearance.documents);
      if (missing !== undefined) return { fault: 'documents_missing', ...missing };
    }
  const gates = exit.gates.map((gate) => (concerned.includes(gate) ? decided(gate, clearance, now) : gate));
  const after = timed({ ...exit, gates }, distances);
  const left = blockersOf(gates);
  const subjects = concerned.map((gate) => gate.subject);
  const { gate, decision, actor, note, documents } = clearance;
  const event: EventDraft = {
    type: revoked ? 'exit.clearance_revoked' : 'exit.cleared',
    data: { gate, decision, subjects, blockers: left.map(blockerData) },
    personal: { actor, note, documents },
  };
  const kept: RecordedClearance = {
    gate,
    subjects,
    disputes: concerned.filter(isAboutDispute).map((each) => each.subject),
    decision,
    actor,
    documents,
    at: now.toISOString(),
    ...(note === undefined ? {} : { note }),
    ...(exit.status === 'gated' ? {} : { late: true }),
  };
  const goes = exit.status === 'gated' && left.length === 0;
  return {
    ...(goes ? started(after, now, [event]) : { exit: after, events: [event] }),
    secret: (before) => ({ ...before, clearances: [...before.clearances, kept] }),
  };
}

function decided(gate: Gate, { decision }: Clearance, now: Date): Gate {
  const { clearedAt: _at, waived: _waived, ...open } = gate;
  if (decision === 'revoked') return open;
  return { ...open, clearedAt: now, ...(decision === 'waived' ? { waived: true } : {}) };
}

/** The kinds that a clearance of the gate lacks; undefined when it has what is needed. */
function missingDocuments({ documents: wanted }: Gate, given: readonly ClearanceDocument[]) {
  if (wanted === undefined) return undefined;
  const lacking = wanted.kinds.filter((kind) => !given.some((document) => document.kind === kind));
  const enough = wanted.need === 'all' ? lacking.length === 0 : lacking.length < wanted.kinds.length;
  return enough ? undefined : { need: wanted.need, kinds: lacking };
}

/** Who settled an item last, when it is settled: for those who may read it. */
export const settledBy = (
  clearances: readonly RecordedClearance[],
  gate: Pick<Gate, 'code' | 'subject'>,
): RecordedClearance | undefined =>
  clearances.findLast(({ gate: code, subjects }) => code === gate.code && subjects.includes(gate.subject));
