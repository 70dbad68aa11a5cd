// What an agency's answer makes of a filing whose exit was amended or cancelled while the answer was on its way.
import assert from 'node:assert/strict';
import { cancel } from '../../../src/domain/cancel.ts';
import type { Change, Exit } from '../../../src/domain/exit.ts';
import { type Filing, nextStep, type Step, type StepResult } from '../../../src/domain/filing.ts';
import { record, refresh } from '../../../src/domain/record.ts';
import { AMENDING, makeExit, NOW, PURSUIT } from '../../support/builders.ts';

const context = { ...PURSUIT, random: 0.5, canLookUp: true, canReadBack: true };
const types = ({ events }: Change) => events.map(({ type }) => type);
const labor = ({ exit }: { readonly exit: Exit }): Filing => {
  const [filing] = exit.filings;
  assert.ok(filing);
  return filing;
};
/** An exit whose labour filing stands so, with facts of the first revision, while the exit is at the second. */
function amended(parts: Partial<Filing> = {}): Exit {
  const exit = makeExit();
  const filings = exit.filings.map((filing, index) =>
    index === 0 ? { ...filing, preparedAt: NOW, ...parts } : filing,
  );
  const earlierFacts = [{ revision: 1, facts: exit.facts }];
  return { ...exit, factsRevision: 2, earlierFacts, filings };
}
function cancelled(exit: Exit): Exit {
  const change = cancel(exit, { actor: '测试人事', reason: '员工撤回' }, AMENDING);
  assert.ok(typeof change !== 'string');
  return change.exit;
}
const answer = (exit: Exit, step: Step, result: StepResult): Change =>
  record(exit, labor({ exit }).id, step, result, context);
const withdrawing = (exit: Exit) => labor({ exit }).withdrawing;

const PENDING: StepResult = { kind: 'pending', receipt: 'R-1', stage: 'received' };
const ACCEPTED: StepResult = { kind: 'accepted', receipt: 'R-1' };
const REFUSED: StepResult = { kind: 'refused', code: 'NO', message: '…' };
const WITHDRAWN: StepResult = { kind: 'refused', receipt: 'R-1', code: 'WITHDRAWN', message: '…' };
const CORRECTION: StepResult = { kind: 'correction', receipt: 'R-1', code: 'MORE', message: '…', fields: [] };
const UNSURE: StepResult = { kind: 'unsure', reason: 'dropped' };
const NOT_TAKEN: StepResult = { kind: 'retry', reason: 'busy' };

describe('a submission that was on its way when the exit was amended', () => {
  it('and is pending: is withdrawn', () => {
    const { exit } = answer(amended(), 'submit', PENDING);
    assert.deepEqual(withdrawing(exit), { to: 'refile', stage: 'asked' });
  });

  it('and is concluded: is a person’s', () => {
    const change = answer(amended(), 'submit', ACCEPTED);
    assert.deepEqual(types(change), ['filing.accepted', 'filing.manual_required', 'exit.attention_required']);
    assert.deepEqual(
      [change.exit.status, labor(change).lastError],
      ['attention', 'AMENDED_AFTER_CONCLUSION'],
    );
  });

  it('and is refused: goes out anew, and nobody is called', () => {
    const before = amended();
    const change = answer(before, 'submit', REFUSED);
    const { state, serial, factsRevision } = labor(change);
    assert.deepEqual([state, factsRevision], ['due', 2]);
    assert.notEqual(serial, labor({ exit: before }).serial);
    assert.deepEqual(types(change), ['filing.rejected']);
  });

  it('and is asked about: answers with the newest facts', () => {
    const change = answer(amended(), 'submit', CORRECTION);
    const { state, via, revision, receipt, factsRevision } = labor(change);
    assert.deepEqual([state, via, revision, receipt, factsRevision], ['due', 'amend', 2, 'R-1', 2]);
    assert.equal(change.exit.status, 'filing');
  });

  it('and was not taken, or never arrived: goes out with a new serial and the newest facts', () => {
    const before = amended();
    const busy = answer(before, 'submit', NOT_TAKEN);
    const unseen = answer(answer(before, 'submit', UNSURE).exit, 'lookup', { kind: 'absent' });
    const lost = answer(unseen.exit, 'lookup', { kind: 'absent' });
    for (const change of [busy, lost]) {
      const { state, serial, factsRevision, preparedAt } = labor(change);
      assert.deepEqual([state, factsRevision, preparedAt], ['due', 2, undefined]);
      assert.notEqual(serial, labor({ exit: before }).serial);
    }
  });

  it('and is in doubt: stays so until it has been looked up', () => {
    const { exit } = answer(amended(), 'submit', UNSURE);
    assert.deepEqual([labor({ exit }).state, labor({ exit }).factsRevision], ['unknown', 1]);
    assert.deepEqual(withdrawing(answer(exit, 'lookup', PENDING).exit), { to: 'refile', stage: 'asked' });
  });
});

