// Faults with a story. A name is a promise to the tests that use it: change what one does only with its name.
import type { FaultEffect } from './faults.ts';

const page = (title: string) =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;

export const PRESETS = {
  /** The complaint about government APIs: taken, but the line drops before the receipt arrives. */
  'commit-then-lose-reply': { phase: 'after-commit', kind: 'reset' },
  /** Announced maintenance: nothing taken, Retry-After says when. */
  '503-maintenance': {
    phase: 'before-commit',
    kind: 'status',
    status: 503,
    code: 'MAINTENANCE',
    reason: 'the agency is under maintenance',
    retryAfterSeconds: 120,
  },
  '429': {
    phase: 'before-commit',
    kind: 'status',
    status: 429,
    code: 'RATE_LIMIT',
    reason: 'too many requests of this unit',
    retryAfterSeconds: 5,
  },
  /** Too many requests, once; a second later all is well. */
  '429-then-ok': {
    phase: 'before-commit',
    kind: 'status',
    status: 429,
    code: 'RATE_LIMIT',
    reason: 'too many requests of this unit',
    retryAfterSeconds: 1,
  },
  /** The client gives up waiting, and two seconds later it is taken after all. */
  'timeout-then-late-success': { phase: 'before-commit', kind: 'late', delayMs: 2000 },
  /** Silence, and nothing taken. */
  hang: { phase: 'before-commit', kind: 'hang' },
  /** Silence, and it was taken. */
  'hang-after-commit': { phase: 'after-commit', kind: 'hang' },
  /** The line drops before anything was read. */
  'drop-on-connect': { phase: 'connect', kind: 'reset' },
  /** A portal's page where the answer should be; it was taken. */
  'html-with-200': { phase: 'response', kind: 'html', body: page('Login') },
  /** The first half of the answer, then the end of the line; it was taken. */
  truncate: { phase: 'response', kind: 'truncate' },
  garbage: { phase: 'response', kind: 'garbage' },
  /** Signed, but by a certificate of an authority that nobody trusts; it was taken. */
  'foreign-signature': { phase: 'response', kind: 'foreign-signature' },
  slow: { phase: 'response', kind: 'slow', delayMs: 2000 },
  /** The clerk asks for more with the next case. */
  correction: {
    phase: 'clerk',
    kind: 'correction',
    code: 'MATERIAL_MISSING',
    field: 'supplement',
    reason: 'the material is incomplete: attach the settlement of the dispute or the claim',
  },
  /** The case stays where it is until somebody decides. */
  stuck: { phase: 'clerk', kind: 'stuck' },
  /** One row of the batch passes, the others do not. */
  'partial-batch': { phase: 'clerk', kind: 'partial-batch' },
  /** The state of when it was armed, told once more: then the present one again. Only to who asks: nothing is lost. */
  'status-flap': { phase: 'before-commit', kind: 'status-flap' },
  /** The clerk refuses the next case. */
  reject: {
    phase: 'clerk',
    kind: 'reject',
    code: 'REJECTED_BY_REVIEW',
    reason: 'the review found that the reason does not agree with the records',
  },
} as const satisfies Record<string, FaultEffect>;

export type PresetName = keyof typeof PRESETS;
