/** The clocks against a second calculation that shares no line, no library and no data with them. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { readCalendar } from '../../../src/calendars.ts';
import { readClocks } from '../../../src/clocks.ts';
import type { Clock } from '../../../src/domain/clock-data.ts';
import { computeClock } from '../../../src/domain/clocks.ts';
import { OFF_2026, WORKED_2026 } from './notice-2026.ts';

const data = readClocks(fileURLToPath(new URL('../../../profiles/statutes/clocks.yaml', import.meta.url)));
const template = data.find(({ id }) => id === 'labor_filing') as Clock;
const calendar = readCalendar();
const exit = '2026';

/** Tears leaves off a wall calendar: month lengths by hand, the weekday carried along from a known Thursday. */
interface Leaf {
  readonly date: string;
  readonly weekday: number;
}
const LEAVES: readonly Leaf[] = (() => {
  const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const leaves: Leaf[] = [];
  let weekday = 4; // 2026-01-01 is a Thursday
  for (const [month, length] of lengths.entries())
    for (let day = 1; day <= length; day += 1) {
      leaves.push({
        date: `${exit}-${month < 9 ? '0' : ''}${month + 1}-${day < 10 ? '0' : ''}${day}`,
        weekday,
      });
      weekday = weekday === 7 ? 1 : weekday + 1;
    }
  return leaves;
})();
const works = ({ date, weekday }: Leaf) =>
  WORKED_2026.includes(date) || (weekday <= 5 && !OFF_2026.includes(date));

const LAST_KNOWN = LEAVES.findIndex(({ date }) => date === '2026-12-25');
const start = fc.integer({ min: 0, max: LAST_KNOWN - 70 });
const clock = (change: Partial<Clock>): Clock => ({ ...template, ...change });

describe('clocks, calculated twice', () => {
  it('calendar days, unrolled and rolled', () => {
    fc.assert(
      fc.property(start, fc.integer({ min: 0, max: 60 }), (from, length) => {
        const reading = computeClock(clock({ length }), { exit_date: LEAVES[from]?.date ?? '' }, calendar);
        const rest = LEAVES.slice(from + length);
        assert.equal(reading.raw, rest[0]?.date);
        assert.equal(reading.due, rest.find(({ date }) => !OFF_2026.includes(date))?.date);
      }),
      { numRuns: 2000 },
    );
  });

  it('working days', () => {
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 40 }), (from, length) => {
        const reading = computeClock(
          clock({ length, unit: 'working', roll: 'none' }),
          { exit_date: LEAVES[from]?.date ?? '' },
          calendar,
        );
        const worked = LEAVES.slice(from + 1, LAST_KNOWN + 1).filter(works);
        assert.equal(reading.due, worked[length - 1]?.date);
        assert.equal(reading.raw, undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it('close to the minute, eight hours before the same wall time in Greenwich', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(start, minute, (from, at) => {
        const closes = `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
        const reading = computeClock(
          clock({ length: 0, roll: 'none', closes }),
          { exit_date: LEAVES[from]?.date ?? '' },
          calendar,
        );
        const newYear = Date.UTC(2026, 0, 1);
        assert.equal(reading.closesAt.getTime(), newYear + (from * 1440 + at - 480) * 60_000);
      }),
    );
  });

  it('never say later than what a fuller calendar says, when a year is missing', () => {
    // 2024 known in full, against a calendar that ends with it: the earliest day must not be past the true one.
    const day = fc.integer({ min: 0, max: 30 }).map((i) => `2024-12-${String(i + 1).padStart(2, '0')}`);
    const short = {
      ...calendar,
      gap: (date: string) =>
        date > '2024-12-25' ? { year: 2025, sentence: { en: '', zh: '' } } : calendar.gap(date),
    };
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('calendar', 'working'),
        (exit_date, length, unit) => {
          const one = clock({ length, unit, roll: unit === 'working' ? 'none' : 'statutory_holiday' });
          const full = computeClock(one, { exit_date }, calendar);
          const cut = computeClock(one, { exit_date }, short);
          assert.ok(cut.warnOn <= full.warnOn);
          assert.equal(cut.due ?? full.due, full.due);
          assert.notEqual(cut.due === undefined, cut.uncovered === undefined);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
