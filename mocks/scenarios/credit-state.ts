// The stories of the credit agency that its records and calendar write. Codes and magic numbers are public: neither is given to another story.
import { type Case, newCase, table } from '../credit/cases.ts';
import { registerConsent, registerRecord } from '../credit/inquiries.ts';
import type { Request } from '../credit/route.ts';
import type { Concern, Guard, Scenario, Stage } from '../kernel/scenario.ts';
import { onAnotherRoll, TELLS_ANOTHER_NAME, UNDER_ANOTHER_NAME } from './arrangements.ts';
import { dayFromNow, memberHere, PERSON_NAMED, PERSON_NOT_YET_HERE, personOf, REGISTERED } from './guards.ts';

const agency = 'credit';
const change = ['submitRegistrationChange'] as const;
const inquiry = ['inquire'] as const;

const member = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
const bodyOf = ({ message }: Concern): unknown => (message as Request).body;
const referenceOf = (concern: Concern): string | undefined => {
  const reference = member(member(bodyOf(concern), 'consent'), 'reference');
  return typeof reference === 'string' ? reference : undefined;
};

const CONSENT_GIVEN: Guard = {
  name: 'consent_given',
  says: { en: 'the inquiry names a consent', zh: '查询请求附有授权' },
  holds: (concern) => referenceOf(concern) !== undefined,
};

const NO_CHANGE_OPEN: Guard = {
  name: 'no_change_open',
  says: { en: 'no change for the person is open', zh: '该人员没有办理中的变更' },
  holds: (concern, stage) =>
    !table(stage)
      .all()
      .some((row) => isOpenFor(row, concern)),
};

const isOpenFor = (row: Case, concern: Concern) =>
  row.content.practitioner.id_number === personOf(concern)?.idNumber &&
  ['received', 'in_review', 'correction_requested'].includes(row.state);

function register(
  concern: Concern,
  stage: Stage,
  status: 'registered' | 'cancelled' | 'none',
  since: string,
): void {
  const found = memberHere(concern, stage);
  if (!found) return;
  const { number } = found.registration;
  stage.rolls.change(found.uscc, found.idNumber, { registration: { number, status, since } });
}

const consent = (concern: Concern, stage: Stage, row: Parameters<typeof registerConsent>[2]) =>
  registerConsent(concern.unit, referenceOf(concern) ?? '', row, stage);

