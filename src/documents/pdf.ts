/**
 * A sheet as PDF, its font embedded as a subset. Equal sheets give equal bytes: the dates and the file id come from the
 * sheet, and the streams are not deflated, because what zlib makes of them differs between versions of Node.
 */
import PDFDocument from 'pdfkit';
import type { Words } from '../language.ts';
import { dateWords, ISSUED_ON, NUMBER, type Sheet, textsOf, type Value } from './sheet.ts';

type Doc = InstanceType<typeof PDFDocument>;

const MARGIN = 57;
const PADDING = 5;
const TEXT = 10.5;
const SMALL = 8;
const LINE = '#666666';
const PALE = '#444444';
const LABEL_SHARE = 0.34;
const PLACE_HEIGHT = 90;

/** @throws Error when the font lacks a character: ask `unprintable` before. */
export async function renderPdf(sheet: Sheet, font: Buffer): Promise<Uint8Array> {
  const doc = open(sheet, font);
  const missing = missingFrom(doc, sheet);
  if (missing.length > 0) throw new Error(`the font has no ${missing.length} of the sheet's characters`);
  const chunks: Buffer[] = [];
  const written = new Promise<void>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  draw(doc, sheet);
  numberPages(doc, sheet);
  doc.end();
  await written;
  return new Uint8Array(Buffer.concat(chunks));
}

/** The sheet's characters that the font cannot show, each once. A box in place of a name would make the paper worthless. */
export function unprintable(sheet: Sheet, font: Buffer): readonly string[] {
  return missingFrom(open(sheet, font), sheet);
}

function missingFrom(doc: Doc, sheet: Sheet): readonly string[] {
  // pdfkit's types keep its font to themselves.
  const { font } = (doc as unknown as { _font: { font: { hasGlyphForCodePoint(point: number): boolean } } })
    ._font;
  return [...new Set(textsOf(sheet).join(''))].filter(
    (each) => !font.hasGlyphForCodePoint(each.codePointAt(0) ?? 0),
  );
}

function open(sheet: Sheet, font: Buffer): Doc {
  const { title, number, issuer, issuedOn } = sheet;
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    compress: false,
    lang: 'zh-CN',
    displayTitle: true,
    // Otherwise Helvetica, which cannot be embedded, is named in every file.
    font: '',
    autoFirstPage: false,
    // Page numbers are written once it is known how many there are.
    bufferPages: true,
    info: {
      Title: `${title.zh} ${title.en}`,
      Author: issuer,
      Subject: number,
      Creator: 'Exitgate',
      CreationDate: new Date(`${issuedOn}T00:00:00+08:00`),
    },
  });
  doc.registerFont('text', font);
  doc.font('text').fontSize(TEXT);
  doc.addPage();
  return doc;
}

function draw(doc: Doc, sheet: Sheet): void {
  const { title, number, fields, table, statements, places } = sheet;
  const width = doc.page.width - 2 * MARGIN;
  doc.fontSize(18).text(title.zh, { align: 'center', width });
  doc.fontSize(TEXT).text(title.en, { align: 'center', width });
  doc
    .fontSize(SMALL)
    .fillColor(PALE)
    .text(`${NUMBER.zh} ${NUMBER.en} ${number}`, { align: 'center', width })
    .fillColor('black')
    .moveDown(1.5);

  const columns = [LABEL_SHARE * width, (1 - LABEL_SHARE) * width];
  for (const { label, value } of [...fields, { label: ISSUED_ON, value: dateWords(sheet.issuedOn) }])
    row(doc, [label, value], columns);
  doc.y += 2 * PADDING;

  if (table !== undefined) {
    const widths = table.columns.map(({ share }) => share * width);
    const head = () =>
      row(
        doc,
        table.columns.map(({ label }) => label),
        widths,
      );
    head();
    for (const cells of table.rows) row(doc, cells, widths, head);
    doc.y += 2 * PADDING;
  }

  for (const { zh, en } of statements) {
    doc.fontSize(TEXT).text(zh, MARGIN, doc.y, { width });
    doc.fontSize(SMALL).fillColor(PALE).text(en, { width }).fillColor('black').moveDown();
  }
  drawPlaces(doc, places, width);
}

/** One row of cells with their borders; on a new page when it does not fit, after `head`. */
function row(doc: Doc, cells: readonly Value[], widths: readonly number[], head?: () => void): void {
  const height = Math.max(...cells.map((cell, index) => cellHeight(doc, cell, inner(widths, index))));
  const full = height + 2 * PADDING;
  if (doc.y + full > bottom(doc)) {
    doc.addPage();
    head?.();
  }
  const top = doc.y;
  let left = MARGIN;
  for (const [index, cell] of cells.entries()) {
    doc
      .lineWidth(0.5)
      .strokeColor(LINE)
      .rect(left, top, widths[index] ?? 0, full)
      .stroke();
    print(doc, cell, left + PADDING, top + PADDING, inner(widths, index));
    left += widths[index] ?? 0;
  }
  doc.x = MARGIN;
  doc.y = top + full;
}

const inner = (widths: readonly number[], index: number) => (widths[index] ?? 0) - 2 * PADDING;
const bottom = (doc: Doc) => doc.page.height - MARGIN;

function cellHeight(doc: Doc, cell: Value, width: number): number {
  const [first, second] = typeof cell === 'string' ? [cell] : [cell.zh, cell.en];
  const height = doc.fontSize(TEXT).heightOfString(first, { width });
  return second === undefined ? height : height + doc.fontSize(SMALL).heightOfString(second, { width });
}

function print(doc: Doc, cell: Value, x: number, y: number, width: number): void {
  const [first, second] = typeof cell === 'string' ? [cell] : [cell.zh, cell.en];
  doc.fontSize(TEXT).text(first, x, y, { width });
  if (second === undefined) return;
  doc.fontSize(SMALL).fillColor(PALE).text(second, x, doc.y, { width }).fillColor('black');
}

function drawPlaces(doc: Doc, places: readonly Words[], width: number): void {
  if (doc.y + PLACE_HEIGHT > bottom(doc)) doc.addPage();
  const top = doc.y + 2 * PADDING;
  const each = width / places.length;
  for (const [index, place] of places.entries()) {
    const left = MARGIN + index * each;
    print(doc, place, left, top, each - 2 * PADDING);
    const under = top + PLACE_HEIGHT - 2 * PADDING;
    doc
      .strokeColor(LINE)
      .moveTo(left, under)
      .lineTo(left + each - 2 * PADDING, under)
      .stroke();
  }
}

/** Which list a loose page is of, and whether one is wanting. */
function numberPages(doc: Doc, { number }: Sheet): void {
  const { count } = doc.bufferedPageRange();
  for (let index = 0; index < count; index++) {
    doc.switchToPage(index);
    // Below the margin pdfkit would begin a new page.
    doc.page.margins.bottom = 0;
    doc
      .fontSize(SMALL)
      .fillColor(PALE)
      .text(`${number}  ·  ${index + 1} / ${count}`, MARGIN, doc.page.height - MARGIN / 1.5, {
        align: 'center',
        width: doc.page.width - 2 * MARGIN,
        lineBreak: false,
      });
  }
}
