/** Signals: risk facts of the working life that HR reports about an employee. */
import type { BusinessDate } from './words.ts';

/** What is reported. Each kind has a weight in the profile and words in risk-text.ts. */
export const SIGNAL_KINDS = [
  'violation',
  'customer_complaint',
  'disciplinary_decision',
  'audit_finding',
  'safety_incident',
  'data_handling_breach',
  'asset_discrepancy',
  'performance_drop',
  'attendance_anomaly',
  'training_missed',
  'contract_clause_acknowledged',
] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

/** Who in the firm found it, in their own work. */
export const SIGNAL_SOURCES = ['hr', 'compliance', 'audit', 'customer_service', 'training'] as const;
export type SignalSource = (typeof SIGNAL_SOURCES)[number];

/**
 * Stems of what belongs to private life. Nothing outside the two lists above is taken anyway; what has such a stem is
 * refused with the reason, so that nobody looks for another spelling (PIPL §6 minimisation, §13 not necessary for
 * managing the employment, §28 sensitive data).
 */
const PRIVATE_STEMS = [
  'social',
  'wechat',
  'weixin',
  'weibo',
  'qq',
  'whatsapp',
  'instagram',
  'twitter',
  'linkedin',
  'douyin',
  'tiktok',
  'xiaohongshu',
  'moments',
  'private',
  'personal',
  'chat',
  'message',
  'mailbox',
  'browsing',
  'phone',
  'location',
  'gps',
  'camera',
  'biometric',
  'face',
  'health',
  'medical',
  'pregnan',
  'family',
  'marital',
  'religio',
  'politic',
  'ethnic',
  'bank_account',
  'credit_card',
];
const PRIVATE_WORDS = [
  '微信',
  '微博',
  '抖音',
  '小红书',
  '朋友圈',
  '社交',
  '私人',
  '私聊',
  '聊天',
  '定位',
  '健康',
];

/** True for a kind or source that names private life or social media. */
export function isPrivate(word: string): boolean {
  const plain = word.toLowerCase().replace(/[\s-]+/g, '_');
  return (
    PRIVATE_STEMS.some(
      (stem) => plain.split('_').some((part) => part.startsWith(stem)) || plain.startsWith(stem),
    ) || PRIVATE_WORDS.some((each) => word.includes(each))
  );
}

/** What evidence there is; the evidence itself stays with the firm. */
export interface Evidence {
  readonly title: string;
  readonly reference?: string;
  readonly sha256?: string;
}

export interface Signal {
  readonly id: string;
  readonly externalId: string;
  readonly employeeExternalId: string;
  readonly kind: SignalKind;
  readonly occurredOn: BusinessDate;
  /** Yuan with two decimals. */
  readonly amount?: string;
  readonly source: SignalSource;
}

/** The personal part of a signal: encrypted at rest under the employee's key. */
export interface SignalSecret {
  readonly summary: string;
  readonly evidence: readonly Evidence[];
}
