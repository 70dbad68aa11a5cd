// What the agency has of a unit, in pages: its batches row by row, and whom the unit pays for.
import { type Membership, Refusal, type Room } from '../kernel/agency.ts';
import { pageOf } from '../kernel/page.ts';
import { type Batch, batchesOf } from './batches.ts';
import { attributes, child, type Element, need, tag } from './xml.ts';

const PERSONS = 50;
const ROWS = 200;

/** 3003 */
export function batchList(content: Element, unit: string, room: Room): string {
  const [from, to] = [need(content, 'From'), need(content, 'To')];
  if (to < from) throw new Refusal('DATE_INVALID', 'To lies before From');
  const found = batchesOf(unit, room).filter(({ rows }) =>
    rows.some(({ AAE035 }) => from <= AAE035 && AAE035 <= to),
  );
  const cursor = child(content, 'Cursor');
  const { rows, next } = pageOf(found, ({ receipt }) => receipt, cursor, fitting(found, cursor));
  return rows.map(batchTags).join('') + tag('Next', next);
}

/** Whole batches: as many as have no more rows together than one may have alone. */
function fitting(found: readonly Batch[], cursor: string | undefined): number {
  const rest = found.slice(1 + found.findIndex(({ receipt }) => receipt === cursor));
  let rows = 0;
  const over = rest.findIndex((batch) => {
    rows += batch.rows.length;
    return rows > ROWS;
  });
  return over < 0 ? rest.length : Math.max(over, 1);
}

function batchTags(batch: Batch): string {
  const rows = batch.rows.map((row) => {
    const result = batch.results?.find(({ no }) => no === row.no);
    const inner = [
      tag('AAC002', row.AAC002),
      tag('AAC003', row.AAC003),
      tag('AAE140', row.AAE140),
      tag('AAE035', row.AAE035),
      tag('Code', result?.code),
    ];
    return `<Row${attributes({ no: String(row.no) })}>${inner.join('')}</Row>`;
  });
  const head = [
    tag('MessageId', batch.messageId),
    tag('TransCode', batch.transCode),
    tag('AAZ308', batch.receipt),
    tag('State', batch.state),
  ];
  return `<Batch>${head.join('')}${rows.join('')}</Batch>`;
}

/** 3004 */
export function unitRoster(content: Element, unit: string, room: Room): string {
  const insured = room.rolls.members(unit).filter((member) => paid(member).length > 0);
  const numberOf = ({ idNumber }: Membership) => room.rolls.personNumber('insurance', idNumber);
  const { rows, next } = pageOf(insured, numberOf, child(content, 'Cursor'), PERSONS);
  const persons = rows.map((member) => {
    const person = room.rolls.person(member.idNumber);
    if (!person) throw new Error('a membership of nobody');
    const insurances = paid(member).map(
      ([insurance, { since }]) =>
        `<Insurance>${tag('AAE140', insurance)}${tag('AAE035', since.replaceAll('-', ''))}</Insurance>`,
    );
    const who = tag('AAC001', numberOf(member)) + tag('AAC002', person.idNumber) + tag('AAC003', person.name);
    return `<Insured>${who}${insurances.join('')}</Insured>`;
  });
  return persons.join('') + tag('Next', next);
}

const paid = ({ enrolments }: Membership) =>
  Object.entries(enrolments).filter(([, { state }]) => state === 'paying');
