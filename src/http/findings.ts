/** GET /v1/findings · GET /v1/findings/{id} · POST /v1/findings/{id}/dismissal */
import { z } from 'zod';
import { FILING_STATES } from '../domain/filing.ts';
import { FINDING_KINDS, FINDING_STATES, THEIR_STATES } from '../domain/findings.ts';
import { FILING_KINDS } from '../domain/words.ts';
import { problem } from '../problem.ts';
import type { StoredFinding } from '../store/findings.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { pageExample } from './examples.ts';
import { id, instant, name, text } from './fields.ts';
import { maskIdNumber, maskName } from './mask.ts';
import { pageAfter, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { findingExample } from './reconciliation-examples.ts';
import { timeOf } from './time.ts';
import { wakeAfter } from './wake.ts';

const view = {
  id: id('finding'),
  reconciliation_id: id('reconciliation').nullable().meta({
    description: 'The run that found it first; null: a look-up did, after a callback about a settled filing',
  }),
  connection_id: id('connection'),
  kind: z.enum(FINDING_KINDS).meta({
    description:
      '`filed_elsewhere`: the agency has a filing that was not made here; `missing_there`: it no longer has one of ours; ' +
      "`state_differs`; `still_enrolled`: after the exit the person still counts as the employer's; `identity_differs`: the " +
      'same name under another number',
  }),
  filing_kind: z.enum(FILING_KINDS),
  state: z.enum(FINDING_STATES).meta({
    description: '`resolved` by itself or with its connection, `dismissed` by a person',
  }),
  exit_id: id('exit').nullable().meta({ description: 'Null: about nobody whose exit is here' }),
  filing_id: id('filing').nullable(),
  exit_date: z.string().nullable().meta({ format: 'date' }),
  ours: z.enum(FILING_STATES).nullable().meta({ description: "Our filing's state when it was last seen" }),
  theirs: z.enum([...THEIR_STATES, 'enrolled', 'absent']).nullable(),
  receipt: z.string().nullable(),
  since: z.string().nullable().meta({ description: "Since when the person counts as the employer's" }),
  person: z
    .object({
      name: z.string().nullable(),
      id_number: z.string().meta({ description: "The agency's" }),
      our_id_number: z.string().nullable().meta({ description: 'Ours, where it is another' }),
    })
    .meta({ description: 'Masked' }),
  opened_at: instant,
  last_seen_at: instant,
  ended_at: instant.nullable(),
};
const FindingSummary = z.object(view).meta({ id: 'FindingSummary' });
const FindingView = z
  .object({
    ...view,
    dismissal: z.object({ actor: z.string(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'Finding' });

const FindingDismissal = z
  .strictObject({
    actor: name(100).meta({ description: 'Who answers for it' }),
    reason: text(2000).meta({ description: 'Why it may stay so; encrypted' }),
  })
  .meta({ id: 'FindingDismissal' });

/** Lists do not say of what kind a document is; a number of 18 characters is masked as a resident ID is. */
const mask = (number: string) => maskIdNumber('passport', number);

function presentSummary(finding: StoredFinding): z.output<typeof FindingSummary> {
  const { facts } = finding;
  const { name, id_number, our_number } = finding.person();
  return {
    id: finding.id,
    reconciliation_id: finding.reconciliationId ?? null,
    connection_id: finding.connectionId,
    kind: facts.kind,
    filing_kind: facts.filingKind,
    state: finding.state,
    exit_id: facts.exitId ?? null,
    filing_id: facts.filingId ?? null,
    exit_date: facts.on ?? null,
    ours: facts.ours ?? null,
    theirs: facts.theirs ?? null,
    receipt: facts.receipt ?? null,
    since: facts.since ?? null,
    person: {
      name: name === undefined ? null : maskName(name),
      id_number: mask(id_number),
      our_id_number: our_number === undefined ? null : mask(our_number),
    },
    opened_at: finding.openedAt.toISOString(),
    last_seen_at: finding.lastSeenAt.toISOString(),
    ended_at: finding.endedAt?.toISOString() ?? null,
  };
}

function present(finding: StoredFinding): z.output<typeof FindingView> {
  const dismissal = finding.dismissal();
  return {
    ...presentSummary(finding),
    dismissal: dismissal === undefined ? null : { actor: dismissal.actor, reason: dismissal.reason },
  };
}

const path = '/v1/findings';
const common = { tag: 'Reconciliation' } as const;
const one = { schema: id('finding'), absent: 'finding_not_found' } as const;
const { dismissal: _none, ...summaryExample } = findingExample;

export function findingEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store } = parts;
  return [
    endpoint({
      ...common,
      method: 'get',
      path,
      name: 'listFindings',
      summary: 'List where the agencies and we differ, newest first',
      scope: 'exits:read',
      query: {
        state: z.enum(FINDING_STATES).optional(),
        kind: z.enum(FINDING_KINDS).optional(),
        connection_id: id('connection').optional(),
        exit_id: id('exit').optional(),
        ...pageQuery,
      },
      cursor: 'cursor',
      answer: pageOf(FindingSummary),
      answerExample: pageExample(summaryExample),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({
        query: { state, kind, connection_id, exit_id, ...page },
        caller: { orgId, sandbox },
      }) => {
        const filter = {
          ...(state === undefined ? {} : { state }),
          ...(kind === undefined ? {} : { kind }),
          ...(connection_id === undefined ? {} : { connectionId: connection_id }),
          ...(exit_id === undefined ? {} : { exitId: exit_id }),
        };
        const found = await store.findings.list(orgId, sandbox, filter, pageAfter('finding', page));
        return pageFrom(found, page.limit, (each) => each.id, presentSummary);
      },
    }),
    endpoint({
      ...common,
      method: 'get',
      path: `${path}/{id}`,
      name: 'getFinding',
      summary: 'Read a finding, and why it was dismissed',
      scope: 'exits:read',
      id: one,
      answer: FindingView,
      answerExample: findingExample,
      status: 200,
      problems: [one.absent],
      handler: async ({ id, caller: { orgId, sandbox } }) => {
        const found = await store.findings.load(orgId, sandbox, id);
        if (found === undefined) throw problem(one.absent, {});
        return present(found);
      },
    }),
    endpoint({
      ...common,
      method: 'post',
      path: `${path}/{id}/dismissal`,
      name: 'dismissFinding',
      summary: 'Say that a finding may stay so, and why: it is not opened again',
      scope: 'exits:write',
      id: one,
      body: FindingDismissal,
      bodyExample: { actor: '人事部 赵某', reason: '该员工已办理退休返聘，参保关系由另一单位承担。' },
      answer: FindingView,
      answerExample: {
        ...findingExample,
        state: 'dismissed',
        ended_at: findingExample.opened_at,
        dismissal: { actor: '人事部 赵某', reason: '该员工已办理退休返聘，参保关系由另一单位承担。' },
      },
      status: 200,
      problems: [one.absent, 'finding_not_open'],
      handler: async ({ id, body, caller }) => {
        const { orgId, sandbox } = caller;
        const now = await timeOf(parts, caller);
        const dismissed = await store.findings.dismiss(orgId, sandbox, id, body, now);
        if (dismissed === undefined) throw problem(one.absent, {});
        if (dismissed.kind === 'not_open') throw problem('finding_not_open', { state: dismissed.state });
        for (const [exitId, committed] of dismissed.told)
          await wakeAfter(parts, { id: exitId, filings: [] }, committed);
        return present(dismissed.finding);
      },
    }),
  ];
}
