/** A profile: an industry's gates, filings, clocks and weights, as dated data (profiles/*.yaml). */
import { z } from 'zod';
import { RiskRules } from './risk-rules.ts';
import { type BusinessDate, EXIT_REASONS, FILING_KINDS } from './words.ts';

const Words = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) });
const code = z.string().regex(/^[a-z][a-z0-9_]*$/, 'lower-case letters, digits and _');

/** What raises a gate: each open item of that fact in the exit, each earlier signal, or the exit itself. */
export const GATE_SOURCES = ['dispute', 'handover', 'finance', 'signal', 'always'] as const;
export type GateSource = (typeof GATE_SOURCES)[number];

/**
 * Until when a gate may hold the filing: never at all, to the end of the employee's notice (Labour Contract Law §37; the
 * exit date where no notice ends the relation), to the exit date, or to the nearest limit of a filing.
 */
export const HOLDS = ['nothing', 'notice_end', 'exit_date', 'filing_deadline'] as const;
export type Holds = (typeof HOLDS)[number];

export const GateRule = z
  .strictObject({
    code,
    /** The department that settles it, by its code in profiles/words/terms.yaml. */
    owner: code,
    raised_by: z.enum(GATE_SOURCES),
    /** Of that fact only these kinds; absent: every kind. */
    kinds: z.array(code).min(1).optional(),
    /** A signal counts for so many days after it happened; absent: for ever. */
    within_days: z.int().positive().optional(),
    /** What it consists of where the exit names nothing of the kind: with them, the gate is raised for everybody. */
    items: z
      .array(z.strictObject({ code, title: Words }))
      .min(1)
      .optional(),
    title: Words,
    /** What clears it. */
    clears: Words,
    /** Kinds of document that a clearance must name, any of them or all; absent: none is needed. */
    documents: z.strictObject({ need: z.enum(['any', 'all']), kinds: z.array(code).min(1) }).optional(),
    holds: z.enum(HOLDS),
  })
  .superRefine((gate, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (gate.raised_by === 'always' && gate.items === undefined)
      issue('items', 'a gate raised by always names its items');
    if (gate.raised_by === 'always' && gate.kinds !== undefined)
      issue('kinds', 'always has no kinds: leave them out');
    if (gate.within_days !== undefined && gate.raised_by !== 'signal')
      issue('within_days', 'only signals grow old: leave it out');
    if (gate.items !== undefined && gate.raised_by !== 'always' && gate.raised_by !== 'handover')
      issue(
        'items',
        `${gate.raised_by} is named by the exit or by signals: only handover and always have items`,
      );
  });
export type GateRule = z.infer<typeof GateRule>;

export const Profile = z.strictObject({
  name: code,
  title: Words,
  effective_from: z.iso.date(),
  gates: z.array(GateRule).superRefine((gates, context) => {
    const seen = new Set<string>();
    for (const [index, gate] of gates.entries()) {
      if (seen.has(gate.code))
        context.addIssue({ code: 'custom', path: [index, 'code'], message: `${gate.code} is listed twice` });
      seen.add(gate.code);
    }
  }),
  filings: z
    .array(
      z.strictObject({
        kind: z.enum(FILING_KINDS),
        /** Kinds that must be verified first. */
        after: z.array(z.enum(FILING_KINDS)),
        /** Names of clocks in profiles/statutes/clocks.yaml; the nearest decides. */
        clocks: z.array(code).min(1),
      }),
    )
    .min(1)
    .superRefine((filings, context) => {
      const earlier = new Set<string>();
      for (const [index, filing] of filings.entries()) {
        for (const kind of filing.after)
          if (!earlier.has(kind))
            context.addIssue({
              code: 'custom',
              path: [index, 'after'],
              message: `${kind} is not listed before ${filing.kind}`,
            });
        if (earlier.has(filing.kind))
          context.addIssue({
            code: 'custom',
            path: [index, 'kind'],
            message: `${filing.kind} is listed twice`,
          });
        earlier.add(filing.kind);
      }
    }),
  /** The reasons that an exit under it may have; absent: all. */
  reasons: z.array(z.enum(EXIT_REASONS)).min(1).optional(),
  risk: RiskRules.optional(),
});
export type Profile = z.infer<typeof Profile>;

/** All profiles in all their versions. */
export interface Profiles {
  readonly names: readonly string[];
  readonly all: readonly Profile[];
  /** The version in force on a day: the newest that had taken effect. */
  inForce(name: string, on: BusinessDate): Profile | undefined;
  /** The version that an exit was opened under, by its `effective_from`. */
  version(name: string, effectiveFrom: BusinessDate): Profile | undefined;
}

/** @param all each name and `effective_from` at most once. */
export function profilesOf(all: readonly Profile[]): Profiles {
  const newestFirst = all.toSorted((a, b) => (a.effective_from < b.effective_from ? 1 : -1));
  return {
    names: [...new Set(all.map(({ name }) => name))].sort(),
    all,
    inForce: (name, on) => newestFirst.find((each) => each.name === name && each.effective_from <= on),
    version: (name, effectiveFrom) =>
      all.find((each) => each.name === name && each.effective_from === effectiveFrom),
  };
}
