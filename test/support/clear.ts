/** A clearance that must be taken. */
import assert from 'node:assert/strict';
import { clear } from '../../src/domain/clearance.ts';
import type { Change, Exit } from '../../src/domain/exit.ts';
import type { Clearance, ExitSecret } from '../../src/domain/exit-secret.ts';
import { NOW } from './builders.ts';
import { DISTANCES } from './clock-work.ts';

export const makeClearance = (parts: Partial<Clearance> = {}): Clearance => ({
  gate: 'open_dispute',
  decision: 'cleared',
  actor: '测试合规',
  documents: [],
  ...parts,
});

export function mustClear(exit: Exit, parts: Partial<Clearance> = {}, now = NOW): Change {
  const change = clear(exit, makeClearance(parts), { now, distances: DISTANCES });
  assert.ok(typeof change !== 'string' && 'exit' in change, JSON.stringify(change));
  return change;
}

/** The encrypted part as these changes, one after another, leave it. */
export const secretAfter = (secret: ExitSecret, ...changes: readonly Change[]): ExitSecret =>
  changes.reduce((before, change) => change.secret?.(before) ?? before, secret);
