/** When a delivery is tried again, and what an endpoint's answer makes of it. Pure. */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Ten tries over some 75 hours: a weekend's outage is survived, a dead endpoint is not hammered. */
const DELAYS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
/** A Retry-After of years would be a lane that never moves again, and beyond what a date can say. */
const LONGEST_ASKED_MS = 24 * HOUR;
export const MOST_TRIES = DELAYS_MS.length + 1;

export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly kind: 'failed'; readonly error: string };

export interface Verdict {
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly nextAt?: Date;
  readonly status?: number;
  readonly error?: string;
  readonly disableEndpoint: boolean;
}

/**
 * @param tries made before this one.
 * @param random in [0, 1): ±20 % jitter.
 */
export function judge(answer: Answer, tries: number, now: Date, random: number): Verdict {
  if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300)
    return { state: 'delivered', status: answer.status, disableEndpoint: false };
  const told =
    answer.kind === 'answered'
      ? { status: answer.status, error: refusal(answer.status) }
      : { error: answer.error };
  // 410 Gone is the endpoint's own word that nobody listens any more; its lane keeps what is pending.
  if (answer.kind === 'answered' && answer.status === 410)
    return { state: 'failed', ...told, disableEndpoint: true };
  const delay = DELAYS_MS[tries];
  if (delay === undefined) return { state: 'failed', ...told, disableEndpoint: false };
  const asked = answer.kind === 'answered' ? (answer.retryAfterSeconds ?? 0) * SECOND : 0;
  const wait = Math.max(delay * (0.8 + 0.4 * random), Math.min(asked, LONGEST_ASKED_MS));
  return {
    state: 'pending',
    nextAt: new Date(now.getTime() + Math.round(wait)),
    ...told,
    disableEndpoint: false,
  };
}

function refusal(status: number): string {
  if (status >= 300 && status < 400)
    return `answered ${status}: redirects are not followed; register the final address`;
  return `answered ${status}`;
}
