/** What the suite has to know of an adapter to hold it to the list: the agency that plays the other side, and what its protocol lacks. */
import type { AdapterEntry, FilingOrder, Inquiry, Manifest } from '../adapter.ts';
import { CHECK_NAMES, type CheckName, NEEDS } from './checks.ts';
import type { Stand } from './stand.ts';

export interface Conformance {
  /** The mock agency, by its name at the desk. */
  readonly agency: string;
  /** Where a module that exports it lies, when it is none of those that come along: `new URL('../mock/index.ts', import.meta.url)`. */
  readonly mock?: URL;
  /** Which of the manifest's kinds is filed. */
  readonly kind: FilingOrder['kind'];
  /** The agency's names of submission and enquiry, as its faults match them. */
  readonly submits: string;
  readonly asks: string;
  /** The submission as the adapter keeps it. */
  readonly filing: string;
  /** With `amend`: the agency's operation that amends, and its message as the adapter keeps it. */
  readonly amends?: { readonly operation: string; readonly kept: string };
  /** With `withdraw`: the agency's operation that withdraws. */
  readonly withdraws?: string;
  /** With `inquire`: what is asked of the order's person, and what makes the agency have something on that person. */
  readonly inquiry?: {
    readonly asked: Omit<Inquiry, 'employer' | 'person'>;
    readonly unclear: (stand: Stand, order: FilingOrder) => Promise<unknown>;
  };
  /** With `parseCallback`: the mock agency calls the address that is left at its desk. */
  readonly callbacks?: boolean;
  /** The connection's settings at a sandbox. Called again with another unit's identity, and with an address where nobody listens. */
  readonly settings: (stand: Stand) => object | Promise<object>;
  /** Settings under which the agency's own answers are somebody else's; default: `agency`, another common name. */
  readonly distrusts?: object | ((stand: Stand) => object | Promise<object>);
  /** Besides the person's name and number and the settings that are marked secret: what may be said nowhere. */
  readonly secrets?: readonly string[];
  /** Parts of the filing that this agency wants otherwise. */
  readonly order?: Partial<Omit<FilingOrder, 'kind' | 'preparedAt'>>;
  /** Checks that this protocol cannot have, and why. */
  readonly skips: Readonly<Partial<Record<CheckName, string>>>;
}

/** Of an adapter that nobody answers: the list is about a line, and there is none. */
export interface WithoutAgency {
  readonly withoutAgency: string;
}

export const isWithoutAgency = (description: unknown): description is WithoutAgency =>
  typeof description === 'object' &&
  description !== null &&
  'withoutAgency' in description &&
  typeof description.withoutAgency === 'string' &&
  isSentence(description.withoutAgency);

/** What is wrong with a description, a sentence each. It may come from another repository, so types alone prove nothing. */
export function descriptionFaults(description: unknown, { manifest }: AdapterEntry): string[] {
  if (typeof description !== 'object' || description === null) return ['conformance is not an object'];
  if (isWithoutAgency(description))
    return manifest.capabilities.some((can) => can !== 'upload')
      ? ['conformance.withoutAgency is for an adapter that asks nobody anything; this one offers more']
      : [];
  const given = description as Readonly<Record<string, unknown>>;
  const words = ['agency', 'kind', 'submits', 'asks', 'filing'].filter((name) => !isWord(given[name]));
  const faults = words.map((name) => `conformance.${name} must be a word that is not empty`);
  const can = new Set<string>(manifest.capabilities);
  const { amends } = given;
  if (can.has('amend') && !(isRecord(amends) && isWord(amends.operation) && isWord(amends.kept)))
    faults.push('conformance.amends must name the operation that amends, and its message as it is kept');
  if (can.has('withdraw') && !isWord(given.withdraws))
    faults.push('conformance.withdraws must name the operation that withdraws');
  if (typeof given.settings !== 'function')
    faults.push('conformance.settings must be a function of the stand');
  if (typeof given.kind === 'string' && !manifest.kinds.some((kind) => kind === given.kind))
    faults.push(`conformance.kind ${given.kind} is none of the manifest's: ${manifest.kinds.join(', ')}`);
  return [...faults, ...skipFaults(given.skips)];
}

const isWord = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** What is skipped of an adapter, and why: by its description, and by what its manifest does not offer. */
export function skipsOf(
  given: Conformance,
  { capabilities }: Manifest,
): Readonly<Partial<Record<CheckName, string>>> {
  const can = new Set<string>(capabilities);
  const why = (check: CheckName): string | undefined => {
    const needed = NEEDS[check];
    if (needed === undefined) return undefined;
    if (!can.has(needed)) return `the manifest offers no ${needed}`;
    if (needed === 'inquire' && given.inquiry === undefined)
      return 'the description has no scene for it (conformance.inquiry)';
    if (needed === 'parseCallback' && given.callbacks !== true)
      return 'the description has no scene for it (conformance.callbacks)';
    return undefined;
  };
  const implied = CHECK_NAMES.flatMap((check) => {
    const reason = why(check);
    return reason === undefined ? [] : [[check, reason] as const];
  });
  return { ...Object.fromEntries(implied), ...given.skips };
}

/** Long enough that a reader can judge it: Chinese says as much in half the length. */
const isSentence = (reason: unknown): reason is string => {
  if (typeof reason !== 'string') return false;
  const words = reason.trim();
  return /\p{Script=Han}/u.test(words) ? words.length >= 10 : words.length >= 20 && words.includes(' ');
};

export function skipFaults(skips: unknown): string[] {
  if (typeof skips !== 'object' || skips === null)
    return ['conformance.skips must be an object; {} where every check can be run'];
  return Object.entries(skips).flatMap(([name, reason]) => {
    if (!CHECK_NAMES.some((check) => check === name))
      return [`conformance.skips names a check that there is not: ${JSON.stringify(name)}`];
    return isSentence(reason)
      ? []
      : [
          `conformance.skips gives no reason for ${JSON.stringify(name)}: say in a sentence why the protocol cannot have it`,
        ];
  });
}
