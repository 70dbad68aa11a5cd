import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { readCalendar } from '../../../src/calendars.ts';
import { readClocks } from '../../../src/clocks.ts';
import { createCalendar } from '../../../src/domain/calendar.ts';
import { type Clock, ClockTable } from '../../../src/domain/clock-data.ts';
import {
  addMonths,
  clockOf,
  clocksFor,
  computeClock,
  noticeEnds,
  readingsFor,
} from '../../../src/domain/clocks.ts';
import { OFF_2026, WORKED_2026 } from './notice-2026.ts';

const data = readClocks(fileURLToPath(new URL('../../../profiles/statutes/clocks.yaml', import.meta.url)));
const calendar = readCalendar();
const upTo2026 = createCalendar({
  years: [2026],
  holidays: new Set(OFF_2026),
  makeUpDays: new Set(WORKED_2026),
});
const on = '2026-06-01';

function clock(id: string, change: Partial<Clock> = {}): Clock {
  const found = clockOf(id, { region: '440305', on, data });
  assert.ok(found, id);
  return { ...found, ...change };
}
const read = (id: string, exit_date: string, change?: Partial<Clock>) =>
  computeClock(clock(id, change), { exit_date }, upTo2026);

describe('clocks', () => {
  it('agree with the table of the domain facts', () => {
    for (const [exit_date, id, raw, due] of [
      ['2026-01-20', 'labor_filing', '2026-02-04', '2026-02-04'],
      ['2026-04-20', 'labor_filing', '2026-05-05', '2026-05-06'],
      ['2026-09-16', 'labor_filing', '2026-10-01', '2026-10-08'],
      ['2026-09-24', 'securities_registration', undefined, '2026-10-09'],
    ] as const) {
      const reading = computeClock(clock(id), { exit_date }, calendar);
      assert.equal(reading.raw, raw, exit_date);
      assert.equal(reading.due, due, exit_date);
      assert.equal(reading.warnOn, raw ?? due);
      assert.equal(reading.uncovered, undefined);
    }
  });

  it('leave a last day on an ordinary weekend where it is', () => {
    assert.equal(read('labor_filing', '2026-03-06').due, '2026-03-21'); // a Saturday
    assert.equal(read('labor_filing', '2026-03-07').due, '2026-03-22'); // a Sunday
  });

  it('roll to the day after the holiday, also when that is a make-up Sunday', () => {
    assert.equal(read('labor_filing', '2026-01-02', { length: 1 }).due, '2026-01-04');
  });

  it('count make-up Saturdays and Sundays as working days', () => {
    // Thursday 2026-02-12: Friday, the make-up Saturday, then nine days off.
    assert.equal(read('securities_registration', '2026-02-12', { length: 2 }).due, '2026-02-14');
    assert.equal(read('securities_registration', '2026-02-12', { length: 3 }).due, '2026-02-24');
    assert.equal(read('securities_registration', '2026-09-18', { length: 1 }).due, '2026-09-20');
  });

  it('cross the year end when both years are known', () => {
    // 2026-01-01 to 03 off, Sunday 04 worked.
    const reading = computeClock(
      clock('securities_registration'),
      { exit_date: '2025-12-30' },
      readCalendar(),
    );
    assert.equal(reading.due, '2026-01-07'); // 31 December; 4, 5, 6, 7 January
    assert.equal(
      computeClock(clock('labor_filing'), { exit_date: '2025-12-18' }, calendar).due,
      '2026-01-04',
    );
  });

  it('fail closed in a year whose notice is missing: the earliest day, the year, no outer limit', () => {
    const filing = read('labor_filing', '2026-12-20');
    assert.equal(filing.raw, '2027-01-04');
    assert.equal(filing.warnOn, '2027-01-04');
    assert.equal(filing.due, undefined);
    assert.equal(filing.uncovered?.year, 2027);
    assert.equal(filing.uncovered?.sentence.zh, '2027 年放假安排尚未公布');
    const registration = read('securities_registration', '2026-12-23');
    assert.equal(registration.due, undefined);
    assert.equal(registration.uncovered?.year, 2027);
    // 24 and 25 December are known; from the 26th on any day may be made a working one.
    assert.equal(registration.warnOn, '2026-12-28');
    assert.equal(registration.closesAt.toISOString(), '2026-12-28T16:00:00.000Z');
  });

  it('need no calendar where nothing rolls', () => {
    assert.equal(read('non_compete', '2026-11-25').due, '2028-11-25');
    assert.equal(read('termination_certificate', '2027-01-01').due, '2027-01-01');
  });

  it('end at 24:00 China Standard Time, or at the closing time to the minute', () => {
    assert.equal(read('labor_filing', '2026-01-20').closesAt.toISOString(), '2026-02-04T16:00:00.000Z');
    const office = read('labor_filing', '2026-04-20', { closes: '17:30' });
    assert.equal(office.warnsAt.toISOString(), '2026-05-05T09:30:00.000Z');
    assert.equal(office.closesAt.toISOString(), '2026-05-06T09:30:00.000Z');
  });

  it('count months to the same day, else to the last of the month (Civil Code §202)', () => {
    assert.equal(addMonths('2024-02-29', 12), '2025-02-28');
    assert.equal(addMonths('2024-02-29', 48), '2028-02-29');
    assert.equal(addMonths('2025-11-30', 3), '2026-02-28');
    assert.equal(addMonths('2023-11-30', 3), '2024-02-29');
    assert.equal(addMonths('2026-12-31', 2), '2027-02-28');
    assert.equal(addMonths('2026-10-31', 24), '2028-10-31');
  });

  it('count over 29 February', () => {
    const filing = (exit_date: string) =>
      computeClock(clock('labor_filing'), { exit_date }, readCalendar()).due;
    assert.equal(filing('2024-02-20'), '2024-03-06');
    assert.equal(filing('2024-02-14'), '2024-02-29');
    assert.equal(filing('2023-02-20'), '2023-03-07');
    assert.equal(filing('2024-02-29'), '2024-03-15');
  });

  it('refuse facts without the date they start from', () => {
    assert.throws(() => computeClock(clock('labor_filing'), {}, calendar), /labor_filing needs exit_date/);
  });
});

