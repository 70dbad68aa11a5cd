// What news of an agency makes of a filing: in every state, and while a call is under way.
import assert from 'node:assert/strict';
import {
  FILING_STATES,
  type Filing,
  type FilingState,
  nextStep,
  type StepResult,
} from '../../../src/domain/filing.ts';
import { isTimely, withNews } from '../../../src/domain/news.ts';
import { settle } from '../../../src/domain/settle.ts';
import { makeExit, makeFiling, NOW } from '../../support/builders.ts';

const LATER = new Date(NOW.getTime() + 900_000);
const informed = (filing: Filing): Filing => {
  const exit = makeExit({ exit: { filings: [filing] } });
  const [heard] = withNews(exit, filing.id, NOW).filings;
  assert.ok(heard);
  return heard;
};

describe('news of a filing', () => {
  it('makes it due to be asked about where it can be, and moves nothing else', () => {
    const asked: FilingState[] = [
      'unknown',
      'submitted',
      'in_review',
      'correction_requested',
      'accepted',
      'verified',
      'rejected',
      'withdrawn',
    ];
    for (const state of FILING_STATES) {
      const filing = makeFiling({ state, nextAt: LATER });
      const nextAt = asked.includes(state) ? NOW : LATER;
      assert.deepEqual(informed(filing), { ...filing, news: 1, nextAt }, state);
    }
  });

  it('leaves a withdrawal that is under way its turn', () => {
    for (const state of ['in_review', 'correction_requested'] as const) {
      const filing = makeFiling({ state, withdrawing: { to: 'end', stage: 'asked' }, nextAt: LATER });
      assert.equal(informed(filing).nextAt, LATER);
    }
  });

  it('leaves the answer to a correction its turn', () => {
    const answer = makeFiling({ state: 'due', via: 'amend', nextAt: LATER });
    assert.deepEqual([informed(answer).nextAt, nextStep(informed(answer))], [LATER, 'amend']);
  });

  it('has a filing looked up that waits for us, which nobody asks about otherwise', () => {
    const waiting = makeFiling({ state: 'correction_requested' });
    assert.deepEqual([nextStep(waiting), nextStep(informed(waiting))], [undefined, 'lookup']);
  });

  it('leaves the other filings of the exit alone', () => {
    const exit = makeExit();
    assert.deepEqual(withNews(exit, 'fil_other', NOW), exit);
  });

  const answered = (filing: Filing, heard: number, result: StepResult = PENDING) =>
    settle(filing, filing.state === 'due' ? 'submit' : 'lookup', result, {
      now: NOW,
      random: 0.5,
      canLookUp: true,
      canReadBack: true,
      heard,
    }).filing.nextAt;
  const PENDING = { kind: 'pending', receipt: 'R-1', stage: 'received', pollAfter: 900 } as const;

  it('that comes while a call is under way is asked after at once, and otherwise as late as the agency says', () => {
    for (const state of ['due', 'in_review'] as const) {
      assert.deepEqual(answered(informed(makeFiling({ state })), 0), NOW, 'before the answer');
      assert.deepEqual(answered(makeFiling({ state, news: 1 }), 1), LATER, 'known when the call began');
    }
  });

  it('that comes while the agency says what it asks for is asked after at once: nobody would ask again', () => {
    const asks: StepResult = { kind: 'correction', code: 'MORE', message: '…', fields: [] };
    const correction = { code: 'MORE', fields: [] };
    for (const filing of [
      makeFiling({ state: 'in_review' }),
      makeFiling({ state: 'correction_requested', correction }),
    ]) {
      assert.deepEqual(answered(informed(filing), 0, asks), NOW);
      assert.equal(answered(informed(filing), 1, asks), undefined, 'known when the call began');
    }
  });
});

describe('the age of a callback', () => {
  const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
  it('may be a day, and its clock five minutes ahead', () => {
    for (const [seconds, timely] of [
      [-86_400, true],
      [-86_401, false],
      [300, true],
      [301, false],
    ] as const)
      assert.equal(isTimely(at(seconds), [NOW]), timely, `${seconds} s`);
  });

  it('is told by real time or by the organisation’s', () => {
    const ahead = at(40 * 86_400);
    assert.equal(isTimely(ahead, [NOW, ahead]), true);
    assert.equal(isTimely(at(20 * 86_400), [NOW, ahead]), false);
  });
});
