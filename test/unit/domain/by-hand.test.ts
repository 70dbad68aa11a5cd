// What a person does for a filing: answers a correction, or enters what was settled at a counter.
import assert from 'node:assert/strict';
import { answerCorrection, type EnteredReceipt, enterReceipt } from '../../../src/domain/by-hand.ts';
import type { Change, Exit } from '../../../src/domain/exit.ts';
import { FILING_STATES, type Filing } from '../../../src/domain/filing.ts';
import { makeExit, makeSecret, NOW, PURSUIT } from '../../support/builders.ts';
import { secretAfter } from '../../support/clear.ts';

const labor = ({ exit }: { readonly exit: Exit }): Filing => {
  const [filing] = exit.filings;
  assert.ok(filing);
  return filing;
};
/** An exit whose labour filing stands so. */
function standing(parts: Partial<Filing>, exitParts: Partial<Exit> = {}): Exit {
  const exit = makeExit({ exit: exitParts });
  const [{ nextAt: _next, ...first }, ...others] = exit.filings as [Filing, ...Filing[]];
  return { ...exit, filings: [{ ...first, preparedAt: NOW, receipt: 'R-1', ...parts }, ...others] };
}
const taken = (change: Change | string): Change => {
  assert.ok(typeof change !== 'string', String(change));
  return change;
};
const supplements = [{ kind: 'claim', title: '权利主张书', text: '保留追偿权' }];
const ANSWER = { actor: '测试合规', note: '附主张书', supplements };

describe('answering a correction', () => {
  const asked = (parts: Partial<Filing> = {}) =>
    standing(
      { state: 'correction_requested', correction: { code: 'MORE', fields: ['supplement'] }, ...parts },
      { status: 'attention' },
    );
  const answer = (exit: Exit, context = PURSUIT) =>
    answerCorrection(exit, labor({ exit }).id, ANSWER, context);

  it('files the next revision under its receipt and a new serial', () => {
    const before = asked();
    const change = taken(answer(before));
    const { state, via, revision, serial, receipt, correction, nextAt } = labor(change);
    assert.deepEqual(
      [state, via, revision, receipt, correction, nextAt],
      ['due', 'amend', 2, 'R-1', undefined, NOW],
    );
    assert.notEqual(serial, labor({ exit: before }).serial);
    assert.equal(change.exit.status, 'filing', 'nobody is needed any more');
  });

  it('carries the exit’s newest facts', () => {
    assert.equal(labor(taken(answer({ ...asked(), factsRevision: 3 }))).factsRevision, 3);
  });

  it('keeps the words for who may read them', () => {
    const change = taken(answer(asked()));
    const [event] = change.events;
    assert.equal(event?.type, 'filing.amended');
    assert.deepEqual(event?.data.supplements, ['claim']);
    assert.ok(!/测试|主张|追偿/.test(JSON.stringify(event?.data)));
    assert.deepEqual(event?.personal, { actor: '测试合规', note: '附主张书', titles: ['权利主张书'] });
    assert.deepEqual(secretAfter(makeSecret(), change).answers, [
      { filingId: labor(change).id, revision: 2, ...ANSWER },
    ]);
  });

  it('is for filings that the agency asked about', () => {
    for (const state of FILING_STATES.filter((each) => each !== 'correction_requested'))
      assert.equal(answer(standing({ state })), 'not_asked', state);
    assert.equal(answer(asked({ withdrawing: { to: 'end', stage: 'asked' } })), 'not_asked');
  });

  it('needs an adapter that can amend', () => {
    assert.equal(
      answer(asked(), { ...PURSUIT, reachOf: () => ({ withdraw: [], amend: [] }) as never }),
      'cannot_amend',
    );
  });

  it('knows only its own filings', () => {
    assert.throws(() => answerCorrection(asked(), 'fil_other', ANSWER, PURSUIT), /fil_other is not of exit/);
  });
});

