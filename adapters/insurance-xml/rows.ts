/** One batch, settled row by row: what the rows together mean for the filing. Pure. */
import type { Outcome } from '../adapter.ts';
import { readDate } from '../format.ts';
import { INSURANCES, type Insurance } from './map.ts';
import { type Element, field } from './xml.ts';

interface RowResult {
  readonly insurance: Insurance;
  readonly code: string;
  readonly text: string;
  readonly due: string | undefined;
}

/** Already stopped, or already transferred, is what was wanted; the read-back compares the day. */
export const DONE: readonly string[] = ['0', 'ALREADY_DONE'];

/** `content` is a finished ProgressAnswer; row n is about `insurances[n - 1]`. */
export function rowsOutcome(content: Element, insurances: readonly Insurance[], receipt: string): Outcome {
  const rows = readRows(content, insurances);
  if (!rows) return { kind: 'unsure', reason: 'the result does not name every row exactly once' };
  const failed = rows.filter((row) => !DONE.includes(row.code));
  const [first] = failed;
  if (!first) return { kind: 'accepted', receipt };
  const message = [...failed.map(sentence), settledSentence(rows)].filter(Boolean).join('\n');
  const asked = failed.filter((row) => row.code === 'CORRECTION');
  if (asked.length === 0) {
    const code = failed.every((row) => row.code === first.code) ? first.code : 'ROW_ERROR';
    return { kind: 'refused', receipt, code, message };
  }
  // While one row can be put right the filing is not lost, so the refused rows travel with the correction.
  const due = asked.flatMap((row) => readDate(row.due ?? '') ?? []).sort()[0];
  const fields = failed.map((row) => ({ field: `AAE140=${row.insurance}`, message: sentence(row) }));
  return { kind: 'correction', receipt, code: 'CORRECTION', message, fields, ...(due ? { due } : {}) };
}

function readRows(content: Element, insurances: readonly Insurance[]): RowResult[] | undefined {
  const elements = content.children.filter((each) => each.name === 'Row');
  const rows = insurances.flatMap((insurance, at) => {
    const own = elements.filter((each) => each.attributes.no === String(at + 1));
    const [row] = own;
    const code = field(row, 'Code');
    if (!row || own.length !== 1 || !code) return [];
    const text = [field(row, 'Field'), field(row, 'Message')].filter(Boolean).join(': ');
    return [{ insurance, code, text, due: field(row, 'Due') }];
  });
  return rows.length === insurances.length && elements.length === rows.length ? rows : undefined;
}

const named = ({ insurance }: RowResult): string => `${insurance} ${INSURANCES[insurance].en}`;
const sentence = (row: RowResult): string => `${named(row)}: ${row.code}${row.text ? ` ${row.text}` : ''}`;

function settledSentence(rows: readonly RowResult[]): string {
  const settled = rows.filter((row) => DONE.includes(row.code));
  return settled.length === 0 ? '' : `settled: ${settled.map(named).join(', ')}`;
}
