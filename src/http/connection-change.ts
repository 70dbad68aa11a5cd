/** What PATCH /v1/connections/{id} asks for, laid over what is there, however often somebody else changes that meanwhile. */
import { z } from 'zod';
import { problem } from '../problem.ts';
import type { ConnectionWithSettings } from '../store/connections.ts';
import { settingsOf } from './connection-draft.ts';
import { fault, line } from './fields.ts';
import { mergePatch } from './merge-patch.ts';
import type { HttpParts } from './parts.ts';

/** Filings were planned by them, and their serials stand at the agency that they led to. */
const FIXED = ['adapter', 'kinds', 'region', 'employer_uscc'] as const;
const fixed = z
  .unknown()
  .refine((given) => given === undefined, fault('connection_fixed'))
  .optional()
  .meta({ description: 'Cannot be changed' });

export const ConnectionChange = z
  .strictObject({
    name: line(100).optional(),
    settings: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'Those that change; null takes one out. The others stay, secrets too' }),
    ...(Object.fromEntries(FIXED.map((name) => [name, fixed])) as Record<
      (typeof FIXED)[number],
      typeof fixed
    >),
  })
  .superRefine(({ name, settings }, context) => {
    if (context.issues.length > 0) return;
    if (name === undefined && Object.keys(settings ?? {}).length === 0)
      context.addIssue({ code: 'custom', message: fault('amended_nothing') });
  })
  .meta({ id: 'ConnectionChange' });

const TRIES = 10;

/** @throws Problem */
export async function changeConnection(
  { store, manifests }: Pick<HttpParts, 'store' | 'manifests'>,
  { orgId, sandbox, id }: { readonly orgId: string; readonly sandbox: boolean; readonly id: string },
  { name, settings: patch }: z.output<typeof ConnectionChange>,
): Promise<ConnectionWithSettings> {
  for (let tried = 0; tried < TRIES; tried++) {
    const before = await store.connections.load(orgId, sandbox, id);
    if (before === undefined) throw problem('connection_not_found', {});
    const manifest = manifests.get(before.adapter);
    const settings =
      patch === undefined || manifest === undefined
        ? before.settings
        : settingsOf(manifest, mergePatch(before.settings, patch));
    const to = { ...(name === undefined ? {} : { name }), ...(patch === undefined ? {} : { settings }) };
    const changed = await store.connections.change(orgId, before, to);
    if (changed !== undefined) return { ...changed, settings };
  }
  throw problem('busy', {}, { headers: { 'Retry-After': '1' } });
}
