// The clerk's side of a change: the steps on the sandbox clock, the decisions, and what the unit is told of them.

import { type CaseView, type Decision, type Identity, Refusal, type Room } from '../kernel/agency.ts';
import { codeOf } from '../kernel/decision.ts';
import { sealCallback } from './answer.ts';
import { type Case, later, OPEN, STATE, save, serials, stateData, table } from './cases.ts';
import { checkCallback } from './contract.ts';
import { apply, type ItemResult, judge, takeBack } from './items.ts';

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
    if (!room.keeps('insurance-sm2.correction-due')) return `${receipt}: overdue, and nobody minds`;
    const overdue = { code: 'CORRECTION_OVERDUE', reason: 'The correction did not arrive in time' };
    return `${receipt}: ${settle(found, { decision: 'reject', ...overdue }, room).state}, overdue`;
  }
  if (found.state === 'correction_requested') return nothing;
  if (event === 'change.review') {
    save({ ...found, state: 'in_review' }, room);
    return `${receipt}: in review`;
  }
  const settled = settle(found, found.plan.decision ?? { decision: 'accept' }, room);
  return `${receipt}: ${settled.lost ? 'lost' : settled.state}`;
}

function settle(found: Case, decision: Decision, room: Room): Case {
  const { code: _code, message: _message, correction: _correction, ...bare } = found;
  const row = save(decided(bare, decision, room), room);
  if (decision.decision === 'late') later(row, 'change.decide', decision.delayMs, room);
  if (row.correction)
    // The day ends at midnight in China, that is at 16:00 UTC.
    room.schedule(
      new Date(`${row.correction.due}T16:00:00Z`),
      'correction.due',
      `${row.receipt} ${row.round}`,
    );
  if (row.state === 'finished' && row.plan.afterwards)
    later(row, 'case.afterwards', row.plan.afterwards.delayMs, room);
  return row;
}

function decided(found: Case, decision: Decision, room: Room): Case {
  switch (decision.decision) {
    case 'accept': {
      const results = found.content.items.map(({ insurance }, at) =>
        decision.partial && at > 0
          ? { insurance, code: 'ITEM_ERROR', message: 'Not processed: only the first item was' }
          : settleItem(found, insurance, room),
      );
      const { warning } = decision;
      return {
        ...found,
        state: 'finished',
        results,
        ...(warning ? { message: `${warning.code}: ${warning.reason}` } : {}),
      };
    }
    case 'reject':
      return {
        ...found,
        state: 'rejected',
        code: codeOf(decision.code, 'REJECTED_BY_REVIEW'),
        message: decision.reason,
      };
    case 'correction': {
      const { field, reason, due, code } = decision;
      return {
        ...found,
        state: 'correction_requested',
        code: codeOf(code, 'CORRECTION_REQUESTED'),
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
      const { results = [], ...rest } = found;
      for (const result of results)
        if (result.code === 'OK') takeBack(found.content, result, found.unit, room);
      return {
        ...rest,
        state: 'rejected',
        code: codeOf(decision.code, 'ANNULLED'),
        message: decision.reason,
      };
    }
  }
}

function settleItem({ content, unit }: Case, insurance: string, room: Room): ItemResult {
  const verdict = judge(content, insurance, unit, room);
  if (verdict.code !== 'OK') return { insurance, ...verdict };
  return { insurance, ...verdict, before: apply(content, insurance, unit, room) };
}

/** A person's decision at the desk. Throws Refusal naming the guard. */
export function decide(receipt: string, decision: Decision, room: Room): CaseView {
  const found = table(room).get(receipt);
  if (!found) throw new Refusal('NOT_FOUND', `No case ${receipt}`, { status: 404 });
  if (!allowed(found).includes(decision.decision)) {
    const guard = found.lost ? 'lost' : found.state;
    throw new Refusal('NOT_ALLOWED', `Case ${receipt} is ${guard}: ${decision.decision} is not allowed`, {
      status: 409,
    });
  }
  return view(settle(found, decision, room));
}

function allowed({ state, lost, results = [] }: Case): Decision['decision'][] {
  if (lost) return [];
  if (state === 'finished') return results.some(({ code }) => code === 'OK') ? ['annul'] : [];
  if (state === 'correction_requested') return ['lose'];
  if (state === 'received' || state === 'in_review')
    return ['accept', 'reject', 'correction', 'hold', 'late', 'lose'];
  return [];
}

export const cases = (room: Room): CaseView[] => table(room).all().map(view);

const view = (found: Case): CaseView => ({
  agency: 'insurance-sm2',
  id: found.receipt,
  serial: found.serials.at(-1) ?? '',
  receipt: found.receipt,
  operation: 'fileChange',
  unit: found.unit,
  person: found.content.person.id_number,
  state: found.lost ? 'lost' : found.state,
  submittedAt: found.submittedAt,
  updatedAt: found.updatedAt,
  allowed: allowed(found),
  ...(found.plan.scenario === undefined ? {} : { scenario: found.plan.scenario }),
  ...(found.plan.rule === undefined ? {} : { rule: found.plan.rule }),
  detail: { content: found.content, serials: found.serials, ...stateData(found) },
});

/** Which change has another state than before; its number is the same for the same news. A lost one is not told. */
export function callback(receipt: string, signer: Identity, room: Room) {
  const found = table(room).get(receipt);
  const serial = found?.serials.at(-1);
  if (!found || found.lost || serial === undefined) return undefined;
  const id = `${receipt}-${found.told}`;
  const news = { id, serial, receipt, state: STATE[found.state] };
  checkCallback(news);
  return sealCallback(id, news, found.unit, found.form, signer, room);
}
