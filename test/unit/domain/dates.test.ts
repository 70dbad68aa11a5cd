// The business day is China's, wherever the server stands; the last days of February and of the year are real days.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addDays, businessDate, daysBetween, isBusinessDate } from '../../../src/domain/dates.ts';

describe('business dates', () => {
  it('turn at midnight in China', () => {
    assert.equal(businessDate(new Date('2026-11-25T15:59:59.999Z')), '2026-11-25');
    assert.equal(businessDate(new Date('2026-11-25T16:00:00.000Z')), '2026-11-26');
    assert.equal(businessDate(new Date('2026-12-31T16:00:00.000Z')), '2027-01-01');
    assert.equal(businessDate(new Date('2028-02-28T16:00:00.000Z')), '2028-02-29');
  });

  for (const [date, exists] of [
    ['2026-11-25', true],
    ['2028-02-29', true],
    ['2026-02-29', false],
    ['2100-02-29', false],
    ['2000-02-29', true],
    ['2026-02-30', false],
    ['2026-04-31', false],
    ['2026-13-01', false],
    ['2026-00-10', false],
    ['2026-01-00', false],
    ['2026-1-5', false],
    ['20261125', false],
    ['2026-11-25T00:00:00Z', false],
    [' 2026-11-25', false],
    ['', false],
  ] as const)
    it(`"${date}" is ${exists ? 'a date' : 'none'}`, () => assert.equal(isBusinessDate(date), exists));

  it('add days over the ends of months, years and February', () => {
    assert.equal(addDays('2026-02-28', 1), '2026-03-01');
    assert.equal(addDays('2028-02-28', 1), '2028-02-29');
    assert.equal(addDays('2028-02-29', 366), '2029-03-01');
    assert.equal(addDays('2026-12-20', 15), '2027-01-04');
    assert.equal(addDays('2027-01-01', -1), '2026-12-31');
    // The statute's own examples: fifteen days after the exit date, the first day not counted (Civil Code §201).
    assert.equal(addDays('2026-01-20', 15), '2026-02-04');
    assert.equal(addDays('2026-04-20', 15), '2026-05-05');
    assert.equal(addDays('2026-09-16', 15), '2026-10-01');
  });

  it('never leave the years that four digits can write', () => {
    assert.throws(() => addDays('9999-12-31', 1), RangeError);
    assert.throws(() => addDays('0001-01-01', -1), RangeError);
    assert.throws(() => addDays('no date', 1), RangeError);
    const far = fc.integer({ min: -6_000_000, max: 6_000_000 });
    fc.assert(
      fc.property(
        fc.constantFrom('0001-01-01', '1900-01-01', '2199-12-31', '9999-12-31'),
        far,
        (from, days) => {
          try {
            assert.match(addDays(from, days), /^(?!0000)\d{4}-\d{2}-\d{2}$/);
          } catch (error) {
            assert.ok(error instanceof RangeError);
          }
        },
      ),
    );
  });

  it("adding and counting are each other's reverse", () => {
    const date = fc
      .date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
      .map((at) => at.toISOString().slice(0, 10));
    fc.assert(
      fc.property(date, fc.integer({ min: -5000, max: 5000 }), (from, days) => {
        const to = addDays(from, days);
        assert.ok(isBusinessDate(to));
        assert.equal(daysBetween(from, to), days);
        assert.equal(daysBetween(to, from), days === 0 ? 0 : -days);
      }),
    );
  });
});
