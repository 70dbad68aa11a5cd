/** POST, GET /v1/reconciliations · GET /v1/reconciliations/{id} */
import { z } from 'zod';
import { addDays, businessDate, daysBetween } from '../domain/dates.ts';
import { incompleteText } from '../domain/incomplete.ts';
import { faultAt } from '../faults.ts';
import type { Language } from '../language.ts';
import { problem } from '../problem.ts';
import type { Period, StoredRun } from '../store/runs.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid, loggable } from './errors.ts';
import { pageExample } from './examples.ts';
import { date, id, instant } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { reconciliationExample } from './reconciliation-examples.ts';
import { timeOf } from './time.ts';

const RUN_STATES = ['waiting', 'running', 'complete', 'incomplete'] as const;

const ReconciliationDraft = z
  .strictObject({
    connection_id: id('connection'),
    from: date.optional().meta({ description: 'First exit date, inclusive. Default: 90 days ago' }),
    to: date.optional().meta({ description: 'Last exit date, inclusive. Default: in 31 days' }),
  })
  .meta({ id: 'ReconciliationDraft' });

const count = z.int();
const ReconciliationView = z
  .object({
    id: id('reconciliation'),
    connection_id: id('connection'),
    from: z.string().meta({ format: 'date' }),
    to: z.string().meta({ format: 'date' }),
    night: z.string().nullable().meta({ description: 'The night that it belongs to; null: somebody asked' }),
    state: z.enum(RUN_STATES).meta({
      description: '`incomplete`: the agency could not be read to the end; nothing is called missing then',
    }),
    reason: z.string().nullable().meta({ description: 'Why it is incomplete, in the language asked for' }),
    counts: z
      .object({
        listed: count.meta({ description: 'Filings that the agency has' }),
        enrolled: count.meta({ description: "People whom it counts as the employer's" }),
        compared: count.meta({ description: 'Filings of ours' }),
        found: count,
        opened: count.meta({ description: 'Findings that are new, or back again' }),
        resolved: count.meta({ description: 'Findings that are gone' }),
      })
      .nullable()
      .meta({ description: 'Once it has ended' }),
    requested_at: instant,
    ended_at: instant.nullable(),
  })
  .meta({ id: 'Reconciliation' });

const present = (run: StoredRun, language: Language): z.output<typeof ReconciliationView> => ({
  id: run.id,
  connection_id: run.connectionId,
  from: run.period.from,
  to: run.period.to,
  night: run.night ?? null,
  state: run.state,
  reason: run.reason === undefined ? null : incompleteText(run.reason)[language],
  counts:
    run.counts === undefined
      ? null
      : {
          listed: run.counts.listed,
          enrolled: run.counts.enrolled,
          compared: run.counts.compared,
          found: run.counts.found,
          opened: run.counts.opened,
          resolved: run.counts.resolved,
        },
  requested_at: run.requestedAt.toISOString(),
  ended_at: run.endedAt?.toISOString() ?? null,
});

const DAYS_BACK = 90;
const DAYS_AHEAD = 31;
const MOST_DAYS = 366;

function periodOf(draft: z.output<typeof ReconciliationDraft>, now: Date): Period {
  const today = businessDate(now);
  const { from = addDays(today, -DAYS_BACK), to = addDays(today, DAYS_AHEAD) } = draft;
  const days = daysBetween(from, to) + 1;
  if (days < 1) throw invalid('body_invalid', [faultAt('/to', 'period_reversed', { from, to })]);
  if (days > MOST_DAYS)
    throw invalid('body_invalid', [faultAt('/to', 'period_too_long', { days, most: MOST_DAYS })]);
  return { from, to };
}

const path = '/v1/reconciliations';
const common = { tag: 'Reconciliation' } as const;
const one = { schema: id('reconciliation'), absent: 'reconciliation_not_found' } as const;

export function reconciliationEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store, manifests, wakeRun, log } = parts;
  return [
    endpoint({
      ...common,
      method: 'post',
      path,
      name: 'createReconciliation',
      summary: "Compare the agency's list and roster with our filings, beside what happens every night",
      description:
        'Answers at once with the run, `waiting`; read it again until it has ended. What is on its way, held, in doubt, or ' +
        "younger than the agency's delay is never a finding.",
      scope: 'exits:write',
      body: ReconciliationDraft,
      bodyExample: { connection_id: reconciliationExample.connection_id },
      answer: ReconciliationView,
      answerExample: { ...reconciliationExample, state: 'waiting', counts: null, ended_at: null },
      status: 201,
      problems: ['connection_not_found', 'connection_cannot_list'],
      handler: async ({ body, caller, language }) => {
        const { orgId, sandbox } = caller;
        const now = await timeOf(parts, caller);
        const period = periodOf(body, now);
        const connection = (await store.connections.list(orgId, sandbox)).find(
          (each) => each.id === body.connection_id,
        );
        if (connection === undefined) throw problem('connection_not_found', {});
        const { adapter } = connection;
        if (manifests.get(adapter)?.capabilities?.includes('list') !== true)
          throw problem('connection_cannot_list', { adapter });
        const run = await store.reconciliations.request(orgId, sandbox, connection.id, period, now);
        if (run === undefined) throw problem('connection_not_found', {});
        await wakeRun(run.id).catch((error: unknown) =>
          log.warn(
            { reconciliation: run.id, error: loggable(error) },
            'a wake was lost; sweep will repair it',
          ),
        );
        return present(run, language);
      },
    }),
    endpoint({
      ...common,
      method: 'get',
      path,
      name: 'listReconciliations',
      summary: 'List reconciliations, newest first',
      scope: 'exits:read',
      query: {
        state: z.enum(RUN_STATES).optional(),
        connection_id: id('connection').optional(),
        ...pageQuery,
      },
      cursor: 'cursor',
      answer: pageOf(ReconciliationView),
      answerExample: pageExample(reconciliationExample),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query: { state, connection_id, ...page }, caller: { orgId, sandbox }, language }) => {
        const filter = {
          ...(state === undefined ? {} : { state }),
          ...(connection_id === undefined ? {} : { connectionId: connection_id }),
        };
        const found = await store.reconciliations.list(
          orgId,
          sandbox,
          filter,
          pageAfter('reconciliation', page),
        );
        return pageFrom(
          found,
          page.limit,
          (each) => each.id,
          (run) => present(run, language),
        );
      },
    }),
    endpoint({
      ...common,
      method: 'get',
      path: `${path}/{id}`,
      name: 'getReconciliation',
      summary: 'Read a reconciliation: how far it is, and how much it found',
      scope: 'exits:read',
      id: one,
      answer: ReconciliationView,
      answerExample: reconciliationExample,
      status: 200,
      problems: [one.absent],
      handler: async ({ id, caller: { orgId, sandbox }, language }) => {
        const found = await store.reconciliations.load(orgId, sandbox, id);
        if (found === undefined) throw problem(one.absent, {});
        return present(found, language);
      },
    }),
  ];
}
