/** Rows of text ↔ the bytes of a workbook, and sheets of either format. What is written is text and never a formula; what is read is bounded. */
import { inflateRawSync } from 'node:zlib';
import type { Workbook, Worksheet } from 'exceljs';
import { type Lines, textOf } from './cells.ts';
import { readCsv } from './csv.ts';
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

/** Bytes of all parts of a workbook together, unpacked: a sheet of some thousand rows has one or two million. */
const MOST_UNPACKED = 30_000_000;
const MOST_PARTS = 200;
const MOST_COLUMNS = 200;
/** Cells that are merged: a receipt may stand for some rows. Where a whole sheet is, nothing can be meant by it. */
const MOST_MERGED = 20_000;

/** Where parts of a workbook name a whole sheet, exceljs would walk through each of its cells; no result stands in them. */
const IGNORED = [
  'dataValidations',
  'conditionalFormatting',
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
  const unpacked = unpack(Buffer.from(bytes));
  if (unpacked === undefined || unpacked === 'too_large') return unpacked;
  const ignoreNodes = unpacked.merged > MOST_MERGED ? [...IGNORED, 'mergeCells'] : IGNORED;
  const workbook = await newWorkbook();
  try {
    // Its types ask for a Buffer of an older Node; a copy, because it keeps what it is handed.
    const copy = Buffer.from(bytes) as unknown as Parameters<Workbook['xlsx']['load']>[0];
    await workbook.xlsx.load(copy, { ignoreNodes });
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
    return Array.from({ length: columns }, (_, at) => textOf(row?.findCell(at + 1)));
  });
}

/**
 * Unpacks every part once, within the bound, before exceljs does so without one: the sizes that a packer declares are its
 * own word. @returns undefined when this is no readable ZIP.
 */
function unpack(zip: Buffer): { readonly merged: number } | 'too_large' | undefined {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + 22 > zip.length) return undefined;
  const parts = zip.readUInt16LE(end + 10);
  if (parts > MOST_PARTS) return 'too_large';
  let at = zip.readUInt32LE(end + 16);
  let total = 0;
  let merged = 0;
  try {
    for (let part = 0; part < parts; part++) {
      if (zip.readUInt32LE(at) !== 0x02014b50) return undefined;
      const method = zip.readUInt16LE(at + 10);
      const packed = zip.readUInt32LE(at + 20);
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const body = zip.subarray(start, start + packed);
      if (method !== 8 && method !== 0) return undefined;
      const part = method === 8 ? inflateRawSync(body, { maxOutputLength: MOST_UNPACKED - total + 1 }) : body;
      total += part.length;
      if (total > MOST_UNPACKED) return 'too_large';
      merged += mergedIn(part);
      at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    }
  } catch (error) {
    return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : undefined;
  }
  return { merged };
}

function mergedIn(part: Buffer): number {
  let cells = 0;
  for (const [, left, top, right, bottom] of part
    .toString('latin1')
    .matchAll(/mergeCell\s[^>]{0,200}?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"/g))
    cells += (1 + columnOf(right) - columnOf(left)) * (1 + Number(bottom) - Number(top));
  return cells;
}

const columnOf = (letters = ''): number =>
  [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
