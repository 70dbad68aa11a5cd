/** POST, GET /v1/webhook-endpoints · GET, DELETE /v1/webhook-endpoints/{id} */
import { z } from 'zod';
import { EVENT_TYPES } from '../domain/events.ts';
import { faultAt } from '../faults.ts';
import { problem } from '../problem.ts';
import type { Endpoint as WebhookEndpoint } from '../store/endpoints.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid, unstopped } from './errors.ts';
import { pageExample, webhookEndpointExample } from './examples.ts';
import { fault, id, instant, line } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery, pageWithin } from './pagination.ts';
import type { HttpParts } from './parts.ts';

const WebhookEndpointDraft = z
  .strictObject({
    url: z
      .string()
      .trim()
      .max(2000)
      .refine(isPlainUrl, { error: fault('url_invalid'), abort: true })
      .refine((url) => !url.includes('#'), fault('url_fragment'))
      .meta({ examples: ['https://hr.example.com/exitgate'] }),
    description: line(200).optional(),
    event_types: z
      .array(z.enum(EVENT_TYPES))
      .max(EVENT_TYPES.length)
      .transform((types) => [...new Set(types)])
      .default([])
      .meta({ description: 'Empty: all' }),
  })
  .meta({ id: 'WebhookEndpointDraft' });

const view = {
  id: id('endpoint'),
  url: z.string(),
  description: z.string(),
  event_types: z.array(z.string()).readonly().meta({ description: 'Empty: all' }),
  status: z.string().meta({ description: 'active, or disabled' }),
  created_at: instant,
};
const WebhookEndpointView = z.object(view).meta({ id: 'WebhookEndpoint' });
const NewWebhookEndpoint = z
  .object({ ...view, secret: z.string().meta({ description: 'Signs the webhooks; shown this once' }) })
  .meta({ id: 'NewWebhookEndpoint' });

const present = ({ id, url, description, eventTypes, status, createdAt }: WebhookEndpoint) => ({
  id,
  url,
  description,
  event_types: eventTypes,
  status,
  created_at: createdAt.toISOString(),
});

const path = '/v1/webhook-endpoints';
const common = { tag: 'Webhooks', scope: 'webhooks' } as const;
const one = { schema: id('endpoint'), absent: 'webhook_endpoint_not_found' } as const;

export function webhookEndpointEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store, checkEndpointUrl, newWebhookSecret } = parts;
  return [
    endpoint({
      ...common,
      method: 'post',
      path,
      name: 'createWebhookEndpoint',
      summary: 'Subscribe a URL to events; the answer holds the signing secret, this once',
      body: WebhookEndpointDraft,
      bodyExample: { url: webhookEndpointExample.url, event_types: webhookEndpointExample.event_types },
      answer: NewWebhookEndpoint,
      answerExample: { ...webhookEndpointExample, secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' },
      status: 201,
      problems: [],
      handler: async ({ body: { url, description = '', event_types }, caller: { orgId, sandbox } }) => {
        const reason = await checkEndpointUrl(url);
        if (reason !== undefined)
          throw invalid('body_invalid', [
            faultAt('/url', 'endpoint_url_refused', { reason: unstopped(reason) }),
          ]);
        const secret = newWebhookSecret();
        const draft = { url, description, eventTypes: event_types };
        return { ...present(await store.endpoints.create(orgId, sandbox, draft, secret)), secret };
      },
    }),
    endpoint({
      ...common,
      method: 'get',
      path,
      name: 'listWebhookEndpoints',
      summary: 'List webhook endpoints, newest first',
      query: pageQuery,
      cursor: 'cursor',
      answer: pageOf(WebhookEndpointView),
      answerExample: pageExample(webhookEndpointExample),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query, caller: { orgId, sandbox } }) => {
        const page = pageAfter('endpoint', query);
        const found = pageWithin(await store.endpoints.list(orgId, sandbox), page);
        return pageFrom(found, query.limit, (each) => each.id, present);
      },
    }),
    endpoint({
      ...common,
      method: 'get',
      path: `${path}/{id}`,
      name: 'getWebhookEndpoint',
      summary: 'Read a webhook endpoint',
      id: one,
      answer: WebhookEndpointView,
      answerExample: webhookEndpointExample,
      status: 200,
      problems: [one.absent],
      handler: async ({ id, caller: { orgId, sandbox } }) => {
        const found = (await store.endpoints.list(orgId, sandbox)).find((each) => each.id === id);
        if (found === undefined) throw problem(one.absent, {});
        return present(found);
      },
    }),
    endpoint({
      ...common,
      method: 'delete',
      path: `${path}/{id}`,
      name: 'deleteWebhookEndpoint',
      summary: 'Delete a webhook endpoint; what waits for it is cancelled',
      id: one,
      status: 204,
      problems: [one.absent],
      handler: async ({ id, caller: { orgId, sandbox } }) => {
        if (!(await store.endpoints.remove(orgId, sandbox, id))) throw problem(one.absent, {});
        return undefined;
      },
    }),
  ];
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}
