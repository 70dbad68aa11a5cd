// The stories of the second city's insurance agency that its records and calendar write. Codes and magic numbers are public: neither is given to another story.
import { type Case, type Content, newCase, table } from '../insurance-sm2/cases.ts';
import { retireReason } from '../insurance-sm2/codes.ts';
import type { Request } from '../insurance-sm2/message.ts';
import { setWindow } from '../insurance-sm2/window.ts';
import { OPEN } from '../kernel/review.ts';
import type { Concern, Guard, Scenario, Stage } from '../kernel/scenario.ts';
import { day } from '../kernel/time.ts';
import { TELLS_ANOTHER_NAME, UNDER_ANOTHER_NAME } from './arrangements.ts';
import { dayFromNow, enrol, memberHere, OTHER_UNIT, PAYING, PERSON_NAMED, personOf } from './guards.ts';

const agency = 'insurance-sm2';
const change = ['fileChange'] as const;

const contentOf = ({ message }: Concern) => (message as Request).content as Content; // has passed the contract

const TWO_ITEMS: Guard = {
  name: 'two_items',
  says: { en: 'the change has at least two insurances', zh: '业务至少含两个险种' },
  holds: (concern) => contentOf(concern).items.length > 1,
};

const NONE_OPEN: Guard = {
  name: 'no_stop_open',
  says: { en: 'no change of the person is open', zh: '该人员没有办理中的业务' },
  holds: (concern, stage) =>
    !table(stage)
      .all()
      .some((row) => isOpenFor(row, concern)),
};

const isOpenFor = ({ content, state }: Case, concern: Concern) =>
  content.person.id_number === personOf(concern)?.idNumber && OPEN.includes(state);

/** Open again tomorrow, or after the end of the month. */
function shut(concern: Concern, stage: Stage): void {
  const tomorrow = Number(dayFromNow(stage, 1).slice(8));
  const opens = tomorrow <= 28 ? tomorrow : 1;
  setWindow({ opens, closes: Math.min(opens + 5, 28) }, stage, concern.unit);
}

/** Another unit pays for the person since yesterday. */
function paidByOther(concern: Concern, stage: Stage): void {
  stage.rolls.putUnit(OTHER_UNIT);
  enrol(concern, stage, 'paying', dayFromNow(stage, -1), OTHER_UNIT.uscc);
}

