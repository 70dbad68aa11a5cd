/** What a run makes of the findings that were known: found once, seen again, back again, gone. Pure. */
import type { EventDraft } from './events.ts';
import { type Finding, type FindingState, findingData } from './findings.ts';
import type { BusinessDate } from './words.ts';

/** A finding as it was kept; `key` stands for its identity. */
export interface KnownFinding {
  readonly id: string;
  readonly key: string;
  readonly state: FindingState;
  readonly exitId?: string;
  readonly on?: BusinessDate;
  /** When a look-up has seen it last; absent: a run has. */
  readonly noticedAt?: Date;
}

/** What becomes of one: `tells` where the exit it is about is to hear of it. */
export type FindingStep<Known extends KnownFinding> =
  | { readonly kind: 'opened'; readonly found: Finding; readonly key: string; readonly tells: true }
  | {
      readonly kind: 'reopened' | 'seen';
      readonly found: Finding;
      readonly known: Known;
      readonly tells: boolean;
    }
  | { readonly kind: 'resolved'; readonly known: Known; readonly tells: true };

/**
 * @param found by key. Only a complete run resolves, and only what lies in its period: what it did not look at may still
 * be so. What a person has dismissed stays dismissed, seen or not.
 */
export function followFindings<Known extends KnownFinding>(
  before: readonly Known[],
  found: ReadonlyMap<string, Finding>,
  {
    complete,
    period,
    settledBefore,
  }: {
    readonly complete: boolean;
    readonly period: { readonly from: BusinessDate; readonly to: BusinessDate };
    /** What a look-up has seen since then may not show in the list yet. */
    readonly settledBefore?: Date;
  },
): readonly FindingStep<Known>[] {
  const known = new Map(before.map((each) => [each.key, each]));
  const seen = [...found].map(([key, finding]): FindingStep<Known> => {
    const was = known.get(key);
    if (was === undefined) return { kind: 'opened', found: finding, key, tells: true };
    if (was.state === 'resolved') return { kind: 'reopened', found: finding, known: was, tells: true };
    // An exit that was opened since: it hears of it now.
    const newcomer = was.state === 'open' && was.exitId === undefined && finding.exitId !== undefined;
    return { kind: 'seen', found: finding, known: was, tells: newcomer };
  });
  const gone = before.filter(
    ({ state, key, on, noticedAt }) =>
      complete &&
      !(noticedAt !== undefined && settledBefore !== undefined && noticedAt >= settledBefore) &&
      state === 'open' &&
      !found.has(key) &&
      (on === undefined || (period.from <= on && on <= period.to)),
  );
  return [
    ...seen,
    ...gone.map((each): FindingStep<Known> => ({ kind: 'resolved', known: each, tells: true })),
  ];
}

type Data = ReturnType<typeof findingData>;

export const findingOpened = (id: string, connectionId: string, finding: Finding): EventDraft => ({
  type: 'reconciliation.finding_opened',
  data: { finding_id: id, connection_id: connectionId, ...findingData(finding) },
});

export const RESOLUTIONS = ['agrees', 'dismissed', 'connection_deleted'] as const;

/**
 * @param resolution `agrees`: both sides say the same again; `dismissed`: a person has looked, and it may stay so;
 * `connection_deleted`: nobody asks there any more.
 */
export const findingResolved = (
  id: string,
  connectionId: string,
  data: Data,
  resolution: (typeof RESOLUTIONS)[number],
  personal?: EventDraft['personal'],
): EventDraft => ({
  type: 'reconciliation.finding_resolved',
  data: { finding_id: id, connection_id: connectionId, ...data, resolution },
  ...(personal === undefined ? {} : { personal }),
});
