// A filing that has ended is looked at again where its agency says something: what it has told stays, what differs is found.
import assert from 'node:assert/strict';
import { type Filing, type FilingState, nextStep, type StepResult } from '../../../src/domain/filing.ts';
import { secondLook } from '../../../src/domain/second-look.ts';
import { settle } from '../../../src/domain/settle.ts';
import { makeFiling, NOW } from '../../support/builders.ts';

const refused = (code: string): StepResult => ({ kind: 'refused', receipt: 'R-1', code, message: '…' });
const accepted: StepResult = { kind: 'accepted', receipt: 'R-1' };
const pending: StepResult = { kind: 'pending', receipt: 'R-1', stage: 'in_review' };
const correction: StepResult = { kind: 'correction', code: 'MORE', message: '…', fields: [] };
const busy: StepResult = { kind: 'retry', reason: 'busy' };

const ended = (state: FilingState, parts: Partial<Filing> = {}): Filing =>
  makeFiling({ state, receipt: 'R-1', nextAt: NOW, news: 1, ...parts });
const look = (filing: Filing, result: StepResult, heard = filing.news) =>
  settle(filing, 'lookup', result, { now: NOW, random: 0.5, canLookUp: true, canReadBack: true, heard });
const said = (state: FilingState, result: StepResult) => {
  const found = secondLook({ id: 'exit_1' }, ended(state), '2026-11-25', result);
  return found && `${found.finding?.ours ?? 'agrees'} ${found.finding?.theirs ?? ''}`.trim();
};

describe('a second look at what has ended', () => {
  for (const [state, result, says] of [
    ['verified', accepted, 'agrees'],
    ['verified', refused('ANNULLED'), 'verified rejected'],
    ['verified', refused('WITHDRAWN'), 'verified withdrawn'],
    ['verified', pending, 'verified in_review'],
    ['verified', correction, 'verified correction_requested'],
    ['rejected', accepted, 'rejected accepted'],
    ['rejected', refused('NO'), 'agrees'],
    ['withdrawn', refused('WITHDRAWN'), 'agrees'],
    ['withdrawn', accepted, 'withdrawn accepted'],
    ['verified', busy, undefined],
    ['verified', { kind: 'absent' }, undefined],
    ['verified', { kind: 'manual', instructions: '…' }, undefined],
    ['accepted', refused('ANNULLED'), undefined],
  ] as const)
    it(`${state}, and there ${result.kind}: ${says ?? 'nothing can be said'}`, () => {
      assert.equal(said(state, result), says);
    });

  it('moves nothing of what was told, and asks once', () => {
    const filing = ended('verified');
    assert.equal(nextStep(filing), 'lookup');
    for (const result of [accepted, refused('ANNULLED'), pending, correction]) {
      const settled = look(filing, result);
      const { nextAt: _next, ...rest } = filing;
      assert.deepEqual(settled, { filing: rest, events: [] });
      assert.equal(nextStep(settled.filing), undefined);
    }
  });

  it('asks again after news that came during the call, and where nobody answered, ten times', () => {
    assert.deepEqual(look(ended('verified', { news: 2 }), accepted, 1).filing.nextAt, NOW);
    let filing = ended('verified');
    let asked = 0;
    while (nextStep(filing) === 'lookup') {
      filing = look(filing, busy).filing;
      asked++;
    }
    assert.deepEqual([asked, filing.state, filing.attempts], [10, 'verified', 0]);
  });
});
