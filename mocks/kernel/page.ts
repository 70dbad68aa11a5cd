// Lists in pages. The cursor is the key of the last row shown: rows keep the order in which they came, so that what comes
// meanwhile stands behind it, and no row is shown twice or left out.
import { Refusal } from './agency.ts';

export interface RowPage<Row> {
  readonly rows: readonly Row[];
  /** Absent at the end. */
  readonly next?: string;
}

/** @throws Refusal CURSOR_INVALID for a cursor that no page has ended with. */
export function pageOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  cursor: string | undefined,
  size: number,
): RowPage<Row> {
  const at = cursor === undefined ? -1 : rows.findIndex((row) => keyOf(row) === cursor);
  if (cursor !== undefined && at < 0)
    throw new Refusal('CURSOR_INVALID', 'no page has ended with this cursor');
  const shown = rows.slice(at + 1, at + 1 + size);
  const last = shown.at(-1);
  return last === undefined || at + 1 + size >= rows.length
    ? { rows: shown }
    : { rows: shown, next: keyOf(last) };
}
