// Preconditions that scenarios share. The names are public: a 409 says them.
import type { Insurance } from '../kernel/agency.ts';
import { INSURANCES } from '../kernel/rolls.ts';
import type { Concern, Guard, Stage } from '../kernel/scenario.ts';
import { day } from '../kernel/time.ts';

const DAY = 86_400_000;

export const dayFromNow = (stage: Stage, days: number): string =>
  day(new Date(stage.now().getTime() + days * DAY));

/** The unit at which scenarios put people who are elsewhere. Its code passes both checks, and is nobody's. */
export const OTHER_UNIT = { uscc: '91990000MA0000007X', name: '另一模拟用人单位' };

export const personOf = ({ persons }: Concern) => persons[0];

/** The person at the unit, put on the roll first where the population allows it; undefined: not there. */
export function memberHere(concern: Concern, stage: Stage) {
  const person = personOf(concern);
  if (!person) return undefined;
  try {
    stage.rolls.unit(concern.unit, concern.unitName);
    return stage.rolls.member(concern.unit, person);
  } catch {
    return undefined; // a Refusal: the roll knows better
  }
}

export const PERSON_EMPLOYED: Guard = {
  name: 'person_employed',
  says: { en: 'the person is employed by the unit', zh: '该人员在本单位在职' },
  holds: (concern, stage) => memberHere(concern, stage)?.employment.state === 'active',
};

export const PERSON_NOT_YET_HERE: Guard = {
  name: 'person_not_yet_here',
  says: {
    en: 'the person is not on the unit’s roll yet, so use a number that was never asked about',
    zh: '该人员尚未登记在本单位名下（请使用从未查询过的证件号码）',
  },
  holds(concern, stage) {
    const person = personOf(concern);
    return person !== undefined && stage.rolls.membership(concern.unit, person.idNumber) === undefined;
  },
};

export const PERSON_NAMED: Guard = {
  name: 'person_named',
  says: { en: 'the request names a person', zh: '请求中写明了人员' },
  holds: (concern) => personOf(concern) !== undefined,
};

export const PAYING: Guard = {
  name: 'insurance_paying',
  says: { en: 'the unit pays the person’s insurance', zh: '该人员在本单位正常参保缴费' },
  holds: (concern, stage) => Object.values(memberHere(concern, stage)?.enrolments ?? {}).some(isPaying),
};

const isPaying = ({ state }: { state: string }) => state === 'paying';

export const REGISTERED: Guard = {
  name: 'registered',
  says: { en: 'the person is registered as a practitioner', zh: '该人员处于执业登记状态' },
  holds: (concern, stage) => memberHere(concern, stage)?.registration.status === 'registered',
};

/** All five insurances of the person at the unit become this. */
export function enrol(
  concern: Concern,
  stage: Stage,
  state: 'paying' | 'paused' | 'ended' | 'none',
  since: string,
  unit: string = concern.unit,
): void {
  const person = personOf(concern);
  if (!person) return;
  const each = { state, since } as const;
  const enrolments = Object.fromEntries(INSURANCES.map((insurance) => [insurance, each])) as Record<
    Insurance,
    typeof each
  >;
  stage.rolls.putMember(unit, person, { enrolments });
}
