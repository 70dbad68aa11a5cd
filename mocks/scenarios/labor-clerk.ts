// The stories of the labour agency that its clerk writes. Codes and magic numbers are public: neither is given to another story.
import { correction, reject, storiesOf } from './clerk-stories.ts';

const filing = ['SubmitTermination'];

export const LABOR_CLERK = storiesOf('labor', filing, [
  {
    code: 'LAB.ACCEPTED',
    magic: 1,
    proves: {
      en: 'The filing is followed to its end, and the read-back is asked for.',
      zh: '能跟进备案直至办结，并回查确认。',
    },
    clerk: [{ decision: 'accept' }],
    example: {
      en: 'QueryFiling: SAA043 6, TAA103 1; QueryPerson: ended',
      zh: 'QueryFiling 返回 SAA043 6、TAA103 1；QueryPerson 返回 ended',
    },
  },
  {
    code: 'LAB.CORRECTION_REQUESTED',
    magic: 2,
    proves: {
      en: 'A correction reaches a person, and the supplement goes out under a new serial to the same receipt.',
      zh: '能将补正要求转给经办人，并以新流水号对同一受理号补正。',
    },
    clerk: [correction('supplement', 'the handover list is missing (缺少工作交接清单)')],
    example: {
      en: 'QueryFiling: correction { MATERIAL_MISSING, supplement }; after SupplementFiling: TAA103 1',
      zh: 'QueryFiling 返回 correction { MATERIAL_MISSING, supplement }；SupplementFiling 补正后为 TAA103 1',
    },
  },
  {
    code: 'LAB.CORRECTION_TWICE',
    magic: 3,
    proves: {
      en: 'A second correction of the same filing is no surprise.',
      zh: '同一备案被再次要求补正时也能处理。',
    },
    clerk: [
      correction('supplement', 'the handover list is missing (缺少工作交接清单)'),
      correction('post', 'the post is not the one of the contract (岗位与合同不符)'),
    ],
    example: {
      en: 'correction on supplement, then on post, then TAA103 1',
      zh: '先要求补正 supplement，再要求补正 post，最后为 TAA103 1',
    },
  },
  {
    code: 'LAB.CORRECTION_OVERDUE',
    magic: 4,
    proves: {
      en: 'A correction with one day to answer is told in time, and its end is noticed.',
      zh: '期限仅一天的补正能及时提醒，逾期能发现。',
    },
    clerk: [correction('supplement', 'answer by tomorrow (请于次日前补正)', { due: 'P1D' })],
    example: {
      en: 'due tomorrow; after it: TAA103 2, reason CORRECTION_OVERDUE',
      zh: '次日到期；逾期后为 TAA103 2，原因 CORRECTION_OVERDUE',
    },
  },
  {
    code: 'LAB.CORRECTION_REASON',
    magic: 5,
    proves: {
      en: 'A correction that names a coded field is shown at that field.',
      zh: '补正指向代码字段时，能定位到该字段。',
    },
    clerk: [
      correction('abc917', 'the reason does not agree with the certificate (原因与解除证明不一致)', {
        code: 'REASON_MISMATCH',
      }),
    ],
    example: {
      en: 'QueryFiling: correction { REASON_MISMATCH, abc917 }',
      zh: 'QueryFiling 返回 correction { REASON_MISMATCH, abc917 }',
    },
  },
  {
    code: 'LAB.REJECTED',
    magic: 6,
    proves: {
      en: 'A rejection is final: it is told, and not sent again.',
      zh: '不予办理为终局结果：如实告知，不重复提交。',
    },
    clerk: [reject('the reason does not agree with the records (原因与登记信息不一致)')],
    example: {
      en: 'QueryFiling: TAA103 2, reason REJECTED_BY_REVIEW',
      zh: 'QueryFiling 返回 TAA103 2，原因 REJECTED_BY_REVIEW',
    },
  },
  {
    code: 'LAB.REJECTED_AFTER_CORRECTION',
    magic: 7,
    proves: {
      en: 'A supplement may still be rejected.',
      zh: '补正之后仍可能被退回。',
    },
    clerk: [
      correction('supplement', 'the settlement is missing (缺少和解协议)'),
      reject('the supplement does not suffice (补正材料不符合要求)', 'SUPPLEMENT_INSUFFICIENT'),
    ],
    example: {
      en: 'correction, SupplementFiling, then TAA103 2, reason SUPPLEMENT_INSUFFICIENT',
      zh: '要求补正，SupplementFiling 补正后为 TAA103 2，原因 SUPPLEMENT_INSUFFICIENT',
    },
  },
  {
    code: 'LAB.ACCEPTED_WITH_WARNING',
    magic: 8,
    proves: {
      en: 'A warning on an accepted filing is kept, and does not make it a failure.',
      zh: '附提示的办结结果能保留提示，且不误判为失败。',
    },
    clerk: [
      {
        decision: 'accept',
        code: 'FILED_LATE',
        reason: 'filed later than fifteen days after the exit (超过十五日备案)',
      },
    ],
    example: {
      en: 'QueryFiling: TAA103 1 with reason FILED_LATE',
      zh: 'QueryFiling 返回 TAA103 1，附原因 FILED_LATE',
    },
  },
  {
    code: 'LAB.REVIEW_SLOW',
    magic: 9,
    proves: {
      en: 'A review of fifteen days is followed patiently and cheaply.',
      zh: '审核长达十五日时，能耐心且低成本地跟进。',
    },
    clerk: [{ decision: 'accept', after: 'P15D' }],
    example: { en: 'SAA043 2 … 5 over fifteen days, then 6', zh: 'SAA043 在十五日内由 2 逐步至 5，随后为 6' },
  },
  {
    code: 'LAB.PASSED_AT_ONCE',
    magic: 10,
    proves: {
      en: 'A filing that has passed before the client asks the first time; a withdrawal comes too late.',
      zh: '首次查询前已办结；此时撤回已晚。',
    },
    clerk: [{ decision: 'accept', after: 'PT0S' }],
    example: {
      en: 'first QueryFiling: SAA043 6; WithdrawFiling: WITHDRAW_TOO_LATE',
      zh: '首次 QueryFiling 即返回 SAA043 6；WithdrawFiling 返回 WITHDRAW_TOO_LATE',
    },
  },
  {
    code: 'LAB.HELD',
    magic: 11,
    proves: {
      en: 'A filing on which nothing moves is noticed, and a person is told.',
      zh: '长期无进展的备案能被发现并提醒人工。',
    },
    clerk: [{ decision: 'hold' }],
    example: {
      en: 'SAA043 stays 5 until somebody decides at the desk',
      zh: 'SAA043 一直为 5，直至有人在经办台处理',
    },
  },
  {
    code: 'LAB.LOST',
    magic: 12,
    proves: {
      en: 'A receipt that the agency no longer knows is looked into, not taken for done.',
      zh: '机构查无受理号时应核查，不视为办结。',
    },
    clerk: [{ decision: 'lose' }],
    example: {
      en: 'QueryFiling: NOT_FOUND; the serial may be used again',
      zh: 'QueryFiling 返回 NOT_FOUND；该流水号可再次使用',
    },
  },
  {
    code: 'LAB.ANNULLED',
    magic: 13,
    proves: {
      en: 'What was accepted may be taken back: reconciliation finds it.',
      zh: '已办结的备案可能被撤销：对账能发现。',
    },
    clerk: [{ decision: 'accept' }],
    afterwards: { decision: 'annul', after: 'P3D', reason: 'annulled on review (复核后撤销)' },
    example: {
      en: 'TAA103 1; three days later TAA103 2, reason ANNULLED, QueryPerson: active',
      zh: '先为 TAA103 1；三日后为 TAA103 2，原因 ANNULLED，QueryPerson 返回 active',
    },
  },
]);
