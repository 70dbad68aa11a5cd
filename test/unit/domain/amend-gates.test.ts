// What an amendment makes of the gates: their limits, the new ones, and those that are not raised again.
import assert from 'node:assert/strict';
import { mustAmend, opened, told, types } from '../../support/amending.ts';
import { AMENDING, makeDispute, makeProfile, makeRule } from '../../support/builders.ts';
import { mustClear } from '../../support/clear.ts';

describe('amending the gates', () => {
  const gated = () => opened({ disputes: [makeDispute({ external_id: 'C-1' })] });

  it('moves their limits with the dates', () => {
    const after = mustAmend(gated(), { noticeDate: '2026-11-10', exitDate: '2026-12-31' });
    assert.equal(after.exit.gates[0]?.holdsUntil, '2026-12-10');
    assert.deepEqual(after.exit.decisionDueAt, new Date('2026-12-10T16:00:00.000Z'));
  });

  it('raises one for each new item, and tells what holds now', () => {
    const before = gated();
    const after = mustAmend(before, { items: { disputes: [makeDispute({ external_id: 'C-2' })] } });
    assert.deepEqual(types(after), ['exit.amended', 'exit.gated']);
    assert.deepEqual(
      after.exit.gates.map(({ subject }) => subject),
      ['C-1', 'C-2'],
    );
    assert.equal(after.exit.gates[0]?.id, before.exit.gates[0]?.id);
    assert.deepEqual(
      after.secret.disputes.map(({ external_id }) => external_id),
      ['C-1', 'C-2'],
    );
    assert.equal(after.exit.factsRevision, 1, 'filings carry nothing of it');
  });

  it('rewords an item without raising it again, and settles none that is left out', () => {
    const before = gated();
    const reworded = mustAmend(before, {
      items: { disputes: [makeDispute({ external_id: 'C-1', summary: '测试新说法' })] },
    });
    assert.deepEqual([reworded.exit.gates.length, reworded.secret.disputes[0]?.summary], [1, '测试新说法']);
    assert.deepEqual(types(reworded), ['exit.amended']);
    const cleared = mustClear(before.exit);
    const later = mustAmend(
      { exit: cleared.exit, secret: before.secret },
      { items: { disputes: [makeDispute({ external_id: 'C-1' })] } },
    );
    assert.deepEqual(later.exit.gates, cleared.exit.gates, 'what was cleared stays cleared');
  });

  it('does not ask a rule that came later about what was there before', () => {
    const rules = [...AMENDING.rules, makeRule({ code: 'own' })];
    const items = { disputes: [makeDispute({ external_id: 'C-2' })] };
    const after = mustAmend(gated(), { post: '测试岗', items }, { ...AMENDING, rules });
    assert.deepEqual(
      after.exit.gates.map(({ code, subject }) => `${code} ${subject}`),
      ['open_dispute C-1', 'open_dispute C-2', 'own C-2'],
    );
  });

  it('asks the rules anew about an item of another kind', () => {
    const rules = [...AMENDING.rules, makeRule({ code: 'in_court', kinds: ['lawsuit'] })];
    const items = { disputes: [makeDispute({ external_id: 'C-1', kind: 'lawsuit' })] };
    const after = mustAmend(gated(), { items }, { ...AMENDING, rules });
    assert.deepEqual(
      after.exit.gates.map(({ code, subject }) => `${code} ${subject}`),
      ['open_dispute C-1', 'in_court C-1'],
    );
  });

  it('raises a rule’s own items never again', () => {
    const rules = [
      makeRule({
        code: 'equipment',
        raised_by: 'handover',
        items: [{ code: 'computer', title: { en: 'Computer', zh: '电脑' } }],
      }),
    ];
    const at = opened({ profile: makeProfile({ gates: rules }) });
    const handover = [{ external_id: 'H-1', kind: 'equipment', title: '测试设备' }] as const;
    const named = mustAmend(at, { items: { handover } }, { ...AMENDING, rules });
    assert.deepEqual(
      named.exit.gates.map(({ subject }) => subject),
      ['computer', 'H-1'],
    );
    const again = mustAmend(named, { post: '测试岗' }, { ...AMENDING, rules });
    assert.equal(again.exit.gates.length, 2);
    const other = opened({ profile: makeProfile({ gates: rules }), items: { handover } });
    assert.equal(mustAmend(other, { post: '测试岗' }, { ...AMENDING, rules }).exit.gates.length, 1);
  });

  it('holds nothing any more once filing has begun', () => {
    const after = mustAmend(opened(), { items: { disputes: [makeDispute({ external_id: 'C-9' })] } });
    assert.equal(after.exit.status, 'filing');
    assert.equal((told(after).gates_raised as unknown[]).length, 1);
    assert.deepEqual(types(after), ['exit.amended']);
    assert.equal(after.exit.decisionDueAt, undefined);
  });
});
