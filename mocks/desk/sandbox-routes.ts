// Control API: sandboxes, their snapshots and forks.
import { randomBytes } from 'node:crypto';
import { BEGINNING } from '../kernel/ca.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { DeskError } from './problem.ts';
import type { Route, Visit } from './route.ts';
import * as schema from './schemas.ts';
import * as snapshots from './snapshots.ts';
import { instantOf } from './time.ts';
import * as view from './views.ts';

const rootOf = (base: string, name: string) => `${base.replace(/\/s\/[^/]+$/, '')}/s/${name}`;

export const SANDBOX_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/sandboxes',
    access: 'operator',
    summary: 'All sandboxes.',
    output: schema.list(schema.sandboxOut),
    status: 200,
    run: ({ house }) => house.list().map(view.sandboxView),
  },
  {
    method: 'POST',
    path: '/sandboxes',
    access: 'everybody',
    summary: 'Creates a sandbox with its own store, clock, faults, CA and journal.',
    input: schema.sandboxInput,
    output: schema.sandboxOut,
    status: 201,
    run(visit, body: { name?: string; seed?: string; start?: string; frozen?: boolean }) {
      const name = freeName(visit, body.name);
      visit.house.hosting.mayCreate(visit.call);
      const start = body.start === undefined ? undefined : instantOf('start', body.start);
      // Before it no certificate of the sandbox is valid.
      if (start && start < BEGINNING)
        throw new DeskError(422, 'TIME_TOO_FAR', {
          en: 'sandbox time begins with the year 2020',
          zh: '沙箱时间最早为 2020 年初',
        });
      const sandbox = visit.house.open(name, {
        ...(body.seed ? { seed: body.seed } : {}),
        ...(start ? { start } : {}),
        ...(body.frozen ? { frozen: true } : {}),
      });
      return created(visit, sandbox);
    },
  },
  {
    method: 'DELETE',
    path: '/sandboxes/{name}',
    summary: 'Deletes a sandbox. The default one stays.',
    output: schema.countOut,
    status: 200,
    access: 'everybody', // and then only with the token of the one that goes
    run({ house, params, call }) {
      if (!house.hosting.isAdmin(params.name ?? '', call))
        throw new DeskError(401, 'TOKEN_WRONG', {
          en: 'the admin token of that sandbox is wanted',
          zh: '需要该沙箱的管理令牌',
        });
      if (params.name === 'default')
        throw new DeskError(409, 'SANDBOX_DEFAULT', {
          en: 'the default sandbox stays; reset it instead',
          zh: '默认沙箱不能删除，可以重置',
        });
      if (!house.drop(params.name ?? ''))
        throw new DeskError(404, 'SANDBOX_UNKNOWN', { en: 'no such sandbox', zh: '没有该沙箱' });
      return { count: 1 };
    },
  },
  {
    method: 'POST',
    path: '/reset',
    summary:
      'Empties the sandbox: rolls, cases, timers, faults, clerk, journal; the time of its birth again.',
    output: schema.countOut,
    status: 200,
    run({ sandbox }) {
      sandbox.reset();
      return { count: 1 };
    },
  },
  {
    method: 'POST',
    path: '/fork',
    summary: 'A second sandbox with the state, the time and the CA of this one; from then on they part.',
    input: schema.forkInput,
    output: schema.sandboxOut,
    status: 201,
    run(visit, body: { name?: string; snapshot?: string }) {
      const name = freeName(visit, body.name);
      const state =
        body.snapshot === undefined ? visit.sandbox.snapshot() : snapshots.find(visit.sandbox, body.snapshot);
      visit.house.hosting.mayCreate(visit.call);
      return created(visit, visit.house.fork(visit.sandbox, name, state));
    },
  },
  {
    method: 'GET',
    path: '/snapshots',
    summary: 'Snapshots of this sandbox, with the sandbox time they were taken at.',
    output: schema.list(schema.snapshotOut),
    status: 200,
    run: ({ sandbox }) => [...sandbox.snapshots].map(view.snapshotView),
  },
  {
    method: 'PUT',
    path: '/snapshots/{name}',
    summary: 'Keeps the state of now under a name; twenty at most.',
    output: schema.snapshotOut,
    status: 200,
    run({ sandbox, params }) {
      const name = params.name ?? '';
      return view.snapshotView([name, snapshots.take(sandbox, name)]);
    },
  },
  {
    method: 'POST',
    path: '/snapshots/{name}/restore',
    summary: 'Goes back to a snapshot: rolls, cases, time and timers, faults, clerk. The journal stays.',
    output: schema.snapshotOut,
    status: 200,
    run({ sandbox, params }) {
      const name = params.name ?? '';
      const state = snapshots.find(sandbox, name);
      sandbox.restore(state);
      return view.snapshotView([name, state]);
    },
  },
  {
    method: 'DELETE',
    path: '/snapshots/{name}',
    summary: 'Forgets a snapshot.',
    output: schema.countOut,
    status: 200,
    run({ sandbox, params }) {
      snapshots.find(sandbox, params.name ?? '');
      sandbox.snapshots.delete(params.name ?? '');
      return { count: 1 };
    },
  },
];

function created({ house, base }: Visit, sandbox: Sandbox) {
  const token = house.hosting.adminToken(sandbox.name);
  return {
    ...view.createdView(sandbox, rootOf(base, sandbox.name), house.names),
    ...(token === '' ? {} : { admin_token: token }),
  };
}

function freeName({ house }: Visit, wish: string | undefined): string {
  const name = wish ?? `box-${randomBytes(5).toString('hex')}`;
  if (house.find(name))
    throw new DeskError(409, 'SANDBOX_EXISTS', {
      en: `there is a sandbox ${name} already`,
      zh: `沙箱 ${name} 已存在`,
    });
  return name;
}
