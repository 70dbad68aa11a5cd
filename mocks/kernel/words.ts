// Sentences that the desk tells people, in both languages: what a timer has made of a case, and why something failed.
import type { Sentence } from './scenario.ts';

/** An error that people read. Its message is the English sentence. */
export class Spoken extends Error {
  readonly said: Sentence;
  constructor(said: Sentence, cause?: unknown) {
    super(said.en, cause === undefined ? undefined : { cause });
    this.said = said;
  }
}

/** There are as many as there may be, or one of that name already. */
export class LimitReached extends RangeError {
  readonly said: Sentence;
  constructor(said: Sentence) {
    super(said.en);
    this.said = said;
  }
}

/** Of an error that is none of ours, its own words in both. */
export function saidOf(cause: unknown): Sentence {
  if (cause instanceof Spoken || cause instanceof LimitReached) return cause.said;
  const words = cause instanceof Error ? cause.message : String(cause);
  return { en: words, zh: words };
}

/** `S-1: concluded`. */
export const about = (subject: string, { en, zh }: Sentence): Sentence => ({
  en: `${subject}: ${en}`,
  zh: `${subject}：${zh}`,
});

/** As the desk's page calls them; test/unit/mocks/desk-words.test.ts holds the two together. */
const STATES: Readonly<Record<string, Sentence>> = {
  drafted: { en: 'drafted', zh: '草拟' },
  submitted: { en: 'submitted', zh: '已提交' },
  pre_check: { en: 'pre-check', zh: '预审' },
  accepted_for_review: { en: 'accepted for review', zh: '已受理' },
  received: { en: 'received', zh: '已接收' },
  processing: { en: 'processing', zh: '处理中' },
  in_review: { en: 'in review', zh: '审核中' },
  correction_requested: { en: 'correction requested', zh: '待补正' },
  concluded: { en: 'concluded', zh: '已办结' },
  finished: { en: 'finished', zh: '已完成' },
  rejected: { en: 'rejected', zh: '不予通过' },
  withdrawn: { en: 'withdrawn', zh: '已撤回' },
  lost: { en: 'lost', zh: '已丢失' },
};

/** A state by its word; one without a word is told as it is. */
export const stateSays = (state: string): Sentence => STATES[state] ?? { en: state, zh: state };

export const HELD: Sentence = { en: 'held', zh: '已搁置' };

const DECISIONS: Readonly<Record<string, string>> = {
  accept: '通过',
  reject: '不予通过',
  correction: '要求补正',
  hold: '搁置',
  late: '延后通过',
  lose: '丢失',
  annul: '撤销',
};

/** `annul afterwards`: what a scenario still has in store for a case that was decided. */
export const afterwardsSays = (decision: string): Sentence => ({
  en: `${decision} afterwards`,
  zh: `后续处理：${DECISIONS[decision] ?? decision}`,
});
