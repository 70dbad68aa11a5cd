// Snapshots of one sandbox by name.
import type { Sandbox, SandboxState } from '../kernel/sandbox.ts';
import { DeskError } from './problem.ts';

const MOST = 20;

export function take(sandbox: Sandbox, name: string): SandboxState {
  const { snapshots } = sandbox;
  if (!/^[\w.-]{1,60}$/.test(name))
    throw new DeskError(400, 'NAME_INVALID', {
      en: 'a snapshot\u2019s name has letters, digits, dots, dashes and underscores',
      zh: '快照名称只能包含字母、数字、点、连字符和下划线',
    });
  if (snapshots.size >= MOST && !snapshots.has(name))
    throw new DeskError(409, 'SNAPSHOTS_FULL', {
      en: `there are ${MOST} snapshots already`,
      zh: `快照已达 ${MOST} 个`,
    });
  sandbox.clock.catchUp();
  const state = sandbox.snapshot();
  snapshots.set(name, state);
  return state;
}

export function find({ snapshots }: Sandbox, name: string): SandboxState {
  const state = snapshots.get(name);
  if (!state)
    throw new DeskError(404, 'SNAPSHOT_UNKNOWN', {
      en: `there is no snapshot ${name}; known: ${[...snapshots.keys()].join(', ') || 'none'}`,
      zh: `没有快照 ${name}；现有快照：${[...snapshots.keys()].join('、') || '无'}`,
    });
  return state;
}
