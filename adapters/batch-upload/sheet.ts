/** Rows of text ↔ the bytes of a spreadsheet. What is written is text and never a formula; what is read is bounded. */
import { inflateRawSync } from 'node:zlib';
import type { CellValue, Workbook, Worksheet } from 'exceljs';
import iconv from 'iconv-lite';
import type { Template } from './template.ts';

export const MEDIA_TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
} as const;

/** Loaded when first needed: a worker that files elsewhere starts sooner without. */
async function newWorkbook(): Promise<Workbook> {
  const { default: excel } = await import('exceljs');
  return new excel.Workbook();
}

/** `@`: as it stands, however much it looks like a number, a date or a formula. */
const TEXT = '@';

export async function writeXlsx(
  template: Template,
  rows: readonly (readonly string[])[],
  now: Date,
): Promise<Uint8Array> {
  const workbook = await newWorkbook();
  workbook.created = now;
  workbook.modified = now;
  const sheet = workbook.addWorksheet(template.sheet);
  const lines = [template.columns.map(({ title }) => title), ...rows];
  for (const [index, cells] of lines.entries()) {
    const row = sheet.getRow(template.header_row + index);
    for (const [at, text] of cells.entries()) {
      const cell = row.getCell(at + 1);
      cell.value = text;
      cell.numFmt = TEXT;
    }
  }
  for (const [at, { title }] of template.columns.entries())
    sheet.getColumn(at + 1).width = Math.max(12, title.length * 2 + 4);
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

/** RFC 4180. In UTF-8 with its mark, without which a spreadsheet takes it for the system's encoding. */
export function writeCsv(
  template: Template,
  rows: readonly (readonly string[])[],
  encoding: 'utf-8' | 'gb18030',
): Uint8Array {
  const empty = Array.from({ length: template.header_row - 1 }, () => '');
  const lines = [template.columns.map(({ title }) => title), ...rows].map((cells) =>
    cells.map((text) => quoted(harmless(text))).join(','),
  );
  const text = [...empty, ...lines, ''].join('\r\n');
  return encoding === 'utf-8' ? Buffer.from(`\ufeff${text}`, 'utf8') : iconv.encode(text, 'gb18030');
}

/** CSV has no types: what a spreadsheet would run stays text behind an apostrophe. A number with its sign runs nothing. */
const harmless = (text: string) => (/^[=@]|^[+-](?![\d ()-]+$)/.test(text) ? `'${text}` : text);
const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Bytes of all parts of a workbook together, unpacked: a sheet of some thousand rows has one or two million. */
const MOST_UNPACKED = 30_000_000;
const MOST_PARTS = 200;
const MOST_COLUMNS = 200;

/** Where parts of a workbook name a whole sheet, exceljs would walk through each of its cells; no result stands in them. */
const IGNORED = [
  'dataValidations',
  'conditionalFormatting',
  'mergeCells',
  'cols',
  'autoFilter',
  'hyperlinks',
  'tableParts',
  'drawing',
  'picture',
  'legacyDrawing',
  'extLst',
  'rowBreaks',
  'colBreaks',
];

export type Lines = readonly (readonly string[])[];

/** The first sheet as lines of texts. undefined: this is no spreadsheet. `too_large`: it has more lines than that. */
export async function readSheet(
  bytes: Uint8Array,
  mostLines: number,
): Promise<Lines | 'too_large' | undefined> {
  const lines = isZip(bytes) ? await readXlsx(bytes, mostLines) : readCsv(bytes, mostLines);
  if (lines === undefined || lines === 'too_large') return lines;
  return lines.some((cells) => cells.some((cell) => cell !== '')) ? lines : undefined;
}

const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b;

async function readXlsx(bytes: Uint8Array, mostLines: number): Promise<Lines | 'too_large' | undefined> {
  const unpacked = unpackedSize(Buffer.from(bytes));
  if (unpacked === undefined || unpacked === 'too_large') return unpacked;
  const workbook = await newWorkbook();
  try {
    // Its types ask for a Buffer of an older Node; a copy, because it keeps what it is handed.
    const copy = Buffer.from(bytes) as unknown as Parameters<Workbook['xlsx']['load']>[0];
    await workbook.xlsx.load(copy, { ignoreNodes: IGNORED });
  } catch {
    return undefined;
  }
  const sheet = workbook.worksheets.find(({ state }) => state === 'visible') ?? workbook.worksheets[0];
  if (sheet === undefined) return undefined;
  return sheet.rowCount > mostLines ? 'too_large' : linesOf(sheet);
}

function linesOf(sheet: Worksheet): Lines {
  const columns = Math.min(sheet.columnCount, MOST_COLUMNS);
  return Array.from({ length: sheet.rowCount }, (_, line) => {
    const row = sheet.findRow(line + 1);
    return Array.from({ length: columns }, (_, at) => textOf(row?.findCell(at + 1)?.value));
  });
}

/** What the cell shows: of a formula its last result, of a formatted text its words. */
function textOf(value: CellValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value !== 'object') return String(value).trim();
  if ('richText' in value)
    return value.richText
      .map(({ text }) => text)
      .join('')
      .trim();
  if ('text' in value) return textOf(value.text as CellValue);
  return 'result' in value ? textOf(value.result as CellValue) : '';
}

/**
 * Unpacks every part once, within the bound, before exceljs does so without one: the sizes that a packer declares are its
 * own word. @returns undefined when this is no readable ZIP.
 */
function unpackedSize(zip: Buffer): number | 'too_large' | undefined {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + 22 > zip.length) return undefined;
  const parts = zip.readUInt16LE(end + 10);
  if (parts > MOST_PARTS) return 'too_large';
  let at = zip.readUInt32LE(end + 16);
  let total = 0;
  try {
    for (let part = 0; part < parts; part++) {
      if (zip.readUInt32LE(at) !== 0x02014b50) return undefined;
      const method = zip.readUInt16LE(at + 10);
      const packed = zip.readUInt32LE(at + 20);
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const body = zip.subarray(start, start + packed);
      if (method === 8) total += inflateRawSync(body, { maxOutputLength: MOST_UNPACKED - total + 1 }).length;
      else if (method === 0) total += body.length;
      else return undefined;
      if (total > MOST_UNPACKED) return 'too_large';
      at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    }
  } catch (error) {
    return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : undefined;
  }
  return total;
}

/** UTF-8 where it is, else GB 18030: what is one is practically never the other. */
function readCsv(bytes: Uint8Array, mostLines: number): Lines | 'too_large' | undefined {
  const text = decoded(bytes);
  if (text === undefined || /[\0\ufffd]/.test(text)) return undefined;
  const lines: string[][] = [];
  let [cells, cell, open]: [string[], string, boolean] = [[], '', false];
  const endCell = () => {
    cells.push(cell.trim().replace(/^'(?=[=+\-@])/, ''));
    cell = '';
  };
  const delimiter = /^[^\n]*\t/.test(text) && !/^[^\n]*,/.test(text) ? '\t' : ',';
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (open) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[at++];
      else open = false;
    } else if (char === '"' && cell.trim() === '') [cell, open] = ['', true];
    else if (char === delimiter) endCell();
    else if (char === '\n') {
      endCell();
      lines.push(cells);
      cells = [];
      if (lines.length > mostLines) return 'too_large';
    } else if (char !== '\r') cell += char;
  }
  if (open) return undefined;
  endCell();
  return cells.length === 1 && cells[0] === '' ? lines : [...lines, cells];
}

function decoded(bytes: Uint8Array): string | undefined {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // The next, or none.
    }
  }
  return undefined;
}
