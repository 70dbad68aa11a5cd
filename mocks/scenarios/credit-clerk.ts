// The stories of the credit agency that its clerk writes. Codes and magic numbers are public: neither is given to another story.
import type { Scenario } from '../kernel/scenario.ts';

const agency = 'credit';
const change = ['submitRegistrationChange'] as const;

export const CREDIT_CLERK: readonly Scenario[] = [
  {
    code: 'CRD.ACCEPTED',
    agency,
    magic: 61,
    operations: change,
    proves: {
      en: 'The change is followed to its end, and the read-back is asked for.',
      zh: '能跟进变更直至办结，并回查确认。',
    },
    clerk: [{ decision: 'accept' }],
    example: 'state concluded; practitioners/query: cancelled',
  },
  {
    code: 'CRD.CORRECTION_REQUESTED',
    agency,
    magic: 62,
    operations: change,
    proves: {
      en: 'A correction reaches a person, and the amendment goes out under a new serial to the same receipt.',
      zh: '能将补正要求转给经办人，并以新流水号对同一受理号补正。',
    },
    clerk: [
      { decision: 'correction', field: 'supplements', reason: 'the certificate is missing (缺少离职证明)' },
    ],
    example: 'state correction_requested { supplements }; after PATCH: concluded',
  },
  {
    code: 'CRD.CORRECTION_TWICE',
    agency,
    magic: 63,
    operations: change,
    proves: {
      en: 'A second correction of the same change is no surprise.',
      zh: '同一变更被再次要求补正时也能处理。',
    },
    clerk: [
      { decision: 'correction', field: 'supplements', reason: 'the certificate is missing (缺少离职证明)' },
      {
        decision: 'correction',
        field: 'reason',
        reason: 'the reason differs from the certificate (原因与证明不一致)',
      },
    ],
    example: 'correction_requested { supplements }, then { reason }, then concluded',
  },
  {
    code: 'CRD.CORRECTION_OVERDUE',
    agency,
    magic: 64,
    operations: change,
    proves: {
      en: 'A correction with one day to answer is told in time, and its end is noticed.',
      zh: '期限仅一天的补正能及时提醒，逾期能发现。',
    },
    clerk: [
      {
        decision: 'correction',
        due: 'P1D',
        field: 'supplements',
        reason: 'answer by tomorrow (请于次日前补正)',
      },
    ],
    example: 'due tomorrow; after it: rejected CORRECTION_OVERDUE',
  },
  {
    code: 'CRD.REJECTED',
    agency,
    magic: 65,
    operations: change,
    proves: {
      en: 'A rejection is final: it is told, and not sent again.',
      zh: '不予办理为终局结果：如实告知，不重复提交。',
    },
    clerk: [{ decision: 'reject', reason: 'an investigation is open (存在在办调查)' }],
    example: 'state rejected, REJECTED_BY_REVIEW',
  },
  {
    code: 'CRD.REJECTED_AFTER_CORRECTION',
    agency,
    magic: 66,
    operations: change,
    proves: { en: 'An amendment may still be rejected.', zh: '补正之后仍可能被退回。' },
    clerk: [
      { decision: 'correction', field: 'supplements', reason: 'the certificate is missing (缺少离职证明)' },
      {
        decision: 'reject',
        code: 'SUPPLEMENT_INSUFFICIENT',
        reason: 'it does not suffice (补正材料不符合要求)',
      },
    ],
    example: 'correction_requested, PATCH, then rejected SUPPLEMENT_INSUFFICIENT',
  },
  {
    code: 'CRD.ACCEPTED_WITH_WARNING',
    agency,
    magic: 67,
    operations: change,
    proves: {
      en: 'A warning on a concluded change is kept, and does not make it a failure.',
      zh: '附提示的办结结果能保留提示，且不误判为失败。',
    },
    clerk: [
      {
        decision: 'accept',
        code: 'FILED_LATE',
        reason: 'filed later than ten working days (超过十个工作日)',
      },
    ],
    example: 'state concluded with code FILED_LATE',
  },
  {
    code: 'CRD.REVIEW_SLOW',
    agency,
    magic: 68,
    operations: change,
    proves: {
      en: 'A review of twenty days is followed patiently and cheaply.',
      zh: '审核长达二十日时，能耐心且低成本地跟进。',
    },
    clerk: [{ decision: 'accept', after: 'P20D' }],
    example: 'received, in_review from the tenth day, concluded on the twentieth',
  },
  {
    code: 'CRD.CONCLUDED_AT_ONCE',
    agency,
    magic: 69,
    operations: change,
    proves: {
      en: 'A change that is concluded before the client asks the first time; a withdrawal comes too late.',
      zh: '首次查询前已办结；此时撤回已晚。',
    },
    clerk: [{ decision: 'accept', after: 'PT0S' }],
    example: 'first read: concluded; withdrawal: WITHDRAW_TOO_LATE',
  },
  {
    code: 'CRD.HELD',
    agency,
    magic: 70,
    operations: change,
    proves: {
      en: 'A change on which nothing moves is noticed, and a person is told.',
      zh: '长期无进展的变更能被发现并提醒人工。',
    },
    clerk: [{ decision: 'hold' }],
    example: 'state stays in_review until somebody decides at the desk',
  },
  {
    code: 'CRD.LOST',
    agency,
    magic: 71,
    operations: change,
    proves: {
      en: 'A serial that the agency no longer knows is looked into, not taken for done.',
      zh: '机构查无流水号时应核查，不视为办结。',
    },
    clerk: [{ decision: 'lose' }],
    example: 'read: 404 NOT_FOUND; the serial may be used again',
  },
  {
    code: 'CRD.ANNULLED',
    agency,
    magic: 72,
    operations: change,
    proves: {
      en: 'What was concluded may be taken back: reconciliation finds it.',
      zh: '已办结的变更可能被撤销：对账能发现。',
    },
    clerk: [{ decision: 'accept' }],
    afterwards: { decision: 'annul', after: 'P3D', reason: 'annulled on review (复核后撤销)' },
    example: 'concluded; three days later rejected ANNULLED, practitioners/query: registered',
  },
];
