/** Rows of text ↔ the bytes of a CSV file. */
import iconv from 'iconv-lite';
import { csvText, type Lines } from './cells.ts';
import type { Template } from './template.ts';

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

/** In UTF-8, GB 18030 or UTF-16; separated by commas, tabs or semicolons. */
export function readCsv(bytes: Uint8Array, mostLines: number): Lines | 'too_large' | undefined {
  const text = decoded(bytes)?.replace(/\r\n?/g, '\n');
  if (text === undefined || /[\0\ufffd\ufffe]/.test(text)) return undefined;
  const lines: string[][] = [];
  let [cells, cell, open]: [string[], string, boolean] = [[], '', false];
  const endCell = () => {
    cells.push(csvText(cell));
    cell = '';
  };
  const [first = ''] = text.split('\n', 1);
  const delimiter = [',', '\t', ';'].find((each) => first.includes(each)) ?? ',';
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
    } else cell += char;
  }
  if (open) return undefined;
  endCell();
  return cells.length === 1 && cells[0] === '' ? lines : [...lines, cells];
}

/** UTF-16 by its mark; else UTF-8 where it is, else GB 18030: what is one is practically never the other. */
function decoded(bytes: Uint8Array): string | undefined {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  for (const encoding of utf16 ? ['utf-16le'] : ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // The next, or none.
    }
  }
  return undefined;
}
