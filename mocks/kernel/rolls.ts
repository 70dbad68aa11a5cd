// The rolls that the agencies of a sandbox share: units, people, and who is what at which unit.
import { createHash } from 'node:crypto';
import {
  type AgencyName,
  type Insurance,
  type Membership,
  type Person,
  Refusal,
  type Rolls,
  type Store,
  type Unit,
} from './agency.ts';
import { isResidentId, isUscc } from './identifiers.ts';
import { KEEPS_ALL, type Keeps } from './rules.ts';

export type Population = 'auto' | 'seeded';
export const INSURANCES: readonly Insurance[] = ['110', '210', '310', '410', '510'];
/** Since when a person put on the rolls by being asked about has been there. */
const EVER_SINCE = '2020-01-01';

/** What the desk may write, besides what the agencies read. */
export interface SeedableRolls extends Rolls {
  putUnit(unit: Unit): Unit;
  /** Creates the person and the membership, or replaces the parts given. */
  putMember(uscc: string, person: Person, parts?: MemberParts): Membership;
  units(): Unit[];
  people(): (Person & { readonly units: readonly string[] })[];
}

export interface MemberParts {
  readonly employment?: Membership['employment'];
  readonly enrolments?: Partial<Membership['enrolments']>;
  readonly registration?: Partial<Membership['registration']>;
}

export function createRolls(
  store: Store,
  options: { seed: string; population: Population; keeps?: Keeps },
): SeedableRolls {
  const { keeps = KEEPS_ALL } = options;
  const units = store.table<Unit>('rolls.units');
  const people = store.table<Person>('rolls.people');
  const memberships = store.table<Membership>('rolls.memberships');
  const numbers = store.table<{ id: string }>('rolls.numbers');
  const auto = options.population === 'auto';
  const at = (uscc: string, idNumber: string) => `${uscc}/${idNumber}`;

  function digits(text: string, length: number): string {
    const hash = createHash('sha256').update(`${options.seed}|${text}`).digest();
    const number = hash.readBigUInt64BE(0) % 10n ** BigInt(length - 1);
    return String(10n ** BigInt(length - 1) + number).slice(-length);
  }

  function give(agency: AgencyName, kind: 'unit' | 'person', id: string, number: string): string {
    if (!numbers.get(`${agency}/${kind}/${number}`)) numbers.put(`${agency}/${kind}/${number}`, { id });
    return number;
  }

  function fresh(uscc: string, idNumber: string): Membership {
    const paying = { state: 'paying', since: EVER_SINCE } as const;
    return {
      uscc,
      idNumber,
      employment: { state: 'active', since: EVER_SINCE },
      enrolments: { 110: paying, 210: paying, 310: paying, 410: paying, 510: paying },
      registration: {
        number: `S${digits(`registration|${idNumber}`, 13)}`,
        status: 'registered',
        since: EVER_SINCE,
      },
    };
  }

  function mismatch(message: string): never {
    throw new Refusal('IDENTITY_MISMATCH', message);
  }

  const rolls: SeedableRolls = {
    unit(uscc, nameHint) {
      const known = units.get(uscc);
      if (known || !auto || !isUscc(uscc)) return known;
      return rolls.putUnit({ uscc, name: nameHint || `Unit ${uscc}` });
    },
    unitNumber: (agency, uscc) =>
      give(
        agency,
        'unit',
        uscc,
        `${uscc.slice(2, 8).replace(/\D/g, '0')}${digits(`${agency}|unit|${uscc}`, 8)}`,
      ),
    personNumber: (agency, idNumber) =>
      give(agency, 'person', idNumber, digits(`${agency}|person|${idNumber}`, 12)),
    unitByNumber: (agency, number) => units.get(numbers.get(`${agency}/unit/${number}`)?.id ?? ''),
    personByNumber: (agency, number) => people.get(numbers.get(`${agency}/person/${number}`)?.id ?? ''),
    person: (idNumber) => people.get(idNumber),
    member(uscc, person) {
      const wrong = person.idType === 'resident_id' && !isResidentId(person.idNumber);
      if (keeps('kernel.id-number') && wrong) mismatch('the ID number is not a valid one');
      const known = people.get(person.idNumber);
      if (keeps('kernel.person-name') && known && known.name !== person.name)
        mismatch('the name does not belong to the ID number');
      if (keeps('kernel.person-document') && known && known.idType !== person.idType)
        mismatch('the document type does not belong to the ID number');
      const membership = memberships.get(at(uscc, person.idNumber));
      if (membership) return membership;
      const elsewhere = rolls
        .membershipsOf(person.idNumber)
        .some((other) => other.employment.state === 'active');
      if (keeps('kernel.person-in-unit') && (!auto || elsewhere || !rolls.unit(uscc))) {
        throw new Refusal('NOT_IN_UNIT', 'this person is not on the roll of this unit');
      }
      return rolls.putMember(uscc, person);
    },
    membership: (uscc, idNumber) => memberships.get(at(uscc, idNumber)),
    change(uscc, idNumber, parts) {
      const before = memberships.get(at(uscc, idNumber));
      if (!before) throw new Error(`no membership ${uscc} to change`);
      const after = { ...before, ...parts };
      memberships.put(at(uscc, idNumber), after);
      return after;
    },
    putUnit(unit) {
      units.put(unit.uscc, unit);
      return unit;
    },
    putMember(uscc, person, parts = {}) {
      if (!units.get(uscc)) rolls.putUnit({ uscc, name: `Unit ${uscc}` });
      people.put(person.idNumber, person);
      const before = memberships.get(at(uscc, person.idNumber)) ?? fresh(uscc, person.idNumber);
      const after: Membership = {
        ...before,
        employment: parts.employment ?? before.employment,
        enrolments: { ...before.enrolments, ...parts.enrolments },
        registration: { ...before.registration, ...parts.registration },
      };
      memberships.put(at(uscc, person.idNumber), after);
      return after;
    },
    membershipsOf: (idNumber) => memberships.all().filter((row) => row.idNumber === idNumber),
    members: (uscc) => memberships.all().filter((row) => row.uscc === uscc),
    units: () => units.all(),
    people() {
      // Once through the memberships: asking for each person would be once for each.
      const at = new Map<string, string[]>();
      for (const { idNumber, uscc } of memberships.all())
        at.set(idNumber, [...(at.get(idNumber) ?? []), uscc]);
      return people.all().map((person) => ({ ...person, units: at.get(person.idNumber) ?? [] }));
    },
  };
  return rolls;
}
