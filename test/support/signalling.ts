/** For suites about signals: an API, and what is reported to it and told of it. */
import assert from 'node:assert/strict';
import { type SuiteApi, useApi } from './api.ts';

let counted = 0;
/** The body of POST /v1/signals, with changes laid over it. */
export const signal = (change: Record<string, unknown> = {}) => ({
  external_id: `S-${++counted}`,
  employee_external_id: 'E-1024',
  kind: 'violation',
  occurred_on: '2026-10-01',
  summary: '测试：私下接受客户委托',
  evidence: [{ title: '测试合规报告', reference: 'DMS-1' }],
  source: 'compliance',
  ...change,
});

export interface Signalling {
  readonly api: SuiteApi;
  /** Posts a signal. @returns it as it was recorded. */
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the document has been held against it
  report(change?: Record<string, unknown>): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  riskOf(reference: string): Promise<any>;
  /** The events `risk.warned` of an employee. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  warningsOf(reference: string): Promise<any>;
}

export function useSignalling(): Signalling {
  const api = useApi();
  return {
    api,
    async report(change) {
      const reply = await api.post('/v1/signals', signal(change));
      assert.equal(reply.status, 201, JSON.stringify(reply.body));
      return reply.body;
    },
    riskOf: async (reference) => (await api.get(`/v1/employees/${reference}/risk`)).body,
    async warningsOf(reference) {
      const { body } = await api.get('/v1/events?limit=100');
      return body.data.filter(
        (event: { type: string; data: Record<string, unknown> }) =>
          event.type === 'risk.warned' && event.data.employee_external_id === reference,
      );
    },
  };
}
