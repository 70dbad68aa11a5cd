/** A city without an API: filings are collected into the agency's spreadsheet, which a person uploads there. */
import type { Adapter, AdapterEntry, FilingOrder, Manifest, Outcome } from '../adapter.ts';
import { writeCsv } from './csv.ts';
import { cellsOf, lacking, templateOf } from './map.ts';
import { resultsOf } from './results.ts';
import { MEDIA_TYPES, readSheet, writeXlsx } from './sheet.ts';
import { type Settings, settingsSchema } from './template.ts';

/** Lines of a result sheet: the rows of a file, and whatever stands above and below them. */
const MOST_LINES = 5000;

const manifest: Manifest = {
  name: 'batch-upload',
  title: { en: 'Upload of a spreadsheet', zh: '表格批量上传' },
  protocol: 'XLSX or CSV, uploaded by a person at the agency',
  kinds: ['labor_filing', 'insurance_stop', 'insurance_transfer', 'credit_update'],
  regions: ['*'],
  personFields: ['name', 'id_type', 'id_number', 'phone', 'address'],
  settings: settingsSchema,
  withdraws: [],
  amends: [],
  capabilities: ['upload'],
  concurrency: 4,
  timeout: 10,
};

function create(given: unknown): Adapter {
  const settings: Settings = settingsSchema.parse(given);
  return {
    submit: async (filing) => outcomeOf(filing, settings),
    upload: {
      maxRows: settings.max_rows,
      twoPerson: settings.two_person,
      personsBy: settings.persons_by,
      receiptsPer: settings.receipts,
      lacks: (order) => lacking(order, settings),
      async make(kind, orders, now) {
        const template = templateOf(settings, kind);
        const rows = orders.map((each) => cellsOf(each, settings));
        const { format, encoding } = settings;
        return format === 'xlsx'
          ? { mediaType: MEDIA_TYPES.xlsx, extension: 'xlsx', bytes: await writeXlsx(template, rows, now) }
          : {
              mediaType: `${MEDIA_TYPES.csv}; charset=${encoding}`,
              extension: 'csv',
              bytes: writeCsv(template, rows, encoding),
            };
      },
      async read(sheet) {
        const lines = await readSheet(sheet, MOST_LINES);
        if (lines === undefined) return { kind: 'faulty', faults: [{ kind: 'unreadable' }] };
        if (lines === 'too_large')
          return { kind: 'faulty', faults: [{ kind: 'too_large', rows: MOST_LINES }] };
        return resultsOf(lines, settings.results);
      },
    },
  };
}

/** Nothing is sent: what can go into the form waits for its file, what cannot is refused before anybody uploads it. */
function outcomeOf(filing: FilingOrder, settings: Settings): Outcome {
  const lacks = lacking(filing, settings);
  if (lacks.length > 0)
    return {
      kind: 'refused',
      code: 'FIELD_MISSING',
      message: `The agency’s form requires ${lacks.join(', ')}. 表格必填项缺失：${lacks.join('、')}。`,
    };
  return {
    kind: 'manual',
    instructions:
      'The filing goes into the agency’s spreadsheet: make the file at /v1/uploads, upload it at the agency, and bring the results back. 请在 /v1/uploads 生成申报表格，上传至经办机构后回传处理结果。',
  };
}

export const batchUpload: AdapterEntry = { manifest, create };
