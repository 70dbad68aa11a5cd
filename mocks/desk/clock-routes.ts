// Control API: time.
import { setWindow, windowOf } from '../insurance/index.ts';
import { httpParticipant } from './participants.ts';
import { DeskError } from './problem.ts';
import { agencyOf, type Route } from './route.ts';
import * as schema from './schemas.ts';
import { advanceAll } from './time.ts';
import * as view from './views.ts';

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
    async run({ sandbox }, body: { by?: string; to?: string; margin?: string; dry_run?: boolean }) {
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
    summary: 'Days of the month on which the insurance agency takes batches, and when that next changes.',
    output: schema.windowOut,
    status: 200,
    run({ house, sandbox }) {
      agencyOf(house, 'insurance');
      return view.windowView(sandbox, windowOf(sandbox.room('insurance')));
    },
  },
  {
    method: 'PUT',
    path: '/window',
    summary: 'Sets the window, of one unit or of all.',
    input: schema.windowInput,
    output: schema.windowOut,
    status: 200,
    run({ house, sandbox }, { uscc, ...window }: { opens: number; closes: number; uscc?: string }) {
      agencyOf(house, 'insurance');
      if (window.opens > window.closes)
        throw new DeskError(400, 'WINDOW_INVALID', {
          en: 'opens must not be after closes',
          zh: 'opens 不得晚于 closes',
        });
      sandbox.transaction(() => setWindow(window, sandbox.room('insurance'), uscc));
      return view.windowView(sandbox, windowOf(sandbox.room('insurance'), uscc));
    },
  },
];
