// The agency's result sheet: found titles, rows of every kind, and what is refused, bounded in time and memory.
import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import excel from 'exceljs';
import iconv from 'iconv-lite';
import type { SheetRead } from '../../../adapters/adapter.ts';
import { batchUpload } from '../../../adapters/batch-upload/index.ts';

const read = async (sheet: Uint8Array, settings: object = {}): Promise<SheetRead> => {
  const { upload } = batchUpload.create(settings);
  assert.ok(upload);
  return upload.read(sheet);
};
async function workbook(lines: readonly (readonly unknown[])[], change?: (sheet: excel.Worksheet) => void) {
  const book = new excel.Workbook();
  const sheet = book.addWorksheet('结果');
  for (const line of lines) sheet.addRow([...line]);
  change?.(sheet);
  return new Uint8Array(await book.xlsx.writeBuffer());
}
const csv = (...lines: string[]) => Buffer.from(`${lines.join('\r\n')}\r\n`);

const TITLES = ['序号', '姓名', '证件号码', '处理结果', '受理编号', '错误代码', '失败原因'];
const LINES = [
  ['某市社会保险经办机构'],
  TITLES,
  ['1', '张某', '11010519491231002x', '成功', 'SB-1', '', ''],
  [2, '李某', '', '失败', '', 'E1024', '该人员存在欠费'],
  ['3', '王某', '', '审核中', '', '', ''],
  ['', '', '', '', '', '', ''],
  ['5', '赵某', '', '退回', '', '', ''],
];
const RESULTS = [
  {
    line: 3,
    row: 1,
    idNumber: '11010519491231002X',
    name: '张某',
    result: { kind: 'accepted', receipt: 'SB-1' },
  },
  { line: 4, row: 2, name: '李某', result: { kind: 'rejected', code: 'E1024', message: '该人员存在欠费' } },
  {
    line: 7,
    row: 5,
    name: '赵某',
    result: { kind: 'rejected', code: 'REJECTED_BY_AGENCY', message: '退回' },
  },
];

describe('batch-upload: a result sheet', () => {
  it('is read from XLSX: what is decided, by whatever names its row', async () => {
    assert.deepEqual(await read(await workbook(LINES)), { kind: 'read', results: RESULTS });
  });

  it('is read from CSV, in UTF-8 and in GB 18030', async () => {
    const text = LINES.map((line) => line.join(',')).join('\r\n');
    const expected = { kind: 'read', results: RESULTS };
    assert.deepEqual(await read(Buffer.from(`\ufeff${text}`)), expected);
    assert.deepEqual(await read(iconv.encode(text, 'gb18030')), expected);
  });

  it('may quote, and break lines within quotes', async () => {
    const sheet = csv('序号,处理结果,失败原因', '1,失败,"欠费,见""通知""\n第2页"');
    const result = { kind: 'rejected', code: 'REJECTED_BY_AGENCY', message: '欠费,见"通知"\n第2页' };
    assert.deepEqual(await read(sheet), { kind: 'read', results: [{ line: 2, row: 1, result }] });
  });

  it('finds titles with spaces, stars and brackets around them, and those of the settings', async () => {
    const own = csv('公民身份号码*,状态（必填）,回执', '11010519491231002X,OK,R1');
    const settings = { results: { outcome: ['状态必填'], accepted: ['OK'], receipt: ['回执'] } };
    const result = { kind: 'accepted', receipt: 'R1' };
    assert.deepEqual(await read(own, settings), {
      kind: 'read',
      results: [{ line: 2, idNumber: '11010519491231002X', result }],
    });
  });

  it('shows what a formula last showed, and never runs one', async () => {
    const sheet = await workbook([TITLES], (made) => {
      made.addRow([
        '1',
        '张某',
        '',
        { formula: 'A1&"x"', result: '成功' },
        { richText: [{ text: 'SB' }, { text: '-9' }] },
      ]);
    });
    assert.deepEqual(await read(sheet), {
      kind: 'read',
      results: [{ line: 2, row: 1, name: '张某', result: { kind: 'accepted', receipt: 'SB-9' } }],
    });
  });

  it('names line, column and fix of every fault, and no cell’s words', async () => {
    const sheet = csv(
      '序号,姓名,处理结果,受理编号',
      '1,张某,也许,',
      ',李某,成功,SB-2',
      '一,王某,成功,SB-3',
      `4,赵某,成功,${'9'.repeat(65)}`,
    );
    const faulty = await read(sheet);
    assert.ok(faulty.kind === 'faulty');
    assert.deepEqual(
      faulty.faults.map((fault) => [
        fault.kind,
        'line' in fault ? fault.line : 0,
        'column' in fault ? fault.column : '',
      ]),
      [
        ['value_unknown', 2, '处理结果'],
        ['no_key', 3, ''],
        ['row_invalid', 4, '序号'],
        ['too_long', 5, '受理编号'],
      ],
    );
    assert.doesNotMatch(JSON.stringify(faulty), /张某|也许|999/);
    assert.deepEqual(await read(csv('姓名,备注', '张某,无')), {
      kind: 'faulty',
      faults: [{ kind: 'no_header', outcome: '处理结果', keys: ['序号', '证件号码'] }],
    });
  });
});

