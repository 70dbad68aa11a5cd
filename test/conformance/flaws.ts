/** Adapters with one thing wrong each, and the checks that must see it: all of them, and no others. */
import type { Adapter, Outcome } from '../../adapters/adapter.ts';
import type { CheckName } from '../../adapters/conformance/checks.ts';

export interface SampleSettings {
  readonly key: string;
}

export interface Flaw {
  readonly flaw: string;
  /** The good adapter, spoiled; `settings` are what it was made with. */
  readonly spoil: (adapter: Adapter, settings: SampleSettings) => Adapter;
  readonly red: readonly CheckName[];
}

export type Answer = Outcome | { readonly kind: 'absent' };

/** What every call that files or asks answers, as `change` has it. */
export const answers = (adapter: Adapter, change: (answer: Answer) => Answer): Adapter => ({
  ...adapter,
  submit: async (filing, call) => change(await adapter.submit(filing, call)) as Outcome,
  lookup: async (filing, call) => change((await adapter.lookup?.(filing, call)) ?? { kind: 'absent' }),
});

export const SPOILED_ANSWERS = [
  'committed, then lost: unsure, then the receipt, and one filing',
  'an answer cut short: unsure, then the receipt',
  'an unreadable answer: unsure, then the receipt',
  'a web page for an answer: unsure, then the receipt',
  'a foreign signature: unsure, then the receipt',
] as const satisfies readonly CheckName[];

export const SPOILED_QUESTIONS = [
  'a cut answer to a question is not believed',
  'an unreadable answer to a question is not believed',
  'a web page in answer to a question is not believed',
  'a foreign signature under the answer to a question is not believed',
] as const satisfies readonly CheckName[];

