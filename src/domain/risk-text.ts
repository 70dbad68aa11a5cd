/** The sentence of an assessment, made from its data alone, in both languages. */
import type { RiskCode, RiskLevel } from './risk-rules.ts';

export interface RiskText {
  readonly en: string;
  readonly zh: string;
}

/** Of a reason, what is said. */
interface Said {
  readonly code: RiskCode;
  readonly count: number;
  readonly amount?: string;
  readonly points: number;
}

interface Noun {
  /** One, many. */
  readonly en: readonly [string, string];
  readonly zh: string;
  /** What an amount of this kind is. */
  readonly amount: RiskText;
}

const LOSS: RiskText = { en: 'customer losses of', zh: '客户损失' };
const CLAIM: RiskText = { en: 'claims of', zh: '主张金额' };
const VALUE: RiskText = { en: 'a value of', zh: '金额' };

const NOUNS: Readonly<Record<RiskCode, Noun>> = {
  violation: { en: ['violation', 'violations'], zh: '次违规记录', amount: LOSS },
  customer_complaint: { en: ['customer complaint', 'customer complaints'], zh: '次客户投诉', amount: CLAIM },
  disciplinary_decision: {
    en: ['disciplinary decision', 'disciplinary decisions'],
    zh: '次纪律处分',
    amount: LOSS,
  },
  audit_finding: { en: ['audit finding', 'audit findings'], zh: '项审计发现', amount: VALUE },
  safety_incident: { en: ['safety incident', 'safety incidents'], zh: '起安全事故', amount: VALUE },
  data_handling_breach: {
    en: ['breach of data handling rules', 'breaches of data handling rules'],
    zh: '次数据违规',
    amount: VALUE,
  },
  asset_discrepancy: { en: ['asset discrepancy', 'asset discrepancies'], zh: '项资产不符', amount: VALUE },
  performance_drop: { en: ['drop in performance', 'drops in performance'], zh: '次绩效下滑', amount: VALUE },
  attendance_anomaly: { en: ['attendance anomaly', 'attendance anomalies'], zh: '次考勤异常', amount: VALUE },
  training_missed: { en: ['missed training', 'missed trainings'], zh: '次培训缺席', amount: VALUE },
  contract_clause_acknowledged: {
    en: ['acknowledged contract clause', 'acknowledged contract clauses'],
    zh: '项已确认的合同条款',
    amount: VALUE,
  },
  open_dispute: { en: ['unsettled dispute', 'unsettled disputes'], zh: '起未处理的纠纷', amount: CLAIM },
};

const ADVICE: Readonly<Record<RiskLevel, RiskText>> = {
  low: { en: 'no special review is needed', zh: '无需特别审核' },
  elevated: { en: 'a closer look is advised', zh: '需予以关注' },
  high: { en: 'an in-depth review is needed', zh: '需重点审核' },
};

/** Names the reasons that count: what weighs nothing is in the data, not in the sentence. */
export function textOf(reasons: readonly Said[], level: RiskLevel): RiskText {
  const counting = reasons.filter(({ points }) => points > 0);
  const { en, zh } = ADVICE[level];
  if (counting.length === 0)
    return { en: `Nothing on record counts as a risk: ${en}.`, zh: `该员工无计分的风险记录，${zh}` };
  return {
    en: `On record: ${counting.map(english).join('; ')}: ${en}.`,
    zh: `该员工存在${counting.map(chinese).join('；')}，${zh}`,
  };
}

/** What a reason is called, without its number. */
export function titleOf(code: RiskCode): RiskText {
  const { en, zh } = NOUNS[code];
  return { en: en[1], zh: zh.slice(1) };
}

function english({ code, count, amount }: Said): string {
  const { en, amount: what } = NOUNS[code];
  const money = amount === undefined ? '' : `, with ${what.en} ${yuan(amount)} yuan`;
  return `${count} ${en[count === 1 ? 0 : 1]}${money}`;
}

function chinese({ code, count, amount }: Said): string {
  const { zh, amount: what } = NOUNS[code];
  return `${count}${zh}${amount === undefined ? '' : `，涉及${what.zh}${yuan(amount)}元`}`;
}

const yuan = (amount: string) => amount.replace(/\.00$/, '');
