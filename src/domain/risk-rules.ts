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

/** What holds where a profile has no `risk` section. Penalties are shown for three years (domain: credit record). */
export const DEFAULT_RISK_RULES: RiskRules = {
  weights: {
    violation: { points: 15, most: 60, yuan_per_point: 10_000 },
    customer_complaint: { points: 10, most: 40, yuan_per_point: 20_000 },
    disciplinary_decision: { points: 20, most: 60 },
    audit_finding: { points: 12, most: 40, yuan_per_point: 20_000 },
    safety_incident: { points: 15, most: 45 },
    data_handling_breach: { points: 20, most: 60 },
    asset_discrepancy: { points: 8, most: 40, yuan_per_point: 5_000 },
    performance_drop: { points: 4, most: 12 },
    attendance_anomaly: { points: 2, most: 10 },
    training_missed: { points: 3, most: 12 },
    // It is no risk: it shows what the employee knew of when something else happened.
    contract_clause_acknowledged: { points: 0, most: 0 },
    open_dispute: { points: 20, most: 60, yuan_per_point: 20_000 },
  },
  decay: [
    { days: 365, percent: 50 },
    { days: 730, percent: 25 },
    { days: 1095, percent: 0 },
  ],
  thresholds: { elevated: 30, high: 60 },
};

/** A profile's rules, or the default. */
export function riskRulesOf(
  profile: { readonly name: string; readonly risk?: RiskRules | undefined } | undefined,
): RiskRules {
  return profile?.risk ?? DEFAULT_RISK_RULES;
}
