/** Examples of the documentation about risk: synthetic, scored as the profile `general` scores. */
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

const assessment = {
  employee_external_id: 'E-1024',
  profile: 'general',
  assessed_at: AT,
  score: 60,
  level: 'high' as const,
  thresholds: { elevated: 30, high: 60 },
  text: {
    en: 'On record: 3 violations, with customer losses of 150000 yuan: an in-depth review is needed.',
    zh: '该员工存在3次违规记录，涉及客户损失150000元，需重点审核',
  },
  reasons: [
    {
      code: 'violation' as const,
      title: { en: 'violations', zh: '违规记录' },
      count: 3,
      amount: '150000.00',
      points: 60,
      since: '2026-06-14',
      facts: ['s1', 's2', 's3'].map((end) => ({ id: signalId(end), points: 20 })),
    },
  ],
};

export const riskExample = { ...assessment, signals: [signalSummaryExample] };
export const exitAssessmentExample = { exit_id: 'exit_01kdq8r4v5e7yb2m9xw3hj6ne1', ...assessment };