describe('batch-upload: a sheet that is none', () => {
  const UNREADABLE = { kind: 'faulty', faults: [{ kind: 'unreadable' }] };
  const TOO_LARGE = { kind: 'faulty', faults: [{ kind: 'too_large', rows: 5000 }] };

  /** One ZIP entry whose directory declares a size that may be a lie. */
  function zip(name: string, content: Buffer, declared = content.length): Buffer {
    const packed = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(declared, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(declared, 24);
    central.writeUInt16LE(name.length, 28);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(1, 8);
    end.writeUInt16LE(1, 10);
    end.writeUInt32LE(46 + name.length, 12);
    end.writeUInt32LE(30 + name.length + packed.length, 16);
    return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end]);
  }

  it('is refused: bytes, empty, a ZIP of something else, one that is cut off', async () => {
    const whole = await workbook(LINES);
    for (const bytes of [
      Buffer.from([0, 1, 2, 255]),
      Buffer.from('\r\n'),
      Buffer.from('a,"b'),
      zip('readme.txt', Buffer.from('hello')),
      whole.subarray(0, whole.length - 300),
      whole.subarray(0, 20),
    ])
      assert.deepEqual(await read(bytes), UNREADABLE);
  });

  it('does not blow up: what unpacks to more than a sheet has, whatever it declares', async () => {
    const bomb = Buffer.alloc(60_000_000, ' ');
    for (const declared of [bomb.length, 100])
      assert.deepEqual(await read(zip('xl/worksheets/sheet1.xml', bomb, declared)), TOO_LARGE);
  });

  it('is refused with more lines than any file has', async () => {
    assert.deepEqual(
      await read(csv('序号,处理结果', ...Array.from({ length: 5001 }, () => '1,成功'))),
      TOO_LARGE,
    );
    assert.deepEqual(
      await read(
        await workbook([TITLES], (sheet) => {
          sheet.getCell('A6000').value = 'x';
        }),
      ),
      TOO_LARGE,
    );
  });

  it('does not walk through a whole sheet that is merged, styled or validated', async () => {
    const sheet = await workbook(LINES, (made) => {
      const anything = made as unknown as { dataValidations: { add(range: string, rule: object): void } };
      made.mergeCells('A9:ZZ48');
      made.getCell('A9').value = '以下空白';
      anything.dataValidations.add('A1:XFD1048576', {
        type: 'list',
        formulae: ['"成功,失败"'],
        allowBlank: true,
      });
    });
    assert.deepEqual(await read(sheet), { kind: 'read', results: RESULTS });
  });
});
