/** POST, GET /v1/signals · GET /v1/signals/{id} */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { businessDate } from '../domain/dates.ts';
import { riskRulesOf } from '../domain/profile.ts';
import { receive } from '../domain/risk.ts';
import { isPrivate, SIGNAL_KINDS, SIGNAL_SOURCES } from '../domain/signals.ts';
import { faultAt } from '../faults.ts';
import { problem } from '../problem.ts';
import type { NewSignal, StoredSignal } from '../store/signals.ts';
import type { Caller } from './auth.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid } from './errors.ts';
import { pageExample } from './examples.ts';
import { date, externalId, fault, id, instant, line, money, sha256, text } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { signalDraftExample, signalExample, signalSummaryExample } from './risk-examples.ts';
import { timeOf } from './time.ts';
import { wakeAfter } from './wake.ts';

/** One of a written list; what names private life is refused with the reason. */
const workingLife = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, {
    error: ({ input }) =>
      typeof input === 'string' && isPrivate(input) ? fault('signal_private') : undefined,
  });

const evidence = z.strictObject({
  title: line(200),
  reference: line(500).optional(),
  sha256: sha256.optional(),
});

const signalDraftSchema = (profiles: readonly string[]) =>
  z
    .strictObject({
      external_id: externalId,
      employee_external_id: externalId,
      kind: workingLife(SIGNAL_KINDS),
      occurred_on: date,
      amount: money.optional(),
      summary: text(2000).meta({ description: 'What happened; encrypted under a key of the employee' }),
      evidence: z.array(evidence).max(20).default([]),
      source: workingLife(SIGNAL_SOURCES).meta({
        description: 'Who in the firm found it, in their own work',
      }),
      profile: z.enum(profiles, fault('profile_unknown')).optional().meta({
        description:
          'Whose weights hold for the employee from now on; left out: as before, at first `general`',
      }),
    })
    .meta({ id: 'SignalDraft' });
type SignalDraft = z.output<ReturnType<typeof signalDraftSchema>>;

const summary = {
  id: id('signal'),
  external_id: z.string(),
  employee_external_id: z.string(),
  kind: z.enum(SIGNAL_KINDS),
  occurred_on: z.string().meta({ format: 'date' }),
  amount: z.string().nullable(),
  source: z.enum(SIGNAL_SOURCES),
  created_at: instant,
};
/** Without the words: they may hold names, and are shown only where one signal is looked at. */
export const SignalSummary = z.object(summary).meta({ id: 'SignalSummary' });

const SignalView = z
  .object({
    ...summary,
    summary: z.string().nullable().meta({ description: 'Null when the employee was erased' }),
    evidence: z.array(
      z.object({ title: z.string(), reference: z.string().nullable(), sha256: z.string().nullable() }),
    ),
  })
  .meta({ id: 'Signal' });

export const presentSignalSummary = ({
  signal,
  createdAt,
}: StoredSignal): z.output<typeof SignalSummary> => ({
  id: signal.id,
  external_id: signal.externalId,
  employee_external_id: signal.employeeExternalId,
  kind: signal.kind,
  occurred_on: signal.occurredOn,
  amount: signal.amount ?? null,
  source: signal.source,
  created_at: createdAt.toISOString(),
});

function present(stored: StoredSignal): z.output<typeof SignalView> {
  const secret = stored.secret();
  return {
    ...presentSignalSummary(stored),
    summary: secret?.summary ?? null,
    evidence: (secret?.evidence ?? []).map(({ title, reference, sha256 }) => ({
      title,
      reference: reference ?? null,
      sha256: sha256 ?? null,
    })),
  };
}

function newSignal(draft: SignalDraft): NewSignal {
  return {
    signal: {
      externalId: draft.external_id,
      employeeExternalId: draft.employee_external_id,
      kind: draft.kind,
      occurredOn: draft.occurred_on,
      source: draft.source,
      ...(draft.amount === undefined ? {} : { amount: draft.amount }),
    },
    secret: {
      summary: draft.summary,
      evidence: draft.evidence.map(({ title, reference, sha256 }) => ({
        title,
        ...(reference === undefined ? {} : { reference }),
        ...(sha256 === undefined ? {} : { sha256 }),
      })),
    },
    ...(draft.profile === undefined ? {} : { profile: draft.profile }),
  };
}

