/** POST, GET /v1/connections · GET, PATCH, DELETE /v1/connections/{id} · POST /v1/connections/{id}/test */
import { healthy } from '../domain/health.ts';
import { maintenanceAt } from '../domain/maintenance.ts';
import { problem } from '../problem.ts';
import { ConnectionChange, changeConnection } from './connection-change.ts';
import { connectionBody, connectionDraft } from './connection-draft.ts';
import { ConnectionTestView, presentTest, withoutSecrets } from './connection-health.ts';
import {
  ConnectionView,
  ConnectionWithSettings,
  connectionWithSettingsExample,
  present,
  presentWhole,
} from './connection-view.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { connectionExample, pageExample } from './examples.ts';
import { id } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery, pageWithin } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';
import { wakeAfter } from './wake.ts';

const path = '/v1/connections';
const common = { tag: 'Connections', scope: 'connections' } as const;
const one = { schema: id('connection'), absent: 'connection_not_found' } as const;
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
        'Have the certificate renewed by its authority, and give the connection the new certificate and key: `PATCH /v1/connections/{id}`.',
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
      answerExample: connectionWithSettingsExample,
      status: 201,
      problems: [],
      handler: async ({ body, caller: { orgId, sandbox } }) => {
        const draft = connectionDraft(body, manifests);
        const connection = await store.connections.create(orgId, sandbox, draft);
        // What has lost its connection may go by this one.
        const orphaned = { sandbox, orphaned: true };
        await store.filings.retryHeld(orgId, orphaned, await timeOf(parts, { orgId, sandbox }));
        const whole = { ...connection, settings: draft.settings };
        return presentWhole(sandbox, parts, whole, healthy(connection.createdAt));
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
      answerExample: connectionWithSettingsExample,
      status: 200,
      problems: [one.absent],
      handler: async ({ id, caller: { orgId, sandbox } }) => {
        const found = await store.connections.load(orgId, sandbox, id);
        const health = found && (await store.health.load(id));
        if (found === undefined || health === undefined) throw problem(one.absent, {});
        return presentWhole(sandbox, parts, found, health.health);
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
        const found = await store.connections.load(orgId, sandbox, id);
        if (found === undefined) throw problem(one.absent, {});
        const clean = withoutSecrets(manifests.get(found.adapter), found.settings);
        const now = await timeOf(parts, caller);
        const maintenance = maintenanceAt(await store.maintenances.ahead(id, now), now);
        const uploads = manifests.get(found.adapter)?.capabilities.includes('upload') ?? false;
        const about = { heldUntil: maintenance?.until, uploads };
        return presentTest(await testConnection(id), language, clean, about);
      },
    }),
    endpoint({
      ...common,
      method: 'patch',
      path: `${path}/{id}`,
      name: 'changeConnection',
      summary:
        'Change the name of a connection, or its settings: a certificate that was renewed, an address that has moved',
      description:
        'A merge patch (RFC 7396): what is left out stays as it is, secrets too, and `null` takes out a setting that is ' +
        'optional. The adapter checks the settings as a whole. Workers go by the new ones from their next call on; where the ' +
        'agency was not there it is asked at once, and filings that were held or wait for another try go on. What was sent ' +
        'keeps its serial, and what is in doubt is looked up before anything is sent again. Adapter, kinds, region and ' +
        'employer stay: for others make a new connection.',
      id: one,
      body: ConnectionChange,
      bodyExample: {
        settings: {
          certificate: '-----BEGIN CERTIFICATE-----…',
          key: '-----BEGIN PRIVATE KEY-----…',
        },
      },
      answer: ConnectionWithSettings,
      answerExample: connectionWithSettingsExample,
      status: 200,
      problems: [one.absent, 'busy'],
      handler: async ({ id, body, caller: { orgId, sandbox } }) => {
        const changed = await changeConnection(parts, { orgId, sandbox, id }, body);
        if (body.settings !== undefined) await parts.connectionChanged(id);
        const health = await store.health.load(id);
        if (health === undefined) throw problem(one.absent, {});
        return presentWhole(sandbox, parts, changed, health.health);
      },
    }),
    endpoint({
      ...common,
      method: 'delete',
      path: `${path}/{id}`,
      name: 'deleteConnection',
      summary: 'Delete a connection: nothing is filed by it any more',
      description:
        'Filings that were planned on it and never sent go by another connection that fits, or are held until there is one. ' +
        'What was sent is still followed by questions; what would have to be sent again, amended or withdrawn becomes `manual`, ' +
        'with the reason `CONNECTION_DELETED`. Its open findings end.',
      id: one,
      status: 204,
      problems: [one.absent],
      handler: async ({ id, caller }) => {
        const now = await timeOf(parts, caller);
        const told = await store.connections.remove(caller.orgId, caller.sandbox, id, now);
        if (told === undefined) throw problem(one.absent, {});
        await parts.connectionChanged(id);
        for (const [exitId, committed] of told)
          await wakeAfter(parts, { id: exitId, filings: [] }, committed);
        return undefined;
      },
    }),
  ];
}
