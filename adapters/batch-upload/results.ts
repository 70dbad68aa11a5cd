/** Lines of a result sheet → what became of each row. Pure. */
import type { SheetFault, SheetRead, SheetResult } from '../adapter.ts';
import { idNumber } from '../format.ts';
import { certain, isUncertain, type Lines } from './cells.ts';
import type { ResultNames } from './template.ts';

/** A title may stand below some lines about the unit and the month. */
const HEADER_WITHIN = 20;
/** What a row gets where the sheet gives no code. */
export const NO_CODE = 'REJECTED_BY_AGENCY';
const LONGEST_RECEIPT = 64;
const LONGEST_MESSAGE = 2000;
const CODE = /^[\w.-]{1,40}$/;

const plain = (text: string) => text.replace(/[\s*＊:：()（）]/g, '');

export function resultsOf(lines: Lines, names: ResultNames): SheetRead {
  const header = lines
    .slice(0, HEADER_WITHIN)
    .findIndex((cells) => indexOf(cells, names.outcome) >= 0 && keysIn(cells, names).length > 0);
  if (header < 0)
    return {
      kind: 'faulty',
      faults: [
        {
          kind: 'no_header',
          outcome: names.outcome[0] ?? '',
          keys: [names.row[0] ?? '', names.id_number[0] ?? ''],
        },
      ],
    };
  const titles = lines[header] ?? [];
  const results: SheetResult[] = [];
  const faults: SheetFault[] = [];
  for (const [index, cells] of lines.entries()) {
    if (index <= header || cells.every((cell) => cell === '')) continue;
    const read = resultOf(index + 1, titles, cells, names);
    if (read === undefined) continue;
    if ('kind' in read) faults.push(read);
    else results.push(read);
  }
  return faults.length > 0 ? { kind: 'faulty', faults } : { kind: 'read', results };
}

/** undefined: nothing is decided for this row yet. */
function resultOf(
  line: number,
  titles: readonly string[],
  cells: readonly string[],
  names: ResultNames,
): SheetResult | SheetFault | undefined {
  const value = (wanted: readonly string[]) => cells[indexOf(titles, wanted)] ?? '';
  const column = (wanted: readonly string[]) => titles[indexOf(titles, wanted)] ?? '';
  const doubtful = [names.row, names.serial, names.id_number, names.outcome, names.receipt].find((wanted) =>
    isUncertain(value(wanted)),
  );
  if (doubtful !== undefined) return { kind: 'cell_uncertain', line, column: column(doubtful) };
  const outcome = value(names.outcome);
  if (outcome === '' || names.pending.includes(outcome)) return undefined;
  const row = value(names.row).normalize('NFKC');
  const serial = value(names.serial);
  const number = value(names.id_number).normalize('NFKC');
  const name = value(names.name);
  if (row !== '' && !/^\d{1,6}$/.test(row)) return { kind: 'row_invalid', line, column: column(names.row) };
  if (row === '' && serial === '' && number === '')
    return { kind: 'no_key', line, columns: keysIn(titles, names) };
  const about = {
    line,
    ...(row === '' ? {} : { row: Number(row) }),
    ...(serial === '' ? {} : { serial }),
    ...(number === '' ? {} : { idNumber: idNumber(number) }),
    ...(name === '' ? {} : { name: certain(name) }),
  };
  if (names.accepted.includes(outcome)) {
    const receipt = value(names.receipt);
    if (receipt.length > LONGEST_RECEIPT)
      return { kind: 'too_long', line, column: column(names.receipt), maximum: LONGEST_RECEIPT };
    return { ...about, result: { kind: 'accepted', ...(receipt === '' ? {} : { receipt }) } };
  }
  if (names.rejected.includes(outcome)) {
    const code = value(names.code);
    const message = certain(value(names.message)) || outcome;
    return {
      ...about,
      result: {
        kind: 'rejected',
        code: CODE.test(code) ? code : NO_CODE,
        message: message.slice(0, LONGEST_MESSAGE),
      },
    };
  }
  const values = [...names.accepted, ...names.rejected, ...names.pending];
  return { kind: 'value_unknown', line, column: column(names.outcome), values };
}

const indexOf = (titles: readonly string[], wanted: readonly string[]): number => {
  const found = wanted.map((name) => titles.findIndex((title) => plain(title) === plain(name)));
  return found.find((at) => at >= 0) ?? -1;
};

const keysIn = (titles: readonly string[], { row, serial, id_number }: ResultNames): readonly string[] =>
  [row, serial, id_number]
    .map((names) => titles[indexOf(titles, names)] ?? '')
    .filter((title) => title !== '');
