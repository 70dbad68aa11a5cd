// Control API: faults and clerk.
import type { ClerkPolicy } from '../kernel/clerk.ts';
import * as control from './control.ts';
import { faultOffers } from './fault-offers.ts';
import * as faults from './fault-schemas.ts';
import { DeskError } from './problem.ts';
import { agencyOf, type Route } from './route.ts';
import * as schema from './schemas.ts';
import * as view from './views.ts';

export const CONTROL_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/faults',
    summary: 'Armed faults.',
    output: schema.list(faults.faultOut),
    status: 200,
    run: ({ sandbox }) => sandbox.faults.list().map(view.faultView),
  },
  {
    method: 'GET',
    path: '/faults/kinds',
    summary:
      'What can be armed: kinds with their phases, presets, and of each agency the operations that fit.',
    output: faults.faultKindsOut,
    status: 200,
    run: ({ sandbox }) => faultOffers(sandbox),
  },
  {
    method: 'POST',
    path: '/faults',
    summary: 'Arms a fault. Counts down by times, expires by ttl (default one hour of real time).',
    input: faults.faultInput,
    output: faults.faultOut,
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
      if (count === 0)
        throw new DeskError(404, 'FAULT_UNKNOWN', { en: 'no such fault is armed', zh: '没有布置该故障' });
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
    summary:
      'accept: decides after the delay of sandbox time. random: draws from the seed. manual: leaves cases to the desk.',
    input: schema.clerkInput,
    output: schema.policyOut,
    status: 200,
    run: ({ house, sandbox, params }, body: Parameters<typeof control.setClerk>[2]) =>
      policyView(control.setClerk(sandbox, agencyOf(house, params.agency), body)),
  },
];

const policyView = ({ policy, delayMs, workingDays, script }: ClerkPolicy) => ({
  policy,
  delay_ms: delayMs,
  ...(workingDays ? { working_days: true } : {}),
  ...(script === undefined ? {} : { script }),
});