describe('entering a receipt', () => {
  const manual = (exitParts: Partial<Exit> = {}, parts: Partial<Filing> = {}) =>
    standing({ state: 'manual', lastError: 'MANUAL_ONLY', ...parts }, { status: 'attention', ...exitParts });
  const enter = (exit: Exit, parts: Partial<EnteredReceipt> = {}) =>
    enterReceipt(exit, labor({ exit }).id, { outcome: 'filed', actor: '测试人事', ...parts }, PURSUIT);

  it('of what was filed has it read back, with the newest facts', () => {
    const change = taken(enter(manual({ factsRevision: 2 }), { receipt: 'BJ-1', note: '窗口' }));
    const { state, receipt, factsRevision, nextAt, lastError } = labor(change);
    assert.deepEqual(
      [state, receipt, factsRevision, nextAt, lastError],
      ['accepted', 'BJ-1', 2, NOW, undefined],
    );
    assert.equal(change.exit.status, 'filing');
    const [event] = change.events;
    assert.equal(event?.type, 'filing.accepted');
    assert.deepEqual([event?.data.receipt, event?.data.entered_by_hand], ['BJ-1', true]);
    assert.deepEqual(event?.personal, { actor: '测试人事', note: '窗口' });
  });

  it('of what was withdrawn ends it where the exit is cancelled', () => {
    const exit = manual({ cancelledAt: NOW });
    const filings = exit.filings.map((each) =>
      each.state === 'waiting' ? { ...each, state: 'withdrawn' as const } : each,
    );
    const change = taken(enter({ ...exit, filings }, { outcome: 'withdrawn' }));
    assert.deepEqual([labor(change).state, change.exit.status], ['withdrawn', 'cancelled']);
    assert.deepEqual([change.events[0]?.type, change.events[0]?.data.to], ['filing.withdrawn', 'end']);
    assert.equal(change.events[0]?.data.receipt, 'R-1');
  });

  it('of what was withdrawn files it anew where the exit goes on', () => {
    const before = manual({ factsRevision: 2 });
    const change = taken(enter(before, { outcome: 'withdrawn' }));
    const { state, via, serial, receipt, factsRevision, nextAt } = labor(change);
    assert.deepEqual([state, via, receipt, factsRevision, nextAt], ['due', 'submit', undefined, 2, NOW]);
    assert.notEqual(serial, labor({ exit: before }).serial);
    assert.deepEqual([change.exit.status, change.events[0]?.data.to], ['filing', 'refile']);
  });

  it('is for filings that are in a person’s hands', () => {
    for (const state of FILING_STATES.filter((each) => each !== 'manual'))
      assert.equal(enter(standing({ state })), 'not_manual', state);
  });

  it('is for a doubt too that no look-up has resolved by the time somebody was told', () => {
    const told = standing({ state: 'unknown', attempts: 10, nextAt: NOW });
    assert.equal(labor(taken(enter(told, { receipt: 'BJ-1' }))).state, 'accepted');
    assert.equal(enter(standing({ state: 'unknown', attempts: 9, nextAt: NOW })), 'not_manual');
  });

  it('leaves nothing ahead of what is withdrawn for good, also where a look-up was', () => {
    const doubtful = standing({ state: 'unknown', attempts: 10, nextAt: NOW }, { cancelledAt: NOW });
    const { state, nextAt } = labor(taken(enter(doubtful, { outcome: 'withdrawn' })));
    assert.deepEqual([state, nextAt], ['withdrawn', undefined]);
  });

  it('is for a correction too that the adapter cannot answer', () => {
    const asked = standing({ state: 'correction_requested', correction: { code: 'MORE', fields: [] } });
    const receipt = { outcome: 'filed', actor: '测试人事', receipt: 'BJ-1' } as const;
    const cannot = { ...PURSUIT, reachOf: () => ({ withdraw: [], amend: [] }) };
    const { state, correction } = labor(
      taken(enterReceipt(asked, labor({ exit: asked }).id, receipt, cannot)),
    );
    assert.deepEqual([state, correction], ['accepted', undefined]);
  });
});