describe('a submission that was on its way when the exit was cancelled', () => {
  const flying = () => cancelled({ ...amended(), factsRevision: 1 });

  it('is left alone until it is known what the agency has', () => {
    const exit = flying();
    assert.deepEqual([exit.status, labor({ exit }).state], ['filing', 'due']);
    assert.deepEqual(withdrawing(answer(exit, 'submit', PENDING).exit), { to: 'end', stage: 'asked' });
    assert.equal(answer(exit, 'submit', ACCEPTED).exit.status, 'attention');
    assert.equal(answer(exit, 'submit', REFUSED).exit.status, 'cancelled');
    const dropped = answer(exit, 'submit', NOT_TAKEN);
    assert.deepEqual([types(dropped), labor(dropped).state], [['filing.withdrawn'], 'withdrawn']);
  });

  it('and is in doubt: is dropped only when the agency has twice not seen it, some time apart', () => {
    const { exit } = answer(flying(), 'submit', UNSURE);
    const once = answer(exit, 'lookup', { kind: 'absent' });
    const { state, serial, nextAt } = labor(once);
    assert.deepEqual([state, serial, types(once)], ['unknown', labor({ exit }).serial, []]);
    assert.deepEqual(nextAt, new Date(NOW.getTime() + 10_000));
    const late = answer(once.exit, 'lookup', PENDING);
    assert.deepEqual(withdrawing(late.exit), { to: 'end', stage: 'asked' }, 'it was late, and is there');
    const twice = answer(once.exit, 'lookup', { kind: 'absent' });
    assert.deepEqual([labor(twice).state, types(twice)], ['withdrawn', ['filing.withdrawn']]);
  });

  it('lets nothing go that waited for it', () => {
    const { exit } = answer(flying(), 'submit', ACCEPTED);
    assert.deepEqual(
      exit.filings.slice(1).map(({ state }) => state),
      ['withdrawn', 'withdrawn', 'withdrawn'],
    );
  });
});

describe('a withdrawal', () => {
  const asked = (parts: Partial<Filing> = {}) =>
    amended({ state: 'submitted', receipt: 'R-1', withdrawing: { to: 'refile', stage: 'asked' }, ...parts });

  it('that is taken lets the filing go out anew, once it is withdrawn', () => {
    const before = asked();
    const change = answer(before, 'withdraw', ACCEPTED);
    assert.deepEqual(types(change), ['filing.withdrawn']);
    assert.deepEqual(change.events[0]?.data.to, 'refile');
    const { state, serial, via, receipt, withdrawing, factsRevision } = labor(change);
    assert.deepEqual(
      [state, via, receipt, withdrawing, factsRevision],
      ['due', 'submit', undefined, undefined, 2],
    );
    assert.notEqual(serial, labor({ exit: before }).serial);
  });

  it('for good ends it', () => {
    const change = answer(cancelled(asked()), 'withdraw', ACCEPTED);
    assert.deepEqual([labor(change).state, change.exit.status], ['withdrawn', 'cancelled']);
    assert.equal(change.events[0]?.data.to, 'end');
  });

  it('in doubt is looked up before it is asked for again', () => {
    const { exit } = answer(asked(), 'withdraw', UNSURE);
    assert.deepEqual([withdrawing(exit)?.stage, nextStep(labor({ exit }))], ['doubt', 'lookup']);
    assert.equal(labor(answer(exit, 'lookup', WITHDRAWN)).state, 'due');
    const again = answer(exit, 'lookup', PENDING);
    assert.deepEqual([nextStep(labor(again)), labor(again).nextAt], ['withdraw', NOW]);
  });

  it('in doubt, of a filing that was concluded meanwhile, is a person’s', () => {
    const { exit } = answer(asked(), 'withdraw', UNSURE);
    assert.equal(labor(answer(exit, 'lookup', ACCEPTED)).state, 'manual');
  });

  it('that is refused is told, and the filing is followed to its end', () => {
    const change = answer(asked(), 'withdraw', REFUSED);
    assert.deepEqual(types(change), ['filing.withdrawal_refused']);
    assert.deepEqual([nextStep(labor(change)), labor(change).nextAt], ['lookup', NOW]);
    assert.equal(labor(answer(change.exit, 'lookup', ACCEPTED)).state, 'manual');
    assert.equal(labor(answer(change.exit, 'lookup', CORRECTION)).via, 'amend');
  });

  it('makes the answer to an older question worth nothing', () => {
    const exit = asked();
    for (const result of [ACCEPTED, PENDING, CORRECTION, REFUSED]) {
      const change = answer(exit, 'lookup', result);
      assert.deepEqual([change.exit, change.events], [exit, []]);
    }
  });
});

describe('an answer to a correction', () => {
  const answering = (parts: Partial<Filing> = {}): Exit => ({
    ...amended({ via: 'amend', revision: 2, receipt: 'R-1', factsRevision: 2, ...parts }),
  });

  it('that the agency does not take is a person’s: the filing stands there as it did', () => {
    const change = answer(answering(), 'amend', REFUSED);
    assert.deepEqual(types(change), ['filing.manual_required', 'exit.attention_required']);
    assert.deepEqual(
      [labor(change).state, labor(change).lastError, labor(change).receipt],
      ['manual', 'NO', 'R-1'],
    );
    assert.equal(change.exit.status, 'attention');
    assert.equal(cancelled(change.exit).status, 'attention', 'a cancelled exit leaves it to that person');
  });

  it('that ends with the filing’s rejection is rejected', () => {
    assert.equal(labor(answer(answering(), 'amend', { ...REFUSED, receipt: 'R-1' })).state, 'rejected');
  });
});

describe('a filing that is about to be sent', () => {
  it('goes as it is while nothing has changed', () => {
    const exit = { ...amended(), factsRevision: 1 };
    assert.equal(refresh(exit, labor({ exit }), PURSUIT), undefined);
  });

  it('is made anew where the exit was amended, and dropped where it was cancelled', () => {
    const exit = amended();
    const change = refresh(exit, labor({ exit }), PURSUIT);
    assert.ok(change);
    assert.notEqual(labor(change).serial, labor({ exit }).serial);
    const ending = cancelled(exit);
    const dropped = refresh(ending, labor({ exit: ending }), PURSUIT);
    assert.ok(dropped);
    assert.deepEqual([labor(dropped).state, types(dropped)], ['withdrawn', ['filing.withdrawn']]);
  });
});
