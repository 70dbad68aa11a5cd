/** GET /v1/connections/{id}/codes: the agency's code tables as they were last fetched. */
import { z } from 'zod';
import { tablesAt } from '../domain/codes.ts';
import { problem } from '../problem.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { id, instant } from './fields.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';

const CodeTables = z
  .object({
    data: z
      .array(
        z.object({
          name: z.string().meta({ description: 'The agency’s own name of the table' }),
          version: z.string(),
          since: instant.meta({ description: 'From when on filings are made by it' }),
          fetched_at: instant.meta({ description: 'When the agency last showed it' }),
          entries: z.record(z.string(), z.string()),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'CodeTables' });

export function codeEndpoints(parts: Pick<HttpParts, 'store' | 'clock'>): readonly Endpoint[] {
  const { store } = parts;
  return [
    endpoint({
      method: 'get',
      path: '/v1/connections/{id}/codes',
      name: 'listCodeTables',
      tag: 'Connections',
      summary: 'Read the agency’s code tables as they were last fetched; empty where it has none',
      scope: 'connections',
      id: { schema: id('connection'), absent: 'connection_not_found' },
      answer: CodeTables,
      answerExample: {
        data: [
          {
            name: 'AAE160',
            version: '2026-1',
            since: '2026-11-25T02:00:00.000Z',
            fetched_at: '2026-11-26T02:00:00.000Z',
            entries: { '222': '本人解除' },
          },
        ],
      },
      status: 200,
      problems: ['connection_not_found'],
      handler: async ({ id, caller }) => {
        const connections = await store.connections.list(caller.orgId, caller.sandbox);
        if (!connections.some((each) => each.id === id)) throw problem('connection_not_found', {});
        const tables = tablesAt(await store.codes.read(id), await timeOf(parts, caller));
        return {
          data: tables.map(({ name, version, since, fetchedAt, entries }) => ({
            name,
            version,
            since: since.toISOString(),
            fetched_at: fetchedAt.toISOString(),
            entries,
          })),
        };
      },
    }),
  ];
}
