/** What a verified answer means. Pure: opened content in, outcome out. The lists are in lists.ts. */
import { z } from 'zod';
import type { Absent, FilingOrder, Outcome, ReadBack, Setback } from '../adapter.ts';
import { readDate } from '../format.ts';
import { businessOf, INSURANCES, type Insurance, insurancesOf, settledSince, targetRegion } from './map.ts';

const code = z.string().regex(/^[A-Z][A-Z0-9_.]{1,39}$/);
const receipt = z.string().regex(/^[A-Za-z0-9-]{1,40}$/);
/** 10 received, 20 in review, 30 returned, 40 finished, 50 refused, 60 withdrawn. */
export const state = z.enum(['10', '20', '30', '40', '50', '60']);
const askAfter = z.number().nonnegative();

const refusalBody = z.object({
  code,
  message: z.string(),
  until: z.iso.datetime({ offset: true }).optional(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).default([]),
});
const taken = z.object({ receipt, state, ask_after: askAfter });
const change = z.object({
  serial: z.string(),
  revision: z.string(),
  business: z.enum(['10', '20']),
  receipt,
  state,
  ask_after: askAfter,
  code: code.optional(),
  message: z.string().optional(),
  correction: z.object({ field: z.string(), reason: z.string(), due: z.string().optional() }).optional(),
  results: z.array(z.object({ insurance: z.string(), code, message: z.string().default('') })).optional(),
});
const personInsurances = z.object({
  insurances: z.array(
    z.object({
      insurance: z.string(),
      state: z.enum(['1', '2', '3']),
      since: z.string(),
      transferred_to: z.string().optional(),
    }),
  ),
});
type Refused = z.infer<typeof refusalBody>;
type Found = z.infer<typeof change>;

export const UNREADABLE = { kind: 'unsure', reason: 'the answer does not keep to the contract' } as const;

/** What the agency says that it did, read by `schema`; otherwise its refusal; undefined: neither. */
export function read<T>(
  value: unknown,
  schema: z.ZodType<T>,
): { readonly code: 'OK' | 'DUPLICATE'; readonly data: T } | { readonly refused: Refused } | undefined {
  const done = z.object({ code: z.enum(['OK', 'DUPLICATE']), data: schema }).safeParse(value);
  if (done.success) return done.data;
  const refused = refusalBody.safeParse(value);
  return refused.success && !['OK', 'DUPLICATE'].includes(refused.data.code)
    ? { refused: refused.data }
    : undefined;
}

/** Codes about the connection, not about the exit: a person mends it, and the same filing goes through. */
const TO_BE_MENDED = [
  'AUTH_CLIENT',
  'AUTH_SIGNATURE',
  'AUTH_UNIT',
  'AUTH_STALE',
  'BODY_UNREADABLE',
  'ROUTE_UNKNOWN',
  'UNIT_UNKNOWN',
];

/** Codes that say "not now", whatever was asked; undefined for the others. */
export function setbackOf({ code: why, until }: Refused): Exclude<Setback, { kind: 'unsure' }> | undefined {
  const wait = until === undefined ? {} : { until: new Date(until) };
  if (why === 'WINDOW_CLOSED') return { kind: 'hold', reason: `the agency answers ${why}`, ...wait };
  // The transfer waits for the stop to be settled, which the agency does in its own time.
  if (why === 'PRECONDITION_STOP')
    return { kind: 'hold', reason: 'the stop is not settled yet (PRECONDITION_STOP)' };
  return TO_BE_MENDED.includes(why)
    ? { kind: 'hold', reason: `the agency does not accept our request (${why})` }
    : undefined;
}

/** A question that was refused says nothing about the filing it was asked for. */
export const unasked = (why: Refused): Setback =>
  setbackOf(why) ?? { kind: 'unsure', reason: `the agency refused the question (${why.code})` };

export function refusal(why: Refused): Outcome {
  const errors = why.errors.map(({ pointer, message }) => `${pointer}: ${message}`);
  return { kind: 'refused', code: why.code, message: [why.message, ...errors].join('\n') };
}

/** Answer to a change or to its amendment. A refusal recorded nothing. */
export function submitOutcome(value: unknown): Outcome {
  const answer = read(value, taken);
  if (!answer) return UNREADABLE;
  if ('refused' in answer) {
    const { refused } = answer;
    if (refused.code === 'CODE_UNKNOWN') return manualCode('a code of ours');
    return setbackOf(refused) ?? refusal(refused);
  }
  const { receipt: number, state: at, ask_after } = answer.data;
  return { kind: 'pending', receipt: number, stage: stageOf(at), pollAfter: ask_after };
}

/** @param what `TBYY 222` */
export const manualCode = (what: string): Outcome => ({
  kind: 'manual',
  instructions: `The agency's code tables no longer have ${what}: choose the code that takes its place at the counter, and enter the receipt.`,
});