export const CREDIT_STATES: readonly Scenario[] = [
  {
    code: 'CRD.NOT_REGISTERED',
    agency,
    magic: 73,
    operations: change,
    proves: {
      en: 'Nothing to cancel is not a failure to be retried.',
      zh: '无登记可注销时不重试。',
    },
    guards: [REGISTERED],
    arrange: {
      says: { en: 'the person never had a registration', zh: '该人员从未登记执业' },
      run: (concern, stage) => register(concern, stage, 'none', '2020-01-01'),
    },
    example: { en: '422 NOT_REGISTERED', zh: '返回 422 NOT_REGISTERED' },
  },
  {
    code: 'CRD.ALREADY_CANCELLED',
    agency,
    magic: 74,
    operations: change,
    proves: {
      en: 'A registration that somebody else has cancelled counts as done.',
      zh: '他人已注销登记的，按已完成处理。',
    },
    guards: [REGISTERED],
    arrange: {
      says: {
        en: 'the registration was cancelled yesterday, by another filing',
        zh: '执业登记已于昨日因另一申请注销',
      },
      run: (concern, stage) => register(concern, stage, 'cancelled', dayFromNow(stage, -1)),
    },
    example: { en: '422 ALREADY_DONE', zh: '返回 422 ALREADY_DONE' },
  },
  {
    code: 'CRD.IDENTITY_MISMATCH',
    agency,
    magic: 75,
    operations: ['queryPractitioner', 'submitRegistrationChange'],
    proves: TELLS_ANOTHER_NAME,
    guards: [PERSON_NAMED],
    arrange: UNDER_ANOTHER_NAME,
    example: { en: '422 IDENTITY_MISMATCH', zh: '返回 422 IDENTITY_MISMATCH' },
  },
  {
    code: 'CRD.NOT_IN_UNIT',
    agency,
    magic: 76,
    operations: ['queryPractitioner', 'submitRegistrationChange'],
    proves: {
      en: 'A practitioner whom the register has at another unit is a question for a person.',
      zh: '人员登记在其他机构名下时，转人工核实。',
    },
    guards: [PERSON_NOT_YET_HERE],
    arrange: onAnotherRoll({
      en: 'the person is registered with another unit',
      zh: '该人员的执业登记在另一单位名下',
    }),
    example: { en: '422 NOT_IN_UNIT', zh: '返回 422 NOT_IN_UNIT' },
  },
  {
    code: 'CRD.ALREADY_OPEN',
    agency,
    magic: 77,
    operations: change,
    proves: {
      en: 'A change that somebody made in the portal is found before another is forced.',
      zh: '网页端已提交的变更能被发现，不强行重复提交。',
    },
    guards: [REGISTERED, NO_CHANGE_OPEN],
    arrange: {
      says: {
        en: 'a change for the person, made in the portal this morning, is in review',
        zh: '该人员今晨在网厅提交的变更正在审核',
      },
      run(concern, stage) {
        const number = String(stage.store.next('credit.portal')).padStart(6, '0');
        const content = bodyOf(concern) as Case['content']; // has passed the contract
        const row = newCase(stage, {
          receipt: `CRD-PORTAL-${number}`,
          unit: concern.unit,
          content: { ...content, serial: `PORTAL-${number}` },
          plan: { delayMs: 0 },
        });
        table(stage).put(row.receipt, { ...row, state: 'in_review' });
      },
    },
    example: { en: '422 ALREADY_OPEN', zh: '返回 422 ALREADY_OPEN' },
  },
  {
    code: 'CRD.DATE_BEFORE_REGISTRATION',
    agency,
    magic: 78,
    operations: change,
    proves: {
      en: 'A day before the registration began is told at the date.',
      zh: '生效日期早于登记日期时，能定位到日期字段。',
    },
    guards: [REGISTERED],
    arrange: {
      says: {
        en: 'the registration began the day after the one asked for',
        zh: '执业登记的起始日晚于申请日期一天',
      },
      run(concern, stage) {
        const asked = String(member(bodyOf(concern), 'effective_date'));
        const next = new Date(new Date(`${asked}T00:00:00Z`).getTime() + 86_400_000);
        register(concern, stage, 'registered', next.toISOString().slice(0, 10));
      },
    },
    example: { en: '422 DATE_INVALID', zh: '返回 422 DATE_INVALID' },
  },
  {
    code: 'CRD.CONSENT_EXPIRED',
    agency,
    magic: 79,
    operations: inquiry,
    proves: {
      en: 'An inquiry whose consent has run out asks the person for a new one.',
      zh: '授权到期时应重新取得本人授权。',
    },
    guards: [CONSENT_GIVEN],
    arrange: {
      says: {
        en: 'the agency has the consent on its register as ended yesterday',
        zh: '机构登记的授权已于昨日到期',
      },
      run: (concern, stage) => consent(concern, stage, { validUntil: dayFromNow(stage, -1) }),
    },
    example: { en: '422 CONSENT_EXPIRED', zh: '返回 422 CONSENT_EXPIRED' },
  },
  {
    code: 'CRD.CONSENT_REVOKED',
    agency,
    magic: 80,
    operations: inquiry,
    proves: {
      en: 'A revoked consent stops inquiries for good.',
      zh: '授权撤回后不再查询。',
    },
    guards: [CONSENT_GIVEN],
    arrange: {
      says: { en: 'the person revoked the consent today', zh: '该人员已于今日撤回授权' },
      run: (concern, stage) => consent(concern, stage, { revokedOn: dayFromNow(stage, 0) }),
    },
    example: { en: '422 CONSENT_REVOKED', zh: '返回 422 CONSENT_REVOKED' },
  },
  {
    code: 'CRD.CONSENT_PURPOSE',
    agency,
    magic: 81,
    operations: inquiry,
    proves: {
      en: 'A consent for one purpose is not used for another.',
      zh: '授权不得用于其他目的。',
    },
    guards: [CONSENT_GIVEN],
    arrange: {
      says: {
        en: 'the agency has the consent on its register for no purpose that is asked about',
        zh: '机构登记的授权不含所查询的用途',
      },
      run: (concern, stage) => consent(concern, stage, { purposes: [] }),
    },
    example: { en: '422 CONSENT_PURPOSE', zh: '返回 422 CONSENT_PURPOSE' },
  },
  {
    code: 'CRD.ADVERSE_RECORD',
    agency,
    magic: 82,
    operations: inquiry,
    proves: {
      en: 'A record found is shown as told, with its day, and is no verdict.',
      zh: '查到的记录应如实展示并注明日期，不作结论。',
    },
    guards: [PERSON_NAMED],
    arrange: {
      says: {
        en: 'the register has an administrative penalty of last year on the person',
        zh: '登记库中该人员有一条去年的行政处罚记录',
      },
      run: (concern, stage) =>
        registerRecord(
          personOf(concern)?.idNumber ?? '',
          { kind: 'administrative_penalty', since: dayFromNow(stage, -365), text: '模拟行政处罚记录' },
          stage,
        ),
    },
    example: {
      en: '200 result records, one of kind administrative_penalty',
      zh: '返回 200，查询结果为 records，其中一条的 kind 为 administrative_penalty',
    },
  },
];
