/** What `ping` looks at, in words that all adapters share. */
import type { X509Certificate } from 'node:crypto';
import type { Ping, PingCheck, Setback } from './adapter.ts';

const DAY_MS = 86_400_000;
/** A new certificate takes weeks at some authorities. */
const RENEW_DAYS = 30;
/** What agencies bear between their clock and ours before they refuse a signature. */
const MOST_SKEW_MS = 300_000;

/** Of the certificate that we sign with; by the time that the agency goes by. */
export function certificateCheck({ validFrom, validTo }: X509Certificate, now: Date): PingCheck {
  const ends = Date.parse(validTo);
  const days = Math.floor((ends - now.getTime()) / DAY_MS);
  const day = new Date(ends).toISOString().slice(0, 10);
  const check = (ok: boolean, message: string): PingCheck => ({ subject: 'certificate', ok, message });
  if (Date.parse(validFrom) > now.getTime())
    return check(false, `our certificate is not valid before ${new Date(validFrom).toISOString()}`);
  if (ends <= now.getTime()) return check(false, `our certificate ended on ${day}: renew it`);
  return check(days >= RENEW_DAYS, `our certificate ends in ${days} days, on ${day}`);
}

/** Their clock against ours; undefined: the answer tells no time. */
export function clockCheck(theirs: Date | undefined, ours: Date): PingCheck {
  const check = (ok: boolean, message: string): PingCheck => ({ subject: 'clock', ok, message });
  if (theirs === undefined) return check(false, 'the agency does not tell its time');
  const skew = theirs.getTime() - ours.getTime();
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (Math.abs(skew) < 1000) return check(true, 'their clock and ours agree');
  const way = skew > 0 ? 'ahead of' : 'behind';
  return check(Math.abs(skew) <= MOST_SKEW_MS, `their clock is ${seconds} s ${way} ours`);
}

export const addressAnswers = (url: string): PingCheck => ({
  subject: 'address',
  ok: true,
  message: `${hostOf(url)} answers`,
});

/**
 * Nobody, or not the agency, answers at the address. What leaves a question unsure and shows nothing of the agency was not
 * said by it: no signature of its, not its protocol.
 */
export function unanswered(setback: Setback, before: readonly PingCheck[]): Ping {
  const { reason, symptom = setback.kind === 'unsure' ? 'address' : undefined } = setback;
  return {
    kind: 'down',
    reason,
    checks: [{ subject: 'address', ok: false, message: reason }, ...before],
    ...(symptom === undefined ? {} : { symptom }),
    ...(setback.kind === 'hold' && setback.until !== undefined ? { until: setback.until } : {}),
    ...(setback.kind === 'retry' && setback.after !== undefined ? { after: setback.after } : {}),
  };
}

/** It answers; whether it knows us is what the checks say. Nothing more is wrong with the agency than that: no symptom. */
export function answered(message: string, checks: readonly PingCheck[]): Ping {
  const refused = checks.find(({ subject, ok }) => !ok && (subject === 'session' || subject === 'unit'));
  return refused === undefined
    ? { kind: 'up', message, checks }
    : { kind: 'down', reason: refused.message, checks };
}

/** The host and its port; nothing of a path, which may carry a customer's number. */
const hostOf = (url: string): string => new URL(url).host;
