// Chooses the scenario of a request, by channel, and sets its stage. What was armed, ruled and arranged lies in the
// sandbox's store, so that it is part of a snapshot and undone with the rest.
import { type AgencyName, Refusal, type Store } from './agency.ts';
import { nearest } from './nearest.ts';
import {
  type Channel,
  type Concern,
  type Guard,
  magicOf,
  type Profile,
  type Scenario,
  type Stage,
} from './scenario.ts';
import { LimitReached } from './words.ts';

/** What somebody asked for beforehand; all that is given must agree. */
export interface When {
  readonly operation?: string;
  readonly uscc?: string;
  readonly idNumber?: string;
}

export interface Armed extends When {
  readonly id: string;
  readonly scenario: string;
  /** Absent: for as long as it stands (a rule). */
  readonly remaining?: number;
}

export interface Choice {
  readonly scenario: Scenario;
  readonly channel: Channel;
  /** `armed arm-1`, `profile strict-clerk`: as answers name it. */
  readonly rule: string;
  readonly armedId?: string;
}

export interface Question extends When {
  readonly agency: AgencyName;
  readonly operation: string;
  readonly header?: string;
}

export interface Director {
  readonly scenarios: readonly Scenario[];
  readonly profiles: readonly Profile[];
  /** Throws Refusal SCENARIO_UNKNOWN with the nearest codes, where an agency was asked with its own first. */
  find(code: string, at?: AgencyName): Scenario;
  arm(scenario: string, when: When, times: number): Armed;
  rule(scenario: string, when: When): Armed;
  list(kind: 'armed' | 'rules'): Armed[];
  disarm(kind: 'armed' | 'rules', id?: string): number;
  profile(): { readonly name: string; readonly scenarios: readonly string[] };
  /** A profile of the list, or a custom one that takes whichever of the codes fits. */
  setProfile(name: string, scenarios?: readonly string[]): void;
  /** Who would win; nothing is used up. */
  resolve(question: Question): Choice | undefined;
  /** Chooses, checks the guards and arranges. Throws Refusal SCENARIO_GUARD (409), SCENARIO_UNKNOWN. */
  begin(agency: AgencyName, concern: Concern, header: string | undefined, stage: Stage): Choice | undefined;
  /** The clerk has a new case: an armed choice counts down, a profile goes on to its next. */
  filed(agency: AgencyName, operation: string, choice: Choice | undefined): void;
}

const LONGEST = 100;
/** Codes that are told to who mistypes one: where no agency is named, one of each if they are alike. */
const NEAR = 4;
/** What a profile counts: one filing each, however often its person was looked up before. */
const FILINGS = [
  'SubmitTermination',
  'stop',
  'transfer',
  'submitRegistrationChange',
  'inquire',
  'fileChange',
];

