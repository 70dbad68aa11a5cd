// The clerk's side of a registration change: the steps on the sandbox clock and the decisions.

import type { Call, CaseView, Decision, Identity, Membership, Room } from '../kernel/agency.ts';
import { codeOf } from '../kernel/decision.ts';
import { personLine } from '../kernel/identifiers.ts';
import * as kernel from '../kernel/review.ts';
import type { Sentence } from '../kernel/scenario.ts';
import { type Case, save, serials, stateOf, table } from './cases.ts';
import { SIGNATURE_HEADER, signAnswer } from './jws.ts';

const review: kernel.Review<Case> = {
  dueRule: 'credit.correction-due',
  accepted: 'concluded',
  find: (receipt, room) => table(room).get(receipt),
  save: (row, room) => save({ ...row, updatedAt: room.now().toISOString() }, room),
  allowed,
  decided,
};

/** The clerk's steps. */
export const fire = (event: string, subject: string, room: Room): Sentence =>
  kernel.fire(review, event, subject, room);

/** A person's decision at the desk. Throws Refusal naming the guard. */
export const decide = (receipt: string, decision: Decision, room: Room): CaseView =>
  view(kernel.decide(review, receipt, decision, room));

function decided(found: kernel.Bare<Case>, decision: Decision, room: Room): Case {
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
function cancel({ receipt, unit, content }: kernel.Bare<Case>, room: Room): Membership['registration'] {
  const { practitioner, effective_date: since } = content;
  const membership = room.rolls.membership(unit, practitioner.id_number);
  if (!membership) throw new Error(`${receipt}: the membership is gone`);
  const { number } = membership.registration;
  room.rolls.change(unit, practitioner.id_number, { registration: { number, status: 'cancelled', since } });
  return membership.registration;
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
