// Snapshots of one sandbox by name.
import type { Sandbox, SandboxState } from '../kernel/sandbox.ts';
import { DeskError } from './problem.ts';

const MOST = 20;

export function take(sandbox: Sandbox, name: string): SandboxState {
  const { snapshots } = sandbox;
  if (!/^[\w.-]{1,60}$/.test(name))
    throw new DeskError(
      400,
      'NAME_INVALID',
      'a snapshot\u2019s name has letters, digits, dots, dashes and underscores',
    );
  if (snapshots.size >= MOST && !snapshots.has(name))
    throw new DeskError(409, 'SNAPSHOTS_FULL', `there are ${MOST} snapshots already`);
  sandbox.clock.catchUp();
  const state = sandbox.snapshot();
  snapshots.set(name, state);
  return state;
}

export function find({ snapshots }: Sandbox, name: string): SandboxState {
  const state = snapshots.get(name);
  if (!state)
    throw new DeskError(
      404,
      'SNAPSHOT_UNKNOWN',
      `there is no snapshot ${name}; known: ${[...snapshots.keys()].join(', ') || 'none'}`,
    );
  return state;
}
