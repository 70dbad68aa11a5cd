/** What a verified answer means for a filing. Pure. */
import { z } from 'zod';
import type {
  Absent,
  FilingOrder,
  Outcome,
  Ping,
  PingCheck,
  ReadBack,
  Setback,
} from '../../adapters/adapter.ts';
import { answered, clockCheck } from '../../adapters/checks.ts';
import { readDate } from '../../adapters/format.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const code = z.string().regex(/^[A-Z][A-Z0-9_]{1,39}$/);
const taken = z.object({
  serial: z.string(),
  receipt: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  state: z.enum(['received', 'in_review', 'correction_requested', 'concluded', 'rejected', 'withdrawn']),
  code: code.optional(),
  message: z.string().default(''),
  correction: z.object({ field: z.string(), reason: z.string(), due: z.string() }).optional(),
});
const problem = z.object({ code, message: z.string() });
const pong = z.object({ now: z.iso.datetime() });
const employment = z.object({ employment: z.enum(['active', 'ended']), since: z.string() });

const UNREADABLE = { kind: 'unsure', reason: 'the answer does not keep to the contract' } as const;

/** About the connection, not about the exit: a person mends it, and the same filing goes through. */
const TO_BE_MENDED = ['AUTH_SIGNATURE', 'AUTH_CERTIFICATE', 'AUTH_UNIT'];

/** Answer to a submission, an amendment, or the question about `serial`. A problem means that nothing was taken. */
export function filedOutcome(answer: Answer, serial: string): Outcome {
  if (answer.status !== 200 && answer.status !== 202) return refusal(answer);
  const read = taken.safeParse(answer.body);
  if (!read.success) return UNREADABLE;
  if (read.data.serial !== serial) return { kind: 'unsure', reason: 'the answer is about another filing' };
  const { receipt, state, message, correction } = read.data;
  switch (state) {
    case 'received':
    case 'in_review':
      return { kind: 'pending', receipt, stage: state };
    case 'concluded':
      return { kind: 'accepted', receipt };
    case 'rejected':
      return { kind: 'refused', receipt, code: read.data.code ?? 'REJECTED_BY_REVIEW', message };
    case 'withdrawn':
      return { kind: 'refused', receipt, code: 'WITHDRAWN', message };
    case 'correction_requested': {
      const due = readDate(correction?.due ?? '');
      return {
        kind: 'correction',
        receipt,
        code: read.data.code ?? 'CORRECTION_REQUESTED',
        message,
        fields: correction ? [{ field: correction.field, message: correction.reason }] : [],
        ...(due === undefined ? {} : { due }),
      };
    }
  }
}

export function lookupOutcome(answer: Answer, serial: string): Outcome | Absent {
  if (answer.status === 200) return filedOutcome(answer, serial);
  const why = problemOf(answer);
  // A bare 404 would not do: a wrong address answers so as well, and "never seen" makes us send again.
  if (answer.status === 404 && why?.code === 'NOT_FOUND') return { kind: 'absent' };
  return unasked(answer);
}

/** Accepted means that it is withdrawn. */
export function cancelOutcome(answer: Answer, serial: string): Outcome {
  if (answer.status !== 200) return refusal(answer);
  const read = taken.safeParse(answer.body);
  const stands = read.success && read.data.serial === serial && read.data.state === 'withdrawn';
  return stands ? { kind: 'accepted', receipt: read.data.receipt } : UNREADABLE;
}

/** Done means that the agency shows the employment as ended since the exit date. */
export function readBackOutcome(answer: Answer, { exitDate }: FilingOrder): ReadBack {
  if (answer.status !== 200) {
    const why = problemOf(answer)?.code;
    return why === 'NOT_IN_UNIT' || why === 'IDENTITY_MISMATCH'
      ? { kind: 'differs', reason: `the agency does not find the person (${why})` }
      : unasked(answer);
  }
  const read = employment.safeParse(answer.body);
  if (!read.success) return UNREADABLE;
  if (read.data.employment !== 'ended') return { kind: 'differs', reason: 'the employment still stands' };
  return readDate(read.data.since) === exitDate
    ? { kind: 'agrees' }
    : { kind: 'differs', reason: 'the employment ended on another day' };
}

/** The agency itself has spoken: whether it knows us, and what time it has. */
export function pingOutcome(answer: Answer, before: readonly PingCheck[], now: Date): Ping {
  const session = (ok: boolean, message: string): PingCheck => ({ subject: 'session', ok, message });
  if (answer.status !== 200) {
    const why = `the agency answers ${problemOf(answer)?.code ?? `HTTP ${answer.status}`}`;
    return answered(why, [...before, session(false, why)]);
  }
  const message = 'the agency answers and accepts our certificate';
  const read = pong.safeParse(answer.body);
  const theirs = read.success ? new Date(read.data.now) : undefined;
  return answered(message, [...before, clockCheck(theirs, now), session(true, message)]);
}

function problemOf({ body }: Answer): z.infer<typeof problem> | undefined {
  const read = problem.safeParse(body);
  return read.success ? read.data : undefined;
}

function refusal(answer: Answer): Outcome {
  const why = problemOf(answer);
  if (!why) return UNREADABLE;
  if (TO_BE_MENDED.includes(why.code)) return hold(why.code);
  return { kind: 'refused', code: why.code, message: why.message };
}

/** A question that was refused says nothing about the filing it was asked for. */
function unasked(answer: Answer): Setback {
  const why = problemOf(answer);
  if (!why) return UNREADABLE;
  if (TO_BE_MENDED.includes(why.code)) return hold(why.code);
  return { kind: 'unsure', reason: `the agency refused the question (${why.code})` };
}

const hold = (code: string): Setback => ({
  kind: 'hold',
  reason: `the agency does not accept our request (${code})`,
});
