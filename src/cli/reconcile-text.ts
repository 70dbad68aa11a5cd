/** What `exitgate reconcile` prints: one block for each connection, in one of the two languages. */
import type { FindingKind } from '../domain/findings.ts';
import { incompleteText } from '../domain/incomplete.ts';
import type { FilingKind } from '../domain/words.ts';
import { fill, type Language, type Words } from '../language.ts';
import type { StoredFinding } from '../store/findings.ts';
import type { StoredRun } from '../store/runs.ts';

const KINDS: Readonly<Record<FindingKind, Words>> = {
  filed_elsewhere: { en: 'filed elsewhere', zh: '非本系统申报' },
  missing_there: { en: 'missing there', zh: '经办机构无记录' },
  state_differs: { en: 'state differs', zh: '状态不一致' },
  still_enrolled: { en: 'still enrolled', zh: '离职后仍在册' },
  identity_differs: { en: 'identity differs', zh: '同名不同号' },
};
const FILINGS: Readonly<Record<FilingKind, Words>> = {
  labor_filing: { en: 'labour filing', zh: '用工备案' },
  insurance_stop: { en: 'insurance stop', zh: '社保停保' },
  insurance_transfer: { en: 'insurance transfer', zh: '社保转移' },
  credit_update: { en: 'credit update', zh: '执业登记' },
};
const COLUMNS: readonly Words[] = [
  { en: 'finding', zh: '差异' },
  { en: 'kind', zh: '类型' },
  { en: 'filing', zh: '业务' },
  { en: 'exit date', zh: '离职日期' },
  { en: 'ours', zh: '我方' },
  { en: 'theirs', zh: '对方' },
  { en: 'receipt', zh: '回执' },
  { en: 'exit', zh: '离职单' },
];
const HEAD: Words = {
  en: '{name} ({adapter}, {organisation}, {data}): {listed} filings there, {enrolled} people, {compared} of ours',
  zh: '{name}（{adapter}，{organisation}，{data}）：对方申报 {listed} 条、在册 {enrolled} 人，我方申报 {compared} 条',
};
const DATA = {
  live: { en: 'live', zh: '正式' },
  sandbox: { en: 'sandbox', zh: '沙箱' },
} satisfies Record<string, Words>;
const AGREES: Words = { en: '  in agreement', zh: '  一致' };
const INCOMPLETE: Words = {
  en: '  incomplete, so that nothing is called missing: {reason}',
  zh: '  核对未完成，故不判定缺失：{reason}',
};

export interface Reconciled {
  readonly connection: { readonly name: string; readonly adapter: string };
  readonly organisation: string;
  readonly sandbox: boolean;
  readonly run: StoredRun;
  /** Open ones. */
  readonly findings: readonly StoredFinding[];
}

/** Names and numbers stay where they are: whoever may see them asks the API. */
export function reconciledText(
  { connection, organisation, sandbox, run, findings }: Reconciled,
  language: Language,
): string[] {
  const { listed, enrolled, compared } = run.counts ?? { listed: 0, enrolled: 0, compared: 0 };
  const slots = {
    ...connection,
    organisation,
    data: DATA[sandbox ? 'sandbox' : 'live'],
    listed,
    enrolled,
    compared,
  };
  const head = fill(HEAD[language], slots, language);
  const incomplete =
    run.state === 'complete' ? [] : [fill(INCOMPLETE[language], { reason: whyNot(run) }, language)];
  if (findings.length === 0) return [head, ...(incomplete.length > 0 ? incomplete : [AGREES[language]])];
  const table = findings.map(({ id, facts }) => [
    id,
    KINDS[facts.kind][language],
    FILINGS[facts.filingKind][language],
    facts.on ?? '–',
    facts.ours ?? '–',
    facts.theirs ?? '–',
    facts.receipt ?? '–',
    facts.exitId ?? '–',
  ]);
  return [head, ...incomplete, ...aligned([COLUMNS.map((column) => column[language]), ...table])];
}

const whyNot = ({ reason, state }: StoredRun): string | Words =>
  reason === undefined ? state : incompleteText(reason);

/** Chinese characters stand on two columns of a terminal. */
const width = (text: string) =>
  [...text].reduce((sum, each) => sum + (/[\u2e80-\u9fff\uff00-\uffef]/.test(each) ? 2 : 1), 0);

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => width(row[at] ?? ''))));
  return rows.map((row) =>
    `  ${row.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - width(cell))).join('  ')}`.trimEnd(),
  );
}
