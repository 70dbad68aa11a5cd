// The stories of the labour agency that its records and calendar write. Codes and magic numbers are public: neither is given to another story.

import type { Concern, Guard, Scenario, Stage } from '../kernel/scenario.ts';
import { setDispute } from '../labor/disputes.ts';
import { filings, isOpen, newFiling, save } from '../labor/filings.ts';
import type { LaborMessage } from '../labor/message.ts';
import { newest } from '../labor/serials.ts';
import { onAnotherRoll, TELLS_ANOTHER_NAME, UNDER_ANOTHER_NAME } from './arrangements.ts';
import { dayFromNow, PERSON_EMPLOYED, PERSON_NAMED, PERSON_NOT_YET_HERE, personOf } from './guards.ts';

const agency = 'labor';
const filing = ['SubmitTermination'] as const;
const lookup = ['QueryPerson', 'SubmitTermination'] as const;

const newestOf = (concern: Concern, stage: Stage) =>
  filings(stage).get(newest(stage).get(`${concern.unit}/${personOf(concern)?.idNumber}`)?.receipt ?? '');

const NO_FILING_OPEN: Guard = {
  name: 'no_filing_open',
  says: { en: 'no filing for the person is under review', zh: '该人员没有办理中的备案' },
  holds(concern, stage) {
    const found = newestOf(concern, stage);
    return found === undefined || !isOpen(found);
  },
};

export const LABOR_STATES: readonly Scenario[] = [
  {
    code: 'LAB.DISPUTE_OPEN',
    agency,
    magic: 14,
    operations: filing,
    proves: {
      en: 'A filing over an open dispute brings the settlement or the claim, at the latest when asked.',
      zh: '存在未结争议时，备案须附和解协议或仲裁、诉讼材料，至迟在补正时提交。',
    },
    guards: [PERSON_EMPLOYED],
    arrange: {
      says: {
        en: 'the agency learns of an open dispute with the person',
        zh: '机构获知与该人员存在未了结的争议',
      },
      run: (concern, stage) =>
        setDispute({ idNumber: personOf(concern)?.idNumber ?? '', uscc: concern.unit }, true, stage),
    },
    example: {
      en: 'correction { DISPUTE_OPEN, supplement } unless a supplement of kind settlement or claim is there',
      zh: '返回 correction { DISPUTE_OPEN, supplement }，除非已附 settlement 或 claim 类补充材料',
    },
  },
  {
    code: 'LAB.ALREADY_ENDED',
    agency,
    magic: 15,
    operations: filing,
    proves: {
      en: 'An employment that somebody else has ended is not filed a second time.',
      zh: '他人已办理终止的，不再重复备案。',
    },
    guards: [PERSON_EMPLOYED],
    arrange: {
      says: {
        en: 'the employment ended yesterday, by a filing at the counter',
        zh: '劳动关系已于昨日在柜台备案终止',
      },
      run(concern, stage) {
        const idNumber = personOf(concern)?.idNumber ?? '';
        const since = stage.rolls.membership(concern.unit, idNumber)?.employment.since ?? '2020-01-01';
        stage.rolls.change(concern.unit, idNumber, {
          employment: { state: 'ended', since, endedOn: dayFromNow(stage, -1), reason: '6313' },
        });
      },
    },
    example: { en: 'SubmitTermination: ALREADY_ENDED', zh: 'SubmitTermination 返回 ALREADY_ENDED' },
  },
  {
    code: 'LAB.NOT_IN_UNIT',
    agency,
    magic: 16,
    operations: lookup,
    proves: {
      en: 'A person whom the roll has at another unit is a question for a person.',
      zh: '人员登记在其他单位名下时，转人工核实。',
    },
    guards: [PERSON_NOT_YET_HERE],
    arrange: onAnotherRoll({
      en: 'the person is on the roll of another unit',
      zh: '该人员登记在另一单位名下',
    }),
    example: { en: 'QueryPerson: NOT_IN_UNIT', zh: 'QueryPerson 返回 NOT_IN_UNIT' },
  },
  {
    code: 'LAB.IDENTITY_MISMATCH',
    agency,
    magic: 17,
    operations: lookup,
    proves: TELLS_ANOTHER_NAME,
    guards: [PERSON_NAMED],
    arrange: UNDER_ANOTHER_NAME,
    example: { en: 'QueryPerson: IDENTITY_MISMATCH', zh: 'QueryPerson 返回 IDENTITY_MISMATCH' },
  },
  {
    code: 'LAB.FILING_OPEN',
    agency,
    magic: 18,
    operations: filing,
    proves: {
      en: 'A filing that somebody made at the counter is found before another is forced.',
      zh: '窗口已提交的备案能被发现，不强行重复提交。',
    },
    guards: [PERSON_EMPLOYED, NO_FILING_OPEN],
    arrange: {
      says: {
        en: 'a filing for the person, made at the counter this morning, is under review',
        zh: '该人员今晨在柜台提交的备案正在审核',
      },
      run(concern, stage) {
        const number = String(stage.store.next('labor.counter')).padStart(5, '0');
        const message = concern.message as LaborMessage; // the agency's own, as `concerns` got it
        const counter = {
          ...message,
          fields: { ...message.fields, BAE941: `COUNTER-${number}` },
        };
        const row = save(stage, { ...newFiling(stage, counter, `C${number}COUNTER`), state: '5' });
        newest(stage).put(`${row.uscc}/${row.idNumber}`, { receipt: row.receipt });
      },
    },
    example: { en: 'SubmitTermination: FILING_OPEN', zh: 'SubmitTermination 返回 FILING_OPEN' },
  },
];