/** Known, and no longer waiting: what became of it only the question about the serial tells. */
export function isSettledDuplicate(value: unknown): boolean {
  const answer = read(value, taken);
  return (
    answer !== undefined &&
    'data' in answer &&
    answer.code === 'DUPLICATE' &&
    !['10', '20'].includes(answer.data.state)
  );
}

/** Answer to the question about the filing's own serial. */
export function lookupOutcome(value: unknown, filing: FilingOrder, serial: string): Outcome | Absent {
  const answer = read(value, change);
  if (!answer) return UNREADABLE;
  if ('refused' in answer)
    return answer.refused.code === 'NOT_FOUND' ? { kind: 'absent' } : unasked(answer.refused);
  const found = answer.data;
  if ((found.serial !== serial && found.revision !== serial) || found.business !== businessOf(filing))
    return { kind: 'unsure', reason: 'the answer is about another filing' };
  return changeOutcome(found, insurancesOf(filing));
}

function changeOutcome(found: Found, insurances: readonly Insurance[]): Outcome {
  const { receipt: number, message = '' } = found;
  switch (found.state) {
    case '10':
    case '20':
      return { kind: 'pending', receipt: number, stage: stageOf(found.state), pollAfter: found.ask_after };
    case '30': {
      const { field = '', reason = message, due } = found.correction ?? {};
      const until = readDate(due ?? '');
      return {
        kind: 'correction',
        receipt: number,
        code: found.code ?? 'CORRECTION_REQUESTED',
        message: message || reason,
        fields: field ? [{ field, message: reason }] : [],
        ...(until ? { due: until } : {}),
      };
    }
    case '40':
      return resultsOutcome(found, insurances);
    case '50':
      return { kind: 'refused', receipt: number, code: found.code ?? 'REJECTED_BY_REVIEW', message };
    case '60':
      return { kind: 'refused', receipt: number, code: 'WITHDRAWN', message };
  }
}

/** Already stopped, or already transferred, is what was wanted; the read-back compares the day. */
const DONE = ['OK', 'ALREADY_DONE'];
const named = (insurance: string): string =>
  `${insurance} ${Object.hasOwn(INSURANCES, insurance) ? INSURANCES[insurance as Insurance].en : ''}`.trim();

function resultsOutcome({ receipt: number, results = [] }: Found, insurances: readonly Insurance[]): Outcome {
  const about = results.map(({ insurance }) => insurance);
  if (about.length !== insurances.length || insurances.some((each) => !about.includes(each)))
    return { kind: 'unsure', reason: 'the result does not name every insurance exactly once' };
  const failed = results.filter((each) => !DONE.includes(each.code));
  const [first] = failed;
  if (!first) return { kind: 'accepted', receipt: number };
  const settled = results.filter((each) => DONE.includes(each.code));
  const message = [
    ...failed.map((each) => `${named(each.insurance)}: ${each.code} ${each.message}`.trim()),
    ...(settled.length > 0
      ? [`settled: ${settled.map(({ insurance }) => named(insurance)).join(', ')}`]
      : []),
  ].join('\n');
  const same = failed.every((each) => each.code === first.code);
  return { kind: 'refused', receipt: number, code: same ? first.code : 'ITEM_ERROR', message };
}

/** Answer to a withdrawal: accepted means that it is withdrawn. */
export function withdrawOutcome(value: unknown): Outcome {
  const answer = read(value, taken);
  if (!answer) return UNREADABLE;
  if ('refused' in answer) return setbackOf(answer.refused) ?? refusal(answer.refused);
  return answer.data.state === '60' ? { kind: 'accepted', receipt: answer.data.receipt } : UNREADABLE;
}

/** Every insurance of the filing no longer paid since the exit date (and handed on, after a transfer). */
export function readBackOutcome(value: unknown, filing: FilingOrder): ReadBack {
  const answer = read(value, personInsurances);
  if (!answer) return UNREADABLE;
  if ('refused' in answer) {
    const { refused } = answer;
    return ['NOT_IN_UNIT', 'IDENTITY_MISMATCH'].includes(refused.code)
      ? { kind: 'differs', reason: `the agency does not find the person (${refused.code})` }
      : unasked(refused);
  }
  const transfer = filing.kind === 'insurance_transfer';
  const wrong = insurancesOf(filing).flatMap((insurance) => {
    const own = answer.data.insurances.filter((each) => each.insurance === insurance);
    const [found] = own;
    const name = INSURANCES[insurance].en;
    if (!found || own.length !== 1) return [`${name} is not listed`];
    if (found.state === '1') return [`${name} is still being paid`];
    if (transfer) return found.transferred_to === targetRegion(filing) ? [] : [`${name} is not transferred`];
    return readDate(found.since) === settledSince(filing) ? [] : [`${name} stopped on another day`];
  });
  return wrong.length === 0 ? { kind: 'agrees' } : { kind: 'differs', reason: wrong.join('; ') };
}

const stageOf = (at: string): 'received' | 'in_review' => (at === '10' ? 'received' : 'in_review');