export const INSURANCE_SM2_STATES: readonly Scenario[] = [
  {
    code: 'SM2.WINDOW_CLOSED',
    agency,
    magic: 90,
    operations: change,
    proves: {
      en: 'A closed window is waited for until the hour told, and burns no attempt.',
      zh: '窗口关闭时按告知时间等待，不消耗重试次数。',
    },
    arrange: {
      says: { en: 'the window of the unit is closed today', zh: '该单位的办理窗口今日关闭' },
      run: shut,
    },
    example: { en: 'WINDOW_CLOSED with until; after it: OK', zh: '返回 WINDOW_CLOSED 及 until；到时后为 OK' },
  },
  {
    code: 'SM2.ENROLLED_ELSEWHERE',
    agency,
    magic: 91,
    operations: change,
    proves: {
      en: 'A person whom another unit already pays is a question for a person, not for a retry.',
      zh: '人员已由其他单位参保时转人工，不重试。',
    },
    guards: [PAYING],
    arrange: {
      says: {
        en: 'another unit has enrolled the person since yesterday; here the insurances ended',
        zh: '其他单位自昨日起为该人员参保，本单位的参保关系已终止',
      },
      run(concern, stage) {
        enrol(concern, stage, 'ended', dayFromNow(stage, -1));
        paidByOther(concern, stage);
      },
    },
    example: { en: 'state 40, items ENROLLED_ELSEWHERE', zh: 'state 为 40，各险种为 ENROLLED_ELSEWHERE' },
  },
  {
    code: 'SM2.ALREADY_STOPPED',
    agency,
    magic: 92,
    operations: change,
    proves: {
      en: 'A stop that was made at the counter counts as done.',
      zh: '窗口已办理停保的，按已完成处理。',
    },
    guards: [PAYING],
    arrange: {
      says: { en: 'the payment was paused yesterday, at the counter', zh: '昨日已在窗口办理暂停缴费' },
      run: (concern, stage) => enrol(concern, stage, 'paused', dayFromNow(stage, -1)),
    },
    example: {
      en: 'state 40, items ALREADY_DONE; persons/state: 2',
      zh: 'state 为 40，各险种为 ALREADY_DONE；persons/state 返回 2',
    },
  },
  {
    code: 'SM2.IDENTITY_MISMATCH',
    agency,
    magic: 93,
    operations: ['personState', 'fileChange'],
    proves: TELLS_ANOTHER_NAME,
    guards: [PERSON_NAMED],
    arrange: UNDER_ANOTHER_NAME,
    example: { en: 'IDENTITY_MISMATCH', zh: '返回 IDENTITY_MISMATCH' },
  },
  {
    code: 'SM2.PARTIAL',
    agency,
    magic: 94,
    operations: change,
    proves: {
      en: 'A change of which some items pass is neither all done nor all failed.',
      zh: '部分险种成功时，不整体视为成功或失败。',
    },
    guards: [TWO_ITEMS, PAYING],
    arrange: {
      says: { en: 'the person never had pension insurance here', zh: '该人员从未在本单位参加养老保险' },
      run(concern, stage) {
        const member = memberHere(concern, stage);
        if (!member) return;
        const none = { state: 'none', since: '2020-01-01' } as const;
        stage.rolls.change(member.uscc, member.idNumber, {
          enrolments: { ...member.enrolments, 110: none },
        });
      },
    },
    example: {
      en: 'state 40, items NOT_ENROLLED, OK, …',
      zh: 'state 为 40，各险种依次为 NOT_ENROLLED、OK、…',
    },
  },
  {
    code: 'SM2.CODE_RETIRED',
    agency,
    magic: 95,
    operations: change,
    proves: {
      en: 'A code that the newest table no longer has is not sent again: a person decides which takes its place.',
      zh: '代码表已停用的代码不再提交，由人工确定替代代码。',
    },
    arrange: {
      says: {
        en: 'a new version of the table TBYY no longer has the reason',
        zh: '新版停保原因代码表（TBYY）已停用该原因代码',
      },
      run: (concern, stage) => retireReason(concern.unit, contentOf(concern).reason, stage),
    },
    example: { en: 'CODE_UNKNOWN; codes: TBYY 2026.2', zh: '返回 CODE_UNKNOWN；代码表为 TBYY 2026.2' },
  },
  {
    code: 'SM2.ALREADY_OPEN',
    agency,
    magic: 96,
    operations: change,
    proves: {
      en: 'A change that somebody made at the counter is found before another is forced.',
      zh: '窗口已受理的业务能被发现，不强行重复提交。',
    },
    guards: [NONE_OPEN],
    arrange: {
      says: {
        en: 'a change of the person, made at the counter this morning, is in review',
        zh: '今日上午在窗口办理的该人员业务正在审核',
      },
      run(concern, stage) {
        const number = String(stage.store.next('insurance-sm2.counter')).padStart(6, '0');
        const row = newCase(stage, {
          receipt: `CK${day(stage.now()).replaceAll('-', '')}${number}`,
          unit: concern.unit,
          content: contentOf(concern),
          plan: { delayMs: 0 },
        });
        table(stage).put(row.receipt, { ...row, serials: [], state: 'in_review' });
      },
    },
    example: {
      en: 'ALREADY_OPEN; changes/list has it without a serial',
      zh: '返回 ALREADY_OPEN；changes/list 列有该业务，但无流水号',
    },
  },
  {
    code: 'SM2.DATE_BEFORE_ENROLMENT',
    agency,
    magic: 97,
    operations: change,
    proves: {
      en: 'A stop before the insurance began is told at the date.',
      zh: '停保日期早于参保日期时，能定位到日期字段。',
    },
    guards: [PAYING],
    arrange: {
      says: {
        en: 'the insurance began the day after the stop that is asked for',
        zh: '参保日期为所申报停保日期的次日',
      },
      run(concern, stage) {
        const asked = new Date(`${contentOf(concern).exit_date}T00:00:00+08:00`);
        enrol(concern, stage, 'paying', day(new Date(asked.getTime() + 86_400_000)));
      },
    },
    example: { en: 'state 40, items DATE_INVALID', zh: 'state 为 40，各险种为 DATE_INVALID' },
  },
  {
    code: 'SM2.INSURED_ELSEWHERE',
    agency,
    magic: 98,
    operations: ['enrolment'],
    proves: {
      en: 'Before a hire it is seen that another unit still insures the person.',
      zh: '入职前能查明该人员仍由其他单位参保。',
    },
    guards: [PERSON_NAMED],
    arrange: {
      says: { en: 'another unit has insured the person since yesterday', zh: '其他单位自昨日起为该人员参保' },
      run: paidByOther,
    },
    example: {
      en: 'enrolments/query: elsewhere 01 to 05',
      zh: 'enrolments/query 返回：01 至 05 各险种均已由其他单位参保',
    },
  },
];
