/** POST, GET /v1/windows · GET, DELETE /v1/windows/{id} */
import { z } from 'zod';
import { businessDate } from '../domain/dates.ts';
import { type ConfirmedWindow, INSURANCES, unconfirmed, WINDOWED } from '../domain/windows.ts';
import { faultAt } from '../faults.ts';
import { problem } from '../problem.ts';
import type { StoredWindow } from '../store/windows.ts';
import type { Caller } from './auth.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid } from './errors.ts';
import { pageExample, windowExample, windowQuestionExample } from './examples.ts';
import { area, date, id, instant, line, month, name } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';

const dayOfMonth = z.int().min(1).max(31);
const insurance = z.enum([...INSURANCES, '*']).meta({ description: 'AAE140; `*`: all of them' });

const WindowDraft = z
  .strictObject({
    region: area('area_unknown').meta({
      description: 'GB/T 2260 code or prefix; 110000 is kept as 11. The nearest region speaks for a filing',
      examples: ['1101'],
    }),
    insurance: insurance.default('*'),
    month,
    opens: dayOfMonth.meta({ description: 'First day of the month on which filings are taken (UTC+8)' }),
    closes: dayOfMonth.meta({ description: 'Last day, inclusive; a short month cuts it to its last' }),
    source: line(500).meta({
      description: 'Where it is written: the circular, the page, the telephone call',
    }),
    confirmed_by: name(100).meta({ description: 'Who read it there' }),
    confirmed_on: date.optional().meta({ description: 'Default: today' }),
  })
  .meta({ id: 'WindowDraft' });

const WindowView = z
  .object({
    id: id('window'),
    region: z.string(),
    insurance,
    month: z.string(),
    opens: z.int(),
    closes: z.int(),
    source: z.string(),
    confirmed_by: z.string(),
    confirmed_on: z.string().meta({ format: 'date' }),
    created_at: instant.meta({ description: 'Of the newest confirmation' }),
  })
  .meta({ id: 'Window' });

const WindowQuestion = z
  .object({
    region: z.string(),
    month: z.string(),
    missing: z.array(z.enum(INSURANCES)).readonly().meta({ description: 'Insurances without a window' }),
    exit_id: id('exit').meta({ description: 'The exit whose filing needed it first' }),
    asked_at: instant,
  })
  .meta({ id: 'WindowQuestion' });

const present = (window: StoredWindow): z.output<typeof WindowView> => ({
  id: window.id,
  region: window.region,
  insurance: window.insurance,
  month: window.month,
  opens: window.opens,
  closes: window.closes,
  source: window.source,
  confirmed_by: window.confirmedBy,
  confirmed_on: window.confirmedOn,
  created_at: window.createdAt.toISOString(),
});

const path = '/v1/windows';
const common = { tag: 'Windows', scope: 'connections' } as const;
const one = { schema: id('window'), absent: 'window_not_found' } as const;

