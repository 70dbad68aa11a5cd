/** What a manifest must say before anybody may file through it: types prove nothing of one from another repository. */
import { z } from 'zod';
import { FILING_STATES } from '../src/domain/filing.ts';
import { FILING_KINDS, PERSON_FIELDS } from '../src/domain/words.ts';
import type { Capability } from './adapter.ts';

const CAPABILITIES = [
  'lookup',
  'readBack',
  'amend',
  'withdraw',
  'ping',
  'list',
  'roster',
  'inquire',
  'parseCallback',
  'codes',
  'upload',
] as const satisfies readonly Capability[];

const text = z.string().regex(/\S/, 'must not be blank');
const positive = z.number().positive();
const count = z.int().positive();
const distinct = <T extends z.ZodType>(each: T) =>
  z.array(each).refine((all) => new Set(all).size === all.length, 'must name nothing twice');
const states = distinct(z.enum(FILING_STATES));

const shape = z.strictObject({
  name: z
    .string()
    .max(40)
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be in kebab case: it names a folder, a queue and a metric'),
  title: z.strictObject({ en: text, zh: text }),
  protocol: text,
  kinds: distinct(z.enum(FILING_KINDS)).min(1),
  regions: distinct(z.string().regex(/^(\*|\d{6})$/, 'must be a GB/T 2260 code or *')).min(1),
  personFields: distinct(z.enum(PERSON_FIELDS)),
  // By its looks: a package of its own may have another copy of zod.
  settings: z.custom<z.ZodObject>(looksLikeSettings, 'must be a zod object'),
  withdraws: states,
  amends: states,
  capabilities: distinct(z.enum(CAPABILITIES)),
  listDelay: z.number().nonnegative().optional(),
  concurrency: count,
  rate: z.strictObject({ calls: positive, seconds: positive }).optional(),
  timeout: positive,
});

/** A sentence for each thing that is wrong. */
export function manifestFaults(manifest: unknown): string[] {
  const read = shape.safeParse(manifest);
  if (!read.success)
    return read.error.issues.map(({ path, message }) => `manifest.${path.join('.')}: ${message}`);
  const { capabilities, amends, withdraws, settings } = read.data;
  const together = (can: Capability, list: readonly string[], name: string) =>
    capabilities.includes(can) === list.length > 0
      ? []
      : [`manifest.${name} must name the states in which ${can} is allowed, and none without it`];
  return [
    ...together('amend', amends, 'amends'),
    ...together('withdraw', withdraws, 'withdraws'),
    ...Object.entries(settings.shape)
      .filter(([name, field]) => soundsSecret(name) && !isSecret(field))
      .map(([name]) => `manifest.settings.${name} sounds like a secret: mark it by .meta({ secret: true })`),
  ];
}

function looksLikeSettings(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'safeParse' in value && 'shape' in value && typeof value.shape === 'object';
}

/** A setting that is never shown again. */
export const isSecret = (field: unknown): boolean =>
  field instanceof Object && 'meta' in field && typeof field.meta === 'function'
    ? Object(field.meta()).secret === true
    : false;

const soundsSecret = (name: string): boolean =>
  /(^|_)(secret|password|passphrase|passwd|token|pin)$|(^|_)private_?key$/i.test(
    name.replace(/([a-z])([A-Z])/g, '$1_$2'),
  );