const path = '/v1/signals';
const common = { tag: 'Risk', scope: 'risk' } as const;

export function signalEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store, profiles } = parts;

  async function record(draft: SignalDraft, caller: Caller): Promise<StoredSignal> {
    const { orgId, sandbox } = caller;
    const now = await timeOf(parts, caller);
    const today = businessDate(now);
    if (draft.occurred_on > today)
      throw invalid('body_invalid', [
        faultAt('/occurred_on', 'date_in_future', { date: draft.occurred_on, today }),
      ]);
    const given = newSignal(draft);
    const recorded = await store.signals.record(
      orgId,
      sandbox,
      given,
      (history, fact, profile) => receive(history, fact, riskRulesOf(profiles, profile, today), now),
      now,
    );
    if (recorded === 'erased') throw problem('employee_erased', {});
    if (recorded === 'exists') return again(given, orgId, sandbox);
    await wakeAfter(parts, { id: recorded.employeeId, filings: [] }, recorded);
    return recorded.stored;
  }

  /** The same signal sent again is the same answer; nothing is counted twice. */
  async function again(
    { signal, secret }: NewSignal,
    orgId: string,
    sandbox: boolean,
  ): Promise<StoredSignal> {
    const known = await store.signals.findByExternalId(orgId, sandbox, signal.externalId);
    if (known === undefined) throw new Error('a signal that exists cannot be found');
    const { id: signal_id, ...was } = known.signal;
    if (!isDeepStrictEqual(was, signal))
      throw problem('signal_exists', { signal_id }, { members: { signal_id } });
    const words = known.secret();
    if (words === undefined) throw problem('employee_erased', {});
    if (!isDeepStrictEqual(words, secret))
      throw problem('signal_exists', { signal_id }, { members: { signal_id } });
    return known;
  }

  return [
    endpoint({
      ...common,
      method: 'post',
      path,
      name: 'createSignal',
      summary: 'Report a risk fact about an employee; `risk.warned` follows when a threshold is crossed',
      description:
        'The same signal under the same `external_id` is recorded once. What comes from private life or social media is ' +
        'refused with the reason (PIPL §6, §13, §28).',
      body: signalDraftSchema(profiles.names),
      bodyExample: signalDraftExample,
      answer: SignalView,
      answerExample: signalExample,
      status: 201,
      problems: ['signal_exists', 'employee_erased'],
      handler: async ({ body, caller }) => present(await record(body, caller)),
    }),
    endpoint({
      ...common,
      method: 'get',
      path,
      name: 'listSignals',
      summary: 'List signals, newest first',
      query: {
        employee_external_id: externalId.optional(),
        kind: z.enum(SIGNAL_KINDS).optional(),
        ...pageQuery,
      },
      cursor: 'cursor',
      answer: pageOf(SignalSummary),
      answerExample: pageExample(signalSummaryExample),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query: { employee_external_id, kind, ...page }, caller: { orgId, sandbox } }) => {
        const filter = {
          ...(employee_external_id === undefined ? {} : { employeeExternalId: employee_external_id }),
          ...(kind === undefined ? {} : { kind }),
        };
        const found = await store.signals.list(orgId, sandbox, filter, pageAfter('signal', page));
        return pageFrom(found, page.limit, ({ signal }) => signal.id, presentSignalSummary);
      },
    }),
    endpoint({
      ...common,
      method: 'get',
      path: `${path}/{id}`,
      name: 'getSignal',
      summary: 'Read a signal with its words and evidence',
      id: { schema: id('signal'), absent: 'signal_not_found' },
      answer: SignalView,
      answerExample: signalExample,
      status: 200,
      problems: ['signal_not_found'],
      handler: async ({ id, caller: { orgId, sandbox } }) => {
        const found = await store.signals.load(orgId, sandbox, id);
        if (found === undefined) throw problem('signal_not_found', {});
        return present(found);
      },
    }),
  ];
}
