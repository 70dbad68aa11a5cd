/**
 * How a connection's agency is: a circuit breaker that all processes share. It opens after so many calls in a row without
 * an answer, and at once for maintenance; while it is open nothing is called but `ping`, and the agency's first answer closes it.
 * Pure: time and chance are arguments.
 */
import { backoff } from './backoff.ts';
import type { EventDraft } from './events.ts';
import type { StepResult } from './filing.ts';
import type { Outcome, Symptom } from './outcome.ts';

export const HEALTH_STATES = ['available', 'doubted', 'unavailable'] as const;
export const HEALTH_CAUSES = ['unreachable', 'maintenance'] as const;

export interface Health {
  /** `doubted`: a web page where the answer should be may be maintenance, a stray one or another server's. Nothing is called until `ping` has told. */
  readonly state: (typeof HEALTH_STATES)[number];
  /** Why it is not available. */
  readonly cause?: (typeof HEALTH_CAUSES)[number];
  /** Calls in a row without an answer, up to the opening. */
  readonly failures: number;
  /** Of the state. */
  readonly since: Date;
  /** When it is back, as it said itself. */
  readonly until?: Date;
  /** Asked in vain so often since the opening, and when next. */
  readonly probes: number;
  readonly probeAt?: Date;
  /** When it was last asked in vain. */
  readonly probedAt?: Date;
  /** Too many requests: nothing goes out before. */
  readonly busyUntil?: Date;
}

/** What a call showed of the agency. */
export interface Seen {
  /** Absent: it has answered, whatever the answer was. */
  readonly symptom?: Symptom;
  /** When to come back, as it said itself. */
  readonly until?: Date;
  /** It was asked how it is, and nothing else. */
  readonly probe: boolean;
}

export interface Observed {
  /** The same object when there is nothing new. */
  readonly health: Health;
  readonly events: readonly EventDraft[];
}

const SECOND = 1000;
/** So many calls in a row: a single lost connection is nothing, and an outage must not use up many filings' attempts. */
export const MOST_FAILURES = 5;
const FIRST_PROBE_MS = 5 * SECOND;
const LONGEST_PROBE_MS = 900 * SECOND;
/** For an agency that says `too many requests` and not for how long. */
const BUSY_MS = 5 * SECOND;
/** What is held is made due when the circuit closes; if that was lost in a crash, it looks again by itself. */
const LOOK_AGAIN_MS = 12 * 3_600 * SECOND;

export const healthy = (since: Date): Health => ({ state: 'available', failures: 0, since, probes: 0 });

/** Of somebody else at its address all that is known is that the agency is not there. */
const causeOf = (symptom: 'unreachable' | 'maintenance' | 'address'): NonNullable<Health['cause']> =>
  symptom === 'maintenance' ? 'maintenance' : 'unreachable';

/** Nothing of it is the agency's word unless there is a symptom; `after` in seconds. */
interface Showing {
  readonly kind?: string;
  readonly symptom?: Symptom;
  readonly until?: Date;
  readonly after?: number;
}

const seen = ({ symptom, after, ...said }: Showing, probe: boolean, now: Date): Seen => {
  if (symptom === undefined) return { probe };
  const until = said.until ?? (after === undefined ? undefined : new Date(now.getTime() + after * SECOND));
  return { symptom, probe, ...(until === undefined ? {} : { until }) };
};

export const seenOf = (result: StepResult, now: Date): Seen => seen(result, false, now);

/** Of an answer to `ping`; undefined: the adapter has none, and goes by the time that the agency told, which is over. */
export const seenByPing = (ping: Showing | undefined, now: Date): Seen => seen(ping ?? {}, true, now);

