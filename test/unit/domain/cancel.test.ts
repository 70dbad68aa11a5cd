// Cancelling: what is dropped, what is withdrawn, and what needs a person.
import assert from 'node:assert/strict';
import { cancel } from '../../../src/domain/cancel.ts';
import type { Change } from '../../../src/domain/exit.ts';
import { record } from '../../../src/domain/record.ts';
import { type At, attempt, filed, opened, types } from '../../support/amending.ts';
import { AMENDING, makeDispute, NOW } from '../../support/builders.ts';

describe('cancelling an exit', () => {
  const by = { actor: '测试人事', reason: '员工撤回' };
  const cancelled = ({ exit }: At): Change => {
    const change = cancel(exit, by, AMENDING);
    assert.ok(typeof change !== 'string');
    return change;
  };

  it('drops what was not sent, and ends every clock', () => {
    for (const at of [opened(), opened({ disputes: [makeDispute()] })]) {
      const { exit, ...change } = cancelled(at);
      assert.deepEqual([exit.status, exit.cancelledAt], ['cancelled', NOW]);
      assert.deepEqual(types(change), ['exit.cancelled']);
      assert.ok(exit.filings.every(({ state, nextAt }) => state === 'withdrawn' && nextAt === undefined));
      assert.deepEqual([exit.decisionDueAt, exit.clocksNextAt], [undefined, undefined]);
      assert.deepEqual(change.events[0]?.personal, by);
    }
  });

  it('withdraws what was filed, and is cancelled once nothing of it stands at an agency', () => {
    const { exit } = cancelled(filed(opened(), 'submitted'));
    assert.equal(exit.status, 'filing');
    assert.ok(exit.filings.every(({ withdrawing }) => withdrawing?.to === 'end'));
    const answers = { ...AMENDING, random: 0.5, canLookUp: true, canReadBack: true };
    const ended = exit.filings.reduce(
      (at, { id }) => record(at, id, 'withdraw', { kind: 'accepted', receipt: 'R-1' }, answers).exit,
      exit,
    );
    assert.equal(ended.status, 'cancelled');
  });

  it('needs a person for what is concluded', () => {
    const change = cancelled(filed(opened(), 'verified', 'completed'));
    assert.equal(change.exit.status, 'attention');
    assert.equal(types(change).filter((type) => type === 'exit.attention_required').length, 4);
  });

  it('happens once, and nothing is amended afterwards', () => {
    const { exit } = cancelled(opened());
    assert.equal(cancel(exit, by, AMENDING), 'exit_cancelled');
    assert.equal(attempt({ ...opened(), exit }, { post: '测试岗' }), 'exit_cancelled');
  });
});
