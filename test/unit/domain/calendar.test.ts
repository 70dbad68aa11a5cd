import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCalendar } from '../../../src/calendars.ts';
import { createCalendar, UncoveredYear } from '../../../src/domain/calendar.ts';
import { OFF_2026, WORKED_2026 } from './notice-2026.ts';

const NOTICE_2027 = `
source: synthetic, for the tests
holidays:
  - { name: 元旦, from: 2026-12-31, to: 2027-01-02 }
  - { name: 春节, from: 2027-02-05, to: 2027-02-11 }
  - { name: 清明节, from: 2027-04-03, to: 2027-04-05 }
  - { name: 劳动节, from: 2027-05-01, to: 2027-05-05 }
  - { name: 端午节, from: 2027-06-09, to: 2027-06-09 }
  - { name: 中秋节, from: 2027-09-15, to: 2027-09-15 }
  - { name: 国庆节, from: 2027-10-01, to: 2027-10-07 }
workdays: [2026-12-27, 2027-10-09]
`;

describe('calendar', () => {
  it('is the 2026 notice, day by day', () => {
    const calendar = readCalendar();
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2026, 11, 26); at += 86_400_000) {
      const date = new Date(at).toISOString().slice(0, 10);
      const weekend = [0, 6].includes(new Date(at).getUTCDay());
      assert.equal(calendar.isStatutoryHoliday(date), OFF_2026.includes(date), date);
      assert.equal(
        calendar.isWorkday(date),
        WORKED_2026.includes(date) || !(weekend || OFF_2026.includes(date)),
        date,
      );
    }
  });

  it('covers every year from 2008, the first with seven holidays, to the last notice', () => {
    const calendar = readCalendar();
    for (let year = 2008; year <= 2026; year += 1) assert.ok(calendar.covers(year), String(year));
    assert.ok(!calendar.covers(2007));
    assert.ok(Number(calendar.publishedThrough.slice(0, 4)) >= 2026);
    assert.equal(calendar.publishedThrough.slice(4), '-12-25');
  });

  // Built from typed data, so that the package's next release cannot turn these green or red.
  const upTo2026 = createCalendar({
    years: [2025, 2026],
    holidays: new Set(OFF_2026),
    makeUpDays: new Set(WORKED_2026),
  });

  it('refuses a date of a year without a notice, and says which in both languages', () => {
    const sentence = {
      en: 'The holiday calendar for 2027 is not published yet',
      zh: '2027 年放假安排尚未公布',
    };
    for (const ask of [upTo2026.isWorkday, upTo2026.isStatutoryHoliday])
      assert.throws(
        () => ask('2027-01-01'),
        (error) => {
          assert.ok(error instanceof UncoveredYear);
          assert.deepEqual(error.gap, { year: 2027, sentence });
          return true;
        },
      );
    assert.match(upTo2026.gap('2024-05-01')?.sentence.zh ?? '', /没有 2024 年/);
    assert.equal(upTo2026.publishedThrough, '2026-12-25');
  });

  it("leaves the last days of December to the next year's notice", () => {
    assert.equal(upTo2026.isWorkday('2026-12-25'), true);
    assert.equal(upTo2026.gap('2026-12-26')?.year, 2027);
    assert.equal(upTo2026.gap('2025-12-31'), undefined);
    assert.throws(() => upTo2026.isWorkday('2026-12-31'), UncoveredYear);
  });

  describe('a notice added by the installation', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'calendars-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const write = (text: string) => writeFileSync(join(folder, '2027.yaml'), text);

    it('takes its year up, and its days in the December before', () => {
      write(NOTICE_2027);
      const calendar = readCalendar(folder);
      assert.ok(calendar.covers(2027));
      assert.equal(calendar.isStatutoryHoliday('2026-12-31'), true);
      assert.equal(calendar.isWorkday('2026-12-27'), true);
      assert.equal(calendar.isWorkday('2027-10-09'), true);
      assert.equal(calendar.isWorkday('2027-02-08'), false);
    });

    it('leaves the year uncovered when one of the seven holidays is missing', () => {
      for (const name of ['元旦', '春节', '清明节', '劳动节', '端午节', '中秋节', '国庆节']) {
        write(
          NOTICE_2027.split('\n')
            .filter((line) => !line.includes(name))
            .join('\n'),
        );
        assert.ok(!readCalendar(folder).covers(2027), name);
      }
    });

    it('is refused with its name when it is broken', () => {
      write(NOTICE_2027.replace('to: 2027-05-05', 'to: 2027-04-05'));
      assert.throws(() => readCalendar(folder), /2027\.yaml[\s\S]*before `from`[\s\S]*holidays\[3\]/);
    });
  });
});
