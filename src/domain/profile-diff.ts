/** What a changed profile changes: version by version, and field by field where two versions differ. Pure. */
import { inForce, type Profile } from './profile.ts';
import type { BusinessDate } from './words.ts';

export interface VersionChange {
  readonly name: string;
  readonly version: BusinessDate;
  readonly what: 'same' | 'added' | 'removed' | 'altered';
  /** What the fields are compared with: of an added version the one before it, of an altered one itself as it was. */
  readonly against?: BusinessDate;
  /** A line each; empty where there is nothing to compare with, and for `same`. */
  readonly changes: readonly string[];
  /** The day from which the next version holds for new exits. */
  readonly until?: BusinessDate;
}

/** All versions of a profile, and those of others that change with it because they extend it. Oldest first. */
export function compareProfiles(
  before: readonly Profile[],
  after: readonly Profile[],
  name: string,
): readonly VersionChange[] {
  const key = (profile: Profile) => `${profile.name} ${profile.effective_from}`;
  const was = new Map(before.map((each) => [key(each), each]));
  const is = new Map(after.map((each) => [key(each), each]));
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((each) => change(was.get(each), is.get(each), after))
    .filter((each) => each.name === name || each.what !== 'same')
    .toSorted(
      (a, b) => order(a, name) - order(b, name) || compare(a.name, b.name) || compare(a.version, b.version),
    );
}

const order = (each: VersionChange, name: string) => (each.name === name ? 0 : 1);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function change(was: Profile | undefined, is: Profile | undefined, after: readonly Profile[]): VersionChange {
  const present = is ?? was;
  if (present === undefined) throw new Error('a version that is neither before nor after');
  const { name, effective_from: version } = present;
  const next = after
    .filter((each) => each.name === name && each.effective_from > version)
    .map((each) => each.effective_from)
    .toSorted()[0];
  const common = { name, version, ...(next === undefined ? {} : { until: next }) };
  if (is === undefined) return { ...common, what: 'removed', changes: [] };
  if (was !== undefined) {
    const changes = differences(was, is);
    return changes.length === 0
      ? { ...common, what: 'same', changes }
      : { ...common, what: 'altered', against: version, changes };
  }
  const others = after.filter((each) => each !== is);
  const previous = inForce(others, name, version);
  return previous === undefined
    ? { ...common, what: 'added', changes: [] }
    : { ...common, what: 'added', against: previous.effective_from, changes: differences(previous, is) };
}

/** One line for each gate, filing and field that differs: `+` is new, `-` is gone, `~` says from what to what. */
export function differences(was: Profile, is: Profile): string[] {
  const { effective_from: _was, gates: oldGates, filings: oldFilings, ...old } = was;
  const { effective_from: _is, gates, filings, ...rest } = is;
  return [
    ...lists('gate', byCode(oldGates), byCode(gates)),
    ...lists('filing', byKind(oldFilings), byKind(filings)),
    ...fields('', old, rest),
  ];
}

type Keyed = readonly (readonly [string, object])[];
const byCode = (gates: Profile['gates']): Keyed => gates.map(({ code, ...rest }) => [code, rest]);
const byKind = (filings: Profile['filings']): Keyed => filings.map(({ kind, ...rest }) => [kind, rest]);

function lists(noun: string, was: Keyed, is: Keyed): string[] {
  const old = new Map(was);
  const now = new Map(is);
  const kept = (list: Keyed, other: ReadonlyMap<string, object>) =>
    list.map(([key]) => key).filter((key) => other.has(key));
  const [before, after] = [kept(was, now), kept(is, old)];
  return [
    ...was.filter(([key]) => !now.has(key)).map(([key]) => `- ${noun} ${key}`),
    ...is.flatMap(([key, value]) => {
      const known = old.get(key);
      return known === undefined
        ? [`+ ${noun} ${key}: ${summary(value)}`]
        : fields(`${noun} ${key}, `, known, value);
    }),
    ...(before.join() === after.join() ? [] : [`~ order of ${noun}s: ${show(before)} → ${show(after)}`]),
  ];
}

/** What a person asks first about a new gate or filing. */
const summary = (value: object) =>
  ['raised_by', 'owner', 'holds', 'after', 'clocks']
    .filter((field) => field in value)
    .map((field) => `${field} ${show((value as Readonly<Record<string, unknown>>)[field])}`)
    .join(', ');

function fields(place: string, was: unknown, is: unknown): string[] {
  if (same(was, is)) return [];
  if (!isRecord(was) || !isRecord(is)) {
    const where = place.replace(/[., ]+$/, '');
    if (was === undefined) return [`+ ${where}: ${show(is)}`];
    if (is === undefined) return [`- ${where}: ${show(was)}`];
    return [`~ ${where}: ${show(was)} → ${show(is)}`];
  }
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted();
  return names.flatMap((name) => fields(`${place}${name}.`, was[name], is[name]));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Equal as data: the order of an object's fields says nothing. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, index) => same(each, b[index]));
  if (!isRecord(a) || !isRecord(b)) return a === b;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => same(a[name], b[name]));
}

function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (!isRecord(value)) return String(value);
  return `{ ${Object.entries(value)
    .map(([name, each]) => `${name}: ${show(each)}`)
    .join(', ')} }`;
}
