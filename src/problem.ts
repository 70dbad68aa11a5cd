/**
 * The catalogue of problems: every refusal the API can answer, as RFC 9457 `application/problem+json`, in English and
 * Chinese. Codes are public: one that is retired is never used again. What is wrong with one field is in faults.ts.
 */
import type { Fault } from './faults.ts';
import type { Slot, SlotNames } from './language.ts';
import { CLOCK_PROBLEMS } from './problems/clock.ts';
import { RECONCILIATION_PROBLEMS } from './problems/reconciliation.ts';
import { REQUEST_PROBLEMS } from './problems/requests.ts';
import { SUBJECT_PROBLEMS } from './problems/subjects.ts';
import { UPLOAD_PROBLEMS } from './problems/uploads.ts';

export const PROBLEMS = {
  ...REQUEST_PROBLEMS,
  ...SUBJECT_PROBLEMS,
  ...CLOCK_PROBLEMS,
  ...RECONCILIATION_PROBLEMS,
  ...UPLOAD_PROBLEMS,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** What a problem carries besides its sentence. */
export interface ProblemExtra {
  readonly faults?: readonly Fault[];
  /** Extension members (RFC 9457 §3.2). */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal on its way to the client; words are put in when it is written. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly slots: Readonly<Record<string, Slot>>;
  readonly extra: ProblemExtra;

  constructor(code: ProblemCode, slots: Readonly<Record<string, Slot>>, extra: ProblemExtra) {
    super(code);
    this.code = code;
    this.slots = slots;
    this.extra = extra;
  }
}

type Needs<Code extends ProblemCode> = Record<SlotNames<(typeof PROBLEMS)[Code]['en'][1]>, Slot>;

/** The codes whose English sentence has no slots. */
export type PlainProblemCode = {
  [Code in ProblemCode]: [keyof Needs<Code>] extends [never] ? Code : never;
}[ProblemCode];

/** Makes a problem; its slots are those that its English sentence names. */
export function problem<Code extends ProblemCode>(
  code: Code,
  slots: Needs<Code>,
  extra: ProblemExtra = {},
): Problem {
  return new Problem(code, slots, extra);
}