export const FLAWS: readonly Flaw[] = [
  { flaw: 'none', spoil: (adapter) => adapter, red: [] },
  {
    flaw: 'takes doubt for a yes',
    spoil: (adapter) =>
      answers(adapter, (answer) =>
        answer.kind === 'unsure' ? { kind: 'accepted', receipt: 'R-1' } : answer,
      ),
    red: [
      'dropped before it was read: unsure, then absent, then filed',
      ...SPOILED_ANSWERS,
      'silence, then abort: unsure at once, and nothing goes on',
      ...SPOILED_QUESTIONS,
      'an answer signed in another name is not believed',
      'a bare 404 says nothing about a filing',
      'the answer to an earlier question is not believed',
      'the answer about another filing is not believed',
      'the status line alone changes no answer',
      'every call hears that it should stop',
      'an answer that is wrapped, endless or bottomless is not believed',
    ],
  },
  {
    flaw: 'takes doubt for a no, so that it is sent again',
    spoil: (adapter) =>
      answers(adapter, (answer) => (answer.kind === 'unsure' ? { ...answer, kind: 'retry' } : answer)),
    red: [
      'dropped before it was read: unsure, then absent, then filed',
      ...SPOILED_ANSWERS,
      'silence, then abort: unsure at once, and nothing goes on',
      ...SPOILED_QUESTIONS,
      'a bare 404 says nothing about a filing',
    ],
  },
  {
    flaw: 'sends again at once when in doubt, under another serial',
    spoil: (adapter) => ({
      ...adapter,
      submit: async (filing, call) => {
        const outcome = await adapter.submit(filing, call);
        return outcome.kind === 'unsure'
          ? adapter.submit(filing, { ...call, serial: `${call.serial}-again` })
          : outcome;
      },
    }),
    red: [
      'dropped before it was read: unsure, then absent, then filed',
      ...SPOILED_ANSWERS,
      'silence, then abort: unsure at once, and nothing goes on',
    ],
  },
  {
    flaw: 'makes up a serial',
    spoil: (adapter) => ({
      ...adapter,
      submit: (filing, call) =>
        adapter.submit(filing, { ...call, serial: `EG-${String(performance.now()).replace('.', '-')}` }),
    }),
    red: [
      'files, is followed and accepted; the state reads back',
      'a resend has the same bytes',
      'a review that fails is a final no',
      'a correction says what and until when; the answer to it is accepted',
      'the same serial with other content is refused',
      'sent twice, filed once: the receipt is recovered',
      'a withdrawal is taken',
      ...SPOILED_ANSWERS,
      ...SPOILED_QUESTIONS,
      'asked for more: correction, with fields and a date',
      'an amendment in doubt: unsure, resent with the same bytes, then found',
      'an amendment carries what answers the request',
      'a withdrawal in doubt: unsure, and asked again it is taken',
      'a read-back in doubt neither agrees nor differs',
      'a read-back compares the day',
      'an answer that is wrapped, endless or bottomless is not believed',
    ],
  },
  {
    flaw: 'throws where it should answer',
    spoil: (adapter) =>
      answers(adapter, (answer) => {
        if (answer.kind === 'retry' || answer.kind === 'hold' || answer.kind === 'unsure')
          throw new Error(answer.reason);
        return answer;
      }),
    red: [
      'a resend has the same bytes',
      'nobody listens: retry',
      'busy: retry as late as told',
      'maintenance: hold until then',
      'dropped before it was read: unsure, then absent, then filed',
      ...SPOILED_ANSWERS,
      'silence, then abort: unsure at once, and nothing goes on',
      'aborted before it began: retry',
      ...SPOILED_QUESTIONS,
      'nobody listens: questions are for later as well',
      'a certificate of another unit: hold, for the filing itself is not at fault',
      'an answer signed in another name is not believed',
      'another day or reason makes another message',
      'a bare 404 says nothing about a filing',
      'the answer to an earlier question is not believed',
      'the answer about another filing is not believed',
      'the status line alone changes no answer',
      'every call hears that it should stop',
      'an answer that is wrapped, endless or bottomless is not believed',
    ],
  },
  {
    flaw: 'says the name of the person',
    spoil: (adapter) => ({
      ...adapter,
      submit: (filing, call) => {
        call.log(`filing for ${filing.person.name}`);
        return adapter.submit(filing, call);
      },
    }),
    red: [
      'files, is followed and accepted; the state reads back',
      'a resend has the same bytes',
      'every message is kept, both ways',
      'a review that fails is a final no',
      'a correction says what and until when; the answer to it is accepted',
      'the same serial with other content is refused',
      'sent twice, filed once: the receipt is recovered',
      'a person whom the agency does not know is refused',
      'a withdrawal is taken',
      'nobody listens: retry',
      'busy: retry as late as told',
      'maintenance: hold until then',
      'dropped before it was read: unsure, then absent, then filed',
      ...SPOILED_ANSWERS,
      'silence, then abort: unsure at once, and nothing goes on',
      'aborted before it began: retry',
      ...SPOILED_QUESTIONS,
      'asked for more: correction, with fields and a date',
      'somebody else under this number: refused, and not read back',
      'a certificate of another unit: hold, for the filing itself is not at fault',
      'an answer signed in another name is not believed',
      'an amendment in doubt: unsure, resent with the same bytes, then found',
      'an amendment carries what answers the request',
      'another day or reason makes another message',
      'a withdrawal in doubt: unsure, and asked again it is taken',
      'a read-back in doubt neither agrees nor differs',
      'a read-back compares the day',
      'a bare 404 says nothing about a filing',
      'the answer to an earlier question is not believed',
      'the answer about another filing is not believed',
      'the status line alone changes no answer',
      'an answer that is wrapped, endless or bottomless is not believed',
    ],
  },
  {
    flaw: 'puts the time of sending into the message',
    spoil: (adapter) => ({
      ...adapter,
      submit: (filing, call) =>
        adapter.submit({ ...filing, post: `${filing.post} ${performance.now()}` }, call),
    }),
    red: [
      'a resend has the same bytes',
      'sent twice, filed once: the receipt is recovered',
      ...SPOILED_ANSWERS,
    ],
  },
  {
    flaw: 'keeps nothing',
    spoil: (adapter) => ({
      ...adapter,
      submit: (filing, call) => adapter.submit(filing, { ...call, keep: () => {} }),
    }),
    red: [
      'a resend has the same bytes',
      'every message is kept, both ways',
      'silence, then abort: unsure at once, and nothing goes on',
      'another day or reason makes another message',
    ],
  },
  {
    flaw: 'does not hear that it should stop',
    spoil: (adapter) => ({
      ...adapter,
      submit: (filing, call) => adapter.submit(filing, { ...call, signal: new AbortController().signal }),
    }),
    red: ['silence, then abort: unsure at once, and nothing goes on', 'aborted before it began: retry'],
  },
  {
    flaw: 'forgets how long to wait',
    spoil: (adapter) =>
      answers(adapter, (answer) => {
        if (answer.kind === 'retry') return { kind: 'retry', reason: answer.reason };
        return answer.kind === 'hold' ? { kind: 'hold', reason: answer.reason } : answer;
      }),
    red: ['nobody listens: retry', 'busy: retry as late as told', 'maintenance: hold until then'],
  },
  {
    flaw: 'takes a question that was not answered for a serial that is not known',
    spoil: (adapter) => ({
      ...adapter,
      lookup: async (filing, call) => {
        const answer = (await adapter.lookup?.(filing, call)) ?? { kind: 'absent' };
        return answer.kind === 'unsure' || answer.kind === 'retry' ? { kind: 'absent' } : answer;
      },
    }),
    red: [
      ...SPOILED_QUESTIONS,
      'nobody listens: questions are for later as well',
      'an answer signed in another name is not believed',
      'a bare 404 says nothing about a filing',
      'the answer to an earlier question is not believed',
      'the answer about another filing is not believed',
      'the status line alone changes no answer',
      'every call hears that it should stop',
      'an answer that is wrapped, endless or bottomless is not believed',
    ],
  },
  {
    flaw: 'sees what it wishes when it reads back',
    spoil: (adapter) => ({ ...adapter, readBack: async () => ({ kind: 'agrees' }) }),
    red: [
      'files, is followed and accepted; the state reads back',
      'nobody listens: questions are for later as well',
      'somebody else under this number: refused, and not read back',
      'a read-back in doubt neither agrees nor differs',
      'a read-back compares the day',
      'every call hears that it should stop',
      'every call keeps what was sent and heard',
    ],
  },
  {
    flaw: 'says that all is well',
    spoil: (adapter) => ({ ...adapter, ping: async () => ({ kind: 'up', message: 'surely', checks: [] }) }),
    red: [
      'knows whether the agency is there',
      'an answer signed in another name is not believed',
      'every call hears that it should stop',
    ],
  },
  {
    flaw: 'promises what it cannot do',
    spoil: ({ withdraw: _, ...adapter }) => adapter,
    red: [
      'a withdrawal is taken',
      'can what it says that it can, and nothing else',
      'a withdrawal in doubt: unsure, and asked again it is taken',
    ],
  },
];
