/** A connection's body against its adapter's manifest: kinds, region, and the settings by the adapter's own schema. */
import { z } from 'zod';
import { areaOf } from '../domain/connections.ts';
import { FILING_KINDS } from '../domain/words.ts';
import { type Fault, faultAt } from '../faults.ts';
import type { ConnectionDraft } from '../store/connections.ts';
import { invalid, unstopped } from './errors.ts';
import { area, fault, line, uscc } from './fields.ts';
import type { AdapterManifest } from './parts.ts';
import { check, inBody, pointerOf } from './validate.ts';

/** @param adapters the names of the known adapters. */
export const connectionBody = (adapters: readonly string[]) =>
  z
    .strictObject({
      name: line(100),
      adapter: z.enum(adapters, fault('adapter_unknown')),
      kinds: z
        .array(z.enum(FILING_KINDS))
        .min(1)
        .max(FILING_KINDS.length)
        .optional()
        .meta({ description: 'Default: all that the adapter serves' }),
      region: area('region_prefix_unknown')
        .optional()
        .meta({
          description: 'GB/T 2260 code or prefix served; 110000 is kept as 11. Default: any',
          examples: ['11'],
        }),
      employer_uscc: uscc.optional().meta({ description: 'The one employer it files for. Default: any' }),
      settings: z.record(z.string(), z.unknown()).meta({ description: "By the adapter's own schema" }),
    })
    .meta({ id: 'ConnectionDraft' });
type ConnectionBody = z.output<ReturnType<typeof connectionBody>>;

/** @throws Problem that names every field the adapter does not take. */
export function connectionDraft(
  body: ConnectionBody,
  manifests: ReadonlyMap<string, AdapterManifest>,
): ConnectionDraft {
  const manifest = manifests.get(body.adapter);
  if (manifest === undefined) throw new Error('the schema let an unknown adapter through');
  const { name: adapter, kinds, regions } = manifest;
  const faults: Fault[] = [];
  for (const [index, kind] of (body.kinds ?? []).entries())
    if (!kinds.includes(kind))
      faults.push(faultAt(`/kinds/${index}`, 'kind_not_served', { adapter, kind, kinds: kinds.join(', ') }));
  const region = body.region ?? '';
  // A connection may serve less than the adapter, or one place of many, never a place that is none of the adapter's.
  if (
    region !== '' &&
    !regions.some((each) => each === '*' || each.startsWith(region) || region.startsWith(areaOf(each)))
  )
    faults.push(faultAt('/region', 'region_not_served', { adapter, regions: regions.join(', ') }));
  const settings = checkSettings(manifest.settings, body.settings);
  if (!settings.ok) faults.push(...settings.faults);
  if (faults.length > 0 || !settings.ok)
    throw invalid('body_invalid', faults, settings.ok ? 0 : settings.more);
  return {
    name: body.name,
    adapter,
    kinds: body.kinds ?? kinds,
    region,
    employerUscc: body.employer_uscc ?? '',
    settings: settings.value,
  };
}

/** @throws Problem that names every setting the adapter does not take. */
export function settingsOf(manifest: AdapterManifest, settings: unknown): unknown {
  const checked = checkSettings(manifest.settings, settings);
  if (!checked.ok) throw invalid('body_invalid', checked.faults, checked.more);
  return checked.value;
}

/** In the place of what Zod would say where the schema says nothing. */
const UNSAID = '';

/** What the adapter says itself, it says best: it knows what it needs. Everything else in our words, never in Zod's own. */
function checkSettings(schema: z.ZodObject, settings: unknown) {
  const strict = schema.strict();
  const result = strict.safeParse(settings, { error: () => UNSAID });
  if (result.success) return { ok: true as const, value: result.data };
  const inSettings = (path: readonly PropertyKey[]) => inBody(['settings', ...path]);
  const checked = check(strict, settings, inSettings);
  const said = result.error.issues
    .filter(({ message }) => message !== UNSAID)
    .map(({ path, message }) => ({ pointer: pointerOf(['settings', ...path]), message }));
  const worded = new Set(said.map(({ pointer }) => pointer));
  const ours = checked.ok
    ? []
    : checked.faults.filter(
        ({ code, pointer }) => code === 'required' || /^field_/.test(code) || !worded.has(pointer ?? ''),
      );
  const unknown = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : [],
  ).length;
  const more = unknown - ours.filter(({ code }) => /^field_/.test(code)).length;
  const spoken = new Set(ours.map(({ pointer }) => pointer));
  const theirs = said
    .filter(({ pointer }) => !spoken.has(pointer))
    .map(({ pointer, message }) => faultAt(pointer, 'setting_invalid', { reason: unstopped(message) }));
  return { ok: false as const, faults: [...ours, ...theirs], more };
}
