// The stories of the insurance agency that its clerk writes. Codes and magic numbers are public: neither is given to another story.
import { correction, reject, storiesOf } from './clerk-stories.ts';

const batch = ['stop', 'transfer'];

export const INSURANCE_CLERK = storiesOf('insurance', batch, [
  {
    code: 'SOC.ACCEPTED',
    magic: 31,
    proves: {
      en: 'A received batch is followed to its rows, and the read-back is asked for.',
      zh: '批次受理后能跟进至逐行结果，并回查确认。',
    },
    clerk: [{ decision: 'accept' }],
    example: {
      en: 'Progress: finished, rows 0; PersonState: AAC031 2',
      zh: 'Progress 为 finished，各行为 0；PersonState 返回 AAC031 2',
    },
  },
  {
    code: 'SOC.ROW_REJECTED',
    magic: 32,
    proves: {
      en: 'A row refused by the clerk is final for that row.',
      zh: '经办退回的行即为终局结果。',
    },
    clerk: [reject('arrears are unpaid (存在欠费)', 'ROW_ERROR')],
    example: { en: 'Progress: finished, row ROW_ERROR', zh: 'Progress 为 finished，该行为 ROW_ERROR' },
  },
  {
    code: 'SOC.ROW_CORRECTION',
    magic: 33,
    proves: {
      en: 'A row to be corrected is filed again in a new batch with a new MessageId.',
      zh: '需补正的行应以新报文号在新批次中重报。',
    },
    clerk: [correction('AAE160', 'the reason does not fit the filing (停保原因与备案不符)')],
    example: {
      en: 'Progress: finished, row CORRECTION with Field AAE160; the next batch passes',
      zh: 'Progress 为 finished，该行为 CORRECTION，Field 为 AAE160；下一批次通过',
    },
  },
  {
    code: 'SOC.CORRECTION_DATE',
    magic: 34,
    proves: {
      en: 'A correction of a date is shown at the date.',
      zh: '补正日期时能定位到日期字段。',
    },
    clerk: [correction('AAE035', 'the day is not the exit’s (日期与离职日期不符)')],
    example: {
      en: 'Progress: row CORRECTION with Field AAE035',
      zh: 'Progress 中该行为 CORRECTION，Field 为 AAE035',
    },
  },
  {
    code: 'SOC.ACCEPTED_WITH_WARNING',
    magic: 35,
    proves: {
      en: 'A warning on a settled row is kept, and does not make it a failure.',
      zh: '附提示的成功行能保留提示，且不误判为失败。',
    },
    clerk: [{ decision: 'accept', code: 'LATE_STOP', reason: 'the month is charged in full (当月足额征缴)' }],
    example: {
      en: 'Progress: row 0 with Message LATE_STOP: …',
      zh: 'Progress 中该行为 0，Message 为 LATE_STOP: …',
    },
  },
  {
    code: 'SOC.BATCH_SLOW',
    magic: 36,
    proves: {
      en: 'A batch of ten days is followed patiently and cheaply.',
      zh: '批次处理长达十日时，能耐心且低成本地跟进。',
    },
    clerk: [{ decision: 'accept', after: 'P10D' }],
    example: {
      en: 'received, processing from the fifth day, finished on the tenth',
      zh: '先为 received，第五日起为 processing，第十日为 finished',
    },
  },
  {
    code: 'SOC.FINISHED_AT_ONCE',
    magic: 37,
    proves: {
      en: 'A batch that is finished before the client asks the first time.',
      zh: '首次查询前批次已处理完毕。',
    },
    clerk: [{ decision: 'accept', after: 'PT0S' }],
    example: { en: 'first Progress: finished', zh: '首次 Progress 即为 finished' },
  },
  {
    code: 'SOC.BATCH_STUCK',
    magic: 38,
    proves: {
      en: 'A batch that stays in processing is noticed, and a person is told.',
      zh: '批次长期停留在处理中时能被发现并提醒人工。',
    },
    clerk: [{ decision: 'hold' }],
    example: {
      en: 'Progress stays processing until somebody decides at the desk',
      zh: 'Progress 一直为 processing，直至有人在经办台处理',
    },
  },
  {
    code: 'SOC.LOST',
    magic: 39,
    proves: {
      en: 'A batch that the agency no longer knows is looked into, not taken for done.',
      zh: '机构查无批次时应核查，不视为成功。',
    },
    clerk: [{ decision: 'lose' }],
    example: {
      en: 'Progress: NOT_FOUND; the MessageId may be used again',
      zh: 'Progress 返回 NOT_FOUND；该 MessageId 可再次使用',
    },
  },
  {
    code: 'SOC.ANNULLED',
    magic: 40,
    proves: {
      en: 'What was settled may be taken back: reconciliation finds it.',
      zh: '已成功的业务可能被撤销：对账能发现。',
    },
    clerk: [{ decision: 'accept' }],
    afterwards: { decision: 'annul', after: 'P3D', reason: 'annulled on review (复核后撤销)' },
    example: {
      en: 'rows 0; three days later rows ANNULLED, PersonState: AAC031 1',
      zh: '各行为 0；三日后各行为 ANNULLED，PersonState 返回 AAC031 1',
    },
  },
]);
