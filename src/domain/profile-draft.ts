/** A profile as it is written: one YAML document is one version, which may extend another profile. */
import { z } from 'zod';
import { code } from './gate-rule.ts';
import { inForce, type Profile, profileFields } from './profile.ts';
import type { PlacedFault } from './vocabulary.ts';

/** What one that extends nothing must say itself. */
const OWN = ['gates', 'filings', 'credit_system', 'reason_codes', 'risk'] as const;

const { name, title, effective_from, gates, filings, credit_system, reason_codes, reasons, risk } =
  profileFields;

export const ProfileDraft = z
  .strictObject({
    name,
    title,
    effective_from,
    /** The profile that it stands on, in the version that was in force on this one's effective_from. */
    extends: code.optional(),
    gates: gates.optional(),
    filings: filings.optional(),
    credit_system: credit_system.optional(),
    reason_codes: reason_codes.optional(),
    reasons,
    risk: risk.optional(),
  })
  .superRefine((draft, context) => {
    for (const field of OWN)
      if (draft.extends === undefined && draft[field] === undefined)
        context.addIssue({
          code: 'custom',
          path: [field],
          message: `${field} is missing: give it, or extend a profile that has it`,
        });
  })
  // The rule above, for editors, which know only the JSON schema.
  .meta({ anyOf: [{ required: ['extends'] }, { required: [...OWN] }] });
export type ProfileDraft = z.infer<typeof ProfileDraft>;

/** For editors and other programs: JSON schema (draft 2020-12) of one YAML document. */
export const profileSchema = () => ({
  ...z.toJSONSchema(ProfileDraft),
  title: 'A version of a profile of Exitgate',
});

export interface DraftFault extends PlacedFault {
  /** Which of the drafts. */
  readonly draft: ProfileDraft;
}

const called = (draft: ProfileDraft) => `${draft.name} ${draft.effective_from}`;

/**
 * Puts each draft on its base: the base's gates come first, a gate of the same code takes its place, all else is
 * replaced as a whole. A version is bound to the version of its base that held on its own first day, so that it stays
 * what it was when the base goes on.
 */
export function resolveDrafts(drafts: readonly ProfileDraft[]): {
  readonly resolved: readonly { readonly draft: ProfileDraft; readonly profile: Profile }[];
  readonly faults: readonly DraftFault[];
} {
  const faults: DraftFault[] = [];
  const done = new Map<ProfileDraft, Profile | undefined>();

  function resolve(draft: ProfileDraft, way: readonly ProfileDraft[]): Profile | undefined {
    if (!done.has(draft)) done.set(draft, find(draft, way));
    return done.get(draft);
  }

  function find(draft: ProfileDraft, way: readonly ProfileDraft[]): Profile | undefined {
    const { extends: base, ...own } = draft;
    if (base === undefined) return own as Profile;
    const fault = (message: string) => void faults.push({ draft, path: ['extends'], message });
    const found = inForce(drafts, base, draft.effective_from);
    if (found === undefined)
      return fault(
        drafts.some((each) => each.name === base)
          ? `no version of ${base} was in force on ${draft.effective_from}`
          : `there is no profile ${base}`,
      );
    const round = [...way, draft];
    if (round.includes(found))
      return fault(
        `profiles extend each other in a circle: ${[...round.slice(round.indexOf(found)), found].map(called).join(' → ')}`,
      );
    const below = resolve(found, round);
    return below === undefined ? undefined : merge(below, own);
  }

  const seen = new Set<string>();
  const resolved: { readonly draft: ProfileDraft; readonly profile: Profile }[] = [];
  for (const draft of drafts) {
    if (seen.has(called(draft)))
      faults.push({
        draft,
        path: ['effective_from'],
        message: `${draft.name} has another version of ${draft.effective_from}`,
      });
    seen.add(called(draft));
    const profile = resolve(draft, []);
    if (profile !== undefined) resolved.push({ draft, profile });
  }
  return { resolved, faults };
}

function merge(base: Profile, { gates: given = [], ...own }: Omit<ProfileDraft, 'extends'>): Profile {
  const replacing = new Map(given.map((gate) => [gate.code, gate]));
  const theirs = new Set(base.gates.map((gate) => gate.code));
  const gates = [
    ...base.gates.map((gate) => replacing.get(gate.code) ?? gate),
    ...given.filter((gate) => !theirs.has(gate.code)),
  ];
  const { name, title, effective_from, filings, credit_system, reason_codes, reasons, risk } = own;
  const allowed = reasons ?? base.reasons;
  return {
    name,
    title,
    effective_from,
    gates,
    filings: filings ?? base.filings,
    credit_system: credit_system ?? base.credit_system,
    reason_codes: reason_codes ?? base.reason_codes,
    ...(allowed === undefined ? {} : { reasons: allowed }),
    risk: risk ?? base.risk,
  };
}
