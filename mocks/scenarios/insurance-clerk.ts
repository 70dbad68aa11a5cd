// The stories of the insurance agency that its clerk writes. Codes and magic numbers are public: neither is given to another story.
import type { Scenario } from '../kernel/scenario.ts';

const agency = 'insurance';
const batch = ['stop', 'transfer'] as const;

export const INSURANCE_CLERK: readonly Scenario[] = [
  {
    code: 'SOC.ACCEPTED',
    agency,
    magic: 31,
    operations: batch,
    proves: {
      en: 'A received batch is followed to its rows, and the read-back is asked for.',
      zh: '批次受理后能跟进至逐行结果，并回查确认。',
    },
    clerk: [{ decision: 'accept' }],
    example: 'Progress: finished, rows 0; PersonState: AAC031 2',
  },
  {
    code: 'SOC.ROW_REJECTED',
    agency,
    magic: 32,
    operations: batch,
    proves: {
      en: 'A row refused by the clerk is final for that row.',
      zh: '经办退回的行即为终局结果。',
    },
    clerk: [{ decision: 'reject', code: 'ROW_ERROR', reason: 'arrears are unpaid (存在欠费)' }],
    example: 'Progress: finished, row ROW_ERROR',
  },
  {
    code: 'SOC.ROW_CORRECTION',
    agency,
    magic: 33,
    operations: batch,
    proves: {
      en: 'A row to be corrected is filed again in a new batch with a new MessageId.',
      zh: '需补正的行应以新报文号在新批次中重报。',
    },
    clerk: [
      {
        decision: 'correction',
        field: 'AAE160',
        reason: 'the reason does not fit the filing (停保原因与备案不符)',
      },
    ],
    example: 'Progress: finished, row CORRECTION with Field AAE160; the next batch passes',
  },
  {
    code: 'SOC.CORRECTION_DATE',
    agency,
    magic: 34,
    operations: batch,
    proves: {
      en: 'A correction of a date is shown at the date.',
      zh: '补正日期时能定位到日期字段。',
    },
    clerk: [
      { decision: 'correction', field: 'AAE035', reason: 'the day is not the exit’s (日期与离职日期不符)' },
    ],
    example: 'Progress: row CORRECTION with Field AAE035',
  },
  {
    code: 'SOC.ACCEPTED_WITH_WARNING',
    agency,
    magic: 35,
    operations: batch,
    proves: {
      en: 'A warning on a settled row is kept, and does not make it a failure.',
      zh: '附提示的成功行能保留提示，且不误判为失败。',
    },
    clerk: [{ decision: 'accept', code: 'LATE_STOP', reason: 'the month is charged in full (当月足额征缴)' }],
    example: 'Progress: row 0 with Message LATE_STOP: …',
  },
  {
    code: 'SOC.BATCH_SLOW',
    agency,
    magic: 36,
    operations: batch,
    proves: {
      en: 'A batch of ten days is followed patiently and cheaply.',
      zh: '批次处理长达十日时，能耐心且低成本地跟进。',
    },
    clerk: [{ decision: 'accept', after: 'P10D' }],
    example: 'received, processing from the fifth day, finished on the tenth',
  },
  {
    code: 'SOC.FINISHED_AT_ONCE',
    agency,
    magic: 37,
    operations: batch,
    proves: {
      en: 'A batch that is finished before the client asks the first time.',
      zh: '首次查询前批次已处理完毕。',
    },
    clerk: [{ decision: 'accept', after: 'PT0S' }],
    example: 'first Progress: finished',
  },
  {
    code: 'SOC.BATCH_STUCK',
    agency,
    magic: 38,
    operations: batch,
    proves: {
      en: 'A batch that stays in processing is noticed, and a person is told.',
      zh: '批次长期停留在处理中时能被发现并提醒人工。',
    },
    clerk: [{ decision: 'hold' }],
    example: 'Progress stays processing until somebody decides at the desk',
  },
  {
    code: 'SOC.LOST',
    agency,
    magic: 39,
    operations: batch,
    proves: {
      en: 'A batch that the agency no longer knows is looked into, not taken for done.',
      zh: '机构查无批次时应核查，不视为成功。',
    },
    clerk: [{ decision: 'lose' }],
    example: 'Progress: NOT_FOUND; the MessageId may be used again',
  },
  {
    code: 'SOC.ANNULLED',
    agency,
    magic: 40,
    operations: batch,
    proves: {
      en: 'What was settled may be taken back: reconciliation finds it.',
      zh: '已成功的业务可能被撤销：对账能发现。',
    },
    clerk: [{ decision: 'accept' }],
    afterwards: { decision: 'annul', after: 'P3D', reason: 'annulled on review (复核后撤销)' },
    example: 'rows 0; three days later rows ANNULLED, PersonState: AAC031 1',
  },
];
