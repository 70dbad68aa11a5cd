/** / · /healthz · /readyz · /metrics: for load balancers, monitoring, and whoever opens the address. */
import { z } from 'zod';
import { problem } from '../problem.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import type { HttpParts } from './parts.ts';

const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';

export function healthEndpoints({ readiness, metrics }: HttpParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/',
      name: 'root',
      tag: 'Service',
      summary: 'Where to go from here',
      answer: z.object({ name: z.string(), documentation: z.string(), openapi: z.string() }),
      answerExample: { name: 'Exitgate', documentation: '/docs/', openapi: '/openapi.json' },
      status: 200,
      problems: [],
      handler: async () => ({ name: 'Exitgate', documentation: '/docs/', openapi: '/openapi.json' }),
    }),
    endpoint({
      method: 'get',
      path: '/healthz',
      name: 'health',
      tag: 'Service',
      summary: 'Is the process alive?',
      answer: z.object({ status: z.literal('ok') }),
      answerExample: { status: 'ok' },
      status: 200,
      problems: [],
      handler: async () => ({ status: 'ok' as const }),
    }),
    endpoint({
      method: 'get',
      path: '/readyz',
      name: 'readiness',
      tag: 'Service',
      summary: 'Can the process do its work? 503 names each part that cannot',
      answer: z.object({ status: z.literal('ok'), checks: z.record(z.string(), z.string()) }),
      answerExample: { status: 'ok', checks: { database: 'ok', queue: 'ok' } },
      status: 200,
      problems: ['not_ready'],
      handler: async () => {
        const checks = await readiness();
        const broken = Object.keys(checks).filter((name) => checks[name] !== 'ok');
        if (broken.length > 0)
          throw problem('not_ready', { parts: broken.join(', ') }, { members: { checks } });
        return { status: 'ok' as const, checks };
      },
    }),
    endpoint({
      method: 'get',
      path: '/metrics',
      name: 'metrics',
      tag: 'Service',
      summary: 'Prometheus metrics, for whoever holds the operator key',
      produces: PROMETHEUS,
      answer: z.string(),
      status: 200,
      problems: ['operator_key_wrong', 'operator_key_unset'],
      handler: async () => (await metrics()).body,
    }),
  ];
}
