/** Examples of the documentation about risk: synthetic, and made by the rules themselves. */
import { assess } from '../domain/risk.ts';
import { DEFAULT_RISK_RULES } from '../domain/risk-rules.ts';
import { titleOf } from '../domain/risk-text.ts';
import { ID_PREFIXES } from '../ids.ts';

const signalId = (end: string) => `${ID_PREFIXES.signal}_01kdq8r4v5e7yb2m9xw3hj6n${end}`;
const AT = '2026-10-26T02:00:00.000Z';

export const signalDraftExample = {
  external_id: 'V-2026-0031',
  employee_external_id: 'E-1024',
  kind: 'violation' as const,
  occurred_on: '2026-08-14',
  amount: '50000.00',
  summary: '私下接受客户委托买卖证券',
  evidence: [{ title: '合规检查报告', reference: 'DMS-3307' }],
  source: 'compliance' as const,
  profile: 'general',
};

export const signalSummaryExample = {
  id: signalId('s1'),
  external_id: 'V-2026-0031',
  employee_external_id: 'E-1024',
  kind: 'violation' as const,
  occurred_on: '2026-08-14',
  amount: '50000.00',
  source: 'compliance' as const,
  created_at: AT,
};

export const signalExample = {
  ...signalSummaryExample,
  summary: '私下接受客户委托买卖证券',
  evidence: [{ title: '合规检查报告', reference: 'DMS-3307', sha256: null }],
};

const { score, level, text, reasons } = assess(
  ['s1', 's2', 's3'].map((end, index) => ({
    id: signalId(end),
    code: 'violation' as const,
    on: `2026-0${8 - index}-14`,
    amount: '50000.00',
  })),
  DEFAULT_RISK_RULES,
  new Date(AT),
);
const assessment = {
  employee_external_id: 'E-1024',
  profile: 'general',
  assessed_at: AT,
  score,
  level,
  thresholds: DEFAULT_RISK_RULES.thresholds,
  text: { en: text.en, zh: text.zh },
  reasons: reasons.map(({ code, count, amount, points, since, facts }) => ({
    code,
    title: titleOf(code),
    count,
    amount: amount ?? null,
    points,
    since,
    facts: facts.map((fact) => ({ id: fact.id, points: fact.points })),
  })),
};

export const riskExample = { ...assessment, signals: [signalSummaryExample] };
export const exitAssessmentExample = { exit_id: 'exit_01kdq8r4v5e7yb2m9xw3hj6ne1', ...assessment };