describe('which clocks run', () => {
  it('several for one filing, the nearest first, each with its own basis', () => {
    const readings = readingsFor(
      'insurance_stop',
      { exit_date: '2026-11-25' },
      { region: '110000', on, reason: 'resignation', data },
      upTo2026,
    );
    assert.deepEqual(
      readings.map(({ id, due }) => [id, due]),
      [
        ['unemployment_list_by_regulation', '2026-12-02'],
        ['archive_and_insurance_transfer', '2026-12-10'],
        ['unemployment_list', '2026-12-10'],
      ],
    );
    assert.equal(new Set(readings.map(({ basis }) => basis.zh)).size, 3);
  });

  it('only those of the reason', () => {
    const ids = clocksFor('insurance_stop', { region: '110000', on, reason: 'retirement', data });
    assert.deepEqual(
      ids.map(({ id }) => id),
      ['archive_and_insurance_transfer'],
    );
  });

  // 99 is no province of GB/T 2260: a synthetic region for these rules alone.
  const filing = clock('labor_filing');
  const versions: readonly Clock[] = [
    ...data,
    { ...filing, region: '99', length: 7, effective_from: '2026-03-01' },
    { ...filing, region: '99', length: 5, effective_from: '2026-09-01' },
    { ...filing, region: '9901', length: 7, unit: 'working', roll: 'none', effective_from: '2026-03-01' },
    { ...filing, length: 20, effective_from: '2027-01-01' },
  ];
  const length = (region: string, day: string) => {
    const [found, ...others] = clocksFor('labor_filing', { region, on: day, data: versions });
    assert.deepEqual(others, []);
    return [found?.length, found?.unit];
  };

  it('the most specific region, and of that the version in force at the exit date', () => {
    assert.deepEqual(length('990200', '2026-02-28'), [15, 'calendar']);
    assert.deepEqual(length('990200', '2026-03-01'), [7, 'calendar']);
    assert.deepEqual(length('990200', '2026-09-01'), [5, 'calendar']);
    assert.deepEqual(length('990203', '2027-06-01'), [5, 'calendar']);
    assert.deepEqual(length('990105', '2026-09-01'), [7, 'working']);
    assert.deepEqual(length('110105', '2026-12-31'), [15, 'calendar']);
    assert.deepEqual(length('110105', '2027-01-01'), [20, 'calendar']);
  });

  it("know a city's own", () => {
    const log = (region: string) => clocksFor('credit_query_log', { region, on, data }).length;
    assert.deepEqual([log('440305'), log('440100'), log('110000')], [1, 0, 0]);
  });

  it('end the relation by the notice alone: 30 days, 3 in probation, nothing for other reasons', () => {
    assert.equal(noticeEnds('2026-10-26', 'resignation', data), '2026-11-25');
    assert.equal(noticeEnds('2026-10-26', 'resignation_in_probation', data), '2026-10-29');
    assert.equal(noticeEnds('2024-01-30', 'resignation', data), '2024-02-29');
    assert.equal(noticeEnds('2026-10-26', 'dismissal_no_fault', data), undefined);
  });
});

describe('the clock table', () => {
  const filing = clock('labor_filing');
  const refused = (change: Record<string, unknown>, reason: RegExp) => {
    const result = ClockTable.safeParse({ clocks: [{ ...filing, ...change }] });
    assert.match(result.error?.message ?? 'taken', reason);
  };

  it('refuses what it does not know or cannot compute', () => {
    refused({ colour: 'red' }, /colour/);
    refused({ region: '440000' }, /prefix/);
    refused({ closes: '24:00' }, /closes/);
    refused({ effective_from: '2026-02-30' }, /effective_from/);
    refused({ sense: 'ends' }, /does not roll/);
    refused({ unit: 'working' }, /ends on a working day/);
    refused({ sense: 'keep_until', unit: 'working', roll: 'none' }, /calendar days or months/);
    refused({ title: { en: 'Labour filing', zh: '' } }, /zh/);
  });

  it('refuses the same rule twice', () => {
    const result = ClockTable.safeParse({ clocks: [filing, filing] });
    assert.match(result.error?.message ?? '', /listed twice/);
  });
});
