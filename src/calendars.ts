/**
 * Reads the holiday calendar: the `chinese-days` package's table, and the notices an installation adds in a folder, so that
 * a year can be taken up on the day its notice appears. The package's own functions are not used: where its table ends they
 * call 1 January a workday.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Calendar, createCalendar } from './domain/calendar.ts';
import { addDays } from './domain/dates.ts';

/** Date → "English name,Chinese name,days". */
const Days = z.record(z.iso.date(), z.string());
const Published = z.object({ holidays: Days, workdays: Days });

/** A notice as the State Council writes it: calendars/2027.yaml. */
const Notice = z.strictObject({
  source: z.string().min(1),
  holidays: z
    .array(
      z
        .strictObject({ name: z.string().min(1), from: z.iso.date(), to: z.iso.date() })
        .refine(({ from, to }) => from <= to, '`to` is before `from`'),
    )
    .min(1),
  workdays: z.array(z.iso.date()),
});

const ALWAYS = ['春节', '清明', '劳动节', '端午', '国庆节'];

/**
 * @param folder notices of the installation, `*.yaml`; a day they name wins over the package's
 * @throws Error that names the file and what is wrong with it
 */
export function readCalendar(folder?: string): Calendar {
  const require = createRequire(import.meta.url);
  const published = Published.parse(require('chinese-days/dist/chinese-days.json'));
  const names = new Map(
    Object.entries(published.holidays).map(([date, text]) => [date, text.split(',')[1] ?? '']),
  );
  const makeUpDays = new Set(Object.keys(published.workdays));
  for (const file of folder !== undefined && existsSync(folder) ? readdirSync(folder).sort() : []) {
    if (!file.endsWith('.yaml')) continue;
    const notice = Notice.safeParse(parse(readFileSync(join(folder ?? '', file), 'utf8')));
    if (!notice.success) throw new Error(`calendars/${file}: ${z.prettifyError(notice.error)}`);
    for (const { name, from, to } of notice.data.holidays)
      for (let day = from; day <= to; day = addDays(day, 1)) {
        names.set(day, name);
        makeUpDays.delete(day);
      }
    for (const day of notice.data.workdays) {
      makeUpDays.add(day);
      names.delete(day);
    }
  }
  const years = [...new Set([...names.keys()].map((date) => Number(date.slice(0, 4))))];
  return createCalendar({
    years: years.filter((year) => isComplete(year, names)),
    holidays: new Set(names.keys()),
    makeUpDays,
  });
}

/**
 * True when a year's notice is there in full. Some day of the year is not enough: the next year's New Year may reach
 * into December. All seven holidays must stand; Mid-Autumn may hide in a National Day holiday that is a day longer (2020).
 * Years before 2008, when three of the seven began, count as unknown.
 */
function isComplete(year: number, names: ReadonlyMap<string, string>): boolean {
  const held = new Set([...names].filter(([date]) => date.startsWith(`${year}-`)).map(([, name]) => name));
  const midAutumn = [...held].some((name) => name.startsWith('中秋')) || names.has(`${year}-10-08`);
  return (
    names.has(`${year}-01-01`) &&
    midAutumn &&
    ALWAYS.every((name) => [...held].some((each) => each.startsWith(name)))
  );
}
