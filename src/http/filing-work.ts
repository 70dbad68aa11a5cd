/** POST /v1/filings/{id}/amendments · POST /v1/filings/{id}/receipt: what a person does for a filing. */
import { z } from 'zod';
import { answerCorrection, enterReceipt } from '../domain/by-hand.ts';
import type { Change, Exit } from '../domain/exit.ts';
import { newSerial } from '../ids.ts';
import { problem } from '../problem.ts';
import type { Caller } from './auth.ts';
import { changeExit } from './change.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { filingExample } from './examples.ts';
import { line, text } from './fields.ts';
import { FilingView, presentFiling } from './filing-view.ts';
import { filingId } from './filings.ts';
import type { HttpParts } from './parts.ts';

const AnswerDraft = z
  .strictObject({
    actor: line(200).meta({ description: 'Who answers the agency' }),
    note: text(2000).optional(),
    supplements: z
      .array(
        z.strictObject({
          kind: line(40).meta({
            description: '`settlement`, `claim`, `certificate`, `handover`, or what the agency asked for',
          }),
          title: line(200),
          text: text(4000),
        }),
      )
      .min(1)
      .max(20),
  })
  .meta({ id: 'CorrectionAnswerDraft' });

const ReceiptDraft = z
  .strictObject({
    outcome: z.enum(['filed', 'withdrawn']).default('filed'),
    receipt: line(64).optional().meta({ description: 'The agency’s number' }),
    actor: line(200).meta({ description: 'Who settled it at the agency' }),
    note: text(2000).optional(),
  })
  .superRefine(({ outcome, receipt }, context) => {
    if (outcome === 'filed' && receipt === undefined)
      context.addIssue({ code: 'custom', message: 'fault:receipt_needed', path: ['receipt'] });
  })
  .meta({ id: 'ReceiptDraft' });

const withNote = ({ actor, note }: { readonly actor: string; readonly note?: string | undefined }) => ({
  actor,
  ...(note === undefined ? {} : { note }),
});

export function filingWorkEndpoints(parts: HttpParts): readonly Endpoint[] {
  const common = {
    method: 'post',
    tag: 'Filings',
    scope: 'exits:write',
    id: filingId,
    answer: FilingView,
    status: 201,
  } as const;

  const pursuit = (now: Date) => ({ now, newSerial: () => newSerial(now), reachOf: parts.reachOf });

  async function change(id: string, caller: Caller, decide: (exit: Exit, now: Date) => Change) {
    const { orgId, sandbox } = caller;
    const listed = await parts.store.filings.load(orgId, id, sandbox);
    if (listed === undefined) throw problem('filing_not_found', {});
    const { exit } = await changeExit(parts, listed.exitId, caller, (stored, now) =>
      decide(stored.exit, now),
    );
    return presentFiling(exit.id, filingOf(exit, id));
  }

  return [
    endpoint({
      ...common,
      path: '/v1/filings/{id}/amendments',
      name: 'amendFiling',
      summary: 'Answer an agency’s request for corrections',
      description:
        'The filing goes out again under its receipt as the next revision, with the exit’s newest facts and these supplements. To change facts, amend the exit: that answers the correction as well.',
      body: AnswerDraft,
      bodyExample: {
        actor: '合规部 王某',
        supplements: [{ kind: 'claim', title: '权利主张书', text: '就客户李某投诉保留追偿权，金额200000元' }],
      },
      answerExample: { ...filingExample, state: 'due' as const, revision: 2 },
      problems: ['filing_not_found', 'filing_not_asked', 'filing_cannot_amend', 'busy'],
      handler: ({ id, body: { supplements, ...by }, caller }) =>
        change(id, caller, (exit, now) => {
          const answer = { ...withNote(by), supplements };
          const result = answerCorrection(exit, id, answer, pursuit(now));
          const { state, adapter } = filingOf(exit, id);
          if (result === 'not_asked') throw problem('filing_not_asked', { state, exit_id: exit.id });
          if (result === 'cannot_amend') throw problem('filing_cannot_amend', { adapter, filing_id: id });
          return result;
        }),
    }),
    endpoint({
      ...common,
      path: '/v1/filings/{id}/receipt',
      name: 'enterReceipt',
      summary: 'Enter what a person settled at the agency',
      description:
        'For a filing that is `manual`, or whose correction its adapter cannot answer. What was filed is read back like any other filing; what was withdrawn is filed anew with the newest facts, unless the exit is cancelled.',
      body: ReceiptDraft,
      bodyExample: { receipt: 'BJ-2026-000123', actor: '人力资源部 赵某', note: '窗口办理' },
      answerExample: { ...filingExample, state: 'accepted' as const },
      problems: ['filing_not_found', 'filing_not_manual', 'exit_cancelled', 'busy'],
      handler: ({ id, body: { outcome, receipt, ...by }, caller }) =>
        change(id, caller, (exit, now) => {
          const entered = { outcome, ...withNote(by), ...(receipt === undefined ? {} : { receipt }) };
          const result = enterReceipt(exit, id, entered, pursuit(now));
          if (result === 'exit_cancelled') throw problem('exit_cancelled', {});
          if (result === 'not_manual')
            throw problem('filing_not_manual', { state: filingOf(exit, id).state });
          return result;
        }),
    }),
  ];
}

function filingOf(exit: Exit, id: string) {
  const filing = exit.filings.find((each) => each.id === id);
  if (filing === undefined) throw problem('filing_not_found', {});
  return filing;
}
