// Limits of agencies that strangers use: requests in windows of real time, synthetic people only, idle sandboxes.
import type { Call } from './agency.ts';
import { isResidentId } from './identifiers.ts';

export interface Limits {
  readonly body_bytes: number;
  /** Of elements in a message. */
  readonly xml_depth: number;
  readonly requests_per_minute_of_sandbox: number;
  readonly requests_per_minute_of_address: number;
  readonly sandboxes: number;
  readonly sandboxes_per_hour_of_address: number;
  readonly frozen_after_idle_hours: number;
  readonly deleted_after_idle_hours: number;
}

/** Messages of the contracts have nine levels with their signature. */
export const XML_DEPTH = 64;

export const BODY_LIMIT = 2 * 1024 * 1024;

export const PUBLIC_LIMITS: Limits = {
  body_bytes: BODY_LIMIT,
  xml_depth: XML_DEPTH,
  requests_per_minute_of_sandbox: 300,
  requests_per_minute_of_address: 600,
  sandboxes: 1000,
  sandboxes_per_hour_of_address: 20,
  frozen_after_idle_hours: 24,
  deleted_after_idle_hours: 168,
};

export interface Limiter {
  /** Seconds to wait when it is one too many; undefined when it is not. */
  take(key: string, most: number, windowMs: number): number | undefined;
}

const KEYS_KEPT = 10_000;

/** Fixed windows, one count each: plain to explain with a Retry-After, and nothing to keep but a number. */
export function createLimiter(wallNow: () => Date): Limiter {
  let windows = new Map<string, { until: number; count: number }>();
  return {
    take(key, most, windowMs) {
      const now = wallNow().getTime();
      const before = windows.get(key);
      const window = before && before.until > now ? before : { until: now + windowMs, count: 0 };
      if (window.count >= most) return Math.max(1, Math.ceil((window.until - now) / 1000));
      if (windows.size >= KEYS_KEPT) windows = new Map([...windows].filter(([, { until }]) => until > now));
      windows.set(key, { ...window, count: window.count + 1 });
      return undefined;
    },
  };
}

/** The example number of GB 11643 itself. */
const EXAMPLE = '11010519491231002X';

/** Nobody's number: region 99xxxx, which GB/T 2260 does not have, or the standard's example; other papers begin with MOCK. */
export const isSynthetic = (idNumber: string): boolean =>
  idNumber === EXAMPLE ||
  (idNumber.startsWith('99') && isResidentId(idNumber)) ||
  idNumber.startsWith('MOCK') ||
  // Neither a valid number nor a paper: refused for what it is, by the agency.
  (idNumber.length === 18 && !isResidentId(idNumber));

export type Idle = 'keep' | 'freeze' | 'delete';

const HOUR = 3_600_000;

export function idle(lastUsed: Date, now: Date, limits: Limits): Idle {
  const hours = (now.getTime() - lastUsed.getTime()) / HOUR;
  if (hours >= limits.deleted_after_idle_hours) return 'delete';
  return hours >= limits.frozen_after_idle_hours ? 'freeze' : 'keep';
}

export const addressOf = ({ address }: Call): string => address ?? 'unknown';
