/** One receipt stands for one filing, or for one file where the agency gives no others: what carries somebody else's is refused. Pure. */
import type { FileRow, Matched } from './uploads.ts';

export const RECEIPTS_PER = ['row', 'file'] as const;
/** What an agency numbers: each row of a file, or the file. */
export type ReceiptsPer = (typeof RECEIPTS_PER)[number];

export interface ReceiptFault {
  /** The place of the result among those given. */
  readonly at: number;
  readonly fault: 'receipt_doubled' | 'receipt_carried';
  readonly row: number;
  /** Who has the receipt: another row of the file, or a filing elsewhere. */
  readonly other: string;
}

/**
 * Two rows with one number are a slip of the agency's or of whoever typed it: taken, one of the two filings would be followed
 * under a number that is not its own.
 * @param carried receipt → filings of the connection that have it by now.
 */
export function doubledReceipts(
  rows: readonly FileRow[],
  matched: readonly Matched<FileRow>[],
  { per, carried }: { readonly per: ReceiptsPer; readonly carried: ReadonlyMap<string, readonly string[]> },
): readonly ReceiptFault[] {
  const rowOf = new Map(rows.map(({ filingId, row }) => [filingId, row]));
  const holders = new Map(
    rows.flatMap(({ row, settled }) =>
      settled?.kind === 'accepted' ? [[settled.receipt, row] as const] : [],
    ),
  );
  const faults: ReceiptFault[] = [];
  for (const { at, row, result } of matched) {
    if (result.kind !== 'accepted') continue;
    const others = (carried.get(result.receipt) ?? []).filter((filingId) => filingId !== row.filingId);
    const elsewhere = others.find((filingId) => !rowOf.has(filingId));
    const beside = others.map((filingId) => rowOf.get(filingId)).find((found) => found !== undefined);
    const holder = holders.get(result.receipt) ?? beside;
    if (per === 'row' && holder !== undefined && holder !== row.row)
      faults.push({ at, fault: 'receipt_doubled', row: row.row, other: String(holder) });
    else if (elsewhere !== undefined)
      faults.push({ at, fault: 'receipt_carried', row: row.row, other: elsewhere });
    else holders.set(result.receipt, holders.get(result.receipt) ?? row.row);
  }
  return faults;
}
