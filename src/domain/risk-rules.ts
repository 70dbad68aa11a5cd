/** The `risk` section of a profile: what each fact weighs, how it fades, and from which score on somebody must look. */
import { z } from 'zod';
import { SIGNAL_KINDS } from './signals.ts';

/** What may count: every kind of signal, and the disputes of an exit that are not settled. */
export const RISK_CODES = [...SIGNAL_KINDS, 'open_dispute'] as const;
export type RiskCode = (typeof RISK_CODES)[number];

export const RISK_LEVELS = ['low', 'elevated', 'high'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

const share = z.int().min(0).max(100);

const Weight = z.strictObject({
  /** Of one fact; 0 keeps it on record without counting it. */
  points: share,
  /** Of all facts of this kind together, so that many small ones do not weigh like a grave one. */
  most: share,
  /** One more point for each so many yuan. Absent: the amount is shown and not weighed. */
  yuan_per_point: z.int().positive().optional(),
});

export const RiskRules = z.strictObject({
  /** One for every code: a kind that nobody weighed would weigh nothing in silence. */
  weights: z.record(z.enum(RISK_CODES), Weight),
  /** From so many days after the day it happened on, a fact counts so many percent; at 0 it is left out altogether. */
  decay: z
    .array(z.strictObject({ days: z.int().positive(), percent: share }))
    .superRefine((steps, context) => {
      for (const [index, step] of steps.entries()) {
        const before = steps[index - 1];
        if (before !== undefined && (step.days <= before.days || step.percent >= before.percent))
          context.addIssue({
            code: 'custom',
            path: [index],
            message: 'each step comes later and counts less than the one before',
          });
      }
    }),
  thresholds: z
    .strictObject({ elevated: z.int().min(1).max(100), high: z.int().min(1).max(100) })
    .refine(({ elevated, high }) => elevated < high, { path: ['high'], error: 'must be above elevated' }),
});
export type RiskRules = z.infer<typeof RiskRules>;