export function windowEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store } = parts;
  /** Filings that a window holds, or held, are judged anew by what is known now. */
  const judgeAnew = ({ orgId, sandbox }: Caller, { region }: StoredWindow, now: Date) =>
    store.filings.retryHeld(orgId, { sandbox, region, kinds: Object.keys(WINDOWED) }, now);

  /** What was needed from this month on, and is still not known. */
  async function questions(caller: Caller, filter: { region?: string; month?: string }) {
    const thisMonth = businessDate(await timeOf(parts, caller)).slice(0, 7);
    const known = await store.windows.known(caller.orgId, caller.sandbox, thisMonth);
    return known.questions
      .filter(
        ({ region, month }) => region.startsWith(filter.region ?? '') && month === (filter.month ?? month),
      )
      .map((question) => ({
        region: question.region,
        month: question.month,
        missing: unconfirmed(question.region, 'insurance_stop', question.month, known.windows),
        exit_id: question.exitId,
        asked_at: question.askedAt.toISOString(),
      }))
      .filter(({ missing }) => missing.length > 0);
  }

  return [
    endpoint({
      ...common,
      method: 'post',
      path,
      name: 'confirmWindow',
      summary: 'Say on which days of a month an agency takes insurance filings, or replace what was said',
      description:
        'There is one window for each region, insurance and month, and it says who confirmed it and where it is written: ' +
        'none is ever made up. Filings that wait for it are judged anew.',
      body: WindowDraft,
      bodyExample: {
        region: '110100',
        insurance: '*',
        month: windowExample.month,
        opens: windowExample.opens,
        closes: windowExample.closes,
        source: windowExample.source,
        confirmed_by: windowExample.confirmed_by,
      },
      answer: WindowView,
      answerExample: windowExample,
      status: 201,
      problems: ['window_confirmed_later'],
      handler: async ({ body, caller }) => {
        const now = await timeOf(parts, caller);
        const window = windowOf(body, businessDate(now));
        const confirmed = await store.windows.confirm(caller.orgId, caller.sandbox, window, now);
        if (confirmed === undefined) {
          const { region, insurance, month, confirmedOn: confirmed_on } = window;
          throw problem('window_confirmed_later', { region, insurance, month, confirmed_on });
        }
        await judgeAnew(caller, confirmed, now);
        return present(confirmed);
      },
    }),
    endpoint({
      ...common,
      method: 'get',
      path,
      name: 'listWindows',
      summary: 'List windows, newest first, and the regions and months that were needed and have none',
      query: {
        region: area('area_unknown').optional().meta({ description: 'All that cover it or lie in it' }),
        month: month.optional(),
        ...pageQuery,
      },
      cursor: 'cursor',
      answer: pageOf(WindowView).extend({
        questions: z
          .array(WindowQuestion)
          .readonly()
          .meta({ description: 'From this month on, whole on each page' }),
      }),
      answerExample: { ...pageExample(windowExample), questions: [windowQuestionExample] },
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query: { region, month, ...page }, caller }) => {
        const filter = {
          ...(region === undefined ? {} : { region }),
          ...(month === undefined ? {} : { month }),
        };
        const { orgId, sandbox } = caller;
        const found = await store.windows.list(orgId, sandbox, filter, pageAfter('window', page));
        return {
          ...pageFrom(found, page.limit, (each) => each.id, present),
          questions: await questions(caller, filter),
        };
      },
    }),
    endpoint({
      ...common,
      method: 'get',
      path: `${path}/{id}`,
      name: 'getWindow',
      summary: 'Read a window',
      id: one,
      answer: WindowView,
      answerExample: windowExample,
      status: 200,
      problems: [one.absent],
      handler: async ({ id, caller: { orgId, sandbox } }) => {
        const found = await store.windows.load(orgId, sandbox, id);
        if (found === undefined) throw problem(one.absent, {});
        return present(found);
      },
    }),
    endpoint({
      ...common,
      method: 'delete',
      path: `${path}/{id}`,
      name: 'deleteWindow',
      summary: 'Delete a window, which is then unknown again; filings that wait for it are judged anew',
      id: one,
      status: 204,
      problems: [one.absent],
      handler: async ({ id, caller }) => {
        const removed = await store.windows.remove(caller.orgId, caller.sandbox, id);
        if (removed === undefined) throw problem(one.absent, {});
        await judgeAnew(caller, removed, await timeOf(parts, caller));
        return undefined;
      },
    }),
  ];
}

function windowOf(draft: z.output<typeof WindowDraft>, today: string): ConfirmedWindow {
  const { opens, closes, confirmed_on: confirmedOn = today } = draft;
  const faults = [
    ...(closes < opens ? [faultAt('/closes', 'window_closes_first', { closes, opens })] : []),
    ...(confirmedOn > today
      ? [faultAt('/confirmed_on', 'date_in_future', { date: confirmedOn, today })]
      : []),
  ];
  if (faults.length > 0) throw invalid('body_invalid', faults);
  return {
    region: draft.region,
    insurance: draft.insurance,
    month: draft.month,
    opens,
    closes,
    source: draft.source,
    confirmedBy: draft.confirmed_by,
    confirmedOn,
  };
}
