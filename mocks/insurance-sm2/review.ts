// The clerk's side of a change: the steps on the sandbox clock, the decisions, and what the unit is told of them.

import type { CaseView, Decision, Identity, Room } from '../kernel/agency.ts';
import { codeOf } from '../kernel/decision.ts';
import * as kernel from '../kernel/review.ts';
import type { Sentence } from '../kernel/scenario.ts';
import { sealCallback } from './answer.ts';
import { type Case, STATE, save, serials, stateData, table } from './cases.ts';
import { checkCallback } from './contract.ts';
import { apply, type ItemResult, judge, takeBack } from './items.ts';

const review: kernel.Review<Case> = {
  dueRule: 'insurance-sm2.correction-due',
  accepted: 'finished',
  find: (receipt, room) => table(room).get(receipt),
  save,
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

function settleItem({ content, unit }: kernel.Bare<Case>, insurance: string, room: Room): ItemResult {
  const verdict = judge(content, insurance, unit, room);
  if (verdict.code !== 'OK') return { insurance, ...verdict };
  return { insurance, ...verdict, before: apply(content, insurance, unit, room) };
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