export function createDirector(
  store: Store,
  options: { scenarios: readonly Scenario[]; profiles: readonly Profile[]; seed: string },
): Director {
  const { scenarios, profiles, seed } = options;
  const armed = store.table<Armed>('scenarios.armed');
  const rules = store.table<Armed>('scenarios.rules');
  const arranged = store.table<{ code: string }>('scenarios.arranged');
  const counts = store.table<{ n: number }>('scenarios.counts');
  const settings = store.table<{ name: string; scenarios: readonly string[] }>('scenarios.profile');
  const byCode = new Map(scenarios.map((scenario) => [scenario.code, scenario]));
  const tableOf = (kind: 'armed' | 'rules') => (kind === 'armed' ? armed : rules);

  const fits = (scenario: Scenario | undefined, { agency, operation }: Question): scenario is Scenario =>
    scenario !== undefined && scenario.agency === agency && scenario.operations.includes(operation);

  function waiting(kind: 'armed' | 'rules', question: Question): Choice | undefined {
    for (const row of tableOf(kind).all()) {
      const scenario = byCode.get(row.scenario);
      if (!fits(scenario, question)) continue;
      const keys = ['operation', 'uscc', 'idNumber'] as const;
      if (keys.some((key) => row[key] !== undefined && row[key] !== question[key])) continue;
      return kind === 'armed'
        ? { scenario, channel: 'armed', rule: `armed ${row.id}`, armedId: row.id }
        : { scenario, channel: 'rule', rule: `rule ${row.id}` };
    }
    return undefined;
  }

  /** What a profile has arranged for a person stays theirs: who files again must not get the next story. */
  const given = store.table<{ code: string }>('scenarios.given');
  const givenKey = ({ agency, operation, uscc, idNumber }: Question) =>
    [director.profile().name, agency, operation, uscc, idNumber].join('|');

  const countKey = (agency: AgencyName, operation: string) => `${agency} ${operation}`;

  function ofProfile(question: Question): Choice | undefined {
    const { name, scenarios: custom } = director.profile();
    const { agency, operation } = question;
    const choose = (code: string | undefined): Choice | undefined => {
      const scenario = byCode.get(code ?? '');
      return fits(scenario, question) ? { scenario, channel: 'profile', rule: `profile ${name}` } : undefined;
    };
    if (name === 'custom') return choose(custom.find((code) => fits(byCode.get(code), question)));
    if (!FILINGS.includes(operation)) return undefined;
    const before = given.get(givenKey(question));
    if (before) return choose(before.code);
    const n = (counts.get(countKey(agency, operation))?.n ?? 0) + 1;
    return choose(profiles.find((each) => each.name === name)?.choose({ agency, operation, n, seed }));
  }

  function resolve(question: Question): Choice | undefined {
    const named = question.header === undefined ? undefined : director.find(question.header, question.agency);
    if (fits(named, question)) return { scenario: named, channel: 'header', rule: 'header' };
    const digits = question.idNumber === undefined ? undefined : magicOf(question.idNumber);
    const magic = digits === undefined ? undefined : scenarios.find((each) => each.magic === digits);
    return (
      waiting('armed', question) ??
      waiting('rules', question) ??
      (fits(magic, question) ? { scenario: magic, channel: 'magic', rule: 'magic' } : undefined) ??
      ofProfile(question)
    );
  }

  /** The first person of a batch whose number is magic speaks for it. */
  function questionOf(agency: AgencyName, concern: Concern, header: string | undefined): Question {
    const spoken =
      concern.persons.find(({ idNumber }) => magicOf(idNumber) !== undefined) ?? concern.persons[0];
    return {
      agency,
      operation: concern.message.operation,
      uscc: concern.unit,
      ...(spoken ? { idNumber: spoken.idNumber } : {}),
      ...(header === undefined ? {} : { header }),
    };
  }

  function add(kind: 'armed' | 'rules', scenario: string, when: When, remaining?: number): Armed {
    const table = tableOf(kind);
    director.find(scenario);
    if (table.all().length >= LONGEST)
      throw new LimitReached({ en: `there are ${LONGEST} already`, zh: `待用情景已达上限 ${LONGEST} 项` });
    const id = `${kind === 'armed' ? 'arm' : 'rule'}-${store.next(`scenarios.${kind}`)}`;
    const row: Armed = { id, scenario, ...when, ...(remaining === undefined ? {} : { remaining }) };
    table.put(id, row);
    return row;
  }

  function count(agency: AgencyName, operation: string): void {
    const key = countKey(agency, operation);
    counts.put(key, { n: (counts.get(key)?.n ?? 0) + 1 });
  }

  function useUp(id: string | undefined): void {
    const row = armed.get(id ?? '');
    if (!row) return;
    const remaining = (row.remaining ?? 1) - 1;
    if (remaining > 0) armed.put(row.id, { ...row, remaining });
    else armed.delete(row.id);
  }

  const director: Director = {
    scenarios,
    profiles,
    find(code, at) {
      const found = byCode.get(code);
      if (found) return found;
      const home = scenarios.find(({ agency }) => agency === at)?.code.split('.')[0];
      const near = nearest(code, [...byCode.keys()], NEAR, home);
      throw new Refusal('SCENARIO_UNKNOWN', `no such scenario; nearest: ${near.join(', ')}`, {
        zh: `没有该情景；最接近的有：${near.join('、')}`,
        status: 400,
        extra: { nearest: near },
      });
    },
    arm: (scenario, when, times) => add('armed', scenario, when, times),
    rule: (scenario, when) => add('rules', scenario, when),
    list: (kind) => tableOf(kind).all(),
    disarm(kind, id) {
      const table = tableOf(kind);
      const gone = table.all().filter((row) => id === undefined || row.id === id);
      for (const row of gone) table.delete(row.id);
      return gone.length;
    },
    profile: () => settings.get('profile') ?? { name: 'default', scenarios: [] },
    setProfile(name, codes = []) {
      for (const code of codes) director.find(code);
      settings.put('profile', { name, scenarios: [...codes] });
      for (const row of scenarios)
        for (const operation of row.operations) counts.delete(countKey(row.agency, operation));
    },
    resolve,
    begin(agency, concern, header, stage) {
      if (header !== undefined) director.find(header, agency);
      if (concern.plan) return undefined;
      const question = questionOf(agency, concern, header);
      const choice = resolve(question);
      if (choice === undefined) return undefined;
      const { scenario, channel } = choice;
      const { arrange } = scenario;
      if (!arrange) return choice;
      const key = `${scenario.code}|${concern.unit}|${question.idNumber ?? ''}`;
      const before = arranged.get(key) !== undefined;
      // Once for each person, however often they are asked about; who arms it again wants it again.
      if (before && channel !== 'armed') return choice;
      const broken = (scenario.guards ?? []).find((guard) => !guard.holds(concern, stage));
      if (broken && (channel === 'header' || channel === 'armed')) throw guardRefusal(scenario, broken);
      if (broken) return undefined;
      arrange.run(concern, stage);
      arranged.put(key, { code: scenario.code });
      if (channel === 'profile') {
        count(agency, question.operation);
        given.put(givenKey(question), { code: scenario.code });
      }
      useUp(choice.armedId);
      return choice;
    },
    filed(agency, operation, choice) {
      if (choice?.scenario.arrange) return; // counted when it was arranged
      count(agency, operation);
      useUp(choice?.armedId);
    },
  };
  return director;
}

const guardRefusal = ({ code }: Scenario, { name, says }: Guard): Refusal =>
  new Refusal('SCENARIO_GUARD', `${code} needs ${name}: ${says.en}`, { status: 409, extra: { guard: name } });
