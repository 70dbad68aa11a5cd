// One receipt number, one filing: who has it already.
import assert from 'node:assert/strict';
import { doubledReceipts, type ReceiptsPer } from '../../../src/domain/upload-receipts.ts';
import type { FileRow, SettledResult } from '../../../src/domain/uploads.ts';

const row = (at: number, settled?: SettledResult): FileRow => ({
  row: at,
  filingId: `fil_${at}`,
  exitId: `exit_${at}`,
  serial: `EG-${at}`,
  factsRevision: 1,
  ...(settled === undefined ? {} : { settled }),
});
const yes = (receipt: string): SettledResult => ({ kind: 'accepted', receipt });

/** @param given row → what is said of it. */
function faults(
  per: ReceiptsPer,
  given: readonly (readonly [number, SettledResult])[],
  {
    rows = [1, 2, 3].map((at) => row(at)),
    carried = {},
  }: { rows?: readonly FileRow[]; carried?: Readonly<Record<string, readonly string[]>> } = {},
): readonly string[] {
  const matched = given.map(([at, result], index) => {
    const found = rows.find((each) => each.row === at);
    assert.ok(found);
    return { at: index, row: found, result };
  });
  return doubledReceipts(rows, matched, { per, carried: new Map(Object.entries(carried)) }).map(
    (each) => `${each.at} ${each.fault}: ${each.row} and ${each.other}`,
  );
}

describe('a receipt number', () => {
  it('is one row’s, where the agency numbers rows', () => {
    const twice = [
      [1, yes('R-1')],
      [2, yes('R-2')],
      [3, yes('R-1')],
    ] as const;
    assert.deepEqual(faults('row', twice), ['2 receipt_doubled: 3 and 1']);
    assert.deepEqual(faults('file', twice), []);
    const settled = [row(1), row(2), row(3, yes('R-1'))];
    assert.deepEqual(faults('row', [[1, yes('R-1')]], { rows: settled }), ['0 receipt_doubled: 1 and 3']);
    assert.deepEqual(faults('file', [[1, yes('R-1')]], { rows: settled }), []);
  });

  it('is the same row’s however often it is said, and no rejection has one', () => {
    const settled = [row(1, yes('R-1')), row(2)];
    const carried = { 'R-1': ['fil_1'] };
    const again = [
      [1, yes('R-1')],
      [1, yes('R-1')],
      [2, { kind: 'rejected', code: 'R-1', message: '' }],
    ] as const;
    for (const per of ['row', 'file'] as const)
      assert.deepEqual(faults(per, again, { rows: settled, carried }), []);
  });

  it('is not another file’s, whatever the agency numbers', () => {
    const carried = { 'R-1': ['fil_77'] };
    for (const per of ['row', 'file'] as const)
      assert.deepEqual(faults(per, [[2, yes('R-1')]], { carried }), ['0 receipt_carried: 2 and fil_77']);
  });

  it('that was entered by hand for a row of this file is that row’s', () => {
    const carried = { 'R-1': ['fil_3'] };
    assert.deepEqual(faults('row', [[2, yes('R-1')]], { carried }), ['0 receipt_doubled: 2 and 3']);
    assert.deepEqual(faults('row', [[3, yes('R-1')]], { carried }), []);
    assert.deepEqual(faults('file', [[2, yes('R-1')]], { carried }), []);
  });
});
