// The clerk's side of a registration change: the steps on the sandbox clock and the decisions.

import {
  type Call,
  type CaseView,
  type Decision,
  type Identity,
  type Membership,
  Refusal,
  type Room,
} from '../kernel/agency.ts';
import { codeOf } from '../kernel/decision.ts';
import { personLine } from '../kernel/identifiers.ts';
import { type Case, conflict, later, OPEN, save, serials, stateOf, table } from './cases.ts';
import { SIGNATURE_HEADER, signAnswer } from './jws.ts';

/** The clerk's steps. */
export function fire(event: string, subject: string, room: Room): string {
  const [receipt = '', round] = subject.split(' ');
  const found = table(room).get(receipt);
  const nothing = `${receipt}: nothing left to do`;
  if (event === 'case.afterwards') {
    const next = found?.plan.afterwards?.decision;
    if (!found || !next || !allowed(found).includes(next.decision)) return nothing;
    return `${receipt}: ${settle(found, next, room).state} afterwards`;
  }
  if (!found || found.lost || String(found.round) !== round || !OPEN.includes(found.state)) return nothing;
  if (event === 'correction.due') {
    if (!room.keeps('credit.correction-due')) return `${receipt}: overdue, and nobody minds`;
    const overdue = { code: 'CORRECTION_OVERDUE', reason: 'The correction did not arrive in time' };
    return `${receipt}: ${settle(found, { decision: 'reject', ...overdue }, room).state}, overdue`;
  }
  if (found.state === 'correction_requested') return nothing;
  if (event === 'change.review') {
    save({ ...found, state: 'in_review', updatedAt: room.now().toISOString() }, room);
    return `${receipt}: in review`;
  }
  const settled = settle(found, found.plan.decision ?? { decision: 'accept' }, room);
  return `${receipt}: ${settled.lost ? 'lost' : settled.state}`;
}

function settle(found: Case, decision: Decision, room: Room): Case {
  const { code: _code, message: _message, correction: _correction, ...bare } = found;
  const after = decided(bare, decision, room);
  const row = { ...after, updatedAt: room.now().toISOString() };
  save(row, room);
  if (decision.decision === 'late') later(row, 'change.decide', decision.delayMs, room);
  if (row.correction)
    // The day ends at midnight in China, that is at 16:00 UTC.
    room.schedule(
      new Date(`${row.correction.due}T16:00:00Z`),
      'correction.due',
      `${row.receipt} ${row.round}`,
    );
  if (row.state === 'concluded' && row.plan.afterwards)
    later(row, 'case.afterwards', row.plan.afterwards.delayMs, room);
  return row;
}

function decided(found: Case, decision: Decision, room: Room): Case {
  switch (decision.decision) {
    case 'accept': {
      const { warning } = decision;
      return {
        ...found,
        state: 'concluded',
        before: cancel(found, room),
        ...(warning ? { code: codeOf(warning.code, 'WARNING'), message: warning.reason } : {}),
      };
    }
    case 'reject': {
      const code = codeOf(decision.code, 'REJECTED_BY_REVIEW');
      return { ...found, state: 'rejected', code, message: decision.reason };
    }
    case 'correction': {
      const { field, reason, due } = decision;
      const code = codeOf(decision.code, 'CORRECTION_REQUESTED');
      return {
        ...found,
        state: 'correction_requested',
        code,
        message: reason,
        correction: { field, reason, due },
      };
    }
    case 'hold':
      return { ...found, state: 'in_review', round: found.round + 1 };
    case 'late':
      return {
        ...found,
        state: 'in_review',
        round: found.round + 1,
        plan: { ...found.plan, decision: { decision: 'accept' }, delayMs: decision.delayMs },
      };
    case 'lose':
      for (const serial of found.serials) serials(room).delete(`${found.unit} ${serial}`);
      return { ...found, round: found.round + 1, lost: true };
    case 'annul': {
      const idNumber = found.content.practitioner.id_number;
      if (found.before) room.rolls.change(found.unit, idNumber, { registration: found.before });
      const code = codeOf(decision.code, 'ANNULLED');
      return { ...found, state: 'rejected', code, message: decision.reason };
    }
  }
}

/** Returns what the registration was. */
function cancel({ receipt, unit, content }: Case, room: Room): Membership['registration'] {
  const { practitioner, effective_date: since } = content;
  const membership = room.rolls.membership(unit, practitioner.id_number);
  if (!membership) throw new Error(`${receipt}: the membership is gone`);
  const { number } = membership.registration;
  room.rolls.change(unit, practitioner.id_number, { registration: { number, status: 'cancelled', since } });
  return membership.registration;
}

/** A person's decision at the desk. Throws Refusal naming the guard. */
export function decide(receipt: string, decision: Decision, room: Room): CaseView {
  const found = table(room).get(receipt);
  if (!found) throw new Refusal('NOT_FOUND', `No case ${receipt}`, { status: 404 });
  if (!allowed(found).includes(decision.decision)) {
    const guard = found.lost ? 'lost' : found.state;
    throw conflict('NOT_ALLOWED', `Case ${receipt} is ${guard}: ${decision.decision} is not allowed`);
  }
  return view(settle(found, decision, room));
}

function allowed({ state, lost }: Case): Decision['decision'][] {
  if (lost) return [];
  if (state === 'concluded') return ['annul'];
  if (state === 'correction_requested') return ['lose'];
  if (state === 'received' || state === 'in_review')
    return ['accept', 'reject', 'correction', 'hold', 'late', 'lose'];
  return [];
}

export const cases = (room: Room): CaseView[] => table(room).all().map(view);

const view = (found: Case): CaseView => ({
  agency: 'credit',
  id: found.receipt,
  serial: found.serials.at(-1) ?? '',
  receipt: found.receipt,
  operation: 'submitRegistrationChange',
  unit: found.unit,
  person: personLine([
    { name: found.content.practitioner.name, idNumber: found.content.practitioner.id_number },
  ]),
  state: found.lost ? 'lost' : found.state,
  submittedAt: found.submittedAt,
  updatedAt: found.updatedAt,
  allowed: allowed(found),
  ...(found.plan.scenario === undefined ? {} : { scenario: found.plan.scenario }),
  ...(found.plan.rule === undefined ? {} : { rule: found.plan.rule }),
  detail: { content: found.content, serials: found.serials, ...stateOf(found) },
});

/** Nobody asked: there is no request whose signature the callback could name. */
const UNASKED: Call = {
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  base: '',
};

/** The state of a case that has changed, as GET would tell it, signed like an answer. A lost one is not told. */
export function callback(receipt: string, signer: Identity, room: Room) {
  const found = table(room).get(receipt);
  if (!found || found.lost) return undefined;
  const body = Buffer.from(JSON.stringify(stateOf(found)));
  return {
    headers: {
      'content-type': 'application/json',
      [SIGNATURE_HEADER]: signAnswer(UNASKED, 200, body, signer, room.wallNow()),
    },
    body,
  };
}
