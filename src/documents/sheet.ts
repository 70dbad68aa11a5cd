/**
 * What a generated document says, before it has a form: html.ts and pdf.ts both print this one value, so that the two
 * cannot say different things.
 */
import type { BusinessDate } from '../domain/words.ts';
import type { Words } from '../language.ts';

/** A value in both languages, or as it is: a name, a number. */
export type Value = string | Words;

export interface Sheet {
  readonly title: Words;
  /** The document's own id, printed so that paper leads back to the record. */
  readonly number: string;
  readonly issuedOn: BusinessDate;
  readonly issuer: string;
  readonly fields: readonly { readonly label: Words; readonly value: Value }[];
  readonly table?: {
    /** `share` of the width. */
    readonly columns: readonly { readonly label: Words; readonly share: number }[];
    readonly rows: readonly (readonly string[])[];
  };
  readonly statements: readonly Words[];
  /** Where somebody signs or seals. */
  readonly places: readonly Words[];
}

export const NUMBER: Words = { zh: '编号', en: 'No.' };
export const ISSUED_ON: Words = { zh: '出具日期', en: 'Date of issue' };

/** Every text on the sheet, for a look at its characters. */
export function textsOf(sheet: Sheet): string[] {
  const both = (words: Value) => (typeof words === 'string' ? [words] : [words.zh, words.en]);
  return [
    sheet.number,
    sheet.issuer,
    ...[sheet.title, ...sheet.statements, ...sheet.places, NUMBER, ISSUED_ON].flatMap(both),
    ...sheet.fields.flatMap(({ label, value }) => [...both(label), ...both(value)]),
    ...(sheet.table?.columns.flatMap(({ label }) => both(label)) ?? []),
    ...(sheet.table?.rows.flat() ?? []),
  ];
}

/** 2026年11月25日 */
export function dateInChinese(date: BusinessDate): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${year}年${month}月${day}日`;
}

export const dateWords = (date: BusinessDate): Words => ({ zh: dateInChinese(date), en: date });
