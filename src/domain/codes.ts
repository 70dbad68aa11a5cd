/** An agency's code tables, version by version. Pure. */

export interface CodeVersion {
  readonly name: string;
  readonly version: string;
  /** Code → text. */
  readonly entries: Readonly<Record<string, string>>;
  /** From when on it is used. */
  readonly since: Date;
}

/**
 * The tables by which a filing that was prepared then is made: sent again, it has the same bytes although the tables have
 * changed meanwhile. Before the first version of a table that one stands.
 */
export function tablesAt<Version extends CodeVersion>(
  versions: readonly Version[],
  at: Date,
): readonly Version[] {
  const names = [...new Set(versions.map(({ name }) => name))];
  return names.flatMap((name) => {
    const own = versions
      .filter((each) => each.name === name)
      .toSorted((a, b) => a.since.getTime() - b.since.getTime());
    return own.findLast(({ since }) => since <= at) ?? own[0] ?? [];
  });
}
