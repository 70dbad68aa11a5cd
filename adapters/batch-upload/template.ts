/**
 * The agency's spreadsheet as data: columns, formats, code tables; and what its result sheet is called by. The defaults are
 * our own composition of what city forms have in common (version 1), to be replaced by the city's own form.
 */
import { z } from 'zod';
import { RECEIPTS_PER } from '../../src/domain/upload-receipts.ts';
import { PERSONS_BY } from '../../src/domain/uploads.ts';
import { type FilingKind, ID_TYPES } from '../../src/domain/words.ts';
import { INSURANCE_REASONS, LABOR_REASONS, REASON_TEXTS, reasonTable } from './reasons.ts';

/** What a cell can show. `constant` shows the column's own text. */
export const SOURCES = [
  'row',
  'serial',
  'name',
  'id_type',
  'id_number',
  'phone',
  'address',
  'employer_name',
  'employer_uscc',
  'region',
  'post',
  'contract_type',
  'contract_start',
  'contract_end',
  'reason',
  'reason_text',
  'notice_date',
  'last_attendance_date',
  'exit_date',
  'insurance_end_month',
  'constant',
] as const;
export type Source = (typeof SOURCES)[number];

export const DATE_FORMATS = ['yyyy-MM-dd', 'yyyyMMdd', 'yyyy/MM/dd', 'yyyy.MM.dd', 'yyyy年MM月dd日'] as const;
export const MONTH_FORMATS = ['yyyyMM', 'yyyy-MM', 'yyyy/MM', 'yyyy年MM月'] as const;

const title = z
  .string()
  .trim()
  .min(1, 'must be the title of a column')
  .max(100, 'must be 100 characters at most');

const columnSchema = z
  .strictObject({
    title,
    source: z.enum(SOURCES, `must be one of ${SOURCES.join(', ')}`),
    text: z.string().max(200, 'must be 200 characters at most').optional(),
    required: z.boolean('must be true or false').default(false),
  })
  .refine(({ source, text }) => (source === 'constant') === (text !== undefined), {
    path: ['text'],
    error: 'must be given with the source “constant”, and only then',
  });
export type Column = z.output<typeof columnSchema>;

export const templateSchema = z
  .strictObject({
    sheet: z
      .string()
      .regex(
        /^(?!')[^*?:\\/[\]]{1,31}(?<!')$/,
        "must be a sheet's name: 31 characters at most, none of * ? : \\ / [ ]",
      )
      .default('Sheet1'),
    header_row: z
      .int('must be the number of a row')
      .min(1, 'must be 1 or more')
      .max(20, 'must be 20 at most')
      .default(1),
    columns: z.array(columnSchema).min(1, 'must name a column').max(60, 'must name 60 columns at most'),
  })
  .refine(({ columns }) => new Set(columns.map((each) => each.title)).size === columns.length, {
    path: ['columns'],
    error: 'must have titles that differ',
  });
export type Template = z.output<typeof templateSchema>;

const column = (named: string, source: Source, required = true): Column => ({
  title: named,
  source,
  required,
});
const PERSON = [
  column('序号', 'row'),
  column('姓名', 'name'),
  column('证件类型', 'id_type'),
  column('证件号码', 'id_number'),
];

/** Kind → form. The sheet's titles say what the agency's own forms say in most cities. */
export const TEMPLATES: Readonly<Record<FilingKind, Template>> = {
  labor_filing: {
    sheet: '解除终止劳动合同备案',
    header_row: 1,
    columns: [
      ...PERSON,
      column('岗位', 'post'),
      column('合同起始日期', 'contract_start'),
      column('合同终止日期', 'contract_end', false),
      column('解除终止日期', 'exit_date'),
      column('解除终止原因代码', 'reason'),
      column('解除终止原因', 'reason_text'),
      column('联系电话', 'phone', false),
    ],
  },
  insurance_stop: {
    sheet: '人员减少',
    header_row: 1,
    columns: [
      ...PERSON,
      column('减少原因代码', 'reason'),
      column('减少原因', 'reason_text'),
      column('离职日期', 'exit_date'),
      column('停保年月', 'insurance_end_month'),
    ],
  },
  insurance_transfer: {
    sheet: '关系转出',
    header_row: 1,
    columns: [
      ...PERSON,
      column('转出日期', 'exit_date'),
      column('缴费截止年月', 'insurance_end_month'),
      column('参保地区划代码', 'region'),
    ],
  },
  credit_update: {
    sheet: '执业登记注销',
    header_row: 1,
    columns: [
      ...PERSON,
      column('机构名称', 'employer_name'),
      column('统一社会信用代码', 'employer_uscc'),
      column('岗位', 'post'),
      column('离职日期', 'exit_date'),
      column('离职原因', 'reason_text'),
    ],
  },
};

