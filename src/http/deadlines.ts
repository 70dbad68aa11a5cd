/** GET /v1/deadlines: the limits that are still running, statutes' and those that agencies set, the most urgent first. */
import { z } from 'zod';
import { clocksRunning } from '../domain/correction.ts';
import { FILING_STATES } from '../domain/filing.ts';
import { urgency } from '../domain/urgency.ts';
import { FILING_KINDS } from '../domain/words.ts';
import type { Language } from '../language.ts';
import { problem } from '../problem.ts';
import type { OpenDeadline } from '../store/filings.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { deadlineExample, pageExample } from './examples.ts';
import { date, id, instant } from './fields.ts';
import { decodeCursor, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';

const day = z.string().meta({ format: 'date' });
const ClockView = z.object({
  clock: z.string().meta({
    description:
      'Its name in profiles/statutes/clocks.yaml; `correction`: the day that the agency has set for the answer',
  }),
  basis: z.string().meta({ description: 'The rule it stands on' }),
  starts: day.meta({ description: 'Counted from here; the first day is not counted' }),
  raw: day
    .nullable()
    .meta({ description: 'The last day before it is moved by a holiday; none for working days' }),
  due: day.nullable().meta({ description: 'The outer limit; none while the year is not published' }),
  closes_at: instant,
  uncovered: z.string().nullable().meta({ description: 'Why the outer limit cannot be known yet' }),
});

const DeadlineView = ClockView.extend({
  filing_id: id('filing'),
  exit_id: id('exit'),
  external_id: z.string(),
  kind: z.enum(FILING_KINDS),
  state: z.enum(FILING_STATES),
  stage: z.enum(['ahead', 'last_day', 'rolled', 'missed']).meta({
    description: '`rolled`: the last day is over, and only the holiday after it still allows the filing',
  }),
  days_left: z
    .int()
    .meta({ description: 'Calendar days to the unrolled last day; negative when it is past' }),
  other_clocks: z.array(ClockView).meta({ description: 'The later clocks of the same filing' }),
}).meta({ id: 'Deadline' });

function presentClock(
  clock: OpenDeadline['filing']['clocks'][number],
  language: Language,
): z.output<typeof ClockView> {
  return {
    clock: clock.id,
    basis: clock.basis[language],
    starts: clock.starts,
    raw: clock.raw ?? null,
    due: clock.due ?? null,
    closes_at: clock.closesAt.toISOString(),
    uncovered: clock.uncovered?.[language] ?? null,
  };
}

function present(
  { filing, exitId, externalId }: OpenDeadline,
  now: Date,
  language: Language,
): z.output<typeof DeadlineView> {
  const [nearest, ...others] = clocksRunning(filing);
  if (nearest === undefined) throw new Error(`filing ${filing.id} is listed as a deadline and has no clock`);
  const { stage, daysLeft } = urgency(nearest, now);
  return {
    ...presentClock(nearest, language),
    filing_id: filing.id,
    exit_id: exitId,
    external_id: externalId,
    kind: filing.kind,
    state: filing.state,
    stage,
    days_left: daysLeft,
    other_clocks: others.map((clock) => presentClock(clock, language)),
  };
}

/** `2026-12-09T16:00:00.000Z fil_…`: where the page before ended. */
const POSITION = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (fil_[0-9a-z]{26})$/;

function positionAfter(cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  const [, at, filingId] = POSITION.exec(decodeCursor(cursor)) ?? [];
  if (at === undefined || filingId === undefined || Number.isNaN(Date.parse(at)))
    throw problem('cursor_invalid', { parameter: 'cursor' });
  return { at: new Date(at), filingId };
}

const positionOf = ({ filing }: OpenDeadline) =>
  `${clocksRunning(filing)[0]?.closesAt.toISOString()} ${filing.id}`;

export function deadlineEndpoints(parts: HttpParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/deadlines',
      name: 'listDeadlines',
      tag: 'Deadlines',
      summary:
        'List the limits that are still running, of statutes and of corrections, the most urgent first',
      scope: 'exits:read',
      query: {
        kind: z.enum(FILING_KINDS).optional(),
        exit_id: id('exit').optional(),
        due_before: date.optional().meta({ description: 'Only what runs out before this day ends' }),
        ...pageQuery,
      },
      cursor: 'cursor',
      answer: pageOf(DeadlineView),
      answerExample: pageExample(deadlineExample),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query: { kind, exit_id, due_before, cursor, limit }, caller, language }) => {
        const { orgId, sandbox } = caller;
        const now = await timeOf(parts, caller);
        const after = positionAfter(cursor);
        const found = await parts.store.filings.deadlines(
          orgId,
          sandbox,
          {
            ...(kind === undefined ? {} : { kind }),
            ...(exit_id === undefined ? {} : { exitId: exit_id }),
            ...(due_before === undefined ? {} : { before: new Date(`${due_before}T24:00:00+08:00`) }),
          },
          { limit: limit + 1, ...(after === undefined ? {} : { after }) },
        );
        return pageFrom(found, limit, positionOf, (deadline) => present(deadline, now, language));
      },
    }),
  ];
}
