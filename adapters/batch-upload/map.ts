/** Order → the row of a form. Pure: settings are tables, and nothing comes from a clock. */
import type { BusinessDate } from '../../src/domain/words.ts';
import type { FilingOrder, UploadOrder } from '../adapter.ts';
import { idNumber } from '../format.ts';
import type { Column, Settings, Source, Template } from './template.ts';

export const templateOf = ({ templates }: Settings, kind: FilingOrder['kind']): Template => templates[kind];

/** The cells of one row, in the order of the form's columns: texts, all of them. */
export function cellsOf(given: UploadOrder, settings: Settings): readonly string[] {
  return templateOf(settings, given.order.kind).columns.map((column) => cellOf(column, given, settings));
}

/** Titles of the columns that the form requires and this order leaves empty. */
export function lacking(order: FilingOrder, settings: Settings): readonly string[] {
  const given = { row: 1, serial: '-', order };
  return templateOf(settings, order.kind)
    .columns.filter((column) => column.required && cellOf(column, given, settings) === '')
    .map(({ title }) => title);
}

function cellOf(
  { source, text = '' }: Column,
  { row, serial, order }: UploadOrder,
  settings: Settings,
): string {
  const { person, employer, contract, reason } = order;
  const date = (value: BusinessDate | undefined) =>
    value === undefined ? '' : written(settings.date_format, value);
  const values: Readonly<Record<Source, () => string>> = {
    row: () => String(row),
    serial: () => serial,
    name: () => person.name ?? '',
    id_type: () => settings.id_types[person.id_type as keyof Settings['id_types']] ?? '',
    id_number: () => idNumber(person.id_number ?? ''),
    phone: () => person.phone ?? '',
    address: () => person.address ?? '',
    employer_name: () => employer.name,
    employer_uscc: () => employer.uscc,
    region: () => employer.region,
    post: () => order.post,
    contract_type: () => settings.contract_types[contract.type as keyof Settings['contract_types']] ?? '',
    contract_start: () => date(contract.start),
    contract_end: () => date(contract.end),
    reason: () => settings.reasons[order.kind === 'labor_filing' ? 'labor_filing' : 'insurance'][reason],
    reason_text: () => settings.reasons.text[reason],
    notice_date: () => date(order.noticeDate),
    last_attendance_date: () => date(order.lastAttendanceDate),
    exit_date: () => date(order.exitDate),
    insurance_end_month: () => written(settings.month_format, order.insuranceEndMonth),
    constant: () => text,
  };
  return oneLine(values[source]());
}

/** `2026-11-25` or `2026-11` in the letters of a format. */
const written = (format: string, date: string): string => {
  const [year = '', month = '', day = ''] = date.split('-');
  return format.replace('yyyy', year).replace('MM', month).replace('dd', day);
};

/** A cell is one line, without what XML 1.0 cannot carry. */
const oneLine = (text: string): string =>
  text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '')
    .trim();
