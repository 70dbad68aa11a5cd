// Release at the limit: to the millisecond, with every open dispute reserved, by a person or by the firm's policy, never silently.
import assert from 'node:assert/strict';
import { amend } from '../../../src/domain/amend.ts';
import type { Change, Exit } from '../../../src/domain/exit.ts';
import type { ExitSecret, ReleaseDraft, ReservedClaim } from '../../../src/domain/exit-secret.ts';
import type { ExitFacts } from '../../../src/domain/facts.ts';
import { blockerData } from '../../../src/domain/gates.ts';
import { atLimit, type ReleasePolicy, release } from '../../../src/domain/release.ts';
import { tellDeadlines } from '../../../src/domain/telling.ts';
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
import { DISTANCES } from '../../support/clock-work.ts';

const types = (change: Change) => change.events.map(({ type }) => type);
const disputes = [makeDispute({ external_id: 'C-1' }), makeDispute({ external_id: 'C-2' })];
/** The end of the day on which the notice runs out, in China. */
const LIMIT = new Date('2026-11-25T16:00:00.000Z');
const at = (milliseconds: number) => new Date(LIMIT.getTime() + milliseconds);
const claim = (dispute?: string): ReservedClaim => ({
  title: '追偿权',
  summary: `测试保留 ${dispute}`,
  ...(dispute === undefined ? {} : { dispute }),
});
const draftOf = (...claims: ReservedClaim[]): ReleaseDraft => ({
  actor: '测试总监',
  reason: '通知期满',
  claims,
});
const BOTH = draftOf(claim('C-1'), claim('C-2'));

function gated(parts: DraftParts = {}): { readonly exit: Exit; readonly secret: ExitSecret } {
  const { change, secret } = makeDraft({ disputes, ...parts });
  assert.deepEqual(change.exit.status, 'gated');
  return { exit: change.exit, secret };
}
const attempt = (exit: Exit, draft = BOTH, now = LIMIT) =>
  release(exit, draft, { now, disputes: ['C-1', 'C-2'] });
function mustRelease(exit: Exit, draft = BOTH, now = LIMIT): Change {
  const change = attempt(exit, draft, now);
  assert.ok(typeof change !== 'string' && 'exit' in change, JSON.stringify(change));
  return change;
}

describe('a release', () => {
  it('is too early one millisecond before the limit, and says when it comes', () => {
    assert.deepEqual(attempt(gated().exit, BOTH, at(-1)), { fault: 'too_early', dueAt: LIMIT });
  });

  it('is taken at the very instant, and ever after', () => {
    for (const now of [LIMIT, at(1), at(86_400_000)]) {
      const { exit } = mustRelease(gated().exit, BOTH, now);
      assert.deepEqual([exit.status, exit.released], ['filing', { at: now, by: 'person' }]);
      assert.deepEqual([exit.filings[0]?.state, exit.filings[0]?.nextAt], ['due', now]);
      assert.equal(exit.decisionDueAt, undefined);
    }
  });

  it('tells the limit and the blockers, and keeps the words for who may read them', () => {
    const { exit, secret } = gated();
    const change = mustRelease(exit);
    assert.deepEqual(types(change), ['exit.released', 'exit.filing_started']);
    const [event] = change.events;
    assert.equal(event?.data.by, 'person');
    assert.equal(event?.data.limit, LIMIT.toISOString());
    assert.deepEqual(event?.data.blockers, exit.gates.map(blockerData));
    assert.ok(!/测试|通知期满/.test(JSON.stringify(event?.data)));
    assert.ok(typeof event?.personal === 'function');
    assert.deepEqual(event.personal(secret), BOTH);
    assert.deepEqual(secretAfter(secret, change).release, {
      ...BOTH,
      by: 'person',
      at: LIMIT.toISOString(),
      open: [
        { gate: 'open_dispute', subject: 'C-1' },
        { gate: 'open_dispute', subject: 'C-2' },
      ],
    });
  });

  it('names every open dispute that no claim covers', () => {
    const { exit } = gated();
    assert.deepEqual(attempt(exit, draftOf()), { fault: 'claim_missing', disputes: ['C-1', 'C-2'] });
    assert.deepEqual(attempt(exit, draftOf(claim('C-1'), claim())), {
      fault: 'claim_missing',
      disputes: ['C-2'],
    });
  });

  it('names a dispute once, however many gates it holds', () => {
    const { exit } = gated({ profile: makeProfile({ gates: [makeRule(), makeRule({ code: 'own' })] }) });
    assert.deepEqual(attempt(exit, draftOf(claim('C-1'))), { fault: 'claim_missing', disputes: ['C-2'] });
  });

  it('asks no claim for what is settled, and takes one all the same', () => {
    const { exit } = mustClear(gated().exit, { subject: 'C-1' });
    assert.equal(mustRelease(exit, draftOf(claim('C-2'))).exit.status, 'filing');
    assert.equal(mustRelease(exit).exit.status, 'filing');
  });

  it('asks no claim for what is no dispute', () => {
    const profile = makeProfile({ gates: [makeRule({ code: 'handover', raised_by: 'handover' })] });
    const items = { handover: [{ external_id: 'H-1', kind: 'work', title: '测试工作' }] } as const;
    const { exit } = gated({ disputes: [], profile, items });
    assert.equal(mustRelease(exit, draftOf()).exit.status, 'filing');
  });

  it('knows no claim about a dispute that the exit does not have', () => {
    assert.deepEqual(attempt(gated().exit, draftOf(claim('C-1'), claim('C-9'), claim('C-2'))), {
      fault: 'claim_unknown',
      dispute: 'C-9',
    });
  });

  it('is for exits that gates hold', () => {
    const { exit } = mustRelease(gated().exit);
    assert.equal(attempt(exit), 'not_gated');
    for (const status of ['attention', 'completed', 'cancelled'] as const)
      assert.equal(attempt({ ...gated().exit, status }), 'not_gated', status);
  });
});

