/** Which connection files a kind of business for an employer. */
import type { FilingKind } from './words.ts';

export interface ConnectionChoice {
  readonly id: string;
  readonly kinds: readonly FilingKind[];
  /** GB/T 2260 prefix served; empty: any. */
  readonly region: string;
  /** Empty: any employer. */
  readonly employerUscc: string;
}

/** The digits that say something: GB/T 2260 writes a wider area with zero pairs at the end, as in 110000 for 11. */
export const areaOf = (region: string): string => region.replace(/(?:00)+$/, '');

/**
 * The most specific of those that fit: one that names the employer before one that does not, then the longer region
 * prefix, then the newer (ids sort by birth), so that a replacement takes over as soon as it is made.
 */
export function chooseConnection<Connection extends ConnectionChoice>(
  kind: FilingKind,
  employer: { readonly uscc: string; readonly region: string },
  connections: readonly Connection[],
): Connection | undefined {
  const fitting = connections.filter(
    (each) =>
      each.kinds.includes(kind) &&
      employer.region.startsWith(areaOf(each.region)) &&
      (each.employerUscc === '' || each.employerUscc === employer.uscc),
  );
  return fitting.toSorted(
    (a, b) =>
      b.employerUscc.length - a.employerUscc.length ||
      areaOf(b.region).length - areaOf(a.region).length ||
      (a.id < b.id ? 1 : -1),
  )[0];
}
