/** A compared profile as lines for whoever changes it. */
import type { VersionChange } from '../domain/profile-diff.ts';
import type { BusinessDate } from '../domain/words.ts';
import type { Pinned } from '../store/pins.ts';

/**
 * @param pinned absent: nobody has looked.
 * @returns `breaks` when a version that open exits are pinned to does not stay what it was.
 */
export function diffText(
  name: string,
  changes: readonly VersionChange[],
  pinned: readonly Pinned[] | undefined,
  today: BusinessDate,
): { readonly lines: readonly string[]; readonly breaks: boolean } {
  const exits = (profile: string, version: string) =>
    pinned?.find((each) => each.profile === profile && each.version === version);
  const known = new Set(changes.map((each) => `${each.name} ${each.version}`));
  const lost = (pinned ?? []).filter(
    (each) => each.profile === name && !known.has(`${name} ${each.version}`),
  );
  const broken = [
    ...changes
      .filter(({ what }) => what === 'altered' || what === 'removed')
      .flatMap((each) => {
        const held = exits(each.name, each.version);
        return held === undefined ? [] : [{ ...held, what: each.what === 'altered' ? 'altered' : 'removed' }];
      }),
    ...lost.map((each) => ({ ...each, what: 'missing' })),
  ];
  const lines = [
    `${name}: the file against the installed profile`,
    ...changes.flatMap((each) => section(each, name, exits(each.name, each.version), today)),
    ...(pinned === undefined ? ['Open exits were not counted (--offline).'] : []),
    ...broken.flatMap((each) => [
      `!!! ${each.profile} ${each.version} is ${each.what}, and ${count(each)} pinned to it.`,
      ...(each.what === 'missing'
        ? ['!!! Put it back: what these exits still need to pass is written there.']
        : [
            '!!! Leave it as it is, and write the change as a version of its own with a later effective_from:',
            '!!! an exit ends under the rules that it was opened under.',
          ]),
    ]),
  ];
  if (changes.every(({ what }) => what === 'same') && broken.length === 0) lines.push('Nothing changes.');
  return { lines, breaks: broken.length > 0 };
}

function section(
  { name: of, version, what, against, changes, until }: VersionChange,
  name: string,
  held: Pinned | undefined,
  today: BusinessDate,
): string[] {
  const who = of === name ? version : `${of} ${version} (extends it)`;
  const exits = held === undefined ? '' : `; ${count(held)} pinned to it`;
  return [
    `  ${who}: ${SAID[what]}${exits}`,
    ...(what === 'added' ? [`    holds for ${span(version, until, today)}`] : []),
    ...(what === 'added' && against !== undefined
      ? [`    ${changes.length === 0 ? `says the same as ${against}` : `against ${against}:`}`]
      : []),
    ...changes.map((line) => `    ${line}`),
  ];
}

const SAID: Readonly<Record<VersionChange['what'], string>> = {
  same: 'as before',
  added: 'added',
  removed: 'removed',
  altered: 'altered',
};

function span(from: BusinessDate, until: BusinessDate | undefined, today: BusinessDate): string {
  if (until !== undefined && until <= today) return `no new exits: the version of ${until} already does`;
  const start = from <= today ? 'from now on' : `from ${from} on`;
  const end = until === undefined ? '' : `, until the version of ${until} does`;
  return `exits that are opened ${start}${end}; open ones keep theirs`;
}

function count({ live, test }: Pinned): string {
  const all = live + test;
  const kinds = live > 0 && test > 0 ? ` (${live} live, ${test} test)` : test > 0 ? ' (test)' : '';
  return `${all} open ${all === 1 ? 'exit' : 'exits'}${kinds} ${all === 1 ? 'is' : 'are'}`;
}
