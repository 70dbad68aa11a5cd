// What the clerks of all agencies write alike: stories that begin on the same operations, and the steps of them.
import type { AgencyName } from '../kernel/agency.ts';
import type { ClerkStep, Scenario } from '../kernel/scenario.ts';

export const storiesOf = (
  agency: AgencyName,
  operations: readonly string[],
  stories: readonly Omit<Scenario, 'agency' | 'operations'>[],
): readonly Scenario[] => stories.map((story) => ({ ...story, agency, operations }));

/** The clerk sends it back. @param reason in both languages: `the list is missing (缺少清单)` */
export const correction = (
  field: string,
  reason: string,
  more: Pick<ClerkStep, 'code' | 'due' | 'after'> = {},
): ClerkStep => ({ decision: 'correction', field, reason, ...more });

/** The clerk says no. @param code default REJECTED_BY_REVIEW */
export const reject = (reason: string, code?: string): ClerkStep => ({
  decision: 'reject',
  reason,
  ...(code === undefined ? {} : { code }),
});
