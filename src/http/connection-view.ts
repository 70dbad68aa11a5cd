/** A connection as it leaves, field by field: what is secret stays. */
import { z } from 'zod';
import type { Health } from '../domain/health.ts';
import { FILING_KINDS } from '../domain/words.ts';
import type { Connection } from '../store/connections.ts';
import { HealthView, presentHealth } from './connection-health.ts';
import { connectionExample } from './examples.ts';
import { id, instant } from './fields.ts';
import type { AdapterManifest, HttpParts } from './parts.ts';
import { isSecret } from './zod.ts';

const view = {
  id: id('connection'),
  name: z.string(),
  adapter: z.string(),
  kinds: z.array(z.enum(FILING_KINDS)).readonly(),
  region: z.string().meta({ description: 'Empty: any' }),
  employer_uscc: z.string().meta({ description: 'Empty: any' }),
  sandbox: z.boolean(),
  callback_url: z
    .string()
    .nullable()
    .meta({ description: 'Where the agency may send callbacks; null where its adapter takes none' }),
  created_at: instant,
};
export const ConnectionView = z.object(view).meta({ id: 'Connection' });
export const ConnectionWithSettings = z
  .object({
    ...view,
    settings: z.record(z.string(), z.unknown()).meta({ description: 'Without the secret ones' }),
    secret_settings: z.array(z.string()).meta({ description: 'Settings that are kept and never shown' }),
    capabilities: z
      .array(z.string())
      .readonly()
      .meta({ description: 'What the adapter can do beyond filing' }),
    health: HealthView,
  })
  .meta({ id: 'ConnectionWithSettings' });

type Presented = Pick<HttpParts, 'manifests' | 'publicUrl'>;

export const present =
  (sandbox: boolean, { manifests, publicUrl }: Presented) =>
  (connection: Connection) => ({
    id: connection.id,
    name: connection.name,
    adapter: connection.adapter,
    kinds: connection.kinds,
    region: connection.region,
    employer_uscc: connection.employerUscc,
    sandbox,
    callback_url: manifests.get(connection.adapter)?.capabilities.includes('parseCallback')
      ? `${publicUrl()}/callbacks/${connection.id}`
      : null,
    created_at: connection.createdAt.toISOString(),
  });

/** Shows what the manifest names and does not call secret: a setting of an older schema stays hidden. */
function presentSettings(manifest: AdapterManifest | undefined, settings: unknown) {
  const fields = Object.entries(manifest?.settings.shape ?? {});
  const given = settings as Record<string, unknown>;
  const isSet = ([name]: [string, unknown]) => given[name] !== undefined;
  return {
    settings: Object.fromEntries(
      fields
        .filter(isSet)
        .filter(([, schema]) => !isSecret(schema))
        .map(([name]) => [name, given[name]]),
    ),
    secret_settings: fields
      .filter(isSet)
      .filter(([, schema]) => isSecret(schema))
      .map(([name]) => name),
  };
}

/** With its settings, and how its agency is. */
export function presentWhole(
  sandbox: boolean,
  parts: Presented,
  connection: Connection & { readonly settings: unknown },
  health: Health,
): z.output<typeof ConnectionWithSettings> {
  const manifest = parts.manifests.get(connection.adapter);
  return {
    ...present(sandbox, parts)(connection),
    ...presentSettings(manifest, connection.settings),
    capabilities: manifest?.capabilities ?? [],
    health: presentHealth(health),
  };
}

export const connectionWithSettingsExample = {
  ...connectionExample,
  settings: { url: 'https://labour.example.com/ws' },
  secret_settings: ['key'],
  capabilities: ['lookup', 'amend', 'withdraw', 'readBack', 'ping'],
  health: {
    state: 'unavailable' as const,
    cause: 'unreachable' as const,
    failures: 5,
    since: connectionExample.created_at,
    until: null,
    next_probe_at: connectionExample.created_at,
    busy_until: null,
  },
};
