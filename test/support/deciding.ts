/** For suites about what people decide over HTTP: an API whose clock and adapter each test sets, and exits to decide about. */
import assert from 'node:assert/strict';
import { profilesOf } from '../../src/domain/profile.ts';
import { readProfiles } from '../../src/profiles.ts';
import { draft, PROFILES, type Reply, type SuiteApi, useApi } from './api.ts';
import { makeProfile, makeRule, PURSUIT } from './builders.ts';

const OPENED = new Date('2026-10-26T02:00:00Z');
/** The end of the notice of the documentation's exit. */
export const LIMIT = new Date('2026-11-25T16:00:00.000Z');
export const DISPUTE = { kind: 'customer_complaint', summary: '测试投诉', amount: '200000.00' };
const disputes = ['C-1', 'C-2'].map((external_id) => ({ external_id, ...DISPUTE }));
const GATES = [
  makeRule({ documents: { need: 'any', kinds: ['settlement_agreement', 'judgment'] } }),
  makeRule({
    code: 'handover',
    raised_by: 'handover',
    owner: 'line',
    title: { en: 'Handover', zh: '工作交接' },
    documents: { need: 'all', kinds: ['handover_list', 'receipt'] },
  }),
];

/** What both languages say of a refusal, in the whole answer or at one field. */
export interface Words {
  readonly en: RegExp;
  readonly zh: RegExp;
  readonly pointer?: string;
}

export interface Deciding {
  readonly api: SuiteApi;
  /** As the test begins, the day of the notice. */
  now: Date;
  /** What the adapter can do; as the test begins, all. */
  reach: ReturnType<typeof PURSUIT.reachOf>;
  /** The body of an exit with two disputes, unless told otherwise. */
  draftOf(parts?: Record<string, unknown>): Record<string, unknown>;
  /** Opens it. @returns its id. */
  open(parts?: Record<string, unknown>): Promise<string>;
  /** One without disputes: it goes to filing at once. */
  ungated(): Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the document has been held against it
  read(id: string): Promise<any>;
  events(id: string): Promise<{ type: string; data: Record<string, unknown> }[]>;
  types(id: string): Promise<string[]>;
  /** The same request in both languages: refused alike, in other words. */
  refused(
    method: string,
    path: string,
    body: unknown,
    status: number,
    code: string,
    words: Words,
  ): Promise<Reply>;
}

export function expectReply({ status, body }: Reply, wanted: number, code?: string): void {
  assert.deepEqual([status, body.code], [wanted, code], JSON.stringify(body));
}

export function useDeciding(): Deciding {
  let tick = 0;
  let made = 0;
  const api = useApi({
    clock: () => new Date(at.now.getTime() + tick++),
    profiles: profilesOf([makeProfile({ name: 'general', gates: GATES })], readProfiles(PROFILES).vocabulary),
    reachOf: () => at.reach,
  });
  beforeEach(() => {
    at.now = OPENED;
    at.reach = PURSUIT.reachOf();
  });

  const draftOf: Deciding['draftOf'] = (parts = {}) =>
    draft(`decide-${++made}`, { profile: 'general', disputes, ...parts });
  const open: Deciding['open'] = async (parts) => {
    const { status, body } = await api.post('/v1/exits', draftOf(parts));
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
  };
  const events: Deciding['events'] = async (id) =>
    (await api.get(`/v1/exits/${id}/events?limit=100`)).body.data;

  const at: Deciding = {
    api,
    now: OPENED,
    reach: PURSUIT.reachOf(),
    draftOf,
    open,
    ungated: () => open({ disputes: [] }),
    read: async (id) => (await api.get(`/v1/exits/${id}`)).body,
    events,
    types: async (id) => (await events(id)).map(({ type }) => type),
    async refused(method, path, body, status, code, { pointer, ...words }) {
      const inEnglish = await api.ask(method, path, { body });
      const inChinese = await api.ask(method, path, { body, headers: { 'accept-language': 'zh' } });
      for (const [reply, pattern] of [
        [inEnglish, words.en],
        [inChinese, words.zh],
      ] as const) {
        expectReply(reply, status, code);
        const fault = pointer === undefined ? reply.body : reply.body.errors[0];
        if (pointer !== undefined) assert.equal(fault.pointer, pointer);
        assert.match(fault.detail, pattern);
      }
      return inEnglish;
    },
  };
  return at;
}
