/** What a verified answer means for a filing. Pure. */
import { z } from 'zod';
import type { Absent, FilingOrder, Outcome, Ping, PingCheck, ReadBack } from '../adapter.ts';
import { clockCheck } from '../checks.ts';
import { readDate } from '../format.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const code = z.string().regex(/^[A-Z][A-Z0-9_.]{1,39}$/);
const receipt = z.string().regex(/^[A-Za-z0-9-]{1,40}$/);
const state = z.enum(['received', 'in_review', 'correction_requested', 'concluded', 'rejected', 'withdrawn']);
const taken = z.object({ receipt, state });
const problem = z.object({
  code,
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).default([]),
});
const change = z.object({
  serial: z.string(),
  revision: z.string(),
  receipt,
  state,
  code: code.optional(),
  message: z.string().optional(),
  correction: z.object({ field: z.string(), reason: z.string(), due: z.string().optional() }).optional(),
});
const practitioner = z.object({ status: z.enum(['registered', 'cancelled']), since: z.string() });

const alive = z.object({ time: z.iso.datetime({ offset: true }) });

type Refused = z.infer<typeof problem>;

export const UNREADABLE = { kind: 'unsure', reason: 'the answer does not keep to the contract' } as const;

/** Codes about the connection, not about the exit: a person mends it, and the same filing goes through. */
const TO_BE_MENDED = ['AUTH_SIGNATURE', 'AUTH_CERTIFICATE', 'AUTH_BINDING', 'AUTH_UNIT', 'ROUTE_UNKNOWN'];

/** Answer to a registration change. An error recorded nothing. */
export function submitOutcome(answer: Answer): Outcome {
  if (answer.status === 200 || answer.status === 202) {
    const read = taken.safeParse(answer.body);
    if (!read.success) return UNREADABLE;
    const stage = read.data.state === 'received' ? 'received' : 'in_review';
    return { kind: 'pending', receipt: read.data.receipt, stage };
  }
  const why = problemOf(answer);
  return why ? (connectionSetback(why) ?? refusal(why)) : UNREADABLE;
}

/** Known, and no longer waiting: what became of it only the question about the serial tells. */
export function isSettledDuplicate({ status, body }: Answer): boolean {
  const read = taken.safeParse(body);
  return status === 200 && read.success && !['received', 'in_review'].includes(read.data.state);
}

/** Answer to the question about a serial. */
export function lookupOutcome(answer: Answer, serial: string): Outcome | Absent {
  if (answer.status !== 200) {
    const why = problemOf(answer);
    // 404 alone would not do: a wrong address answers 404 as well, and "never seen" makes us send again.
    if (why?.code === 'NOT_FOUND' && answer.status === 404) return { kind: 'absent' };
    return why ? unasked(why) : UNREADABLE;
  }
  const read = change.safeParse(answer.body);
  if (!read.success) return UNREADABLE;
  if (read.data.serial !== serial && read.data.revision !== serial)
    return { kind: 'unsure', reason: 'the answer is about another filing' };
  return changeOutcome(read.data);
}

function changeOutcome(found: z.infer<typeof change>): Outcome {
  const message = found.message ?? '';
  switch (found.state) {
    case 'received':
    case 'in_review':
      return { kind: 'pending', receipt: found.receipt, stage: found.state };
    case 'concluded':
      return { kind: 'accepted', receipt: found.receipt };
    case 'rejected':
      return { kind: 'refused', receipt: found.receipt, code: found.code ?? 'REJECTED_BY_REVIEW', message };
    case 'withdrawn':
      return { kind: 'refused', receipt: found.receipt, code: 'WITHDRAWN', message };
    case 'correction_requested': {
      const { field = '', reason = message, due } = found.correction ?? {};
      const until = readDate(due ?? '');
      return {
        kind: 'correction',
        receipt: found.receipt,
        code: found.code ?? 'CORRECTION_REQUESTED',
        message: message || reason,
        fields: field ? [{ field, message: reason }] : [],
        ...(until ? { due: until } : {}),
      };
    }
  }
}

