// What the agency has of a unit, in pages: its filings by the day of the exit, and whom it counts as employed there.
import { type Person, Refusal, type Room } from '../kernel/agency.ts';
import { pageOf } from '../kernel/page.ts';
import { readDay } from '../kernel/time.ts';
import type { Answer } from './answer.ts';
import { type Filing, filings } from './filings.ts';
import type { LaborMessage } from './message.ts';
import type { Part } from './xml.ts';

const PAGE = 50;

const listed = (name: string, entries: readonly (readonly Part[])[], next: string | undefined): Answer => ({
  code: '0',
  message: 'ok',
  parts: [...entries.map((entry): Part => [name, entry]), ['next', next]],
});

export function listFilings({ uscc, fields }: LaborMessage, room: Room): Answer {
  const { from = '', to = '', cursor } = fields;
  if (readDay(from) === undefined || readDay(to) === undefined || to < from)
    throw new Refusal('DATE_INVALID', 'from and to are days, and to is not before from');
  const found = filings(room)
    .all()
    .filter((filing) => filing.uscc === uscc && !filing.lost)
    .filter(({ fields: { abc916 = '' } }) => from <= abc916 && abc916 <= to);
  const { rows, next } = pageOf(found, ({ receipt }) => receipt, cursor, PAGE);
  return listed('filing', rows.map(filingParts), next);
}

const filingParts = (filing: Filing): readonly Part[] => [
  ['SAA036', filing.receipt],
  ['BAE941', filing.serial],
  ['SAA043', filing.state],
  ['TAA103', filing.conclusion],
  ['withdrawn', String(filing.withdrawn)],
  ['correcting', String(filing.correction !== undefined)],
  ['AAC002', filing.idNumber],
  ['AAC003', filing.fields.AAC003],
  ['abc916', filing.fields.abc916],
];

export function listEmployees({ uscc, fields }: LaborMessage, room: Room): Answer {
  const employed = room.rolls.members(uscc).filter(({ employment }) => employment.state === 'active');
  const numberOf = ({ idNumber }: { readonly idNumber: string }) =>
    room.rolls.personNumber('labor', idNumber);
  const { rows, next } = pageOf(employed, numberOf, fields.cursor, PAGE);
  const entries = rows.map((row): readonly Part[] => [
    ['AAC001', numberOf(row)],
    ['AAC002', row.idNumber],
    ['AAC003', nameOf(room.rolls.person(row.idNumber))],
    ['since', row.employment.since.replaceAll('-', '')],
  ]);
  return listed('employee', entries, next);
}

function nameOf(person: Person | undefined): string {
  if (!person) throw new Error('a membership of nobody');
  return person.name;
}
