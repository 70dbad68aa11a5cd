// Filings as rows of an agency's form: what each cell says, what is refused before anybody uploads it, and the bytes.
import assert from 'node:assert/strict';
import excel from 'exceljs';
import type { FilingOrder, Upload } from '../../../adapters/adapter.ts';
import { batchUpload } from '../../../adapters/batch-upload/index.ts';
import { EXIT_REASONS } from '../../../src/domain/words.ts';
import { makeCall } from '../../support/call.ts';
import { makeFilingOrder } from '../../support/filing-order.ts';

const NOW = new Date('2026-11-26T02:00:00Z');

function adapter(settings: Record<string, unknown> = {}) {
  const checked = batchUpload.manifest.settings.strict().safeParse(settings);
  assert.deepEqual(checked.error?.issues ?? [], []);
  return batchUpload.create(settings);
}
function upload(settings: Record<string, unknown> = {}): Upload {
  const { upload } = adapter(settings);
  assert.ok(upload);
  return upload;
}
const orders = (...given: Partial<FilingOrder>[]) =>
  given.map((parts, index) => ({
    row: index + 1,
    serial: `EG-${index + 1}`,
    order: makeFilingOrder({ kind: 'insurance_stop', ...parts }),
  }));

/** Every cell as exceljs reads it back: [value, type is text, format]. */
async function cells(bytes: Uint8Array) {
  const workbook = new excel.Workbook();
  await workbook.xlsx.load(Buffer.from(bytes) as never);
  const [sheet] = workbook.worksheets;
  assert.ok(sheet);
  const rows: (readonly [unknown, boolean, string])[][] = [];
  sheet.eachRow({ includeEmpty: true }, (row) => {
    const line: (readonly [unknown, boolean, string])[] = [];
    row.eachCell({ includeEmpty: true }, (cell) =>
      line.push([cell.value, cell.type === excel.ValueType.String, cell.numFmt]),
    );
    rows.push(line);
  });
  return { name: sheet.name, rows, values: rows.map((row) => row.map(([value]) => value)) };
}
const person = (parts: Record<string, string>) => ({ ...makeFilingOrder().person, ...parts });

