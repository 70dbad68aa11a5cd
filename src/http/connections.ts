/** POST, GET /v1/connections · GET, DELETE /v1/connections/{id} · POST /v1/connections/{id}/test */
import { z } from 'zod';
import { healthy } from '../domain/health.ts';
import { maintenanceAt } from '../domain/maintenance.ts';
import { FILING_KINDS } from '../domain/words.ts';
import { problem } from '../problem.ts';
import type { Connection } from '../store/connections.ts';
import { connectionBody, connectionDraft } from './connection-draft.ts';
import {
  ConnectionTestView,
  HealthView,
  presentHealth,
  presentTest,
  withoutSecrets,
} from './connection-health.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { connectionExample, pageExample } from './examples.ts';
import { id, instant } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery, pageWithin } from './pagination.ts';
import type { AdapterManifest, HttpParts } from './parts.ts';
import { timeOf } from './time.ts';
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
const ConnectionView = z.object(view).meta({ id: 'Connection' });
const ConnectionWithSettings = z
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

const present =
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

const path = '/v1/connections';
const common = { tag: 'Connections', scope: 'connections' } as const;
const one = { schema: id('connection'), absent: 'connection_not_found' } as const;
const example = {
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

const testExample = {
  ok: false,
  code: 'warned' as const,
  summary: 'The agency answers; something needs attention.',
  detail: 'agency time 20261026100000, open',
  held_until: null,
  milliseconds: 180,
  checks: [
    {
      subject: 'address' as const,
      title: 'Address',
      ok: true,
      message: 'labour.example.com answers',
      advice: null,
    },
    {
      subject: 'certificate' as const,
      title: 'Certificate',
      ok: false,
      message: 'our certificate ends in 12 days, on 2026-11-07',
      advice:
        'Have the certificate renewed by its authority, and make the connection anew with the new certificate and key.',
    },
  ],
  health: {
    state: 'available' as const,
    cause: null,
    failures: 0,
    since: connectionExample.created_at,
    until: null,
    next_probe_at: null,
    busy_until: null,
  },
};

export function connectionEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store, manifests, testConnection } = parts;
  return [
    endpoint({
      ...common,
      method: 'post',
      path,
      name: 'createConnection',
      summary: 'Configure an adapter: where the agency is, and who we are there',
      body: connectionBody([...manifests.keys()]),
      bodyExample: {
        name: connectionExample.name,
        adapter: connectionExample.adapter,
        region: connectionExample.region,
        settings: { url: 'https://labour.example.com/ws', key: '-----BEGIN PRIVATE KEY-----…' },
      },
      answer: ConnectionWithSettings,
      answerExample: example,
      status: 201,
      problems: [],
      handler: async ({ body, caller: { orgId, sandbox } }) => {
        const draft = connectionDraft(body, manifests);
        const connection = await store.connections.create(orgId, sandbox, draft);
        return {
          ...present(sandbox, parts)(connection),
          ...presentSettings(manifests.get(draft.adapter), draft.settings),
          capabilities: manifests.get(draft.adapter)?.capabilities ?? [],
          health: presentHealth(healthy(connection.createdAt)),
        };
      },
    }),
    endpoint({
      ...common,
      method: 'get',
      path,
      name: 'listConnections',
      summary: 'List connections, newest first',
      query: pageQuery,
      cursor: 'cursor',
      answer: pageOf(ConnectionView),
      answerExample: pageExample(connectionExample),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query, caller: { orgId, sandbox } }) => {
        const page = pageAfter('connection', query);
        const found = pageWithin(await store.connections.list(orgId, sandbox), page);
        return pageFrom(found, query.limit, (each) => each.id, present(sandbox, parts));
      },
    }),
    endpoint({
      ...common,
      method: 'get',
      path: `${path}/{id}`,
      name: 'getConnection',
      summary: 'Read a connection: its settings that are no secret, and how its agency is',
      id: one,
      answer: ConnectionWithSettings,
      answerExample: example,
      status: 200,
      problems: [one.absent],
      handler: async ({ id, caller: { orgId, sandbox } }) => {
        const found = (await store.connections.list(orgId, sandbox)).find((each) => each.id === id);
        const opened = found && (await store.connections.open(id));
        const health = found && (await store.health.load(id));
        if (found === undefined || opened === undefined || health === undefined)
          throw problem(one.absent, {});
        return {
          ...present(sandbox, parts)(found),
          ...presentSettings(manifests.get(found.adapter), opened.settings),
          capabilities: manifests.get(found.adapter)?.capabilities ?? [],
          health: presentHealth(health.health),
        };
      },
    }),
    endpoint({
      ...common,
      method: 'post',
      path: `${path}/{id}/test`,
      name: 'testConnection',
      summary:
        'Ask the agency how it is, and say what is wrong: address, certificate, sign-in, clock, local number',
      description:
        'Files nothing. The agency is asked whatever is known of it: where filings were held because it was not there and it ' +
        'answers now, they go on at once. A test that fails counts for nothing: no filing is held for it.',
      id: one,
      answer: ConnectionTestView,
      answerExample: testExample,
      status: 200,
      problems: [one.absent],
      handler: async ({ id, caller, language }) => {
        const { orgId, sandbox } = caller;
        const found = (await store.connections.list(orgId, sandbox)).find((each) => each.id === id);
        const opened = found && (await store.connections.open(id));
        if (found === undefined || opened === undefined) throw problem(one.absent, {});
        const clean = withoutSecrets(manifests.get(found.adapter), opened.settings);
        const now = await timeOf(parts, caller);
        const maintenance = maintenanceAt(await store.maintenances.ahead(id, now), now);
        const uploads = manifests.get(found.adapter)?.capabilities.includes('upload') ?? false;
        const about = { heldUntil: maintenance?.until, uploads };
        return presentTest(await testConnection(id), language, clean, about);
      },
    }),
    endpoint({
      ...common,
      method: 'delete',
      path: `${path}/{id}`,
      name: 'deleteConnection',
      summary: 'Delete a connection; filings that were planned on it are still filed',
      id: one,
      status: 204,
      problems: [one.absent],
      handler: async ({ id, caller: { orgId, sandbox } }) => {
        if (!(await store.connections.remove(orgId, sandbox, id))) throw problem(one.absent, {});
        return undefined;
      },
    }),
  ];
}
