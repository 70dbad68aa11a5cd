/** What is wrong with the results of an upload, as faults of the request. */
import type { ReceiptFault } from '../domain/upload-receipts.ts';
import type { ResultFault, RowKey, RowResult, SheetFault } from '../domain/uploads.ts';
import { type Fault, faultAt } from '../faults.ts';
import type { Words } from '../language.ts';

/** A result, and where in the request it stands. */
export type Given = RowKey & { readonly result: RowResult; readonly pointer: string; readonly where: Words };

export function resultFault(
  given: Given | undefined,
  { fault, row = 0 }: { readonly fault: ResultFault; readonly row?: number },
): Fault {
  const { pointer = '', where = '' } = given ?? {};
  switch (fault) {
    case 'row_unknown':
    case 'row_ambiguous':
    case 'receipt_missing':
      return faultAt(pointer, `result_${fault}`, { where });
    case 'name_differs':
    case 'said_twice':
    case 'conflicts':
      return faultAt(pointer, `result_${fault}`, { where, row });
  }
}

export const receiptFault = (given: Given | undefined, { fault, row, other }: ReceiptFault): Fault =>
  faultAt(given?.pointer ?? '', `result_${fault}`, { where: given?.where ?? '', row, other });

export function sheetFault(given: SheetFault): Fault {
  const pointer = '/sheet';
  switch (given.kind) {
    case 'unreadable':
      return faultAt(pointer, 'sheet_unreadable', {});
    case 'too_large':
      return faultAt(pointer, 'sheet_too_large', { rows: given.rows });
    case 'no_header':
      return faultAt(pointer, 'sheet_no_header', { outcome: given.outcome, keys: given.keys.join('、') });
    case 'no_key':
      return faultAt(pointer, 'sheet_no_key', { line: given.line, columns: given.columns.join('、') });
    case 'row_invalid':
      return faultAt(pointer, 'sheet_row_invalid', { line: given.line, column: given.column });
    case 'cell_uncertain':
      return faultAt(pointer, 'sheet_cell_uncertain', { line: given.line, column: given.column });
    case 'value_unknown':
      return faultAt(pointer, 'sheet_value_unknown', {
        line: given.line,
        column: given.column,
        values: given.values.join('、'),
      });
    case 'too_long':
      return faultAt(pointer, 'sheet_too_long', {
        line: given.line,
        column: given.column,
        maximum: given.maximum,
      });
  }
}
