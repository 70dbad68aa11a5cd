/** GET, POST /v1/test/clock: an organisation's test time, and that of its sandboxes at the mock agencies, moved together. */
import { z } from 'zod';
import {
  type Ahead,
  type ClockView,
  DeskFailed,
  type Moved,
  type MoveRefused,
  type Passed,
} from '../domain/test-clock.ts';
import { isJump, JUMPS } from '../domain/test-time.ts';
import { durationMs } from '../domain/urgency.ts';
import { faultAt } from '../faults.ts';
import { type Problem, problem } from '../problem.ts';
import type { Caller } from './auth.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid } from './errors.ts';
import { clockExample, movedExample } from './examples.ts';
import { fault, id, instant } from './fields.ts';
import type { HttpParts } from './parts.ts';

const MoveDraft = z
  .strictObject({
    by: z
      .string()
      .refine((text) => durationMs(text) !== undefined, fault('duration_invalid'))
      .optional()
      .meta({
        description: 'ISO 8601, of fixed length: weeks, days of 24 hours, hours, minutes, seconds',
        examples: ['P15D'],
      }),
    to: z
      .string()
      .refine((text) => isJump(text) || instant.safeParse(text).success, {
        error: fault('instant_or_jump'),
        params: { jumps: JUMPS.join(', ') },
      })
      .optional()
      .meta({
        description:
          'An instant in UTC; `next-event`: whatever is due next, here or at the mock agencies; `next-deadline`: the next limit that runs out',
        examples: ['2026-11-25T16:00:00Z', ...JUMPS],
      }),
    frozen: z
      .boolean()
      .optional()
      .meta({ description: 'Whether time stands still afterwards. Left out: as before; at first it runs' }),
    dry_run: z
      .boolean()
      .default(false)
      .meta({ description: 'Only tell what is due until then, as things stand' }),
  })
  .superRefine(({ by, to, frozen }, context) => {
    if (by !== undefined && to !== undefined)
      context.addIssue({ code: 'custom', message: fault('clock_move_twice'), path: ['to'] });
    if (by === undefined && to === undefined && frozen === undefined)
      context.addIssue({ code: 'custom', message: fault('clock_move_missing'), path: [] });
  })
  .meta({ id: 'TestClockMove' });

const nullable = {
  exit_id: id('exit').nullable(),
  filing_id: id('filing').nullable(),
  agency: z.string().nullable(),
};

const Due = z
  .object({
    at: instant,
    source: z.enum(['deadline', 'probe', 'filing', 'agency']).meta({
      description:
        'Deadlines of an exit to tell, an agency to be asked whether it is back, the next step of a filing, or something at a mock agency',
    }),
    ...nullable,
    kind: z.string().nullable().meta({ description: 'Of the filing' }),
    event: z.string().nullable().meta({ description: 'At the agency' }),
    subject: z.string().nullable().meta({ description: 'The agency’s case; the connection that is asked' }),
    in_hand: z.boolean().meta({ description: 'A worker is at it' }),
  })
  .meta({ id: 'TestClockDue' });

const Happened = z
  .object({
    at: instant,
    source: z.enum(['gateway', 'agency']),
    type: z.string().meta({ description: 'An event’s type; at an agency the name it has there' }),
    ...nullable,
    event_id: id('event').nullable(),
    subject: z.string().nullable().meta({ description: 'The agency’s case' }),
    note: z.string().nullable().meta({ description: 'The agency’s sentence on it' }),
  })
  .meta({ id: 'TestClockEvent' });

const clock = {
  now: instant.meta({ description: 'The organisation’s test time' }),
  frozen: z.boolean(),
  sandboxes: z
    .array(z.object({ url: z.string(), now: instant }))
    .readonly()
    .meta({
      description:
        'At the mock agencies: what the test connections go to. Empty: only the gateway’s time moves',
    }),
  due: z.array(Due).readonly().meta({ description: 'What is due, or ahead, in order; the nearest hundred' }),
};
const TestClockView = z.object(clock).meta({ id: 'TestClock' });
const MovedView = z
  .object({
    ...clock,
    target: instant,
    reached: z.boolean().meta({
      description:
        'False when what is due did not come to its end within 25 seconds: time has gone as far as `now`. Ask again with `to`: `target`',
    }),
    events: z
      .array(Happened)
      .readonly()
      .meta({ description: 'What happened on the way, in order; a thousand at most' }),
    more_events: z.int().meta({ description: 'So many more happened; GET /v1/events has all of ours' }),
  })
  .meta({ id: 'TestClockMoved' });

