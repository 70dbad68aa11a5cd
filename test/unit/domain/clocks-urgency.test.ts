import assert from 'node:assert/strict';
import fc from 'fast-check';
import { approaching, distanceMs, urgency } from '../../../src/domain/urgency.ts';

const HOUR = 3_600_000;
const cst = (text: string) => new Date(`${text}+08:00`);
/** Raw last day 2026-05-05, rolled to the 6th. */
const deadline = {
  warnOn: '2026-05-05',
  warnsAt: cst('2026-05-06T00:00:00'),
  closesAt: cst('2026-05-07T00:00:00'),
};
const DISTANCES = ['P1D', 'P7D', 'P3D', 'PT12H'];

describe('urgency', () => {
  it('goes from ahead over the last day and the roll to missed, at the very minute', () => {
    const stages = [
      ['2026-05-01T10:00:00', 'ahead', 4],
      ['2026-05-04T23:59:59', 'ahead', 1],
      ['2026-05-05T00:00:00', 'last_day', 0],
      ['2026-05-05T23:59:59', 'last_day', 0],
      ['2026-05-06T00:00:00', 'rolled', -1],
      ['2026-05-06T23:59:59', 'rolled', -1],
      ['2026-05-07T00:00:00', 'missed', -2],
    ] as const;
    for (const [at, stage, daysLeft] of stages) {
      const found = urgency(deadline, cst(at));
      assert.deepEqual([found.stage, found.daysLeft], [stage, daysLeft], at);
    }
    assert.equal(urgency(deadline, cst('2026-05-06T23:00:00')).msLeft, HOUR);
  });
});

describe('approaching', () => {
  it('tells each distance once, at its instant, the farthest first', () => {
    const told = (since: string, now: string) => approaching(deadline, cst(now), DISTANCES, cst(since));
    assert.deepEqual(told('2026-04-28T00:00:00', '2026-04-28T23:59:59'), []);
    assert.deepEqual(told('2026-04-28T23:59:59', '2026-04-29T00:00:00'), ['P7D']);
    assert.deepEqual(told('2026-04-29T00:00:00', '2026-04-29T00:01:00'), []);
    assert.deepEqual(told('2026-04-29T00:00:00', '2026-05-05T12:00:00'), ['P3D', 'P1D', 'PT12H']);
  });

  it('tells all it is within when nothing was told before, and none once it is missed', () => {
    assert.deepEqual(approaching(deadline, cst('2026-05-04T00:00:00'), DISTANCES), ['P7D', 'P3D']);
    assert.deepEqual(approaching(deadline, cst('2026-05-07T00:00:00'), DISTANCES), []);
  });

  it('tells every distance exactly once, however the looks are spread', () => {
    const first = cst('2026-04-20T00:00:00').getTime();
    const end = deadline.closesAt.getTime() - 1;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: first, max: end })), (looks) => {
        const times = [first, ...looks.sort((a, b) => a - b), end];
        const told = times
          .slice(1)
          .flatMap((now, i) => approaching(deadline, new Date(now), DISTANCES, new Date(times[i] ?? first)));
        assert.deepEqual(told, ['P7D', 'P3D', 'P1D', 'PT12H']);
      }),
    );
  });

  it('knows durations of days, hours and minutes, and refuses the rest', () => {
    assert.equal(distanceMs('P7D'), 168 * HOUR);
    assert.equal(distanceMs('P1DT12H30M'), 36.5 * HOUR);
    for (const text of ['', 'P', 'PT', 'P1DT', '7D', 'P1W', 'P1M', '-P1D', 'P1.5D'])
      assert.equal(distanceMs(text), undefined, text);
    assert.throws(() => approaching(deadline, new Date(), ['P1M']), /P1M/);
  });
});
