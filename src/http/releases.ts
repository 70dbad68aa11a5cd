/** POST /v1/exits/{id}/release · POST /v1/exits/{id}/cancel: the two decisions that end the waiting at the gates. */
import { z } from 'zod';
import { cancel } from '../domain/cancel.ts';
import { businessDate } from '../domain/dates.ts';
import { blockers, type Exit } from '../domain/exit.ts';
import type { ReservedClaim } from '../domain/exit-secret.ts';
import { type ReleaseFault, release } from '../domain/release.ts';
import { faultAt } from '../faults.ts';
import { newSerial } from '../ids.ts';
import type { Language } from '../language.ts';
import { type Problem, problem } from '../problem.ts';
import { changeExit, exitId, shortList } from './change.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid } from './errors.ts';
import { exitExample } from './examples.ts';
import { ExitView, presentExit } from './exit-view.ts';
import { externalId, line, money, text } from './fields.ts';
import type { HttpParts } from './parts.ts';
import { recall } from './upload-recall.ts';

const claim = z.strictObject({
  title: line(200),
  summary: text(2000),
  dispute: externalId.optional().meta({ description: 'external_id of the dispute that it is about' }),
  amount: money.optional(),
  reference: line(500).optional().meta({ description: 'Where the claim document lies' }),
});

const ReleaseDraft = z
  .strictObject({
    actor: line(200).meta({ description: 'The person who decides' }),
    reason: text(2000),
    reserved_claims: z
      .array(claim)
      .max(50)
      .meta({ description: 'One at least for each open dispute; an empty list where none is open' }),
  })
  .meta({ id: 'ReleaseDraft' });

const CancellationDraft = z
  .strictObject({ actor: line(200).meta({ description: 'The person who decides' }), reason: text(2000) })
  .meta({ id: 'CancellationDraft' });

export function releaseEndpoints(parts: HttpParts): readonly Endpoint[] {
  const common = {
    method: 'post',
    tag: 'Exits',
    scope: 'exits:write',
    id: exitId,
    answer: ExitView,
    status: 201,
  } as const;
  return [
    endpoint({
      ...common,
      path: '/v1/exits/{id}/release',
      name: 'releaseExit',
      summary: 'File at the limit although gates are open, with claims reserved',
      description:
        'From the limit on until which the gates may hold (`decision.due_at`), a named person clears them or releases. The reserved claims and the open blockers go along with the filings, word for word, and into the events.',
      body: ReleaseDraft,
      bodyExample: {
        actor: '合规总监 陈某',
        reason: '三十日通知期已满，劳动关系依法解除，纠纷尚未处理完毕',
        reserved_claims: [
          {
            title: '对员工的追偿权',
            summary: '保留就客户李某投诉向张某追偿的权利',
            dispute: 'C-88',
            amount: '200000.00',
          },
        ],
      },
      answerExample: { ...exitExample, status: 'filing' },
      problems: [
        'exit_not_found',
        'exit_cancelled',
        'exit_not_gated',
        'release_too_early',
        'claims_incomplete',
        'busy',
      ],
      handler: async ({ id, body: { actor, reason, reserved_claims }, caller, language }) => {
        const draft = { actor, reason, claims: reserved_claims.map(claimOf) };
        const shown = await changeExit(parts, id, caller, ({ exit, secret }, now) => {
          const disputes = secret().disputes.map(({ external_id }) => external_id);
          const change = release(exit, draft, { now, disputes });
          if (typeof change === 'string' || 'fault' in change) throw refusal(change, exit, draft.claims);
          return change;
        });
        return presentExit(shown, language);
      },
    }),
    endpoint({
      ...common,
      path: '/v1/exits/{id}/cancel',
      name: 'cancelExit',
      summary: 'Cancel an exit that does not take place: what was filed is withdrawn',
      description:
        'What was not sent is dropped; what was is withdrawn where the agency allows it, and given to a person where it does not. The exit stays in `attention` while a filing needs a person.',
      body: CancellationDraft,
      bodyExample: { actor: '人力资源部 赵某', reason: '员工撤回辞职' },
      answerExample: { ...exitExample, status: 'cancelled' },
      problems: ['exit_not_found', 'exit_cancelled', 'busy'],
      handler: async ({ id, body, caller, language }) => {
        const { reachOf, distances } = parts;
        const decide = async ({ exit }: { readonly exit: Exit }, now: Date) => {
          if (exit.cancelledAt !== undefined) throw problem('exit_cancelled', {});
          const inNoFile = await recall(parts, exit, body.actor, caller, now);
          const pursuit = { now, newSerial: () => newSerial(now), reachOf, inNoFile };
          const change = cancel(exit, body, { ...pursuit, distances });
          if (typeof change === 'string') throw problem(change, {});
          return change;
        };
        return presentExit(await changeExit(parts, id, caller, decide, { guarded: true }), language);
      },
    }),
  ];
}

const claimOf = ({ title, summary, dispute, amount, reference }: z.output<typeof claim>): ReservedClaim => ({
  title,
  summary,
  ...(dispute === undefined ? {} : { dispute }),
  ...(amount === undefined ? {} : { amount }),
  ...(reference === undefined ? {} : { reference }),
});

function refusal(reason: ReleaseFault, exit: Exit, claims: readonly ReservedClaim[]): Problem {
  if (reason === 'exit_cancelled') return problem('exit_cancelled', {});
  if (reason === 'not_gated') return problem('exit_not_gated', { status: exit.status });
  switch (reason.fault) {
    case 'too_early': {
      const { dueAt } = reason;
      const open = { en: openTitles(exit, 'en'), zh: openTitles(exit, 'zh') };
      return problem(
        'release_too_early',
        { day: lastDay(dueAt), open },
        { members: { due_at: dueAt.toISOString() } },
      );
    }
    case 'claim_missing':
      return invalid('claims_incomplete', [
        faultAt('/reserved_claims', 'claim_missing', { disputes: reason.disputes.join(', ') }),
      ]);
    case 'claim_unknown': {
      const { dispute } = reason;
      const index = claims.findIndex((each) => each.dispute === dispute);
      return invalid('claims_incomplete', [
        faultAt(`/reserved_claims/${index}/dispute`, 'claim_dispute_unknown', { dispute }),
      ]);
    }
  }
}

/** The business day that ends at the limit. */
const lastDay = (limit: Date) => businessDate(new Date(limit.getTime() - 1));

const openTitles = (exit: Exit, language: Language) =>
  shortList(blockers(exit).map(({ title, subject }) => `${title[language]} (${subject})`));
