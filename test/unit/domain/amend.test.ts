// Amending: what becomes of the plan, the filings and the deadlines, what is told, and what is refused.
import assert from 'node:assert/strict';
import { type Change, factsAt } from '../../../src/domain/exit.ts';
import { personAt } from '../../../src/domain/exit-secret.ts';
import {
  actions,
  attempt,
  filed,
  mustAmend,
  opened,
  type Parts,
  revisions,
  told,
  types,
} from '../../support/amending.ts';
import { makeDispute, NOW } from '../../support/builders.ts';

describe('amending an exit before anything is sent', () => {
  it('changes the plan: the same serials, new clocks, and what was said before is kept', () => {
    const before = opened();
    const after = mustAmend(before, { exitDate: '2026-12-20', lastAttendanceDate: '2026-12-20' });
    assert.deepEqual(types(after), ['exit.amended']);
    assert.deepEqual(
      after.exit.filings.map(({ serial, revision }) => [serial, revision]),
      before.exit.filings.map(({ serial }) => [serial, 1]),
    );
    assert.deepEqual(revisions(after), [2, 2, 2, 2]);
    assert.deepEqual(
      after.exit.filings.map(({ deadline }) => deadline),
      ['2027-01-04', '2027-01-04', '2027-01-04', '2026-12-25'],
    );
    assert.equal(after.exit.factsRevision, 2);
    assert.deepEqual(factsAt(after.exit, 1), before.exit.facts);
    assert.equal(factsAt(after.exit, 2).exitDate, '2026-12-20');
    assert.deepEqual(told(after).changes, {
      last_attendance_date: { from: '2026-11-25', to: '2026-12-20' },
      exit_date: { from: '2026-11-25', to: '2026-12-20' },
    });
    assert.deepEqual(
      actions(after),
      ['labor_filing', 'insurance_stop', 'insurance_transfer', 'credit_update'].map(
        (kind) => `${kind} replanned`,
      ),
    );
  });

  it('that says the same changes and tells nothing', () => {
    const at = opened({ disputes: [makeDispute()] });
    const change = attempt(at, {});
    assert.ok(typeof change !== 'string' && 'exit' in change);
    assert.equal(change.exit, at.exit);
    assert.deepEqual([change.events, change.secret], [[], undefined]);
  });

  it('keeps every earlier person, and puts no value of theirs into the event', () => {
    const at = opened({ person: { name: '测试旧名' } });
    const after = mustAmend(at, { person: { name: '测试新名', phone: '13900000001' } });
    assert.deepEqual(told(after).personal_fields, ['name', 'phone']);
    assert.ok(!JSON.stringify(after.events).includes('测试新名'));
    assert.equal(personAt(after.secret, 1).name, '测试旧名');
    assert.equal(personAt(after.secret, 2).name, '测试新名');
    const third = mustAmend(after, { person: { name: '测试三名' } });
    assert.deepEqual(
      [1, 2, 3].map((revision) => personAt(third.secret, revision).name),
      ['测试旧名', '测试新名', '测试三名'],
    );
  });

  it('names who answers for it, where somebody does', () => {
    const change = mustAmend(opened(), { post: '测试岗', actor: '测试人事' });
    assert.equal(told(change).named_person, true);
    assert.deepEqual(change.events[0]?.personal, { actor: '测试人事' });
    assert.equal(told(mustAmend(opened(), { post: '测试岗' })).named_person, false);
  });
});

