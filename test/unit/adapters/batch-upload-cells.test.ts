// Result sheets as operators bring them: merged, calculated, rounded, turned into dates, saved in odd ways.
import assert from 'node:assert/strict';
import excel from 'exceljs';
import iconv from 'iconv-lite';
import { batchUpload } from '../../../adapters/batch-upload/index.ts';

const { upload } = batchUpload.create({});
const TITLES = ['序号', '姓名', '证件号码', '处理结果', '受理编号'];

/** What is read of a sheet: `row receipt` of each result, or `kind line column` of each fault. */
async function read(bytes: Uint8Array): Promise<readonly string[]> {
  const sheet = await upload?.read(bytes);
  assert.ok(sheet);
  return sheet.kind === 'read'
    ? sheet.results.map(
        ({ row, result }) => `${row} ${result.kind === 'accepted' ? result.receipt : result.code}`,
      )
    : sheet.faults.map((fault) =>
        [
          fault.kind,
          ...('line' in fault ? [fault.line] : []),
          ...('column' in fault ? [fault.column] : []),
        ].join(' '),
      );
}
async function workbook(lines: readonly (readonly unknown[])[], change?: (sheet: excel.Worksheet) => void) {
  const book = new excel.Workbook();
  const sheet = book.addWorksheet('结果');
  for (const line of [TITLES, ...lines]) sheet.addRow([...line]);
  change?.(sheet);
  return new Uint8Array(await book.xlsx.writeBuffer());
}
const lines = (...text: string[]) => `序号,证件号码,处理结果,受理编号\r\n${text.join('\r\n')}\r\n`;

describe('batch-upload: cells of a result sheet', () => {
  it('that are merged count for each of their rows', async () => {
    const rows = [
      ['1', '张三', '', '成功', 'R-1'],
      ['2', '李四', '', '', 'R-2'],
    ];
    assert.deepEqual(await read(await workbook(rows, (sheet) => sheet.mergeCells('D2:D3'))), [
      '1 R-1',
      '2 R-2',
    ]);
    assert.deepEqual(await read(await workbook(rows, (sheet) => sheet.mergeCells('D2:E3'))), [
      '1 成功',
      '2 成功',
    ]);
  });

  it('whose formula shows nothing, or an error, are no result and no receipt', async () => {
    const rows = [
      ['1', '张三', '', { formula: 'A1' }, 'R-1'],
      ['2', '李四', '', '成功', { formula: 'A1', result: { error: '#N/A' } }],
      ['3', '王五', '', '成功', { error: '#REF!' }],
    ];
    assert.deepEqual(await read(await workbook(rows)), [
      'cell_uncertain 2 处理结果',
      'cell_uncertain 3 受理编号',
      'cell_uncertain 4 受理编号',
    ]);
  });

  it('that a spreadsheet has made a date or a rounded number are not believed', async () => {
    const rows = [
      ['1', '张三', '', '成功', new Date('2026-11-01')],
      ['2', '李四', '', '成功', 202611000123456800],
      ['3', '王五', 110105194912310020, '成功', 'R-3'],
    ];
    assert.deepEqual(await read(await workbook(rows)), [
      'cell_uncertain 2 受理编号',
      'cell_uncertain 3 受理编号',
      'cell_uncertain 4 证件号码',
    ]);
    const csv = Buffer.from(lines('1,1.10105E+17,成功,R-1', '2,,成功,2.02611E+17'));
    assert.deepEqual(await read(csv), ['cell_uncertain 2 证件号码', 'cell_uncertain 3 受理编号']);
  });

  it('keep the zeros that a format shows, and lose what nobody sees', async () => {
    const rows = [
      [1, '张三', '', '成功', 123],
      ['２', '李四', '', '成功\u00a0', 'R\u200b-2'],
    ];
    const sheet = await workbook(rows, (made) => {
      made.getCell('E2').numFmt = '000000';
    });
    assert.deepEqual(await read(sheet), ['1 000123', '2 R-2']);
  });

  it('stand in CSV of many kinds: with marks, other separators, and what keeps a number text', async () => {
    const text = lines('1,,成功,R-1', '2,,成功,R-2');
    const expected = ['1 R-1', '2 R-2'];
    for (const bytes of [
      Buffer.concat([Buffer.from([0x84, 0x31, 0x95, 0x33]), iconv.encode(text, 'gb18030')]),
      iconv.encode(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le'),
      Buffer.from(text.replaceAll(',', ';')),
      Buffer.from(text.replaceAll('\r\n', '\r')),
    ])
      assert.deepEqual(await read(bytes), expected);
    const kept = Buffer.from(lines('1,="11010519491231002X",成功,="0012"', "2,,成功,'0013"));
    assert.deepEqual(await read(kept), ['1 0012', '2 0013']);
  });

  it('are read whole where names have rare characters and dots', async () => {
    const sheet = await upload?.read(
      Buffer.from('序号,姓名,处理结果,受理编号\r\n1,\u{20BB7}田·买买提,成功,R-1\r\n'),
    );
    assert.ok(sheet?.kind === 'read');
    assert.equal(sheet.results[0]?.name, '\u{20BB7}田·买买提');
  });
});
