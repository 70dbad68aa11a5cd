/** A profile: an industry's gates, filings, clocks and weights, as dated data (profiles/*.yaml), resolved and whole. */
import { z } from 'zod';
import { code, GateRule, Words } from './gate-rule.ts';
import { RiskRules } from './risk-rules.ts';
import type { Vocabulary } from './vocabulary.ts';
import { type BusinessDate, EXIT_REASONS, FILING_KINDS } from './words.ts';

/** Where the industry's people are on record: nowhere, with a practitioners' register, or on a public credit platform. */
export const CREDIT_SYSTEMS = ['none', 'practitioner_registration', 'public_platform'] as const;
export type CreditSystem = (typeof CREDIT_SYSTEMS)[number];

const gates = z.array(GateRule).superRefine((list, context) => {
  const seen = new Set<string>();
  for (const [index, gate] of list.entries()) {
    if (seen.has(gate.code))
      context.addIssue({ code: 'custom', path: [index, 'code'], message: `${gate.code} is listed twice` });
    seen.add(gate.code);
  }
});

const filings = z
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
  .superRefine((list, context) => {
    const earlier = new Set<string>();
    for (const [index, filing] of list.entries()) {
      for (const [place, kind] of filing.after.entries())
        if (!earlier.has(kind))
          context.addIssue({
            code: 'custom',
            path: [index, 'after', place],
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
  });

/** What a profile consists of; a draft that extends another may leave out all but the first three. */
export const profileFields = {
  name: code,
  title: Words,
  effective_from: z.iso.date(),
  gates,
  filings,
  credit_system: z.enum(CREDIT_SYSTEMS),
  /** The version of each agency's reason table that it was written for (profiles/statutes/reasons.yaml). */
  reason_codes: z.partialRecord(z.enum(FILING_KINDS), z.string().min(1)),
  /** The reasons that an exit under it may have; absent: all. */
  reasons: z.array(z.enum(EXIT_REASONS)).min(1).optional(),
  risk: RiskRules,
};

export const Profile = z.strictObject(profileFields);
export type Profile = z.infer<typeof Profile>;

/** All profiles in all their versions, and the words of the codes in them. */
export interface Profiles {
  readonly names: readonly string[];
  readonly all: readonly Profile[];
  readonly vocabulary: Vocabulary;
  /** The version in force on a day: the newest that had taken effect. */
  inForce(name: string, on: BusinessDate): Profile | undefined;
  /** The version that an exit was opened under, by its `effective_from`. */
  version(name: string, effectiveFrom: BusinessDate): Profile | undefined;
}

/** @param all each name and `effective_from` at most once. */
export function profilesOf(all: readonly Profile[], vocabulary: Vocabulary): Profiles {
  return {
    names: [...new Set(all.map(({ name }) => name))].sort(),
    all,
    vocabulary,
    inForce: (name, on) => inForce(all, name, on),
    version: (name, effectiveFrom) =>
      all.find((each) => each.name === name && each.effective_from === effectiveFrom),
  };
}

/** Of the versions of a name, the newest that had taken effect on a day. */
export function inForce<Version extends Pick<Profile, 'name' | 'effective_from'>>(
  all: readonly Version[],
  name: string,
  on: BusinessDate,
): Version | undefined {
  return all
    .filter((each) => each.name === name && each.effective_from <= on)
    .reduce<Version | undefined>(
      (newest, each) => (newest === undefined || each.effective_from > newest.effective_from ? each : newest),
      undefined,
    );
}

/** Whose weights hold where nobody named a profile, and where the named one is no more. */
const FALLBACK = 'general';

/** The weights of a profile on a day. @throws Error when not even the fallback was in force. */
export function riskRulesOf(profiles: Pick<Profiles, 'inForce'>, name: string, on: BusinessDate): RiskRules {
  const profile = profiles.inForce(name, on) ?? profiles.inForce(FALLBACK, on);
  if (profile === undefined) throw new Error(`no version of profile ${name} is in force yet`);
  return profile.risk;
}

/** A profile with a firm's own gates behind its own. Where both use a code, the profile's gate stays: it came later. */
export function withOwnGates(profile: Profile, own: readonly GateRule[]): Profile {
  const taken = new Set(profile.gates.map((gate) => gate.code));
  return { ...profile, gates: [...profile.gates, ...own.filter((gate) => !taken.has(gate.code))] };
}
