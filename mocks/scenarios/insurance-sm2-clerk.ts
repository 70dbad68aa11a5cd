// The stories of the second city's insurance agency that its clerk writes. Codes and magic numbers are public: neither is given to another story.
import type { Scenario } from '../kernel/scenario.ts';

const agency = 'insurance-sm2';
const change = ['fileChange'] as const;

export const INSURANCE_SM2_CLERK: readonly Scenario[] = [
  {
    code: 'SM2.ACCEPTED',
    agency,
    magic: 83,
    operations: change,
    proves: {
      en: 'A callback is taken for news, the change is asked about, and the read-back is asked for.',
      zh: '收到回调后能主动查询办理结果，并回查确认。',
    },
    clerk: [{ decision: 'accept' }],
    example: {
      en: 'state 40, every item OK; persons/state: 2',
      zh: 'state 为 40，各险种均为 OK；persons/state 返回 2',
    },
  },
  {
    code: 'SM2.CORRECTION_REQUESTED',
    agency,
    magic: 84,
    operations: change,
    proves: {
      en: 'A correction reaches a person, and the amendment goes out under a new serial to the same receipt.',
      zh: '能将补正要求转给经办人，并以新流水号对同一受理号补正。',
    },
    clerk: [
      { decision: 'correction', field: 'materials', reason: 'the certificate is missing (缺少离职证明)' },
    ],
    example: { en: 'state 30 { materials }; after amend: 40', zh: 'state 为 30 { materials }；补正后为 40' },
  },
  {
    code: 'SM2.REJECTED',
    agency,
    magic: 85,
    operations: change,
    proves: {
      en: 'A rejection is final: it is told, and not sent again.',
      zh: '不予办理为终局结果：如实告知，不重复提交。',
    },
    clerk: [{ decision: 'reject', reason: 'arrears are unpaid (存在欠费)' }],
    example: { en: 'state 50, REJECTED_BY_REVIEW', zh: 'state 为 50，代码 REJECTED_BY_REVIEW' },
  },
  {
    code: 'SM2.REVIEW_SLOW',
    agency,
    magic: 86,
    operations: change,
    proves: {
      en: 'A review of ten days is waited for by callback, not by asking every minute.',
      zh: '审核长达十日时等待回调，不频繁轮询。',
    },
    clerk: [{ decision: 'accept', after: 'P10D' }],
    example: { en: '10, from the fifth day 20, on the tenth 40', zh: '先为 10，第五日起为 20，第十日为 40' },
  },
  {
    code: 'SM2.HELD',
    agency,
    magic: 87,
    operations: change,
    proves: {
      en: 'A change on which nothing moves is noticed, and a person is told.',
      zh: '长期无进展的业务能被发现并提醒人工。',
    },
    clerk: [{ decision: 'hold' }],
    example: {
      en: 'state stays 20 until somebody decides at the desk',
      zh: 'state 一直为 20，直至有人在经办台处理',
    },
  },
  {
    code: 'SM2.LOST',
    agency,
    magic: 88,
    operations: change,
    proves: {
      en: 'A serial that the agency no longer knows is looked into, not taken for done.',
      zh: '机构查无流水号时应核查，不视为办结。',
    },
    clerk: [{ decision: 'lose' }],
    example: {
      en: 'NOT_FOUND, and no callback; the serial may be used again',
      zh: '返回 NOT_FOUND，且无回调；该流水号可再次使用',
    },
  },
  {
    code: 'SM2.ANNULLED',
    agency,
    magic: 89,
    operations: change,
    proves: {
      en: 'What was finished may be taken back: a late callback or reconciliation finds it.',
      zh: '已办结的业务可能被撤销：可由迟到的回调或对账发现。',
    },
    clerk: [{ decision: 'accept' }],
    afterwards: { decision: 'annul', after: 'P3D', reason: 'annulled on review (复核后撤销)' },
    example: {
      en: '40; three days later 50 ANNULLED, persons/state: 1',
      zh: '先为 40；三日后为 50 ANNULLED，persons/state 返回 1',
    },
  },
];
