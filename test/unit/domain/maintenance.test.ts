// Maintenance: when it ends, over what overlaps and what follows without a gap.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Maintenance, maintenanceAt } from '../../../src/domain/maintenance.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 25) + minute * 60_000);
const from = (start: number, end: number, reason = `${start}–${end}`): Maintenance => ({
  startsAt: at(start),
  endsAt: at(end),
  reason,
});

describe('maintenance', () => {
  it('holds from its first instant until the last before its end', () => {
    const night = [from(10, 20)];
    assert.equal(maintenanceAt(night, new Date(at(10).getTime() - 1)), undefined);
    assert.deepEqual(maintenanceAt(night, at(10)), { until: at(20), reason: '10–20' });
    assert.deepEqual(maintenanceAt(night, new Date(at(20).getTime() - 1)), {
      until: at(20),
      reason: '10–20',
    });
    assert.equal(maintenanceAt(night, at(20)), undefined);
  });

  it('ends with the last of those that overlap or follow at once, in whatever order they were entered', () => {
    const all = [from(30, 40), from(10, 20), from(15, 30), from(41, 50)];
    assert.equal(maintenanceAt(all, at(12))?.until.getTime(), at(40).getTime());
    assert.equal(maintenanceAt(all, at(12))?.reason, '10–20');
    assert.equal(maintenanceAt(all, at(16))?.reason, '15–30', 'of two that run, the one that ends last');
    assert.equal(maintenanceAt(all, at(40)), undefined);
  });

  it('is over at the first minute in which none runs', () => {
    const some = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }))
      .map(([start, length]) => from(start, start + length));
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), fc.integer({ min: 0, max: 80 }), (all, minute) => {
        const runs = (each: number) =>
          all.some(({ startsAt, endsAt }) => startsAt <= at(each) && at(each) < endsAt);
        let free = minute;
        while (runs(free)) free++;
        assert.deepEqual(maintenanceAt(all, at(minute))?.until, free === minute ? undefined : at(free));
      }),
    );
  });
});