const presentDue = (due: Ahead): z.output<typeof Due> => ({
  at: due.at.toISOString(),
  source: due.source,
  exit_id: due.source === 'deadline' || due.source === 'filing' ? due.exitId : null,
  filing_id: due.source === 'filing' ? due.filingId : null,
  kind: due.source === 'filing' ? due.kind : null,
  agency: due.source === 'agency' ? due.agency : null,
  event: due.source === 'agency' ? due.event : null,
  subject: due.source === 'agency' ? due.subject : due.source === 'probe' ? due.connectionId : null,
  in_hand: due.source === 'filing' && due.inHand,
});

const presentPassed = (passed: Passed): z.output<typeof Happened> => ({
  at: passed.at.toISOString(),
  source: passed.source,
  type: passed.source === 'agency' ? passed.event : passed.type,
  exit_id: passed.source === 'agency' ? null : passed.exitId,
  filing_id: passed.source === 'agency' ? null : passed.filingId,
  agency: passed.source === 'agency' ? passed.agency : null,
  event_id: passed.source === 'agency' ? null : passed.id,
  subject: passed.source === 'agency' ? passed.subject : null,
  note: passed.source === 'agency' ? passed.note : null,
});

const presentClock = ({ now, frozen, sandboxes, due }: ClockView): z.output<typeof TestClockView> => ({
  now: now.toISOString(),
  frozen,
  sandboxes: sandboxes.map((each) => ({ url: each.url, now: each.now.toISOString() })),
  due: due.map(presentDue),
});

const presentMoved = (moved: Moved): z.output<typeof MovedView> => ({
  ...presentClock(moved),
  target: moved.target.toISOString(),
  reached: moved.reached,
  events: moved.events.map(presentPassed),
  more_events: moved.more,
});

const BUSY_SECONDS = 1;

function refusalOf(refused: MoveRefused, place: '/by' | '/to'): Problem {
  switch (refused.refused) {
    case 'busy':
      return problem(
        'test_clock_busy',
        { seconds: BUSY_SECONDS },
        { headers: { 'Retry-After': String(BUSY_SECONDS) } },
      );
    case 'backwards': {
      const now = refused.now.toISOString();
      return problem('test_clock_backwards', { now }, { members: { now } });
    }
    case 'nothing_ahead':
      return problem('test_clock_nothing_ahead', { jump: refused.jump });
    case 'too_far':
      return invalid('body_invalid', [faultAt(place, 'time_too_far', { most: refused.most.toISOString() })]);
  }
}

async function withDesk<Value>(asking: Promise<Value>): Promise<Value> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof DeskFailed)
      throw problem('test_desk_failed', { url: error.url, reason: error.message });
    throw error;
  }
}

export function testClockEndpoints({ testClock }: HttpParts): readonly Endpoint[] {
  const common = { path: '/v1/test/clock', tag: 'Test clock', status: 200 } as const;
  const requireTest = ({ sandbox }: Caller) => {
    if (!sandbox) throw problem('test_key_needed', {});
  };
  return [
    endpoint({
      ...common,
      method: 'get',
      name: 'getTestClock',
      summary: 'The organisation’s test time, and what is due next',
      description: 'Test keys only.',
      scope: 'exits:read',
      answer: TestClockView,
      answerExample: clockExample,
      problems: ['test_key_needed', 'test_desk_failed'],
      handler: async ({ caller }) => {
        requireTest(caller);
        return presentClock(await withDesk(testClock.view(caller.orgId)));
      },
    }),
    endpoint({
      ...common,
      method: 'post',
      name: 'moveTestClock',
      summary:
        'Move the organisation’s test time forward: everything that is due until then happens, in order',
      description:
        'Test keys only; live data always goes by real time. The organisation’s sandboxes at the mock agencies move along. Time ' +
        'stops at each thing that is due, here or there, until it has happened: clerks decide, deadlines are told, holds end, ' +
        'filings are sent, asked after and settled. The answer comes when all of it is done. Webhooks go out as ever, in real time.',
      scope: 'organisation',
      body: MoveDraft,
      bodyExample: { by: 'P15D' },
      answer: MovedView,
      answerExample: movedExample,
      problems: [
        'test_key_needed',
        'test_clock_busy',
        'test_clock_backwards',
        'test_clock_nothing_ahead',
        'test_desk_failed',
      ],
      handler: async ({ body: { dry_run: dryRun, ...wish }, caller }) => {
        requireTest(caller);
        const moved = await withDesk(testClock.move(caller.orgId, { ...wish, dryRun }));
        if ('refused' in moved) throw refusalOf(moved, wish.to === undefined ? '/by' : '/to');
        return presentMoved(moved);
      },
    }),
  ];
}
