// The clerk's side: steps on the sandbox clock, and decisions at the desk.
import { type CaseView, type Decision, Refusal, type Room } from '../../mocks/kernel/agency.ts';
import type { Sentence } from '../../mocks/kernel/scenario.ts';
import { about, stateSays } from '../../mocks/kernel/words.ts';
import { type Case, cases, later, OPEN } from './exits.ts';

/** A timer has come. */
export function fire(event: string, subject: string, room: Room): Sentence {
  const [receipt = '', round] = subject.split(' ');
  const found = cases(room).get(receipt);
  if (!found || String(found.round) !== round || !OPEN.includes(found.state))
    return about(receipt, { en: 'nothing left to do', zh: '无需再处理' });
  if (event === 'correction.due') {
    const reason = 'The correction did not arrive in time';
    const overdue = { decision: 'reject', code: 'CORRECTION_OVERDUE', reason } as const;
    const { en, zh } = stateSays(settle(found, overdue, room).state);
    return about(receipt, { en: `${en}, overdue`, zh: `补正逾期，${zh}` });
  }
  if (found.state === 'correction_requested')
    return about(receipt, { en: 'waits for the correction', zh: '等待补正' });
  return about(receipt, stateSays(settle(found, found.plan.decision ?? { decision: 'accept' }, room).state));
}

function settle(found: Case, decision: Decision, room: Room): Case {
  const { code: _code, message: _message, correction: _correction, ...bare } = found;
  const after: Case = { ...decided(bare, decision), updatedAt: room.now().toISOString() };
  cases(room).put(after.receipt, after);
  if (after.state === 'concluded') end(after, room);
  if (decision.decision === 'late') later(after, 'exit.decide', decision.delayMs, room);
  // The last day ends at midnight in China, that is at 16:00 UTC.
  if (after.correction)
    room.schedule(
      new Date(`${after.correction.due}T16:00:00Z`),
      'correction.due',
      `${after.receipt} ${after.round}`,
    );
  return after;
}

function decided(found: Case, decision: Decision): Case {
  switch (decision.decision) {
    case 'accept':
      return { ...found, state: 'concluded' };
    case 'reject':
      return { ...found, state: 'rejected', code: decision.code, message: decision.reason };
    case 'correction': {
      const { code, field, reason, due } = decision;
      return {
        ...found,
        state: 'correction_requested',
        code,
        message: reason,
        correction: { field, reason, due },
      };
    }
    case 'late':
      return {
        ...found,
        state: 'in_review',
        round: found.round + 1,
        plan: { ...found.plan, decision: { decision: 'accept' } },
      };
    default:
      return { ...found, state: 'in_review', round: found.round + 1 };
  }
}

/** What is concluded shows on the rolls: this is what reading back looks at. */
function end({ exit }: Case, room: Room): void {
  const before = room.rolls.membership(exit.unit, exit.person.id_number)?.employment;
  room.rolls.change(exit.unit, exit.person.id_number, {
    employment: {
      state: 'ended',
      since: before?.since ?? exit.exit_date,
      endedOn: exit.exit_date,
      reason: exit.reason,
    },
  });
}

const allowed = ({ state }: Case): Decision['decision'][] =>
  state === 'received' || state === 'in_review' ? ['accept', 'reject', 'correction', 'hold', 'late'] : [];

/** A person's decision at the desk. Throws Refusal naming the guard. */
export function decide(receipt: string, decision: Decision, room: Room): CaseView {
  const found = cases(room).get(receipt);
  if (!found) throw new Refusal('NOT_FOUND', `No case ${receipt}`, { status: 404 });
  if (!allowed(found).includes(decision.decision))
    throw new Refusal(
      'NOT_ALLOWED',
      `Case ${receipt} is ${found.state}: ${decision.decision} is not allowed`,
      { status: 409 },
    );
  return view(settle(found, decision, room));
}

export const view = (found: Case): CaseView => ({
  agency: 'sample-json',
  id: found.receipt,
  serial: found.serials.at(-1) ?? '',
  receipt: found.receipt,
  operation: 'submitExit',
  unit: found.exit.unit,
  person: found.exit.person.id_number,
  state: found.state,
  submittedAt: found.submittedAt,
  updatedAt: found.updatedAt,
  allowed: allowed(found),
  detail: { exit: found.exit, serials: found.serials },
});
