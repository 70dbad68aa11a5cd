import assert from 'node:assert/strict';
import fc from 'fast-check';
import { serviceOf, serviceWords } from '../../../src/documents/service.ts';
import { addDays } from '../../../src/domain/dates.ts';

const told = (first: string, exit: string) => {
  const { years, months, days } = serviceOf(first, exit);
  return `${years}/${months}/${days}`;
};

describe('years of service', () => {
  for (const [first, exit, expected] of [
    ['2022-03-01', '2026-11-25', '4/8/25'],
    ['2022-03-01', '2025-02-28', '3/0/0'],
    ['2022-03-01', '2022-03-01', '0/0/1'],
    // A year from 29 February ends on the next 28 February, and in a leap year the day before the 29th.
    ['2024-02-29', '2025-02-28', '1/0/0'],
    ['2024-02-29', '2025-02-27', '0/11/30'],
    ['2024-02-29', '2025-03-01', '1/0/1'],
    ['2024-02-29', '2028-02-28', '4/0/0'],
    ['2024-02-29', '2028-02-29', '4/0/1'],
    ['2023-03-01', '2024-02-29', '1/0/0'],
    // A month ends with the month where the day is wanting (Civil Code §202).
    ['2025-01-31', '2025-02-28', '0/1/0'],
    ['2025-01-30', '2025-02-28', '0/1/0'],
    ['2025-01-31', '2025-04-30', '0/3/0'],
    ['2025-12-31', '2026-01-30', '0/1/0'],
    ['2025-12-31', '2026-12-30', '1/0/0'],
    ['2025-08-15', '2025-09-13', '0/0/30'],
  ] as const)
    it(`from ${first} to ${exit} is ${expected}`, () => assert.equal(told(first, exit), expected));

  it('is in no other order than the calendar: one day more is never less', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 0, max: 15_000 }),
        (from, length) => {
          const first = addDays('1980-01-01', from);
          const exit = addDays(first, length);
          const size = (at: string) => {
            const { years, months, days } = serviceOf(first, at);
            assert.ok(months < 12 && days < 31 && years >= 0 && days >= 0);
            return years * 10_000 + months * 100 + days;
          };
          assert.ok(size(addDays(exit, 1)) > size(exit));
        },
      ),
    );
  });

  it('refuses an exit before the first day', () => {
    assert.throws(() => serviceOf('2026-01-02', '2026-01-01'), RangeError);
  });

  it('leaves out what is nought, and counts in English', () => {
    assert.deepEqual(serviceWords({ years: 1, months: 0, days: 2 }), { zh: '1年2天', en: '1 year 2 days' });
    assert.deepEqual(serviceWords({ years: 0, months: 1, days: 0 }), { zh: '1个月', en: '1 month' });
  });
});
