/** A `Call` as the worker would make it, which remembers what was kept and logged. */
import type { Call, ForeignMessage } from '../adapter.ts';

export interface RecordedCall extends Call {
  readonly kept: ForeignMessage[];
  readonly lines: string[];
}

export function makeCall(
  parts: Partial<Pick<Call, 'serial' | 'attempt' | 'signal' | 'now'>> = {},
): RecordedCall {
  const kept: ForeignMessage[] = [];
  const lines: string[] = [];
  return {
    serial: 'EG-0001-1',
    attempt: 1,
    signal: new AbortController().signal,
    now: new Date('2026-11-25T01:30:00Z'),
    codes: [],
    ...parts,
    log: (line) => void lines.push(line),
    keep: (message) => void kept.push(message),
    kept,
    lines,
  };
}
