/**
 * A filing whose connection was deleted: nothing is filed there any more. What was never sent goes by another connection
 * that fits, or waits for one; what the old agency has, or may have, would be filed twice, so a person sees to it. Questions
 * about what was sent go on, for only that agency can answer them. Pure.
 */
import { type ConnectionChoice, chooseConnection } from './connections.ts';
import type { Change, Exit } from './exit.ts';
import { attention, judged, needsPerson, withFilings } from './exit-course.ts';
import type { Filing, Step } from './filing.ts';
import type { Outcome } from './outcome.ts';
import { type Pursuit, renewed } from './pursue.ts';

export type Elsewhere =
  | { readonly kind: 'moved' | 'by_hand'; readonly change: Change }
  | { readonly kind: 'wait'; readonly hold: Extract<Outcome, { kind: 'hold' }> };

export const CONNECTION_DELETED = 'CONNECTION_DELETED';

/** @returns undefined when the step may be taken as it is: it is a question. */
export function elsewhere(
  exit: Exit,
  filing: Filing,
  step: Step,
  {
    connections,
    doubted,
    now,
    newSerial,
  }: Pick<Pursuit, 'now' | 'newSerial'> & {
    readonly connections: readonly (ConnectionChoice & { readonly adapter: string })[];
    /** Something was sent of it, and nobody knows for certain what came of that. */
    readonly doubted: boolean;
  },
): Elsewhere | undefined {
  if (step === 'lookup' || step === 'readBack') return undefined;
  if (step !== 'submit' || doubted || filing.receipt !== undefined) return byHand(exit, filing, now);
  const found = chooseConnection(filing.kind, exit.facts.employer, connections);
  if (found === undefined)
    return {
      kind: 'wait',
      hold: {
        kind: 'hold',
        reason: 'its connection was deleted and no other serves this filing: make one, and it goes on',
      },
    };
  const { preparedAt, ...untouched } = filing;
  // Claimed for the first time just now: nothing can have left us under its serial.
  const unsent = preparedAt === undefined || preparedAt.getTime() === now.getTime();
  const next: Filing = {
    ...renewed(unsent ? untouched : filing, filing.factsRevision, 'submit', { now, newSerial }),
    connectionId: found.id,
    adapter: found.adapter,
  };
  return { kind: 'moved', change: judged(exit, withFilings(exit, next, now), []) };
}

function byHand(exit: Exit, filing: Filing, now: Date): Elsewhere {
  const { nextAt: _next, heldSince: _held, withdrawing: _withdrawing, ...calm } = filing;
  const next: Filing = { ...calm, state: 'manual', lastError: CONNECTION_DELETED };
  const { id, kind, serial, receipt = null } = next;
  const data = { filing_id: id, kind, serial, receipt, reason: CONNECTION_DELETED };
  const told = needsPerson(filing) ? [] : [attention(next)];
  const events = [{ type: 'filing.manual_required' as const, data }, ...told];
  return { kind: 'by_hand', change: judged(exit, withFilings(exit, next, now), events) };
}
