// The stories of the insurance agency that its records and calendar write. Codes and magic numbers are public: neither is given to another story.

import type { Request } from '../insurance/message.ts';
import { transfers } from '../insurance/rows.ts';
import { closeSessions } from '../insurance/session.ts';
import { setWindow } from '../insurance/window.ts';
import { child } from '../insurance/xml.ts';
import type { Concern, Guard, Scenario, Stage } from '../kernel/scenario.ts';
import { day } from '../kernel/time.ts';
import { TELLS_ANOTHER_NAME, UNDER_ANOTHER_NAME } from './arrangements.ts';
import {
  dayFromNow,
  enrol,
  memberHere,
  OTHER_UNIT,
  PAYING,
  PERSON_EMPLOYED,
  PERSON_NAMED,
  personOf,
} from './guards.ts';

const agency = 'insurance';
const stop = ['stop'] as const;
const batch = ['stop', 'transfer'] as const;

/** The rows of the batch, as the agency read them. */
const rowsOf = ({ message }: Concern) => (message as Request).root.children[0]?.children ?? [];

const TWO_ROWS: Guard = {
  name: 'two_rows',
  says: { en: 'the batch has at least two rows of different insurances', zh: '批次至少含两行且险种不同' },
  holds: (concern) => new Set(rowsOf(concern).map((row) => child(row, 'AAE140'))).size > 1,
};

/** Closed today, and open again at the next day or month. */
function shut(concern: Concern, stage: Stage): void {
  const today = Number(day(stage.now()).slice(8));
  const window = today > 1 ? { opens: 1, closes: today - 1 } : { opens: 2, closes: 31 };
  setWindow(window, stage, concern.unit);
}