describe('amending what was filed', () => {
  it('touches only the filings that carry what has changed; the others carry the newest by right', () => {
    const stop = mustAmend(filed(opened(), 'submitted'), { insuranceEndMonth: '2026-12' });
    assert.deepEqual(actions(stop), ['insurance_stop withdrawing', 'insurance_transfer withdrawing']);
    assert.deepEqual(revisions(stop), [2, 1, 1, 2]);
    const post = mustAmend(filed(opened(), 'submitted'), { post: '测试岗' });
    assert.deepEqual(actions(post), ['labor_filing withdrawing']);
    const phone = mustAmend(filed(opened(), 'submitted'), { person: { phone: '13900000001' } });
    assert.deepEqual([actions(phone), revisions(phone)], [[], [2, 2, 2, 2]]);
    const name = mustAmend(filed(opened(), 'submitted'), { person: { name: '测试新名' } });
    assert.equal(actions(name).length, 4);
  });

  it('leaves one that is behind behind, although the next change does not concern it', () => {
    const flying = opened();
    const [labor, ...others] = flying.exit.filings;
    assert.ok(labor);
    const sent = { ...flying, exit: { ...flying.exit, filings: [{ ...labor, preparedAt: NOW }, ...others] } };
    const first = mustAmend(sent, { post: '测试岗' });
    assert.deepEqual([actions(first), revisions(first)], [['labor_filing after_answer'], [1, 2, 2, 2]]);
    assert.deepEqual(revisions(mustAmend(first, { insuranceEndMonth: '2026-12' })), [1, 3, 3, 3]);
  });

  it('gives what is concluded to a person, and opens the exit again', () => {
    const done = filed(opened(), 'verified', 'completed');
    const after = mustAmend(done, { exitDate: '2026-12-01' });
    assert.equal(after.exit.status, 'attention');
    assert.equal(types(after).filter((type) => type === 'filing.manual_required').length, 4);
    assert.equal(types(after).filter((type) => type === 'exit.attention_required').length, 4);
    assert.ok(after.exit.clocksNextAt, 'its clocks run again');
  });

  it('asks for a named person before the reason changes', () => {
    assert.equal(
      attempt(filed(opened(), 'submitted'), { reason: 'mutual_by_employee' }),
      'reason_needs_actor',
    );
    const named = mustAmend(filed(opened(), 'submitted'), {
      reason: 'mutual_by_employee',
      actor: '测试人事',
    });
    assert.equal(named.exit.facts.reason, 'mutual_by_employee');
    assert.equal(
      mustAmend(opened(), { reason: 'mutual_by_employee' }).exit.facts.reason,
      'mutual_by_employee',
    );
  });

  it('asks for one too while a withdrawn filing waits to go out anew', () => {
    const at = opened();
    const [labor, ...others] = at.exit.filings;
    assert.ok(labor);
    const again = { ...at, exit: { ...at.exit, filings: [{ ...labor, revision: 2 }, ...others] } };
    assert.equal(attempt(again, { reason: 'mutual_by_employee' }), 'reason_needs_actor');
  });

  it('refuses what would make it another exit, and names the field', () => {
    const at = opened();
    const fixed = (parts: Parts) => {
      const fault = attempt(at, parts);
      return typeof fault === 'object' && 'fault' in fault ? fault.pointer : fault;
    };
    assert.equal(fixed({ profile: 'general' }), '/profile');
    assert.equal(fixed({ employer: { ...at.exit.facts.employer, region: '310000' } }), '/employer');
    assert.equal(fixed({ employeeExternalId: 'E-other' }), '/employee/external_id');
    assert.equal(fixed({ person: { id_type: 'passport' } }), '/employee/id_type');
    assert.equal(fixed({ person: { id_number: '99000019600101001X' } }), '/employee/id_number');
  });
});

describe('deadlines that an amendment moves', () => {
  const early = { noticeDate: '2026-09-01', exitDate: '2026-10-01', lastAttendanceDate: '2026-10-01' };
  const deadlines = ({ events }: Pick<Change, 'events'>) =>
    events
      .filter(({ type }) => type.startsWith('exit.deadline'))
      .map(({ type, data }) => `${type} ${data.kind}`);

  it('into the past are told as missed, once, although later ones had been told', () => {
    const before = opened({ disputes: [makeDispute()] });
    const told = { ...before, exit: { ...before.exit, clocksToldUntil: NOW } };
    const moved = mustAmend(told, early);
    assert.deepEqual(deadlines(moved), [
      'exit.deadline_missed labor_filing',
      'exit.deadline_missed insurance_stop',
      'exit.deadline_missed insurance_transfer',
      'exit.deadline_missed credit_update',
    ]);
    assert.deepEqual(deadlines(mustAmend(moved, { post: '另一岗位' })), []);
  });

  it('and were never told are left to the next telling', () => {
    assert.deepEqual(deadlines(mustAmend(opened({ disputes: [makeDispute()] }), early)), []);
  });
});

describe('a filing that is held when its exit is amended', () => {
  it('is looked at anew: the window may be another one by the new date', () => {
    const at = opened();
    const later = new Date(NOW.getTime() + 3_600_000);
    const filings = at.exit.filings.map((each) =>
      each.state === 'due' ? { ...each, nextAt: later, heldSince: NOW, lastError: 'maintenance' } : each,
    );
    const { exit } = mustAmend({ ...at, exit: { ...at.exit, filings } }, { exitDate: '2026-12-01' });
    const [labor] = exit.filings;
    assert.deepEqual([labor?.state, labor?.nextAt, labor?.heldSince], ['due', NOW, undefined]);
  });

  it('waits again for a filing that an amendment gave to a person', () => {
    const at = filed(opened(), 'verified', 'completed');
    const filings = at.exit.filings.map((each) =>
      each.kind === 'insurance_stop' ? { ...each, state: 'rejected' as const } : each,
    );
    const { exit } = mustAmend({ ...at, exit: { ...at.exit, filings } }, { exitDate: '2026-12-01' });
    assert.deepEqual(
      exit.filings.slice(0, 2).map(({ state }) => state),
      ['manual', 'waiting'],
    );
  });
});
