// Control API: time.
import { httpParticipant } from './participants.ts';
import { DeskError } from './problem.ts';
import type { Route } from './route.ts';
import * as schema from './schemas.ts';
import { type Advance, advanceAll } from './time.ts';
import * as view from './views.ts';
import { putWindow, readWindow, type Window } from './windows.ts';

export const CLOCK_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/clock',
    summary: 'Sandbox time, what is due next, what happened last.',
    output: schema.clockOut,
    status: 200,
    run: ({ sandbox }) => view.clockView(sandbox),
  },
  {
    method: 'POST',
    path: '/clock/advance',
    summary: 'Moves sandbox time forward and answers with the events fired on the way, in order.',
    input: schema.advanceInput,
    output: schema.advanceOut,
    status: 200,
    async run({ sandbox }, body: Omit<Advance, 'dryRun'> & { dry_run?: boolean }) {
      const { dry_run: dryRun = false, ...step } = body;
      const events = await advanceAll(sandbox, { ...step, dryRun });
      return { now: sandbox.clock.now().toISOString(), events };
    },
  },
  {
    method: 'POST',
    path: '/clock/freeze',
    summary: 'Stops sandbox time; only advance moves it.',
    output: schema.clockOut,
    status: 200,
    run({ sandbox }) {
      sandbox.clock.freeze();
      return view.clockView(sandbox);
    },
  },
  {
    method: 'POST',
    path: '/clock/run',
    summary: 'Lets sandbox time run with real time again, from where it is.',
    output: schema.clockOut,
    status: 200,
    run({ sandbox }) {
      sandbox.clock.run();
      return view.clockView(sandbox);
    },
  },
  {
    method: 'GET',
    path: '/clock/participants',
    summary: 'Who is stepped along when the clock is advanced, in order.',
    output: schema.list(schema.participantOut),
    status: 200,
    run: ({ sandbox }) => [...sandbox.participants.keys()].map((name) => ({ name })),
  },
  {
    method: 'PUT',
    path: '/clock/participants/{name}',
    summary:
      'Registers an address that is stepped in order with the agencies\u2019 own events: it gets { now }, does what is due, and answers { next?, events? }.',
    input: schema.participantInput,
    output: schema.participantOut,
    status: 200,
    run({ house, sandbox, params }, { url }: { url: string }) {
      const name = params.name ?? '';
      // A public host that calls addresses of strangers would be theirs to scan networks with.
      if (house.hosting.isPublic)
        throw new DeskError(403, 'NOT_IN_PUBLIC', {
          en: 'participants by address are for agencies run locally',
          zh: '按地址登记参与方仅适用于本机运行的模拟机构',
        });
      if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
        throw new DeskError(400, 'URL_INVALID', {
          en: 'url must be an http or https address',
          zh: 'url 必须是 http 或 https 地址',
        });
      sandbox.participants.set(name, httpParticipant(name, url));
      return { name };
    },
  },
  {
    method: 'DELETE',
    path: '/clock/participants/{name}',
    summary: 'Leaves a participant behind.',
    output: schema.countOut,
    status: 200,
    run({ sandbox, params }) {
      if (!sandbox.participants.delete(params.name ?? ''))
        throw new DeskError(404, 'PARTICIPANT_UNKNOWN', {
          en: 'no such participant is registered',
          zh: '没有登记该参与方',
        });
      return { count: 1 };
    },
  },
  {
    method: 'GET',
    path: '/window',
    summary: 'Days of the month on which an insurance agency takes filings, and when that next changes.',
    query: { agency: 'insurance (default) or insurance-sm2', uscc: 'the window of one unit' },
    output: schema.windowOut,
    status: 200,
    run({ sandbox, query }) {
      const [agency, uscc] = [query.get('agency') ?? undefined, query.get('uscc') ?? undefined];
      return view.windowView(readWindow(sandbox, agency, uscc));
    },
  },
  {
    method: 'PUT',
    path: '/window',
    summary:
      'Sets the window of an agency (default insurance), of one unit or of all. That of insurance-sm2 may run over the end of the month; 1 to 31 never closes.',
    input: schema.windowInput,
    output: schema.windowOut,
    status: 200,
    run({ sandbox }, { agency, uscc, ...window }: Window & { agency?: string; uscc?: string }) {
      putWindow(sandbox, agency, window, uscc);
      return view.windowView(readWindow(sandbox, agency, uscc));
    },
  },
];
