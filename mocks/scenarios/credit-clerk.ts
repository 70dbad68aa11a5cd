// The stories of the credit agency that its clerk writes. Codes and magic numbers are public: neither is given to another story.
import { correction, reject, storiesOf } from './clerk-stories.ts';

const change = ['submitRegistrationChange'];

export const CREDIT_CLERK = storiesOf('credit', change, [
  {
    code: 'CRD.ACCEPTED',
    magic: 61,
    proves: {
      en: 'The change is followed to its end, and the read-back is asked for.',
      zh: '能跟进变更直至办结，并回查确认。',
    },
    clerk: [{ decision: 'accept' }],
    example: {
      en: 'state concluded; practitioners/query: cancelled',
      zh: 'state 为 concluded；practitioners/query 返回 cancelled',
    },
  },
  {
    code: 'CRD.CORRECTION_REQUESTED',
    magic: 62,
    proves: {
      en: 'A correction reaches a person, and the amendment goes out under a new serial to the same receipt.',
      zh: '能将补正要求转给经办人，并以新流水号对同一受理号补正。',
    },
    clerk: [correction('supplements', 'the certificate is missing (缺少离职证明)')],
    example: {
      en: 'state correction_requested { supplements }; after PATCH: concluded',
      zh: 'state 为 correction_requested { supplements }；PATCH 补正后为 concluded',
    },
  },
  {
    code: 'CRD.CORRECTION_TWICE',
    magic: 63,
    proves: {
      en: 'A second correction of the same change is no surprise.',
      zh: '同一变更被再次要求补正时也能处理。',
    },
    clerk: [
      correction('supplements', 'the certificate is missing (缺少离职证明)'),
      correction('reason', 'the reason differs from the certificate (原因与证明不一致)'),
    ],
    example: {
      en: 'correction_requested { supplements }, then { reason }, then concluded',
      zh: '先 correction_requested { supplements }，再 { reason }，最后 concluded',
    },
  },
  {
    code: 'CRD.CORRECTION_OVERDUE',
    magic: 64,
    proves: {
      en: 'A correction with one day to answer is told in time, and its end is noticed.',
      zh: '期限仅一天的补正能及时提醒，逾期能发现。',
    },
    clerk: [correction('supplements', 'answer by tomorrow (请于次日前补正)', { due: 'P1D' })],
    example: {
      en: 'due tomorrow; after it: rejected CORRECTION_OVERDUE',
      zh: '次日到期；逾期后为 rejected CORRECTION_OVERDUE',
    },
  },
  {
    code: 'CRD.REJECTED',
    magic: 65,
    proves: {
      en: 'A rejection is final: it is told, and not sent again.',
      zh: '不予办理为终局结果：如实告知，不重复提交。',
    },
    clerk: [reject('an investigation is open (存在在办调查)')],
    example: { en: 'state rejected, REJECTED_BY_REVIEW', zh: 'state 为 rejected，代码 REJECTED_BY_REVIEW' },
  },
  {
    code: 'CRD.REJECTED_AFTER_CORRECTION',
    magic: 66,
    proves: { en: 'An amendment may still be rejected.', zh: '补正之后仍可能被退回。' },
    clerk: [
      correction('supplements', 'the certificate is missing (缺少离职证明)'),
      reject('it does not suffice (补正材料不符合要求)', 'SUPPLEMENT_INSUFFICIENT'),
    ],
    example: {
      en: 'correction_requested, PATCH, then rejected SUPPLEMENT_INSUFFICIENT',
      zh: 'correction_requested，PATCH 补正后为 rejected SUPPLEMENT_INSUFFICIENT',
    },
  },
  {
    code: 'CRD.ACCEPTED_WITH_WARNING',
    magic: 67,
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
    example: { en: 'state concluded with code FILED_LATE', zh: 'state 为 concluded，附代码 FILED_LATE' },
  },
  {
    code: 'CRD.REVIEW_SLOW',
    magic: 68,
    proves: {
      en: 'A review of twenty days is followed patiently and cheaply.',
      zh: '审核长达二十日时，能耐心且低成本地跟进。',
    },
    clerk: [{ decision: 'accept', after: 'P20D' }],
    example: {
      en: 'received, in_review from the tenth day, concluded on the twentieth',
      zh: '先为 received，第十日起为 in_review，第二十日为 concluded',
    },
  },
  {
    code: 'CRD.CONCLUDED_AT_ONCE',
    magic: 69,
    proves: {
      en: 'A change that is concluded before the client asks the first time; a withdrawal comes too late.',
      zh: '首次查询前已办结；此时撤回已晚。',
    },
    clerk: [{ decision: 'accept', after: 'PT0S' }],
    example: {
      en: 'first read: concluded; withdrawal: WITHDRAW_TOO_LATE',
      zh: '首次查询即为 concluded；撤回返回 WITHDRAW_TOO_LATE',
    },
  },
  {
    code: 'CRD.HELD',
    magic: 70,
    proves: {
      en: 'A change on which nothing moves is noticed, and a person is told.',
      zh: '长期无进展的变更能被发现并提醒人工。',
    },
    clerk: [{ decision: 'hold' }],
    example: {
      en: 'state stays in_review until somebody decides at the desk',
      zh: 'state 一直为 in_review，直至有人在经办台处理',
    },
  },
  {
    code: 'CRD.LOST',
    magic: 71,
    proves: {
      en: 'A serial that the agency no longer knows is looked into, not taken for done.',
      zh: '机构查无流水号时应核查，不视为办结。',
    },
    clerk: [{ decision: 'lose' }],
    example: {
      en: 'read: 404 NOT_FOUND; the serial may be used again',
      zh: '查询返回 404 NOT_FOUND；该流水号可再次使用',
    },
  },
  {
    code: 'CRD.ANNULLED',
    magic: 72,
    proves: {
      en: 'What was concluded may be taken back: reconciliation finds it.',
      zh: '已办结的变更可能被撤销：对账能发现。',
    },
    clerk: [{ decision: 'accept' }],
    afterwards: { decision: 'annul', after: 'P3D', reason: 'annulled on review (复核后撤销)' },
    example: {
      en: 'concluded; three days later rejected ANNULLED, practitioners/query: registered',
      zh: '先为 concluded；三日后为 rejected ANNULLED，practitioners/query 返回 registered',
    },
  },
]);
