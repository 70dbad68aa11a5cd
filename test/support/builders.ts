/**
 * Domain values with sensible parts, any of which may be replaced. All people are synthetic: their numbers carry a right
 * check digit and the region 990000, which GB/T 2260 does not have, so that they can be nobody's.
 */

import type { AmendContext } from '../../src/domain/amend.ts';
import type { Exit } from '../../src/domain/exit.ts';
import type { ExitSecret } from '../../src/domain/exit-secret.ts';
import type { Dispute, ExitFacts, OpenItems, Person } from '../../src/domain/facts.ts';
import type { Filing } from '../../src/domain/filing.ts';
import type { GateRule } from '../../src/domain/gate-rule.ts';
import type { EarlierSignal } from '../../src/domain/gates.ts';
import { open } from '../../src/domain/open.ts';
import type { Profile } from '../../src/domain/profile.ts';
import type { FilingKind } from '../../src/domain/words.ts';
import { newId } from '../../src/ids.ts';
import { CLOCK_WORK, DISTANCES } from './clock-work.ts';
import { RISK_RULES } from './risk-rules.ts';

export const NOW = new Date('2026-11-25T02:00:00.000Z');

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The number of the n-th synthetic person: a birthday from 1960 on, a sequence, and the check digit of GB 11643. */
export function syntheticIdNumber(n: number): string {
  const birth = new Date(Date.UTC(1960, 0, 1 + (n % 14_000)));
  const day = birth.toISOString().slice(0, 10).replaceAll('-', '');
  const body = `990000${day}${String(1 + (Math.floor(n / 14_000) % 999)).padStart(3, '0')}`;
  const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return `${body}${'10X98765432'[sum % 11]}`;
}

let counted = 0;
/** A number that no other builder of this process has had. */
export const nextNumber = (): number => ++counted;

const STEMS = '甲乙丙丁戊己庚辛壬癸';

export function makePerson(parts: Partial<Person> = {}): Person {
  const number = nextNumber();
  return {
    name: `测试${STEMS[number % 10]}${STEMS[Math.floor(number / 10) % 10]}`,
    id_type: 'resident_id',
    id_number: syntheticIdNumber(number),
    ...parts,
  };
}

export function makeFacts(parts: Partial<ExitFacts> = {}): ExitFacts {
  const number = nextNumber();
  return {
    externalId: `HR-${number}`,
    employeeExternalId: `E-${number}`,
    profile: 'securities',
    reason: 'resignation',
    employer: { name: '测试证券有限公司', uscc: '91110105MA001234X4', region: '110000' },
    post: '投资顾问',
    contract: { type: 'fixed_term', start: '2022-03-01', end: '2027-02-28' },
    noticeDate: '2026-10-26',
    lastAttendanceDate: '2026-11-25',
    exitDate: '2026-11-25',
    insuranceEndMonth: '2026-11',
    ...parts,
  };
}

export function makeDispute(parts: Partial<Dispute> = {}): Dispute {
  return {
    external_id: `C-${nextNumber()}`,
    kind: 'customer_complaint',
    summary: '测试客户投诉私下受托交易',
    amount: '200000.00',
    ...parts,
  };
}

/** A rule that raises a gate for each open dispute, to the end of the notice. */
export function makeRule(parts: Partial<GateRule> = {}): GateRule {
  return {
    code: 'open_dispute',
    raised_by: 'dispute',
    owner: 'compliance',
    title: { en: 'An open dispute', zh: '未处理的纠纷' },
    clears: { en: 'A settlement', zh: '和解协议' },
    holds: 'notice_end',
    ...parts,
  };
}

type Plan = Profile['filings'][number];
const plan = (kind: FilingKind, after: readonly FilingKind[], ...clocks: string[]): Plan => ({
  kind,
  after: [...after],
  clocks,
});

