/** Adapters that file well, and say it in a form that nobody may: no symptom, no number, or what is secret or personal. */
import type { Adapter, Outcome, Ping } from '../../adapters/adapter.ts';
import { type Answer, answers, type Flaw, SPOILED_ANSWERS, SPOILED_QUESTIONS } from './flaws.ts';

const pings = (adapter: Adapter, change: (ping: Ping) => Ping): Adapter => ({
  ...adapter,
  ping: async (call) => {
    const ping = await adapter.ping?.(call);
    if (ping === undefined) throw new Error('the sample can ping');
    return change(ping);
  },
});
const withoutSymptom = <T extends object>(answer: T): T => {
  const { symptom: _, ...rest } = answer as T & { symptom?: unknown };
  return rest as T;
};
const withReceipt = (answer: Answer, receipt: string): Answer =>
  'receipt' in answer && answer.receipt !== undefined ? { ...answer, receipt } : answer;

/** The checks in which a filing is taken and followed. */
const FOLLOWED = [
  'files, is followed and accepted; the state reads back',
  'a resend has the same bytes',
  'every message is kept, both ways',
  'a review that fails is a final no',
  'a correction says what and until when; the answer to it is accepted',
  'the same serial with other content is refused',
  'sent twice, filed once: the receipt is recovered',
  'a withdrawal is taken',
  'dropped before it was read: unsure, then absent, then filed',
  ...SPOILED_ANSWERS,
  ...SPOILED_QUESTIONS,
  'asked for more: correction, with fields and a date',
  'somebody else under this number: refused, and not read back',
  'an amendment in doubt: unsure, resent with the same bytes, then found',
  'an amendment carries what answers the request',
  'a withdrawal in doubt: unsure, and asked again it is taken',
  'a read-back in doubt neither agrees nor differs',
  'a read-back compares the day',
  'the answer to an earlier question is not believed',
  'the answer about another filing is not believed',
  'the status line alone changes no answer',
  'an answer that is wrapped, endless or bottomless is not believed',
] as const;

export const FLAWS_IN_FORM: readonly Flaw[] = [
  {
    flaw: 'says up and down, and never why',
    spoil: (adapter) => pings(adapter, withoutSymptom),
    red: ['knows whether the agency is there'],
  },
  {
    flaw: 'has looked at nothing when it pings',
    spoil: (adapter) => pings(adapter, (ping) => ({ ...ping, checks: [] })),
    red: [
      'knows whether the agency is there',
      'an answer signed in another name is not believed',
      'every call hears that it should stop',
    ],
  },
  {
    flaw: 'never says what a setback shows of the agency',
    spoil: (adapter) => answers(adapter, withoutSymptom),
    red: ['nobody listens: retry', 'busy: retry as late as told', 'maintenance: hold until then'],
  },
  {
    flaw: 'follows after a time that is no number',
    spoil: (adapter) =>
      answers(adapter, (answer) =>
        answer.kind === 'pending' ? { ...answer, pollAfter: Number.NaN } : answer,
      ),
    red: FOLLOWED,
  },
  {
    flaw: 'gives an empty receipt',
    spoil: (adapter) => answers(adapter, (answer) => withReceipt(answer, '')),
    red: FOLLOWED,
  },
  {
    flaw: 'shows its key when it pings',
    spoil: (adapter, { key }) =>
      pings(adapter, (ping) => (ping.kind === 'up' ? { ...ping, message: key } : ping)),
    red: ['knows whether the agency is there'],
  },
  {
    flaw: 'shows its key in the words of a refusal',
    spoil: (adapter, { key }) =>
      answers(adapter, (answer) => (answer.kind === 'refused' ? { ...answer, message: key } : answer)),
    red: [
      'a review that fails is a final no',
      'the same serial with other content is refused',
      'a person whom the agency does not know is refused',
      'a withdrawal is taken',
      'somebody else under this number: refused, and not read back',
      'a withdrawal in doubt: unsure, and asked again it is taken',
    ],
  },
  {
    flaw: 'shows its key in what a correction asks for',
    spoil: (adapter, { key }) =>
      answers(adapter, (answer) =>
        answer.kind === 'correction' ? { ...answer, fields: [{ field: 'post', message: key }] } : answer,
      ),
    red: [
      'a correction says what and until when; the answer to it is accepted',
      'asked for more: correction, with fields and a date',
      'an amendment in doubt: unsure, resent with the same bytes, then found',
      'an amendment carries what answers the request',
    ],
  },
  {
    flaw: 'keeps its key among the messages',
    spoil: (adapter, { key }) => ({
      ...adapter,
      withdraw: async (filing, call) => {
        call.keep({ direction: 'sent', operation: 'key', contentType: 'text/plain', body: Buffer.from(key) });
        return (await adapter.withdraw?.(filing, call)) as Outcome;
      },
    }),
    red: [
      'a withdrawal is taken',
      'a withdrawal in doubt: unsure, and asked again it is taken',
      'every call hears that it should stop',
      'every call keeps what was sent and heard',
    ],
  },
  {
    flaw: 'names the person when it reads back',
    spoil: (adapter) => ({
      ...adapter,
      readBack: async (filing, call) => {
        const found = await adapter.readBack?.(filing, call);
        return found?.kind === 'differs'
          ? { kind: 'differs', reason: `${filing.person.name} is still there` }
          : (found ?? { kind: 'agrees' });
      },
    }),
    red: [
      'files, is followed and accepted; the state reads back',
      'a read-back compares the day',
      'every call keeps what was sent and heard',
    ],
  },
  {
    flaw: 'names the person when it withdraws',
    spoil: (adapter) => ({
      ...adapter,
      withdraw: async (filing, call) => {
        const outcome = (await adapter.withdraw?.(filing, call)) as Outcome;
        return 'reason' in outcome ? { ...outcome, reason: `of ${filing.person.id_number}` } : outcome;
      },
    }),
    red: [
      'a withdrawal in doubt: unsure, and asked again it is taken',
      'every call hears that it should stop',
    ],
  },
];
