// The day by which an agency wants its correction: told like a statute's limit, and asked after when it is over.
import assert from 'node:assert/strict';
import { clocksRunning } from '../../../src/domain/correction.ts';
import { running } from '../../../src/domain/deadlines.ts';
import { type Filing, nextStep, type StepResult } from '../../../src/domain/filing.ts';
import { settle } from '../../../src/domain/settle.ts';
import { hasNewDeadline, retold, tellClocks } from '../../../src/domain/telling.ts';
import { makeExit, makeFiling, NOW } from '../../support/builders.ts';

const DUE = '2026-12-01';
const DUE_ENDS = new Date('2026-12-01T16:00:00Z');
const NIGHT = new Date('2026-12-01T22:00:00Z');
const DAY = 86_400_000;
const asks = (due?: string): StepResult => ({
  kind: 'correction',
  receipt: 'R-1',
  code: 'MORE',
  message: '…',
  fields: [],
  ...(due === undefined ? {} : { due }),
});
const answer = (filing: Filing, step: 'submit' | 'lookup' | 'amend', result: StepResult, now = NOW) =>
  settle(filing, step, result, { now, random: 0.5, canLookUp: true, canReadBack: true });
const asked = (due?: string) => answer(makeFiling({ state: 'in_review' }), 'lookup', asks(due)).filing;
const events = (exit: ReturnType<typeof makeExit>, now: Date) => {
  const told = tellClocks(exit, ['P7D', 'P1D'], now);
  return {
    exit: told.exit,
    told: told.events.map(({ type, data }) => `${type} ${data.clock} ${data.distance ?? ''}`.trim()),
  };
};

describe('the day by which a correction is due', () => {
  it('is asked after when the night after it is over, then daily while the same is asked for', () => {
    const filing = asked(DUE);
    assert.deepEqual(filing.nextAt, NIGHT);
    assert.equal(nextStep(filing), 'lookup');
    const still = answer(filing, 'lookup', asks(DUE), NIGHT);
    assert.deepEqual(still.filing, { ...filing, nextAt: new Date(NIGHT.getTime() + DAY) });
    assert.deepEqual(still.events, [], 'told once');
    const over: StepResult = { kind: 'refused', receipt: 'R-1', code: 'CORRECTION_OVERDUE', message: '…' };
    const ended = answer(filing, 'lookup', over, NIGHT);
    assert.deepEqual([ended.filing.state, ended.events[0]?.type], ['rejected', 'filing.rejected']);
  });

  it('that none was set is asked after by nobody, and so is what no adapter can look up', () => {
    assert.equal(asked().nextAt, undefined);
    const filing = makeFiling({ state: 'in_review' });
    const context = { now: NOW, random: 0.5, canLookUp: false, canReadBack: true };
    assert.equal(settle(filing, 'lookup', asks(DUE), context).filing.nextAt, undefined);
  });

  it('comes near and is missed like a statute’s limit, beside it', () => {
    const exit = makeExit({ exit: { status: 'attention', filings: [asked(DUE)] } });
    const early = events(exit, NOW);
    assert.deepEqual(early.told, ['exit.deadline_approaching correction P7D']);
    const late = events(early.exit, new Date(DUE_ENDS.getTime() - DAY));
    assert.deepEqual(late.told, ['exit.deadline_approaching correction P1D']);
    assert.deepEqual(late.exit.clocksNextAt, DUE_ENDS);
    assert.deepEqual(events(late.exit, DUE_ENDS).told, ['exit.deadline_missed correction']);
    const answered = makeExit({
      exit: { status: 'filing', filings: [makeFiling({ state: 'due', via: 'amend' })] },
    });
    assert.deepEqual(events(answered, DUE_ENDS).told, [], 'answered in time');
  });

  it('is told at once where it is near, with the change that brought it', () => {
    const before = makeExit({
      exit: { status: 'filing', filings: [makeFiling({ state: 'in_review' })], clocksToldUntil: NOW },
    });
    const after = { ...before, filings: [asked(DUE)] };
    assert.ok(hasNewDeadline(before, after));
    const told = retold(before, { exit: after, events: [] }, ['P7D', 'P1D'], NOW);
    assert.deepEqual(
      told.events.map(({ type, data }) => `${type} ${data.clock} ${data.distance}`),
      ['exit.deadline_approaching correction P7D'],
    );
    assert.deepEqual(told.exit.clocksNextAt, new Date(DUE_ENDS.getTime() - DAY));
    assert.ok(!hasNewDeadline(after, after));
  });

  it('is the nearest of the filing’s clocks where it is the earliest, and none while it is taken back', () => {
    const [statute] = makeFiling({ state: 'due' }).clocks;
    const filing = asked(DUE);
    assert.equal(clocksRunning(filing)[0]?.id, 'correction');
    assert.deepEqual(clocksRunning(filing).slice(1), statute === undefined ? [] : filing.clocks);
    const withdrawing = { ...filing, withdrawing: { to: 'end', stage: 'asked' } as const };
    assert.deepEqual(clocksRunning(withdrawing), filing.clocks);
    assert.ok(
      !running(makeExit({ exit: { filings: [withdrawing] } })).some(
        ({ about }) => about.clock === 'correction',
      ),
    );
  });
});