/** The filings of a securities firm, and one gate for each open dispute. */
export function makeProfile(parts: Partial<Profile> = {}): Profile {
  return {
    name: 'securities',
    title: { en: 'Securities firms', zh: '证券业' },
    effective_from: '2026-01-01',
    gates: [makeRule()],
    filings: [
      plan('labor_filing', [], 'labor_filing'),
      plan('insurance_stop', ['labor_filing'], 'archive_and_insurance_transfer', 'unemployment_list'),
      plan('insurance_transfer', ['insurance_stop'], 'archive_and_insurance_transfer'),
      plan('credit_update', ['insurance_stop'], 'securities_registration'),
    ],
    credit_system: 'practitioner_registration',
    reason_codes: { labor_filing: '1', insurance_stop: '1' },
    risk: RISK_RULES,
    ...parts,
  };
}

export type ConnectionsByKind = ReadonlyMap<FilingKind, { readonly id: string; readonly adapter: string }>;

/** Connections that exist nowhere: for what never reaches a database. */
const SOMEWHERE: ConnectionsByKind = new Map([
  ['labor_filing', { id: 'con_labor', adapter: 'labor-soap' }],
  ['insurance_stop', { id: 'con_insurance', adapter: 'insurance-xml' }],
  ['insurance_transfer', { id: 'con_insurance', adapter: 'insurance-xml' }],
  ['credit_update', { id: 'con_credit', adapter: 'credit-rest' }],
]);

export interface DraftParts {
  readonly facts?: Partial<ExitFacts>;
  readonly person?: Partial<Person>;
  readonly disputes?: readonly Dispute[];
  readonly items?: Partial<OpenItems>;
  readonly signals?: readonly EarlierSignal[];
  readonly profile?: Profile;
  readonly connections?: ConnectionsByKind;
  readonly now?: Date;
}

/** An exit as it is opened: the change to save, and what is kept encrypted. Without disputes it goes to filing at once. */
export function makeDraft(parts: DraftParts = {}) {
  const { now = NOW, profile = makeProfile(), connections = SOMEWHERE, disputes = [] } = parts;
  const { signals = [] } = parts;
  const items: OpenItems = { disputes, handover: [], finance: [], ...parts.items };
  const change = open(makeFacts(parts.facts), {
    now,
    profile,
    connections,
    items,
    signals,
    clockWork: CLOCK_WORK,
    distances: DISTANCES,
    newId: (kind) => newId(kind, now),
    newSerial: () => `EG-TEST-${nextNumber()}`,
  });
  return { change, secret: makeSecret({ person: makePerson(parts.person), ...items }), now };
}

/** The encrypted part of an exit about which nothing has been decided. */
export function makeSecret(parts: Partial<ExitSecret> = {}): ExitSecret {
  return {
    person: makePerson(),
    disputes: [],
    handover: [],
    finance: [],
    earlierPersons: [],
    clearances: [],
    answers: [],
    ...parts,
  };
}

/** Agencies that withdraw while nobody has concluded, and take amendments when they asked for them. */
export const PURSUIT = {
  now: NOW,
  newSerial: () => `EG-TEST-${nextNumber()}`,
  reachOf: () => ({
    withdraw: ['submitted', 'in_review', 'correction_requested'] as const,
    amend: ['correction_requested'] as const,
  }),
};

/** What an amendment is decided by: the rules and clocks of `makeProfile`, and adapters that are handed name and number. */
export const AMENDING: AmendContext = {
  ...PURSUIT,
  distances: DISTANCES,
  clockWork: CLOCK_WORK,
  rules: makeProfile().gates,
  clocksOf: (kind) => makeProfile().filings.find((each) => each.kind === kind)?.clocks ?? [],
  personFieldsOf: () => ['name', 'id_type', 'id_number'],
  newGateId: () => newId('gate', NOW),
};

export function makeExit(parts: DraftParts & { readonly exit?: Partial<Exit> } = {}): Exit {
  return { ...makeDraft(parts).change.exit, ...parts.exit };
}

export function makeFiling(parts: Partial<Filing> = {}): Filing {
  return {
    id: newId('filing', NOW),
    kind: 'labor_filing',
    connectionId: 'con_labor',
    adapter: 'labor-soap',
    serial: `EG-TEST-${nextNumber()}`,
    revision: 1,
    factsRevision: 1,
    via: 'submit',
    after: [],
    state: 'due',
    attempts: 0,
    polls: 0,
    news: 0,
    deadline: '2026-12-10',
    clocks: [],
    ...parts,
  };
}
