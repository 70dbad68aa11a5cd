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
    example: 'state concluded; practitioners/query: cancelled',
  },
  {
    code: 'CRD.CORRECTION_REQUESTED',
    magic: 62,
    proves: {
      en: 'A correction reaches a person, and the amendment goes out under a new serial to the same receipt.',
      zh: '能将补正要求转给经办人，并以新流水号对同一受理号补正。',
    },
    clerk: [correction('supplements', 'the certificate is missing (缺少离职证明)')],
    example: 'state correction_requested { supplements }; after PATCH: concluded',
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
    example: 'correction_requested { supplements }, then { reason }, then concluded',
  },
  {
    code: 'CRD.CORRECTION_OVERDUE',
    magic: 64,
    proves: {
      en: 'A correction with one day to answer is told in time, and its end is noticed.',
      zh: '期限仅一天的补正能及时提醒，逾期能发现。',
    },
    clerk: [correction('supplements', 'answer by tomorrow (请于次日前补正)', { due: 'P1D' })],
    example: 'due tomorrow; after it: rejected CORRECTION_OVERDUE',
  },
  {
    code: 'CRD.REJECTED',
    magic: 65,
    proves: {
      en: 'A rejection is final: it is told, and not sent again.',
      zh: '不予办理为终局结果：如实告知，不重复提交。',
    },
    clerk: [reject('an investigation is open (存在在办调查)')],
    example: 'state rejected, REJECTED_BY_REVIEW',
  },
  {
    code: 'CRD.REJECTED_AFTER_CORRECTION',
    magic: 66,
    proves: { en: 'An amendment may still be rejected.', zh: '补正之后仍可能被退回。' },
    clerk: [
      correction('supplements', 'the certificate is missing (缺少离职证明)'),
      reject('it does not suffice (补正材料不符合要求)', 'SUPPLEMENT_INSUFFICIENT'),
    ],
    example: 'correction_requested, PATCH, then rejected SUPPLEMENT_INSUFFICIENT',
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
    example: 'state concluded with code FILED_LATE',
  },
  {
    code: 'CRD.REVIEW_SLOW',
    magic: 68,
    proves: {
      en: 'A review of twenty days is followed patiently and cheaply.',
      zh: '审核长达二十日时，能耐心且低成本地跟进。',
    },
    clerk: [{ decision: 'accept', after: 'P20D' }],
    example: 'received, in_review from the tenth day, concluded on the twentieth',
  },
  {
    code: 'CRD.CONCLUDED_AT_ONCE',
    magic: 69,
    proves: {
      en: 'A change that is concluded before the client asks the first time; a withdrawal comes too late.',
      zh: '首次查询前已办结；此时撤回已晚。',
    },
    clerk: [{ decision: 'accept', after: 'PT0S' }],
    example: 'first read: concluded; withdrawal: WITHDRAW_TOO_LATE',
  },
  {
    code: 'CRD.HELD',
    magic: 70,
    proves: {
      en: 'A change on which nothing moves is noticed, and a person is told.',
      zh: '长期无进展的变更能被发现并提醒人工。',
    },
    clerk: [{ decision: 'hold' }],
    example: 'state stays in_review until somebody decides at the desk',
  },
  {
    code: 'CRD.LOST',
    magic: 71,
    proves: {
      en: 'A serial that the agency no longer knows is looked into, not taken for done.',
      zh: '机构查无流水号时应核查，不视为办结。',
    },
    clerk: [{ decision: 'lose' }],
    example: 'read: 404 NOT_FOUND; the serial may be used again',
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
    example: 'concluded; three days later rejected ANNULLED, practitioners/query: registered',
  },
]);
