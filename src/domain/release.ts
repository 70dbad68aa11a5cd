/**
 * Release: the decision to file at the statutory limit although gates are open, with claims reserved. A gate may hold the
 * clearance, never the statute: from the limit on, a named person clears or releases (domain: the dilemma; Labour Contract
 * Law §37, Civil Code §1191). Never silently past it, never silently released. Pure.
 */
import type { EventDraft } from './events.ts';
import { blockers, type Change, type Exit } from './exit.ts';
import { started } from './exit-course.ts';
import type { ExitSecret, Release, ReleaseDraft } from './exit-secret.ts';
import { blockerData, type Gate, holdEnds, isAboutDispute } from './gates.ts';

export const RELEASE_POLICIES = ['require_decision', 'auto_release'] as const;
/** What happens at the limit: a person is asked, or the exit is released with every open dispute reserved. */
export type ReleasePolicy = (typeof RELEASE_POLICIES)[number];

/** Why an exit cannot be released. */
export type ReleaseFault =
  | 'exit_cancelled'
  | 'not_gated'
  | { readonly fault: 'too_early'; readonly dueAt: Date }
  | { readonly fault: 'claim_missing'; readonly disputes: readonly string[] }
  | { readonly fault: 'claim_unknown'; readonly dispute: string };

export interface ReleaseContext {
  readonly now: Date;
  /** External ids of the exit's disputes, open or not. */
  readonly disputes: readonly string[];
}

/** Releases an exit whose limit has come; every open dispute must be covered by a reserved claim. */
export function release(
  exit: Exit,
  draft: ReleaseDraft,
  { now, disputes }: ReleaseContext,
): Change | ReleaseFault {
  if (exit.cancelledAt !== undefined) return 'exit_cancelled';
  if (exit.status !== 'gated') return 'not_gated';
  if (exit.decisionDueAt === undefined || now < exit.decisionDueAt)
    return { fault: 'too_early', dueAt: exit.decisionDueAt ?? now };
  for (const { dispute } of draft.claims)
    if (dispute !== undefined && !disputes.includes(dispute)) return { fault: 'claim_unknown', dispute };
  const uncovered = blockers(exit)
    .filter((gate) => isAboutDispute(gate) && !draft.claims.some(({ dispute }) => dispute === gate.subject))
    .map(({ subject }) => subject);
  if (uncovered.length > 0) return { fault: 'claim_missing', disputes: [...new Set(uncovered)] };
  return released(exit, 'person', now, () => draft);
}

/** @param draft made of the encrypted part where nobody wrote one. */
function released(
  exit: Exit,
  by: Release['by'],
  now: Date,
  draft: (secret: ExitSecret) => ReleaseDraft,
): Change {
  const open = blockers(exit);
  const kept = (secret: ExitSecret): Release => ({
    ...draft(secret),
    by,
    at: now.toISOString(),
    open: open.map(({ code, subject }) => ({ gate: code, subject })),
  });
  const event: EventDraft = {
    type: 'exit.released',
    data: {
      by,
      limit: exit.decisionDueAt?.toISOString() ?? null,
      blockers: open.map(blockerData),
    },
    personal: (secret) => {
      const { actor, reason, claims } = kept(secret);
      return { actor, reason, claims };
    },
  };
  return {
    ...started({ ...exit, released: { at: now, by } }, now, [event]),
    secret: (before) => ({ ...before, release: kept(before) }),
  };
}

/**
 * At the limit: asks for the decision once. The firm's policy releases only when every gate's own limit has come; a person
 * may decide from the first on.
 */
export function atLimit(exit: Exit, policy: ReleasePolicy, now: Date): Change {
  const { decisionDueAt: dueAt } = exit;
  if (exit.status !== 'gated' || dueAt === undefined || now < dueAt) return { exit, events: [] };
  if (policy === 'auto_release' && blockers(exit).every((gate) => now >= holdEnds(gate)))
    return released(exit, 'policy', now, (secret) => byPolicy(secret, blockers(exit)));
  if (exit.decisionAskedAt !== undefined) return { exit, events: [] };
  const [nearest] = exit.filings.map(({ deadline }) => deadline).toSorted();
  return {
    exit: { ...exit, decisionAskedAt: now },
    events: [
      {
        type: 'exit.decision_required',
        data: {
          limit: dueAt.toISOString(),
          filing_deadline: nearest ?? null,
          blockers: blockers(exit).map(blockerData),
        },
      },
    ],
  };
}

/** Every dispute that is open is reserved, in its own words. */
function byPolicy({ disputes }: ExitSecret, open: readonly Gate[]): ReleaseDraft {
  const subjects = new Set(open.filter(isAboutDispute).map(({ subject }) => subject));
  return {
    actor: 'auto_release',
    reason: '关口时限已到，按本单位既定政策放行 (The limit of the gates has come: released by policy)',
    claims: disputes
      .filter(({ external_id }) => subjects.has(external_id))
      .map(({ external_id, summary, amount }) => ({
        title: `保留权利主张 ${external_id}`,
        summary,
        dispute: external_id,
        ...(amount === undefined ? {} : { amount }),
      })),
  };
}