const code = (standard: string) =>
  z.string().min(1, 'must be a code').max(60, 'must be 60 characters at most').default(standard);
const names = (...standard: string[]) =>
  z.array(title).min(1, 'must name at least one').max(20, 'must name 20 at most').default(standard);

/** What the columns of the result sheet are called, and how it says yes and no. The first that is found counts. */
export const resultsSchema = z
  .strictObject({
    row: names('序号', '行号'),
    serial: names('单位流水号', '外部流水号'),
    name: names('姓名', '职工姓名', '人员姓名'),
    id_number: names('证件号码', '身份证号', '身份证号码', '公民身份号码', '社会保障号码', '社会保障号'),
    outcome: names('处理结果', '办理结果', '校验结果', '审核结果', '处理状态', '结果'),
    receipt: names('受理编号', '业务流水号', '受理号', '回执号', '流水号'),
    code: names('错误代码', '失败代码', '原因代码'),
    message: names('失败原因', '错误信息', '错误原因', '退回原因', '处理说明'),
    accepted: names('成功', '通过', '已通过', '审核通过', '办理成功', '处理成功', '办结'),
    rejected: names('失败', '不通过', '未通过', '审核不通过', '退回', '处理失败', '办理失败'),
    pending: names('处理中', '审核中', '待审核', '待处理', '已受理'),
  })
  .prefault({});
export type ResultNames = z.output<typeof resultsSchema>;

export const settingsSchema = z.object({
  format: z
    .enum(['xlsx', 'csv'], 'must be xlsx or csv')
    .default('xlsx')
    .describe('The file that the agency takes'),
  encoding: z
    .enum(['utf-8', 'gb18030'], 'must be utf-8 or gb18030')
    .default('gb18030')
    .describe('Of a CSV file'),
  max_rows: z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(1000, 'must be 1000 at most')
    .default(500)
    .describe('Rows per file at most; the rest goes into the next'),
  two_person: z
    .boolean('must be true or false')
    .default(false)
    .describe('A second person confirms a file before its results are taken'),
  persons_by: z
    .enum(PERSONS_BY, 'must be key or name')
    .default('key')
    .describe(
      'How the two persons are told apart: each by an API key of their own, or by names that your system vouches for',
    ),
  receipts: z
    .enum(RECEIPTS_PER, 'must be row or file')
    .default('row')
    .describe('What the agency gives a receipt number: each row, or a whole file'),
  date_format: z
    .enum(DATE_FORMATS, `must be one of ${DATE_FORMATS.join(', ')}`)
    .default('yyyy-MM-dd')
    .describe('How dates are written'),
  month_format: z
    .enum(MONTH_FORMATS, `must be one of ${MONTH_FORMATS.join(', ')}`)
    .default('yyyyMM')
    .describe('How months are written'),
  templates: z
    .strictObject({
      labor_filing: templateSchema.default(TEMPLATES.labor_filing),
      insurance_stop: templateSchema.default(TEMPLATES.insurance_stop),
      insurance_transfer: templateSchema.default(TEMPLATES.insurance_transfer),
      credit_update: templateSchema.default(TEMPLATES.credit_update),
    })
    .prefault({})
    .describe('The form of each kind of filing'),
  reasons: z
    .strictObject({
      labor_filing: reasonTable(LABOR_REASONS),
      insurance: reasonTable(INSURANCE_REASONS),
      text: reasonTable(REASON_TEXTS),
    })
    .prefault({})
    .describe('Codes and words of the canonical reasons'),
  id_types: z
    .strictObject(
      Object.fromEntries(
        ID_TYPES.map((type) => [
          type,
          code({ resident_id: '居民身份证', hmt_permit: '港澳台居民居住证', passport: '护照' }[type]),
        ]),
      ) as Record<(typeof ID_TYPES)[number], z.ZodDefault<z.ZodString>>,
    )
    .prefault({})
    .describe('What identity documents are called'),
  contract_types: z
    .strictObject({
      fixed_term: code('固定期限'),
      open_ended: code('无固定期限'),
      task: code('以完成一定工作任务为期限'),
    })
    .prefault({})
    .describe('What kinds of contract are called'),
  results: resultsSchema.describe('Titles and words of the result sheet'),
});
export type Settings = z.output<typeof settingsSchema>;
