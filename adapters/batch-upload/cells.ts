/** What a cell of a result sheet says, and whether a spreadsheet may have made something else of it. Pure. */
import type { Cell, CellValue } from 'exceljs';

export type Lines = readonly (readonly string[])[];

/** Before a text that need not be what the agency wrote; XML and CSV cannot hold it. */
const UNCERTAIN = '\ufffe';
export const isUncertain = (text: string): boolean => text.startsWith(UNCERTAIN);
export const certain = (text: string): string => text.replace(UNCERTAIN, '');

/** A long number as a spreadsheet shows it: its last digits are gone. */
const ROUNDED = /^\d(\.\d+)?E\+\d+$/i;

/** Without what nobody sees. */
const shown = (text: string): string => text.replace(/\p{Cf}/gu, '').trim();

/** What the cell shows: of a formula its last result, of a formatted text its words. */
export function textOf(cell: Cell | undefined): string {
  return cell === undefined ? '' : ofValue(cell.value, cell.numFmt);
}

function ofValue(value: CellValue | undefined, format: string | undefined): string {
  if (value === undefined || value === null) return '';
  // A number such as 2026-11 that was taken for a date.
  if (value instanceof Date) return UNCERTAIN + value.toISOString().slice(0, 10);
  if (typeof value === 'number') return ofNumber(value, format);
  if (typeof value !== 'object') return shown(String(value));
  if ('richText' in value) return shown(value.richText.map(({ text }) => text).join(''));
  if ('text' in value) return ofValue(value.text as CellValue, format);
  if ('error' in value) return UNCERTAIN + value.error;
  // Never calculated: nobody has seen what it says.
  if (!('result' in value) || value.result === undefined) return `${UNCERTAIN}=`;
  return ofValue(value.result as CellValue, format);
}

function ofNumber(value: number, format = ''): string {
  const text = String(value);
  // Fifteen digits are all that a spreadsheet keeps.
  if (Math.abs(value) >= 1e15) return UNCERTAIN + text;
  return /^0+$/.test(format) && Number.isInteger(value) ? text.padStart(format.length, '0') : text;
}

/** A cell of CSV, without what was put around it to keep it text: `="001"`, `'001`. */
export function csvText(text: string): string {
  const plain = shown(text)
    .replace(/^="([^"]*)"$/, '$1')
    .replace(/^'(?=[=+\-@\d])/, '');
  return ROUNDED.test(plain) ? UNCERTAIN + plain : plain;
}
