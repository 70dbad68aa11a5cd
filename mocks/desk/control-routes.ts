// Control API: sandboxes, time, faults, clerk.
import { randomBytes } from 'node:crypto';
import * as control from './control.ts';
import { DeskError } from './problem.ts';
import { agencyOf, type Route } from './route.ts';
import * as schema from './schemas.ts';
import * as view from './views.ts';

export const CONTROL_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/sandboxes',
    summary: 'All sandboxes.',
    output: schema.list(schema.sandboxOut),
    status: 200,
    run: ({ house }) => house.list().map(view.sandboxView),
  },
  {
    method: 'POST',
    path: '/sandboxes',
    summary: 'Creates a sandbox with its own store, clock, faults, CA and journal.',
    input: schema.sandboxInput,
    output: schema.sandboxOut,
    status: 201,
    run({ house, base }, body: { name?: string; seed?: string; start?: string }) {
      const name = body.name ?? `box-${randomBytes(5).toString('hex')}`;
      if (house.find(name)) throw new DeskError(409, 'SANDBOX_EXISTS', `there is a sandbox ${name} already`);
      const start = body.start === undefined ? undefined : new Date(body.start);
      if (start && Number.isNaN(start.getTime()))
        throw new DeskError(400, 'TIME_INVALID', 'start is not a point in time');
      const sandbox = house.open(name, {
        ...(body.seed ? { seed: body.seed } : {}),
        ...(start ? { start } : {}),
      });
      const root = `${base.replace(/\/s\/[^/]+$/, '')}/s/${name}`;
      const urls = Object.fromEntries(house.names.map((agency) => [agency, `${root}/${agency}`]));
      return { ...view.sandboxView(sandbox), urls: { desk: root, ...urls } };
    },
  },
  {
    method: 'DELETE',
    path: '/sandboxes/{name}',
    summary: 'Deletes a sandbox. The default one stays.',
    output: schema.countOut,
    status: 200,
    run({ house, params }) {
      if (params.name === 'default')
        throw new DeskError(409, 'SANDBOX_DEFAULT', 'the default sandbox stays; reset it instead');
      if (!house.drop(params.name ?? '')) throw new DeskError(404, 'SANDBOX_UNKNOWN', 'no such sandbox');
      return { count: 1 };
    },
  },
  {
    method: 'POST',
    path: '/reset',
    summary: 'Empties the sandbox: rolls, cases, timers, faults, clerk, journal; real time again.',
    output: schema.countOut,
    status: 200,
    run({ sandbox }) {
      sandbox.reset();
      return { count: 1 };
    },
  },
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
    run({ sandbox }, body: control.Advance) {
      const events = control.advance(sandbox, body);
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
    path: '/faults',
    summary: 'Armed faults.',
    output: schema.list(schema.faultOut),
    status: 200,
    run: ({ sandbox }) => sandbox.faults.list().map(view.faultView),
  },
  {
    method: 'POST',
    path: '/faults',
    summary: 'Arms a fault. Counts down by times, expires by ttl (default one hour of real time).',
    input: schema.faultInput,
    output: schema.faultOut,
    status: 201,
    run: ({ sandbox }, body: control.FaultInput) => view.faultView(control.armFault(sandbox, body)),
  },
  {
    method: 'DELETE',
    path: '/faults',
    summary: 'Disarms all faults.',
    output: schema.countOut,
    status: 200,
    run: ({ sandbox }) => ({ count: sandbox.faults.disarm() }),
  },
  {
    method: 'DELETE',
    path: '/faults/{id}',
    summary: 'Disarms one fault.',
    output: schema.countOut,
    status: 200,
    run({ sandbox, params }) {
      const count = sandbox.faults.disarm(params.id ?? '');
      if (count === 0) throw new DeskError(404, 'FAULT_UNKNOWN', 'no such fault is armed');
      return { count };
    },
  },
  {
    method: 'GET',
    path: '/clerk',
    summary: 'The policy of each agency\u2019s clerk.',
    output: schema.clerkOut,
    status: 200,
    run: ({ house, sandbox }) =>
      Object.fromEntries(house.names.map((name) => [name, policyView(sandbox.clerk().policy(name))])),
  },
  {
    method: 'PUT',
    path: '/clerk/{agency}',
    summary: 'accept: decides after the delay of sandbox time. manual: leaves cases to the desk.',
    input: schema.clerkInput,
    output: schema.policyOut,
    status: 200,
    run: ({ house, sandbox, params }, body: Parameters<typeof control.setClerk>[2]) =>
      policyView(control.setClerk(sandbox, agencyOf(house, params.agency), body)),
  },
];

const policyView = ({ policy, delayMs }: { policy: string; delayMs: number }) => ({
  policy,
  delay_ms: delayMs,
});
