// Settling a gate by what it asks for, waiving it, taking that back while nothing is filed, and what comes too late.
import assert from 'node:assert/strict';
import { clear, settledBy } from '../../../src/domain/clearance.ts';
import { blockers, type Change, type Exit } from '../../../src/domain/exit.ts';
import type { Clearance } from '../../../src/domain/exit-secret.ts';
import type { GateRule } from '../../../src/domain/gate-rule.ts';
import { blockerData } from '../../../src/domain/gates.ts';
import { makeDispute, makeExit, makeProfile, makeRule, makeSecret, NOW } from '../../support/builders.ts';
import { makeClearance, mustClear, secretAfter } from '../../support/clear.ts';
import { DISTANCES } from '../../support/clock-work.ts';

const types = (change: Change) => change.events.map(({ type }) => type);
const disputes = [makeDispute({ external_id: 'C-1' }), makeDispute({ external_id: 'C-2' })];
const open = (rule: Partial<GateRule> = {}) =>
  makeExit({ disputes, profile: makeProfile({ gates: [makeRule(rule)] }) });
const attempt = (exit: Exit, parts: Partial<Clearance>) =>
  clear(exit, makeClearance(parts), { now: NOW, distances: DISTANCES });
const document = (kind?: string) => ({ title: '测试文件', ...(kind === undefined ? {} : { kind }) });

describe('a clearance', () => {
  it('is waived without the documents that settle a gate, and is known as such', () => {
    const exit = open({ documents: { need: 'all', kinds: ['settlement_agreement'] } });
    const change = mustClear(exit, { decision: 'waived', note: '测试豁免' });
    assert.deepEqual(types(change), ['exit.cleared', 'exit.filing_started']);
    assert.deepEqual(change.events[0]?.data, {
      gate: 'open_dispute',
      decision: 'waived',
      subjects: ['C-1', 'C-2'],
      blockers: [],
    });
    assert.deepEqual(
      change.exit.gates.map(({ waived, clearedAt }) => [waived, clearedAt]),
      [
        [true, NOW],
        [true, NOW],
      ],
    );
  });

  it('that is not waived leaves no such mark', () => {
    assert.ok(mustClear(open()).exit.gates.every((gate) => !('waived' in gate)));
  });

  it('needs any of the documents that the gate names', () => {
    const exit = open({ documents: { need: 'any', kinds: ['settlement_agreement', 'judgment'] } });
    const missing = { fault: 'documents_missing', need: 'any', kinds: ['settlement_agreement', 'judgment'] };
    assert.deepEqual(attempt(exit, {}), missing);
    assert.deepEqual(attempt(exit, { documents: [document(), document('photo')] }), missing);
    assert.equal(mustClear(exit, { documents: [document('judgment')] }).exit.status, 'filing');
  });

  it('needs all of them where the gate says so, and hears which are missing', () => {
    const exit = open({ documents: { need: 'all', kinds: ['settlement_agreement', 'judgment'] } });
    assert.deepEqual(attempt(exit, { documents: [document('judgment')] }), {
      fault: 'documents_missing',
      need: 'all',
      kinds: ['settlement_agreement'],
    });
    const both = [document('judgment'), document('settlement_agreement')];
    assert.equal(mustClear(exit, { documents: both }).exit.status, 'filing');
  });

  it('settles one item at a time, each with its own documents', () => {
    const exit = open({ documents: { need: 'any', kinds: ['judgment'] } });
    const first = mustClear(exit, { subject: 'C-1', documents: [document('judgment')] });
    assert.equal(first.exit.status, 'gated');
    assert.equal(typeof attempt(first.exit, { subject: 'C-2' }), 'object');
    const second = mustClear(first.exit, { subject: 'C-2', documents: [document('judgment')] });
    assert.equal(second.exit.status, 'filing');
    const { clearances } = secretAfter(makeSecret({ disputes }), first, second);
    assert.deepEqual(
      clearances.map(({ subjects }) => subjects),
      [['C-1'], ['C-2']],
    );
  });

  it('is kept with who, when and what for, and found by the gate that it settled', () => {
    const later = new Date(NOW.getTime() + 1000);
    const first = mustClear(open(), { subject: 'C-1', actor: '测试甲', note: '已和解' });
    const second = mustClear(first.exit, { subject: 'C-2', actor: '测试乙' }, later);
    const { clearances } = secretAfter(makeSecret({ disputes }), first, second);
    assert.deepEqual(clearances[0], {
      gate: 'open_dispute',
      subjects: ['C-1'],
      disputes: ['C-1'],
      decision: 'cleared',
      actor: '测试甲',
      note: '已和解',
      documents: [],
      at: NOW.toISOString(),
    });
    assert.equal(settledBy(clearances, { code: 'open_dispute', subject: 'C-2' })?.actor, '测试乙');
    assert.equal(settledBy(clearances, { code: 'another', subject: 'C-2' }), undefined);
  });

  it('knows that a handover item is no dispute', () => {
    const profile = makeProfile({ gates: [makeRule({ code: 'handover', raised_by: 'handover' })] });
    const items = { handover: [{ external_id: 'H-1', kind: 'work', title: '测试工作' }] } as const;
    const change = mustClear(makeExit({ profile, items }), { gate: 'handover' });
    assert.deepEqual(secretAfter(makeSecret(items), change).clearances[0]?.disputes, []);
  });
});