/** A callback says what the question about the serial would: which case it is about is all that is taken from it. */
export function namedIn(body: unknown): { readonly serial: string; readonly receipt: string }[] | undefined {
  const read = change.safeParse(body);
  if (!read.success) return undefined;
  const { serial, revision, receipt } = read.data;
  return [...new Set([serial, revision])].map((each) => ({ serial: each, receipt }));
}

/** Answer to a withdrawal: accepted means that it is withdrawn. */
export function withdrawOutcome(answer: Answer): Outcome {
  const read = taken.safeParse(answer.body);
  if (answer.status === 200)
    return read.success && read.data.state === 'withdrawn'
      ? { kind: 'accepted', receipt: read.data.receipt }
      : UNREADABLE;
  const why = problemOf(answer);
  return why ? (connectionSetback(why) ?? refusal(why)) : UNREADABLE;
}

/** Of a list that was not answered with one: it stays unread, whatever the reason. */
export function questionSetback(answer: Answer): Extract<Outcome, { kind: 'retry' | 'hold' | 'unsure' }> {
  const why = problemOf(answer);
  return why ? unasked(why) : UNREADABLE;
}

/** Answer to the question about the practitioner: cancelled since the exit date. */
export function readBackOutcome(answer: Answer, filing: FilingOrder): ReadBack {
  if (answer.status !== 200) {
    const why = problemOf(answer);
    if (why?.code === 'NOT_FOUND' || why?.code === 'IDENTITY_MISMATCH')
      return { kind: 'differs', reason: `the agency does not find the practitioner (${why.code})` };
    return why ? unasked(why) : UNREADABLE;
  }
  const read = practitioner.safeParse(answer.body);
  if (!read.success) return UNREADABLE;
  if (read.data.status !== 'cancelled') return { kind: 'differs', reason: 'the registration still stands' };
  return readDate(read.data.since) === filing.exitDate
    ? { kind: 'agrees' }
    : { kind: 'differs', reason: 'the registration was cancelled as of another day' };
}

export function pingOutcome(answer: Answer, before: readonly PingCheck[], now: Date): Ping {
  if (answer.status !== 200) {
    const reason = `the agency answers ${problemOf(answer)?.code ?? `HTTP ${answer.status}`}`;
    return { kind: 'down', reason, checks: before };
  }
  const { time } = alive.safeParse(answer.body).data ?? {};
  return {
    kind: 'up',
    message: 'the agency answers and accepts our certificate and client',
    checks: [
      ...before,
      clockCheck(time === undefined ? undefined : new Date(time), now),
      { subject: 'session', ok: true, message: 'the agency gives us a token' },
    ],
  };
}

/** The token has run out or was revoked: nothing was taken. */
export const isTokenRefused = (answer: Answer): boolean =>
  answer.status === 401 && problemOf(answer)?.code === 'INVALID_TOKEN';

export const problemOf = ({ body }: Answer): Refused | undefined => {
  const read = problem.safeParse(body);
  return read.success ? read.data : undefined;
};

function connectionSetback({ code }: Refused): Extract<Outcome, { kind: 'retry' | 'hold' }> | undefined {
  const reason = `the agency does not accept our request (${code})`;
  if (code === 'INVALID_TOKEN') return { kind: 'retry', reason };
  return TO_BE_MENDED.includes(code) ? { kind: 'hold', reason } : undefined;
}

function refusal(why: Refused): Outcome {
  const errors = why.errors.map(({ pointer, message }) => `${pointer}: ${message}`);
  return { kind: 'refused', code: why.code, message: [why.detail ?? why.title, ...errors].join('\n') };
}

/** A question that was refused says nothing about the filing it was asked for. */
export const unasked = (why: Refused): Extract<Outcome, { kind: 'retry' | 'hold' | 'unsure' }> =>
  connectionSetback(why) ?? { kind: 'unsure', reason: `the agency refused the question (${why.code})` };
