// States that scenarios of several agencies begin in, and what their clients prove with them.
import type { Scenario, Sentence } from '../kernel/scenario.ts';
import { OTHER_UNIT, personOf } from './guards.ts';

type Arrangement = NonNullable<Scenario['arrange']>;

export const UNDER_ANOTHER_NAME: Arrangement = {
  says: { en: 'the roll has the number under another name', zh: '名册中该证件号码登记的是另一姓名' },
  run(concern, stage) {
    const person = personOf(concern);
    if (person) stage.rolls.putMember(concern.unit, { ...person, name: `${person.name}异` });
  },
};

export const TELLS_ANOTHER_NAME: Scenario['proves'] = {
  en: 'A number under another name is told at that field, and not tried again.',
  zh: '证件号码与姓名不符时，能定位字段且不重试。',
};

export const onAnotherRoll = (says: Sentence): Arrangement => ({
  says,
  run(concern, stage) {
    const person = personOf(concern);
    stage.rolls.putUnit(OTHER_UNIT);
    if (person) stage.rolls.putMember(OTHER_UNIT.uscc, person);
  },
});