describe('a clearance taken back', () => {
  it('opens the gate again, with nothing left of what settled it', () => {
    const exit = open();
    const waived = mustClear(exit, { subject: 'C-1', decision: 'waived', note: '测试豁免' });
    const revoked = mustClear(waived.exit, { subject: 'C-1', decision: 'revoked', note: '又起争议' });
    assert.deepEqual(revoked.exit.gates, exit.gates);
    assert.deepEqual(types(revoked), ['exit.clearance_revoked']);
    assert.deepEqual(revoked.events[0]?.data.blockers, exit.gates.map(blockerData));
    assert.deepEqual(
      secretAfter(makeSecret({ disputes }), waived, revoked).clearances.map(({ decision }) => decision),
      ['waived', 'revoked'],
    );
  });

  it('is all that is cleared of the gate where no item is named', () => {
    const half = mustClear(open(), { subject: 'C-1' });
    const revoked = mustClear(half.exit, { decision: 'revoked' });
    assert.deepEqual(revoked.events[0]?.data.subjects, ['C-1']);
    assert.equal(blockers(revoked.exit).length, 2);
  });

  it('is refused where nothing is cleared', () => {
    assert.equal(attempt(open(), { decision: 'revoked' }), 'not_cleared');
    const half = mustClear(open(), { subject: 'C-1' });
    assert.equal(attempt(half.exit, { subject: 'C-2', decision: 'revoked' }), 'not_cleared');
    assert.equal(attempt(half.exit, { gate: 'none', decision: 'revoked' }), 'no_such_gate');
  });

  it('is refused once filing has begun', () => {
    const { exit } = mustClear(open());
    assert.equal(exit.status, 'filing');
    for (const status of ['filing', 'attention', 'completed'] as const)
      assert.equal(attempt({ ...exit, status }, { decision: 'revoked' }), 'filing_started', status);
  });

  it('moves the limit back and forth with the gates that still hold', () => {
    const gates = [makeRule({ holds: 'exit_date' }), makeRule({ code: 'sooner', holds: 'notice_end' })];
    const facts = { exitDate: '2026-12-10' };
    const exit = makeExit({ disputes, facts, profile: makeProfile({ gates }) });
    const cleared = mustClear(exit, { gate: 'sooner' });
    assert.deepEqual(cleared.exit.decisionDueAt, new Date('2026-12-10T16:00:00.000Z'));
    const back = mustClear(cleared.exit, { gate: 'sooner', decision: 'revoked' });
    assert.deepEqual(back.exit.decisionDueAt, exit.decisionDueAt);
  });
});

describe('a clearance that comes late', () => {
  const released = (exit: Exit): Exit => ({ ...exit, status: 'filing', released: { at: NOW, by: 'person' } });

  it('is on record, starts nothing again, and is marked so', () => {
    const exit = released(open());
    const change = mustClear(exit, { subject: 'C-1' });
    assert.deepEqual(types(change), ['exit.cleared']);
    assert.equal(change.exit.status, 'filing');
    assert.equal(change.exit.filings, exit.filings);
    assert.equal(secretAfter(makeSecret({ disputes }), change).clearances[0]?.late, true);
  });

  it('still needs its documents', () => {
    const exit = released(open({ documents: { need: 'any', kinds: ['judgment'] } }));
    assert.equal(typeof attempt(exit, {}), 'object');
  });

  it('is nobody’s when the exit is cancelled', () => {
    const exit: Exit = { ...open(), status: 'cancelled', cancelledAt: NOW };
    for (const decision of ['cleared', 'waived', 'revoked'] as const)
      assert.equal(attempt(exit, { decision }), 'exit_cancelled');
  });
});
