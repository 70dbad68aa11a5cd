import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type Clock, createClock, type Timer } from '../../../mocks/kernel/clock.ts';
import { createStore } from '../../../mocks/kernel/store.ts';
import { compactTime, day, durationMs, readDay } from '../../../mocks/kernel/time.ts';

const START = new Date('2026-11-25T02:00:00Z');
const inMs = (ms: number, event: string): Timer => ({
  at: START.getTime() + ms,
  agency: 'labor',
  event,
  subject: 's',
});

const QUIET = { en: '', zh: '' };

describe('kernel clock', () => {
  let clock: Clock;
  afterEach(() => clock.close());

  it('fires in order of time, then of scheduling, also what a timer schedules on the way', () => {
    clock = createClock(
      (timer) => {
        if (timer.event === 'first') clock.schedule(inMs(2000, 'from first'));
        return { en: compactTime(clock.now()), zh: '' };
      },
      { start: START },
    );
    clock.freeze();
    const base = clock.now().getTime() - START.getTime();
    for (const [ms, event] of [
      [3000, 'third'],
      [1000, 'first'],
      [3000, 'fourth'],
      [9000, 'later'],
    ] as const) {
      clock.schedule(inMs(base + ms, event));
    }
    const fired = clock.advance(new Date(START.getTime() + base + 5000));
    assert.deepEqual(
      fired.map(({ event }) => event),
      ['first', 'from first', 'third', 'fourth'],
    );
    assert.equal(clock.now().getTime(), START.getTime() + base + 5000);
    assert.deepEqual(
      clock.upcoming().map(({ event }) => event),
      ['later'],
    );
    // While a timer fires it is that timer's time.
    assert.equal(fired[3]?.note, compactTime(new Date(fired[3]?.at ?? '')));
  });

  it('stands still when frozen, goes on from there when run, and never goes back', () => {
    clock = createClock(() => QUIET, { start: START });
    clock.freeze();
    const frozen = clock.now().getTime();
    clock.advance(new Date(frozen + 86_400_000));
    assert.equal(clock.now().getTime(), frozen + 86_400_000);
    assert.throws(() => clock.advance(new Date(frozen)), RangeError);
    clock.run();
    assert.ok(clock.now().getTime() >= frozen + 86_400_000);
    assert.ok(clock.now().getTime() < frozen + 86_400_000 + 60_000);
  });

  it('fires by itself when running', async () => {
    const fired = new EventEmitter();
    clock = createClock((timer) => {
      fired.emit('fired', timer.event);
      return QUIET;
    });
    clock.schedule({ ...inMs(0, 'soon'), at: clock.now().getTime() + 20 });
    // The clock's own timer does not keep a process alive, so something else must while the test waits.
    const awake = setTimeout(() => undefined, 5000);
    const [event] = await once(fired, 'fired');
    clearTimeout(awake);
    assert.equal(event, 'soon');
    assert.equal(clock.recent().length, 1);
  });
});

describe('kernel clock whose wall clock is set back', () => {
  const real = Date.now;
  afterEach(() => {
    Date.now = real;
  });

  it('fires late rather than never', async () => {
    const fired = new EventEmitter();
    const clock = createClock((timer) => {
      fired.emit('fired', timer.event);
      return QUIET;
    });
    clock.schedule({ ...inMs(0, 'soon'), at: clock.now().getTime() + 20 });
    Date.now = () => real() - 50;
    const awake = setTimeout(() => undefined, 5000);
    await once(fired, 'fired');
    clearTimeout(awake);
    clock.close();
  });
});

describe('kernel time', () => {
  it('keeps the business day of China and reads durations', () => {
    assert.equal(day(new Date('2026-11-24T16:00:00Z')), '2026-11-25');
    assert.equal(compactTime(new Date('2026-11-24T15:59:59Z')), '20261124235959');
    assert.equal(readDay('20260230'), undefined);
    assert.equal(readDay('20260228'), '2026-02-28');
    assert.deepEqual(['P15D', 'PT2H', 'P1DT0.5S', 'P', 'PT', '15D'].map(durationMs), [
      1_296_000_000,
      7_200_000,
      86_400_500,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('kernel store', () => {
  it('takes everything back when a transaction throws', () => {
    const store = createStore();
    const table = store.table<{ n: number }>('t');
    table.put('a', { n: 1 });
    assert.throws(() =>
      store.transaction(() => {
        table.put('a', { n: 2 });
        table.put('a', { n: 3 });
        table.put('b', { n: 4 });
        table.delete('a');
        store.next('series');
        throw new Error('no');
      }),
    );
    assert.deepEqual(table.all(), [{ n: 1 }]);
    assert.equal(store.next('series'), 1);
    assert.ok(Object.isFrozen(table.get('a')));
  });
});