export const INSURANCE_STATES: readonly Scenario[] = [
  {
    code: 'SOC.WINDOW_CLOSED',
    agency,
    magic: 41,
    operations: batch,
    proves: {
      en: 'A closed window is waited for until the hour told, and burns no attempt.',
      zh: '窗口关闭时按告知时间等待，不消耗重试次数。',
    },
    arrange: {
      says: { en: 'the monthly window of the unit is closed today', zh: '该单位本月的申报窗口今日关闭' },
      run: shut,
    },
    example: {
      en: 'Stop: WINDOW_CLOSED with Until; after it: received',
      zh: 'Stop 返回 WINDOW_CLOSED 及 Until；到时后为 received',
    },
  },
  {
    code: 'SOC.ENROLLED_ELSEWHERE',
    agency,
    magic: 42,
    operations: stop,
    proves: {
      en: 'A person whom another unit already pays is a question for a person, not for a retry.',
      zh: '人员已由其他单位参保时转人工，不重试。',
    },
    guards: [PAYING],
    arrange: {
      says: {
        en: 'another unit has enrolled the person since yesterday; here the insurances ended',
        zh: '另一单位已自昨日起为该人员参保，在本单位的参保关系已终止',
      },
      run(concern, stage) {
        const since = dayFromNow(stage, -1);
        stage.rolls.putUnit(OTHER_UNIT);
        enrol(concern, stage, 'ended', since);
        enrol(concern, stage, 'paying', since, OTHER_UNIT.uscc);
      },
    },
    example: {
      en: 'Progress: row ENROLLED_ELSEWHERE, AAC031 3',
      zh: 'Progress 中该行为 ENROLLED_ELSEWHERE，AAC031 为 3',
    },
  },
  {
    code: 'SOC.ALREADY_STOPPED',
    agency,
    magic: 43,
    operations: stop,
    proves: {
      en: 'A stop that was made at the counter counts as done.',
      zh: '窗口已办理停保的，按已完成处理。',
    },
    guards: [PAYING],
    arrange: {
      says: { en: 'the payment was paused yesterday, at the counter', zh: '缴费已于昨日在柜台办理暂停' },
      run: (concern, stage) => enrol(concern, stage, 'paused', dayFromNow(stage, -1)),
    },
    example: {
      en: 'Progress: row ALREADY_DONE, AAC031 2',
      zh: 'Progress 中该行为 ALREADY_DONE，AAC031 为 2',
    },
  },
  {
    code: 'SOC.NOT_ENROLLED',
    agency,
    magic: 44,
    operations: stop,
    proves: {
      en: 'A person who was never insured here is told, not retried.',
      zh: '人员从未在本单位参保时如实告知，不重试。',
    },
    guards: [PERSON_EMPLOYED],
    arrange: {
      says: { en: 'the person has no insurance at the unit', zh: '该人员在本单位没有参保' },
      run: (concern, stage) => enrol(concern, stage, 'none', '2020-01-01'),
    },
    example: { en: 'Progress: row NOT_IN_UNIT', zh: 'Progress 中该行为 NOT_IN_UNIT' },
  },
  {
    code: 'SOC.IDENTITY_MISMATCH',
    agency,
    magic: 45,
    operations: ['query-person', 'stop'],
    proves: TELLS_ANOTHER_NAME,
    guards: [PERSON_NAMED],
    arrange: UNDER_ANOTHER_NAME,
    example: { en: 'QueryPerson: IDENTITY_MISMATCH', zh: 'QueryPerson 返回 IDENTITY_MISMATCH' },
  },
  {
    code: 'SOC.PARTIAL_BATCH',
    agency,
    magic: 46,
    operations: stop,
    proves: {
      en: 'A batch of which some rows pass is neither all done nor all failed.',
      zh: '批次部分成功时，不整体视为成功或失败。',
    },
    guards: [TWO_ROWS, PAYING],
    arrange: {
      says: {
        en: 'the insurance of the last row was paused yesterday',
        zh: '最后一行的险种已于昨日暂停缴费',
      },
      run(concern, stage) {
        const last = child(
          rowsOf(concern).at(-1) ?? { name: '', text: '', attributes: {}, children: [] },
          'AAE140',
        );
        const member = memberHere(concern, stage);
        if (!member || !last) return;
        stage.rolls.change(member.uscc, member.idNumber, {
          enrolments: { ...member.enrolments, [last]: { state: 'paused', since: dayFromNow(stage, -1) } },
        });
      },
    },
    example: { en: 'Progress: rows 0, …, ALREADY_DONE', zh: 'Progress 中各行依次为 0、…、ALREADY_DONE' },
  },
  {
    code: 'SOC.DATE_BEFORE_ENROLMENT',
    agency,
    magic: 47,
    operations: stop,
    proves: {
      en: 'A stop before the insurance began is told at the date.',
      zh: '停保日期早于参保日期时，能定位到日期字段。',
    },
    guards: [PAYING],
    arrange: {
      says: {
        en: 'the insurance began the day after the stop that is asked for',
        zh: '参保起始日晚于申报的停保日期一天',
      },
      run(concern, stage) {
        const asked =
          rowsOf(concern)
            .map((row) => child(row, 'AAE035') ?? '')
            .sort()
            .at(-1) ?? '';
        const iso = `${asked.slice(0, 4)}-${asked.slice(4, 6)}-${asked.slice(6)}T00:00:00+08:00`;
        enrol(concern, stage, 'paying', day(new Date(new Date(iso).getTime() + 86_400_000)));
      },
    },
    example: { en: 'Progress: row DATE_INVALID', zh: 'Progress 中该行为 DATE_INVALID' },
  },
  {
    code: 'SOC.SESSION_ENDED',
    agency,
    magic: 48,
    operations: batch,
    proves: {
      en: 'A session that ends between two requests is opened anew, and nothing is filed twice.',
      zh: '会话在两次请求之间失效时能重新签到，且不重复申报。',
    },
    arrange: {
      says: { en: 'the sessions of the unit end with this request', zh: '该单位的会话随本次请求失效' },
      run: (concern, stage) => closeSessions(concern.unit, stage),
    },
    example: {
      en: 'Stop: received; Progress: AUTH_SESSION until the next sign-in',
      zh: 'Stop 为 received；Progress 返回 AUTH_SESSION，直至重新签到',
    },
  },
  {
    code: 'SOC.STOP_NOT_SETTLED',
    agency,
    magic: 49,
    operations: ['transfer'],
    proves: {
      en: 'A transfer before the stop is settled is tried again later under the same MessageId.',
      zh: '停保未完成即转移时，稍后以同一报文号重报。',
    },
    guards: [PERSON_EMPLOYED],
    arrange: {
      says: { en: 'the payment is running', zh: '正在正常缴费' },
      run: (concern, stage) => enrol(concern, stage, 'paying', '2020-01-01'),
    },
    example: {
      en: 'Transfer: PRECONDITION_STOP, nothing recorded',
      zh: 'Transfer 返回 PRECONDITION_STOP，不予记录',
    },
  },
  {
    code: 'SOC.TRANSFERRED_ALREADY',
    agency,
    magic: 50,
    operations: ['transfer'],
    proves: {
      en: 'A transfer that was made at the counter counts as done.',
      zh: '窗口已办理转移的，按已完成处理。',
    },
    guards: [PERSON_EMPLOYED],
    arrange: {
      says: {
        en: 'the payment was paused and transferred yesterday, at the counter',
        zh: '昨日已在柜台暂停缴费并办理转移',
      },
      run(concern, stage) {
        const since = dayFromNow(stage, -1);
        const idNumber = personOf(concern)?.idNumber ?? '';
        enrol(concern, stage, 'paused', since);
        for (const row of rowsOf(concern))
          transfers(stage).put(`${concern.unit} ${idNumber} ${child(row, 'AAE140')}`, {
            region: child(row, 'TargetRegion') ?? '',
            since,
          });
      },
    },
    example: { en: 'Progress: row ALREADY_DONE', zh: 'Progress 中该行为 ALREADY_DONE' },
  },
];
