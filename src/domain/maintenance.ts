/** Maintenance: from when until when an agency has said that it is out of service. */

export interface Maintenance {
  readonly startsAt: Date;
  /** The first instant at which the agency is back. */
  readonly endsAt: Date;
  readonly reason: string;
}

/** The maintenance at an instant: what overlaps it or follows it without a gap is one with it. */
export function maintenanceAt(
  maintenances: readonly Maintenance[],
  now: Date,
): { readonly until: Date; readonly reason: string } | undefined {
  const running = maintenances.filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt);
  const [longest] = running.toSorted((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
  if (longest === undefined) return undefined;
  const ends = maintenances
    .toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
    .reduce(
      (until, { startsAt, endsAt }) => (startsAt <= until && endsAt > until ? endsAt : until),
      longest.endsAt,
    );
  return { until: ends, reason: longest.reason };
}
