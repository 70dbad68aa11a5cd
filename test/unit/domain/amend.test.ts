// Amending and cancelling: what becomes of the plan, the gates and the filings, what is told, and what is refused.
import assert from 'node:assert/strict';
import { type Amendment, amend } from '../../../src/domain/amend.ts';
import { cancel } from '../../../src/domain/cancel.ts';
import { type Change, type Exit, factsAt } from '../../../src/domain/exit.ts';
import { type ExitSecret, personAt } from '../../../src/domain/exit-secret.ts';
import type { ExitFacts, OpenItems, Person } from '../../../src/domain/facts.ts';
import type { Filing } from '../../../src/domain/filing.ts';
import { record } from '../../../src/domain/record.ts';
import {
  AMENDING,
  type DraftParts,
  makeDispute,
  makeDraft,
  makeProfile,
  makeRule,
  NOW,
} from '../../support/builders.ts';
import { mustClear, secretAfter } from '../../support/clear.ts';

interface At {
  readonly exit: Exit;
  readonly secret: ExitSecret;
}
const opened = (parts: DraftParts = {}): At => {
  const { change, secret } = makeDraft(parts);
  return { exit: change.exit, secret };
};
interface Parts extends Partial<ExitFacts> {
  readonly person?: Partial<Person>;
  readonly items?: Partial<OpenItems>;
  readonly actor?: string;
}
function amendmentOf({ exit, secret }: At, { person, items, actor, ...facts }: Parts): Amendment {
  return {
    facts: { ...exit.facts, ...facts },
    person: { ...secret.person, ...person },
    items: { disputes: [], handover: [], finance: [], ...items },
    ...(actor === undefined ? {} : { actor }),
  };
}
const attempt = (at: At, parts: Parts, context = AMENDING) =>
  amend(at.exit, at.secret, amendmentOf(at, parts), context);
function mustAmend(at: At, parts: Parts, context = AMENDING): At & Pick<Change, 'events'> {
  const change = attempt(at, parts, context);
  assert.ok(typeof change !== 'string' && 'exit' in change, JSON.stringify(change));
  return { exit: change.exit, events: change.events, secret: secretAfter(at.secret, change) };
}
const types = ({ events }: Pick<Change, 'events'>) => events.map(({ type }) => type);
function told({ events }: Pick<Change, 'events'>) {
  const event = events.find(({ type }) => type === 'exit.amended');
  assert.ok(event);
  return event.data;
}
const actions = (change: Pick<Change, 'events'>) =>
  (told(change).filings as { kind: string; action: string }[]).map(({ kind, action }) => `${kind} ${action}`);
const revisions = ({ exit }: At) => exit.filings.map(({ factsRevision }) => factsRevision);
/** The exit with each filing in that state, as if it had been filed. */
const filed = (at: At, state: Filing['state'], status: Exit['status'] = 'filing'): At => ({
  ...at,
  exit: {
    ...at.exit,
    status,
    filings: at.exit.filings.map(({ nextAt: _next, ...filing }) => ({
      ...filing,
      state,
      preparedAt: NOW,
      receipt: `R-${filing.kind}`,
    })),
  },
});

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