describe('an answer to a correction that the agency does not take', () => {
  const sent = makeFiling({
    state: 'due',
    via: 'amend',
    revision: 2,
    serial: 'EG-2',
    previousSerial: 'EG-1',
    receipt: 'R-1',
  });
  const no: StepResult = { kind: 'refused', code: 'NO_CORRECTION_ASKED', message: '…' };
  const inHand = answer(sent, 'amend', no);

  it('is in a person’s hands, and what stands there is looked up', () => {
    assert.deepEqual(inHand.filing.state, 'manual');
    assert.deepEqual(inHand.filing.nextAt, NOW);
    assert.equal(nextStep(inHand.filing), 'lookup');
    assert.deepEqual(
      inHand.events.map(({ type, data }) => [type, data.reason]),
      [['filing.manual_required', 'NO_CORRECTION_ASKED']],
    );
  });

  it('was rejected there before: that is told, and its end', () => {
    const over: StepResult = { kind: 'refused', receipt: 'R-1', code: 'CORRECTION_OVERDUE', message: '…' };
    const { filing, events: told } = answer(inHand.filing, 'lookup', over);
    assert.deepEqual([filing.state, filing.nextAt], ['rejected', undefined]);
    assert.deepEqual(
      told.map(({ type, data }) => [type, data.code]),
      [['filing.rejected', 'CORRECTION_OVERDUE']],
    );
  });

  it('was concluded there without it: told to whom has it in hand', () => {
    const { filing, events: told } = answer(inHand.filing, 'lookup', { kind: 'accepted', receipt: 'R-1' });
    assert.deepEqual(
      [filing.state, filing.nextAt, filing.lastError],
      ['manual', undefined, 'AMENDED_AFTER_CONCLUSION'],
    );
    assert.deepEqual(
      told.map(({ type, data }) => [type, data.reason]),
      [['filing.manual_required', 'AMENDED_AFTER_CONCLUSION']],
    );
  });

  it('stays in hand where the agency still asks, and is asked about again where it does not answer', () => {
    for (const result of [asks(DUE), { kind: 'absent' }, { kind: 'manual', instructions: '…' }] as const) {
      const { filing, events: told } = answer(inHand.filing, 'lookup', result);
      assert.deepEqual(
        [filing.state, filing.nextAt, filing.lastError, told],
        ['manual', undefined, 'NO_CORRECTION_ASKED', []],
      );
    }
    const busy = answer(inHand.filing, 'lookup', { kind: 'retry', reason: 'busy' }).filing;
    assert.deepEqual([busy.state, nextStep(busy)], ['manual', 'lookup']);
  });
});
