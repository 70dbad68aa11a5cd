/** The nouns of a run of reconciliation, and its row. */
import type { Finding } from '../domain/findings.ts';
import type { Incomplete } from '../domain/incomplete.ts';
import type { BusinessDate } from '../domain/words.ts';

export const RUN_STATES = ['waiting', 'running', 'complete', 'incomplete'] as const;
export type RunState = (typeof RUN_STATES)[number];

export interface Period {
  readonly from: BusinessDate;
  readonly to: BusinessDate;
}

export interface RunCounts {
  /** Filings that the agency listed, people whom it counts as the employer's, filings of ours that were compared. */
  readonly listed: number;
  readonly enrolled: number;
  readonly compared: number;
}

export interface StoredRun {
  readonly id: string;
  readonly connectionId: string;
  readonly period: Period;
  /** Absent: somebody asked for it. */
  readonly night?: BusinessDate;
  readonly state: RunState;
  /** Why it is incomplete: nothing personal. */
  readonly reason?: Incomplete;
  /** Once it has ended. */
  readonly counts?: RunCounts & {
    readonly found: number;
    readonly opened: number;
    readonly resolved: number;
  };
  readonly requestedAt: Date;
  readonly endedAt?: Date;
}

export interface RunClaim {
  readonly id: string;
  readonly orgId: string;
  readonly sandbox: boolean;
  readonly connectionId: string;
  readonly period: Period;
  /** The organisation's time. */
  readonly now: Date;
}

export interface Conclusion {
  readonly complete: boolean;
  readonly reason?: Incomplete;
  readonly findings: readonly Finding[];
  readonly counts: RunCounts;
  readonly hashes: readonly string[];
  /** What has changed since may not show in the list yet. */
  readonly settledBefore?: Date;
}

export interface RunRow {
  id: string;
  connection_id: string;
  period_from: string;
  period_to: string;
  night: string | null;
  state: string;
  reason: string | null;
  listed: number | null;
  enrolled: number | null;
  compared: number | null;
  found: number | null;
  opened: number | null;
  resolved: number | null;
  requested_at: Date;
  ended_at: Date | null;
}

/** In the column as JSON; an older version has written a sentence there, which is shown as it is. */
export const keptReason = (why: Incomplete): string => JSON.stringify(why);
const readReason = (text: string): Incomplete =>
  text.startsWith('{') ? (JSON.parse(text) as Incomplete) : { code: 'said', reason: text };

export function storedRun(row: RunRow): StoredRun {
  const { listed, enrolled, compared, found, opened, resolved } = row;
  return {
    id: row.id,
    connectionId: row.connection_id,
    period: { from: row.period_from, to: row.period_to },
    state: row.state as RunState,
    requestedAt: row.requested_at,
    ...(row.night === null ? {} : { night: row.night }),
    ...(row.reason === null ? {} : { reason: readReason(row.reason) }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    ...(listed === null ||
    enrolled === null ||
    compared === null ||
    found === null ||
    opened === null ||
    resolved === null
      ? {}
      : { counts: { listed, enrolled, compared, found, opened, resolved } }),
  };
}
