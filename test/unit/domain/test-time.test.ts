// Test time as a value: what it is at an instant, and where a move of it ends.
import assert from 'node:assert/strict';
import { isJump, targetOf, testNow } from '../../../src/domain/test-time.ts';
import { durationMs } from '../../../src/domain/urgency.ts';
import { NOW } from '../../support/builders.ts';

const plus = (ms: number) => new Date(NOW.getTime() + ms);
const DAY_MS = 86_400_000;

describe('test time', () => {
  it('runs with real time, so far from it', () => {
    assert.deepEqual(testNow({ aheadMs: 0, frozen: false }, NOW), NOW);
    assert.deepEqual(testNow({ aheadMs: DAY_MS + 1, frozen: false }, NOW), plus(DAY_MS + 1));
    assert.deepEqual(testNow({ aheadMs: -5, frozen: false }, NOW), plus(-5));
  });

  it('stands while it is frozen, and while somebody moves it, until that somebody counts as dead', () => {
    const standsAt = plus(DAY_MS);
    assert.deepEqual(testNow({ aheadMs: 7, standsAt, frozen: true }, NOW), standsAt);
    const moved = { aheadMs: 7, standsAt, frozen: false, movingUntil: plus(1000) };
    assert.deepEqual(testNow(moved, plus(999)), standsAt);
    assert.deepEqual(testNow(moved, plus(1000)), plus(1007));
    assert.deepEqual(testNow({ ...moved, frozen: true }, plus(1000)), standsAt);
  });
});

describe('a move of test time', () => {
  const next = () => plus(3 * DAY_MS);
  const target = (move: Parameters<typeof targetOf>[0], ahead: () => Date | undefined = next) =>
    targetOf(move, { now: plus(DAY_MS), real: NOW, next: ahead });

  it('ends after a duration, at an instant, or where the next of something is', () => {
    assert.deepEqual(target({ by: 'P2DT0.001S' }), { kind: 'at', at: plus(3 * DAY_MS + 1) });
    assert.deepEqual(target({ to: plus(DAY_MS).toISOString() }), { kind: 'at', at: plus(DAY_MS) });
    assert.deepEqual(target({ to: 'next-deadline' }), { kind: 'at', at: plus(3 * DAY_MS) });
    assert.deepEqual(target({}), { kind: 'at', at: plus(DAY_MS) });
  });

  it('goes neither backwards nor further than five years ahead of real time', () => {
    const past = plus(DAY_MS - 1);
    assert.deepEqual(target({ to: past.toISOString() }), { kind: 'backwards', at: past });
    const most = new Date('2031-11-25T02:00:00.000Z');
    assert.deepEqual(target({ to: most.toISOString() }), { kind: 'at', at: most });
    const far = new Date(most.getTime() + 1);
    assert.deepEqual(target({ to: far.toISOString() }), { kind: 'too_far', at: far, most });
    assert.equal(target({ by: 'P9999W' }).kind, 'too_far');
  });

  it('needs something ahead to go to', () => {
    assert.deepEqual(
      target({ to: 'next-event' }, () => undefined),
      {
        kind: 'nothing_ahead',
        jump: 'next-event',
      },
    );
    assert.equal(isJump('next-event'), true);
    assert.equal(isJump('next-week'), false);
  });
});

describe('a duration', () => {
  it('has a fixed length in weeks, days, hours, minutes, seconds and thousandths', () => {
    assert.equal(durationMs('PT48H'), 2 * DAY_MS);
    assert.equal(durationMs('P1W'), 7 * DAY_MS);
    assert.equal(durationMs('P1DT1H1M1.5S'), DAY_MS + 3_600_000 + 60_000 + 1_500);
    assert.equal(durationMs('PT0.001S'), 1);
    assert.equal(durationMs('P0D'), 0);
  });

  it('is nothing else', () => {
    for (const text of ['', 'P', 'PT', 'P1DT', 'P1M', 'P1Y', '-P1D', 'P1.5D', '15D', 'PT1.0001S', 'p1d'])
      assert.equal(durationMs(text), undefined, text);
  });
});
