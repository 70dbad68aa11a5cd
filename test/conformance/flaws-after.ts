/** Adapters that file well, and have one thing wrong with what comes after: amendments, withdrawals, read-backs, questions. */
import type { Adapter, Call, FilingOrder, Outcome, ReadBack } from '../../adapters/adapter.ts';
import { parseJson } from '../../adapters/json.ts';
import { lookupOutcome } from '../../scaffold/adapter/reply.ts';
import type { Flaw } from './flaws.ts';

const amends = (
  adapter: Adapter,
  change: (outcome: Outcome) => Outcome,
  other = (filing: FilingOrder) => filing,
): Adapter => ({
  ...adapter,
  amend: async (filing, call) => change((await adapter.amend?.(other(filing), call)) ?? NEVER),
});
const withdraws = (adapter: Adapter, change: (outcome: Outcome) => Outcome): Adapter => ({
  ...adapter,
  withdraw: async (filing, call) => change((await adapter.withdraw?.(filing, call)) ?? NEVER),
});
const readsBack = (adapter: Adapter, change: (found: ReadBack) => ReadBack): Adapter => ({
  ...adapter,
  readBack: async (filing, call) => change((await adapter.readBack?.(filing, call)) ?? NEVER),
});
/** Every call but the filing itself, with another call than it was given. */
const otherwise = (adapter: Adapter, change: (call: Call) => Call): Adapter => ({
  ...adapter,
  lookup: async (filing, call) => (await adapter.lookup?.(filing, change(call))) ?? NEVER,
  readBack: async (filing, call) => (await adapter.readBack?.(filing, change(call))) ?? NEVER,
  amend: async (filing, call) => (await adapter.amend?.(filing, change(call))) ?? NEVER,
  withdraw: async (filing, call) => (await adapter.withdraw?.(filing, change(call))) ?? NEVER,
});
/** What came back, whoever sent it. */
const believing =
  (adapter: Adapter, believe: (status: number, body: unknown) => Outcome | { kind: 'absent' } | undefined) =>
  async (filing: FilingOrder, call: Call) => {
    let status = 0;
    let body: unknown;
    const answer = await adapter.lookup?.(filing, {
      ...call,
      log: (line) => {
        status = Number(/HTTP (\d+)/.exec(line)?.[1] ?? status);
      },
      keep: (message) => {
        if (message.direction === 'received' && message.contentType !== 'application/jose')
          body = parseJson(message.body);
        call.keep(message);
      },
    });
    const believed = answer?.kind === 'unsure' ? believe(status, body) : undefined;
    return believed ?? answer ?? NEVER;
  };

const NEVER = { kind: 'unsure', reason: 'the sample can do all of it' } as const;
const isUnsure = ({ kind }: { readonly kind: string }) => kind === 'unsure';

export const FLAWS_AFTER: readonly Flaw[] = [
  {
    flaw: 'takes an amendment in doubt for a yes',
    spoil: (adapter) =>
      amends(adapter, (outcome) => (isUnsure(outcome) ? { kind: 'accepted', receipt: 'R-1' } : outcome)),
    red: [
      'an amendment in doubt: unsure, resent with the same bytes, then found',
      'every call hears that it should stop',
    ],
  },
  {
    flaw: 'takes an amendment in doubt for a no',
    spoil: (adapter) =>
      amends(adapter, (outcome) =>
        isUnsure(outcome) ? { kind: 'retry', reason: 'once more', symptom: 'unreachable' } : outcome,
      ),
    red: ['an amendment in doubt: unsure, resent with the same bytes, then found'],
  },
  {
    flaw: 'amends in other words each time',
    spoil: (adapter) =>
      amends(
        adapter,
        (outcome) => outcome,
        (filing) => ({ ...filing, post: `${filing.post} ${performance.now()}` }),
      ),
    red: ['an amendment in doubt: unsure, resent with the same bytes, then found'],
  },
  {
    flaw: 'leaves out what answers a correction',
    spoil: (adapter) =>
      amends(
        adapter,
        (outcome) => outcome,
        (filing) => ({ ...filing, supplements: [] }),
      ),
    red: ['an amendment carries what answers the request'],
  },
  {
    flaw: 'files every exit as of one day',
    spoil: (adapter) => ({
      ...adapter,
      submit: (filing, call) => adapter.submit({ ...filing, exitDate: '2026-11-25' }, call),
    }),
    red: ['another day or reason makes another message'],
  },
  {
    flaw: 'takes a withdrawal in doubt for done',
    spoil: (adapter) =>
      withdraws(adapter, (outcome) => (isUnsure(outcome) ? { kind: 'accepted', receipt: 'R-1' } : outcome)),
    red: [
      'a withdrawal in doubt: unsure, and asked again it is taken',
      'every call hears that it should stop',
    ],
  },
  {
    flaw: 'takes a read-back in doubt for agreement',
    spoil: (adapter) => readsBack(adapter, (found) => (isUnsure(found) ? { kind: 'agrees' } : found)),
    red: ['a read-back in doubt neither agrees nor differs', 'every call hears that it should stop'],
  },
  {
    flaw: 'reads back that it ended, and not when',
    spoil: (adapter) =>
      readsBack(adapter, (found) =>
        found.kind === 'differs' && found.reason.includes('another day') ? { kind: 'agrees' } : found,
      ),
    red: ['a read-back compares the day'],
  },
  {
    flaw: 'takes whatever says 404 for a serial that is not known',
    spoil: (adapter) => ({
      ...adapter,
      lookup: believing(adapter, (status) => (status === 404 ? { kind: 'absent' } : undefined)),
    }),
    red: [
      'a bare 404 says nothing about a filing',
      'the answer to an earlier question is not believed',
      'the status line alone changes no answer',
    ],
  },
  {
    flaw: 'believes what was said in answer to another request',
    spoil: (adapter) => ({
      ...adapter,
      lookup: believing(adapter, (status, body) => lookupOutcome({ status, body }, serialIn(body))),
    }),
    red: [
      'a foreign signature under the answer to a question is not believed',
      'an answer signed in another name is not believed',
      'the answer to an earlier question is not believed',
      'the answer about another filing is not believed',
    ],
  },
  {
    flaw: 'keeps the filing alone',
    spoil: (adapter) => otherwise(adapter, (call) => ({ ...call, keep: () => {} })),
    red: [
      'an amendment in doubt: unsure, resent with the same bytes, then found',
      'an amendment carries what answers the request',
      'every call keeps what was sent and heard',
    ],
  },
  {
    flaw: 'hears that it should stop while it files, and never else',
    spoil: (adapter) => otherwise(adapter, (call) => ({ ...call, signal: new AbortController().signal })),
    red: ['every call hears that it should stop'],
  },
];

function serialIn(body: unknown): string {
  return String(Object(body).serial);
}