/** @param about who is told of, and how many filings wait: for the events. */
export function observe(
  before: Health,
  seen: Seen,
  {
    now,
    random,
    about,
    waiting,
    canAsk,
  }: {
    readonly now: Date;
    readonly random: number;
    readonly about: Readonly<Record<string, unknown>>;
    readonly waiting: number;
    /** The adapter has `ping`. Nobody else could tell that the agency is back: without it every filing finds out for itself. */
    readonly canAsk: boolean;
  },
): Observed {
  const { symptom } = seen;
  const told = seen.until !== undefined && seen.until > now ? { until: seen.until } : {};
  const unchanged = { health: before, events: [] };

  function open(cause: NonNullable<Health['cause']>, failures: number): Observed {
    const probeAt = told.until ?? new Date(now.getTime() + backoff(1, random, FIRST_PROBE_MS));
    const health: Health = { state: 'unavailable', cause, failures, since: now, probes: 0, probeAt, ...told };
    const data = {
      ...about,
      cause,
      failures,
      since: now.toISOString(),
      until: told.until?.toISOString() ?? null,
      next_probe_at: probeAt.toISOString(),
    };
    return { health, events: [{ type: 'agency.unavailable', data }] };
  }
  function close(): Observed {
    const health = busy(healthy(now));
    // Nobody was told of a doubt.
    if (before.state !== 'unavailable') return { health, events: [] };
    const { cause, since } = before;
    const seconds = Math.round((now.getTime() - since.getTime()) / SECOND);
    const data = { ...about, cause, since: since.toISOString(), seconds, waiting };
    return { health, events: [{ type: 'agency.recovered', data }] };
  }
  function busy(health: Health): Health {
    if (symptom !== 'busy') return health;
    // `Retry-After: 0` is a time as well.
    const until = seen.until ?? new Date(now.getTime() + BUSY_MS);
    const { busyUntil = until } = health;
    return { ...health, busyUntil: busyUntil > until ? busyUntil : until };
  }

  if (before.state !== 'available') {
    // What was under way when it opened says nothing of now: only who asks on purpose is believed.
    if (!seen.probe) return unchanged;
    if (symptom === undefined || symptom === 'busy') return close();
    if (before.state === 'doubted') return open(causeOf(symptom), before.failures + 1);
    const probes = before.probes + 1;
    const { until: _until, ...standing } = before;
    const next = new Date(now.getTime() + backoff(probes + 1, random, FIRST_PROBE_MS, LONGEST_PROBE_MS));
    const probeAt = told.until ?? next;
    return { health: { ...standing, probes, probeAt, probedAt: now, ...told }, events: [] };
  }
  switch (symptom) {
    case undefined:
      return before.failures === 0 ? unchanged : { health: { ...before, failures: 0 }, events: [] };
    case 'busy':
      return { health: busy({ ...before, failures: 0 }), events: [] };
    case 'maintenance':
    case 'address': {
      if (symptom === 'maintenance' && told.until !== undefined) return open(symptom, before.failures + 1);
      if (!canAsk) return unchanged;
      const failures = before.failures + 1;
      const cause = causeOf(symptom);
      return {
        health: { state: 'doubted', cause, failures, since: now, probes: 0, probeAt: now },
        events: [],
      };
    }
    case 'unreachable': {
      const failures = before.failures + 1;
      return failures < MOST_FAILURES || !canAsk
        ? { health: { ...before, failures }, events: [] }
        : open('unreachable', failures);
    }
    default:
      return symptom satisfies never;
  }
}

/** Its connection has other settings: what the old ones met counts no more, and whether it is there is asked at once. */
export function renew(health: Health, now: Date): Health {
  if (health.state === 'available') return health.failures === 0 ? health : { ...health, failures: 0 };
  const { until: _until, ...standing } = health;
  return { ...standing, probes: 0, probeAt: now };
}

/** What a filing is told while the circuit is open; the same sentence as long as the outage lasts, so that HR hears it once. */
export function holdOf(health: Health, now: Date): Extract<Outcome, { kind: 'hold' }> | undefined {
  const { state, cause, since, until, probeAt } = health;
  // Whether it is back is just being asked.
  if (state !== 'unavailable' || (probeAt !== undefined && probeAt <= now)) return undefined;
  const what = cause === 'maintenance' ? 'is in maintenance' : 'does not answer';
  return {
    kind: 'hold',
    reason: `the agency ${what} since ${since.toISOString()}`,
    ...(until === undefined ? { again: new Date(now.getTime() + LOOK_AGAIN_MS) } : { until }),
  };
}

/** Calls in seconds, as a manifest allows them. */
export interface Rate {
  readonly calls: number;
  readonly seconds: number;
}

/**
 * Half at once, the other half evenly over the time: so no span of that length ever sees more than the agency allows,
 * which a bucket that holds all of them would let through twice.
 */
export function paceOf({ calls, seconds }: Rate): { readonly burst: number; readonly everyMs: number } {
  const burst = Math.max(1, Math.floor(calls / 2));
  return { burst, everyMs: (seconds * SECOND) / Math.max(1, calls - burst) };
}