describe('batch-upload: the form', () => {
  it('needs no setting: every kind has a form, and every reason its code', () => {
    const { lacks } = upload();
    for (const kind of batchUpload.manifest.kinds)
      for (const reason of EXIT_REASONS) assert.deepEqual(lacks(makeFilingOrder({ kind, reason })), [], kind);
  });

  it('is written as text, cell by cell, under the titles of the form', async () => {
    const file = await upload().make('insurance_stop', orders({}), NOW);
    assert.equal(file.extension, 'xlsx');
    const { name, rows, values } = await cells(file.bytes);
    assert.equal(name, '人员减少');
    assert.deepEqual(values, [
      ['序号', '姓名', '证件类型', '证件号码', '减少原因代码', '减少原因', '离职日期', '停保年月'],
      ['1', '张某', '居民身份证', '11010519491231002X', '222', '劳动者提前通知解除', '2026-11-25', '202611'],
    ]);
    for (const [, isText, format] of rows.flat()) assert.deepEqual([isText, format], [true, '@']);
  });

  it('runs no formula that somebody is called', async () => {
    const names = ['=1+1', '+cmd|x', '-2+3', '@SUM(A1)', '"a,b"'];
    const given = orders(...names.map((name) => ({ person: person({ name }) })));
    const { rows } = await cells((await upload().make('insurance_stop', given, NOW)).bytes);
    assert.deepEqual(
      rows.slice(1).map((row) => row[1]),
      names.map((name) => [name, true, '@']),
    );
    const csv = await upload({ format: 'csv', encoding: 'utf-8' }).make('insurance_stop', given, NOW);
    const named = Buffer.from(csv.bytes).toString().split('\r\n').slice(1, 6);
    assert.deepEqual(
      named.map((line) => line.split(',居民')[0]),
      [`1,'=1+1`, `2,'+cmd|x`, `3,'-2+3`, `4,'@SUM(A1)`, '5,"""a,b"""'],
    );
  });

  it('leaves a telephone number in CSV as it is', async () => {
    const template = { columns: [{ title: '电话', source: 'phone' }] };
    const { make } = upload({ format: 'csv', encoding: 'utf-8', templates: { insurance_stop: template } });
    const file = await make(
      'insurance_stop',
      orders({ person: person({ phone: '+86 138-0000 0000' }) }),
      NOW,
    );
    assert.equal(Buffer.from(file.bytes).toString(), '\ufeff电话\r\n+86 138-0000 0000\r\n');
  });

  it('is a city’s own where the settings say so: sheet, lines above, columns, codes, formats, constants', async () => {
    const templates = {
      insurance_stop: {
        sheet: '停保',
        header_row: 3,
        columns: [
          { title: '身份证号', source: 'id_number', required: true },
          { title: '变动类型', source: 'constant', text: '22' },
          { title: '原因', source: 'reason' },
          { title: '日期', source: 'exit_date' },
          { title: '月份', source: 'insurance_end_month' },
        ],
      },
    };
    const { make } = upload({
      templates,
      date_format: 'yyyy年MM月dd日',
      month_format: 'yyyy-MM',
      reasons: { insurance: { resignation: 'A1' } },
    });
    const { name, values } = await cells((await make('insurance_stop', orders({}), NOW)).bytes);
    assert.equal(name, '停保');
    assert.deepEqual(values.slice(-2), [
      ['身份证号', '变动类型', '原因', '日期', '月份'],
      ['11010519491231002X', '22', 'A1', '2026年11月25日', '2026-11'],
    ]);
    assert.equal(values.length, 4);
  });

  it('is GB 18030 where the agency reads nothing else: also a name of a rare character', async () => {
    const file = await upload({ format: 'csv' }).make(
      'insurance_stop',
      orders({ person: person({ name: '\u{20000}㐀某' }) }),
      NOW,
    );
    assert.equal(file.mediaType, 'text/csv; charset=gb18030');
    // 序号 in GB 2312: D0 F2 BA C5.
    assert.deepEqual([...file.bytes.subarray(0, 4)], [0xd0, 0xf2, 0xba, 0xc5]);
    const text = new TextDecoder('gb18030', { fatal: true }).decode(file.bytes);
    assert.match(text, /^序号,姓名,.*\r\n1,\u{20000}㐀某,居民身份证,11010519491231002X,222,/u);
  });

  it('has the same rows each time: nothing in them comes from a clock', async () => {
    const { make } = upload({ format: 'csv' });
    const [a, b] = await Promise.all(
      [NOW, new Date(0)].map((now) => make('insurance_stop', orders({}), now)),
    );
    assert.deepEqual(a?.bytes, b?.bytes);
  });
});

describe('batch-upload: filing', () => {
  it('is a person’s, with what to do', async () => {
    const outcome = await adapter().submit(makeFilingOrder(), makeCall());
    assert.ok(outcome.kind === 'manual');
    assert.match(outcome.instructions, /\/v1\/uploads/);
  });

  it('is refused when the form requires what the exit does not say', async () => {
    const templates = { labor_filing: { columns: [{ title: '联系电话', source: 'phone', required: true }] } };
    const call = makeCall();
    const outcome = await adapter({ templates }).submit(makeFilingOrder(), call);
    assert.ok(outcome.kind === 'refused');
    assert.equal(outcome.code, 'FIELD_MISSING');
    assert.match(outcome.message, /联系电话/);
    assert.doesNotMatch(JSON.stringify([outcome, call.lines]), /张某|11010519491231002X/);
  });
});

describe('batch-upload: settings', () => {
  const refused = (settings: Record<string, unknown>): readonly string[] =>
    (batchUpload.manifest.settings.strict().safeParse(settings).error?.issues ?? []).map(
      ({ path, message }) => `${path.join('.')} ${message}`,
    );
  const column = { title: '姓名', source: 'name' };
  const stop = (template: object) => ({ templates: { insurance_stop: template } });

  it('say what is wrong with them', () => {
    assert.deepEqual(refused({ max_rows: 0 }), ['max_rows must be 1 or more']);
    assert.deepEqual(refused(stop({ columns: [column, column] })), [
      'templates.insurance_stop.columns must have titles that differ',
    ]);
    assert.deepEqual(refused(stop({ sheet: 'a/b', columns: [column] })), [
      "templates.insurance_stop.sheet must be a sheet's name: 31 characters at most, none of * ? : \\ / [ ]",
    ]);
    assert.deepEqual(refused(stop({ columns: [{ title: '类型', source: 'constant' }] })), [
      'templates.insurance_stop.columns.0.text must be given with the source “constant”, and only then',
    ]);
    assert.match(
      refused(stop({ columns: [{ title: '类型', source: 'salary' }] })).join(),
      /must be one of row, serial/,
    );
  });
});