describe('at the limit', () => {
  const pass = (exit: Exit, now: Date, policy: ReleasePolicy = 'require_decision') =>
    tellDeadlines(exit, { distances: DISTANCES, policy, now });
  const asked = (change: Change) => types(change).includes('exit.decision_required');

  it('nothing happens before, whatever the policy', () => {
    const { exit } = gated();
    for (const policy of ['require_decision', 'auto_release'] as const) {
      const change = atLimit(exit, policy, at(-1));
      assert.deepEqual([change.exit, change.events], [exit, []]);
    }
  });

  it('a person is asked, once, at the very instant', () => {
    const { exit } = gated();
    const first = pass(exit, LIMIT);
    const event = first.events.find(({ type }) => type === 'exit.decision_required');
    assert.equal(event?.data.limit, LIMIT.toISOString());
    assert.equal(event?.data.filing_deadline, '2026-12-02');
    assert.deepEqual(event?.data.blockers, exit.gates.map(blockerData));
    assert.equal(first.exit.status, 'gated', 'never silently released');
    assert.deepEqual(first.exit.decisionAskedAt, LIMIT);
    for (const later of [0, 1, 86_400_000]) assert.equal(asked(pass(first.exit, at(later))), false);
  });

  it('is an instant at which the exit has something to tell', () => {
    let { exit } = gated();
    for (let told = 0; told < 20 && !exit.decisionAskedAt; told++) {
      assert.ok(exit.clocksNextAt && exit.clocksNextAt <= LIMIT);
      exit = pass(exit, exit.clocksNextAt).exit;
    }
    assert.deepEqual(exit.decisionAskedAt, LIMIT);
  });

  it('the end of a hold is told as it comes near, and is no missed deadline', () => {
    const { exit } = gated({ now: new Date('2026-11-01T00:00:00Z') });
    const near = pass(exit, at(-86_400_000));
    const told = near.events.find(({ data }) => data.clock === 'gate_hold');
    assert.deepEqual([told?.type, told?.data.distance], ['exit.deadline_approaching', 'P1D']);
    assert.ok(!types(pass(near.exit, LIMIT)).includes('exit.deadline_missed'));
  });

  it('a policy releases, with every open dispute reserved in its own words', () => {
    const { exit, secret } = gated();
    const half = mustClear(exit, { subject: 'C-1' });
    const change = pass(half.exit, LIMIT, 'auto_release');
    assert.deepEqual(change.exit.released, { at: LIMIT, by: 'policy' });
    assert.equal(change.exit.status, 'filing');
    assert.ok(types(change).includes('exit.released') && !asked(change));
    const kept = secretAfter(secret, half, change).release;
    assert.deepEqual([kept?.by, kept?.actor], ['policy', 'auto_release']);
    const [, second] = disputes;
    assert.deepEqual(kept?.claims, [
      { title: '保留权利主张 C-2', summary: second?.summary, dispute: 'C-2', amount: second?.amount },
    ]);
  });

  it('a policy lets every gate hold to its own limit, and asks at the first', () => {
    const profile = makeProfile({
      gates: [
        makeRule({ holds: 'notice_end' }),
        makeRule({ code: 'handover', raised_by: 'handover', holds: 'exit_date' }),
      ],
    });
    const handover = [{ external_id: 'C-1', kind: 'work', title: '测试工作' }] as const;
    const facts = { exitDate: '2026-12-10', lastAttendanceDate: '2026-12-10' };
    const { exit } = gated({ profile, items: { handover }, facts });
    const first = pass(exit, LIMIT, 'auto_release');
    assert.deepEqual([first.exit.status, asked(first)], ['gated', true]);
    const last = new Date('2026-12-10T16:00:00.000Z');
    assert.ok(first.exit.clocksNextAt && first.exit.clocksNextAt <= last);
    assert.equal(pass(first.exit, new Date(last.getTime() - 1), 'auto_release').exit.status, 'gated');
    assert.equal(pass(first.exit, last, 'auto_release').exit.status, 'filing');
  });

  it('an item that is called like a dispute needs no claim', () => {
    const profile = makeProfile({ gates: [makeRule(), makeRule({ code: 'finance', raised_by: 'finance' })] });
    const finance = [{ external_id: 'C-1', kind: 'loan', summary: '测试借款' }] as const;
    const { exit } = gated({ profile, items: { finance } });
    const half = mustClear(exit, { subject: 'C-1' }).exit;
    assert.equal(mustRelease(half, draftOf(claim('C-2'))).exit.status, 'filing');
  });

  it('a policy that came after the question releases too', () => {
    const first = pass(gated().exit, LIMIT);
    assert.equal(pass(first.exit, at(1), 'auto_release').exit.status, 'filing');
  });

  it('an exit that was opened too late is asked about at once', () => {
    const { exit } = gated({ now: at(5_000) });
    assert.ok(exit.clocksNextAt && exit.clocksNextAt <= at(5_000));
    assert.equal(asked(pass(exit, at(6_000))), true);
  });

  describe('that moves', () => {
    const two = makeProfile({
      gates: [makeRule({ holds: 'exit_date' }), makeRule({ code: 'sooner', holds: 'notice_end' })],
    });
    const facts = { exitDate: '2026-12-10', lastAttendanceDate: '2026-12-10' };
    const later = new Date('2026-12-10T16:00:00.000Z');

    function moved(exit: Exit, secret: ExitSecret, parts: Partial<ExitFacts>, now = NOW): Exit {
      const { person, disputes, handover, finance } = secret;
      const items = { disputes, handover, finance };
      const change = amend(
        exit,
        secret,
        { facts: { ...exit.facts, ...parts }, person, items },
        { ...AMENDING, now },
      );
      assert.ok(typeof change !== 'string' && 'exit' in change);
      return change.exit;
    }

    it('into the past by an amendment is asked about at once', () => {
      const { exit, secret } = gated();
      const now = new Date('2026-11-20T00:00:00Z');
      const told = pass(exit, new Date(now.getTime() - 1));
      const back = moved(
        told.exit,
        secret,
        { exitDate: '2026-11-10', lastAttendanceDate: '2026-11-10' },
        now,
      );
      const limit = new Date('2026-11-10T16:00:00.000Z');
      assert.deepEqual(back.decisionDueAt, limit);
      assert.ok(back.clocksNextAt && back.clocksNextAt <= now);
      assert.equal(asked(pass(back, now)), true);
      assert.equal(mustRelease(back, BOTH, now).exit.status, 'filing');
    });

    it('by an amendment to a later day asks again there, and not before', () => {
      const { exit, secret } = gated();
      const first = pass(exit, LIMIT);
      const amended = moved(first.exit, secret, { noticeDate: '2026-11-01', exitDate: '2026-12-01' }, at(1));
      const limit = new Date('2026-12-01T16:00:00.000Z');
      assert.deepEqual([amended.decisionDueAt, amended.decisionAskedAt], [limit, undefined]);
      assert.equal(asked(pass(amended, new Date(limit.getTime() - 1))), false);
      const second = pass(amended, limit);
      assert.equal(asked(second), true);
      assert.equal(asked(pass(second.exit, new Date(limit.getTime() + 1))), false);
    });

    it('because the gate with the nearest limit was cleared asks again at the next one', () => {
      const first = pass(gated({ facts, profile: two }).exit, LIMIT);
      assert.equal(asked(first), true);
      const cleared = mustClear(first.exit, { gate: 'sooner' }, at(1));
      assert.deepEqual([cleared.exit.decisionDueAt, cleared.exit.decisionAskedAt], [later, undefined]);
      assert.equal(asked(pass(cleared.exit, later)), true);
    });

    it('back to where it was by a revocation asks again at once', () => {
      const first = pass(gated({ facts, profile: two }).exit, LIMIT);
      const cleared = mustClear(first.exit, { gate: 'sooner' }, at(1));
      const revoked = mustClear(cleared.exit, { gate: 'sooner', decision: 'revoked' }, at(2));
      assert.equal(asked(pass(revoked.exit, at(3))), true);
    });

    it('by nothing that matters is not asked about again', () => {
      const { exit, secret } = gated();
      const first = pass(exit, LIMIT);
      const half = mustClear(first.exit, { subject: 'C-1' }, at(1));
      const other = moved(half.exit, secret, { post: '测试岗位二' }, at(2));
      assert.equal(asked(pass(other, at(3))), false);
    });
  });
});
