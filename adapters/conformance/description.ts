/** What the suite has to know of an adapter to hold it to the list: the agency that plays the other side, and what its protocol lacks. */
import type { AdapterEntry, FilingOrder } from '../adapter.ts';
import { CHECK_NAMES, type CheckName } from './checks.ts';
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
  description.withoutAgency.trim() !== '';

/** What is wrong with a description, a sentence each. It may come from another repository, so types alone prove nothing. */
export function descriptionFaults(description: unknown, { manifest }: AdapterEntry): string[] {
  if (typeof description !== 'object' || description === null) return ['conformance is not an object'];
  if (isWithoutAgency(description)) return [];
  const given = description as Readonly<Record<string, unknown>>;
  const words = ['agency', 'kind', 'submits', 'asks', 'filing'].filter(
    (name) => typeof given[name] !== 'string' || given[name] === '',
  );
  const faults = words.map((name) => `conformance.${name} must be a word that is not empty`);
  if (typeof given.settings !== 'function')
    faults.push('conformance.settings must be a function of the stand');
  if (typeof given.kind === 'string' && !manifest.kinds.some((kind) => kind === given.kind))
    faults.push(`conformance.kind ${given.kind} is none of the manifest's: ${manifest.kinds.join(', ')}`);
  return [...faults, ...skipFaults(given.skips)];
}

export function skipFaults(skips: unknown): string[] {
  if (typeof skips !== 'object' || skips === null)
    return ['conformance.skips must be an object; {} where every check can be run'];
  return Object.entries(skips).flatMap(([name, reason]) => {
    if (!CHECK_NAMES.some((check) => check === name))
      return [`conformance.skips names a check that there is not: ${JSON.stringify(name)}`];
    return typeof reason === 'string' && reason.trim() !== ''
      ? []
      : [`conformance.skips gives no reason for ${JSON.stringify(name)}`];
  });
}
