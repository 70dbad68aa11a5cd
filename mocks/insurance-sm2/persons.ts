// What the agency tells of units and people without changing anything.
import { type Membership, Refusal, type Room } from '../kernel/agency.ts';
import type { Answer } from './answer.ts';
import type { Named } from './cases.ts';
import { INSURANCES, tables } from './codes.ts';
import { elsewhere, transferredTo } from './items.ts';
import type { Request } from './message.ts';

const ok = (data: Answer['data']): Answer => ({ code: 'OK', data });
const PAGE = 50;

/** The rolls' words for this agency's document types. */
const ID_TYPES: Readonly<Record<string, string>> = {
  '01': 'resident_id',
  '02': 'residence_permit',
  '03': 'passport',
  '04': 'travel_permit',
};
/** AAC031 elsewhere. */
const STATES = { paying: '1', paused: '2', ended: '3' } as const;

export const personOf = ({ id_type, id_number, name }: Named) => ({
  idType: ID_TYPES[id_type] ?? id_type,
  idNumber: id_number,
  name,
});

/** Throws Refusal IDENTITY_MISMATCH, NOT_IN_UNIT. */
export function memberOf(unit: string, person: Named, room: Room): Membership {
  room.rolls.unit(unit);
  return room.rolls.member(unit, personOf(person));
}

export const ping = (_request: Request, room: Room): Answer =>
  ok({
    agency: 'insurance-sm2.agency.mock',
    time: new Date(room.now().getTime() + 8 * 3_600_000).toISOString().replace('Z', '+08:00'),
  });

export const codeTables = ({ unit }: Request, room: Room): Answer => ok({ tables: tables(unit, room) });

export function unit(request: Request, room: Room): Answer {
  const found = room.rolls.unit(request.unit);
  if (!found) throw new Refusal('UNIT_UNKNOWN', 'No such unit');
  return ok({ unit_no: room.rolls.unitNumber('insurance-sm2', found.uscc), name: found.name });
}

export function personState(request: Request, room: Room): Answer {
  const person = request.content as Named; // has passed the contract
  const { enrolments } = memberOf(request.unit, person, room);
  const insurances = Object.entries(INSURANCES).flatMap(([insurance, { roll }]) => {
    const { state, since } = enrolments[roll];
    const region = transferredTo(request.unit, person.id_number, insurance, room);
    if (state === 'none') return [];
    return [
      { insurance, state: STATES[state], since, ...(region !== undefined && { transferred_to: region }) },
    ];
  });
  return ok({ person_no: room.rolls.personNumber('insurance-sm2', person.id_number), insurances });
}

/** Whom the unit pays at least one insurance for, since the latest of them. */
export function roster(request: Request, room: Room): Answer {
  const { page: asked } = request.content as { page?: string };
  const rows = room.rolls.members(request.unit).flatMap(({ idNumber, enrolments }) => {
    const paid = Object.values(enrolments).filter(({ state }) => state === 'paying');
    const since = paid
      .map((each) => each.since)
      .sort()
      .at(-1);
    const person = room.rolls.person(idNumber);
    return since === undefined || !person ? [] : [{ id_number: idNumber, name: person.name, since }];
  });
  return ok(page('persons', rows, asked));
}

export function enrolment(request: Request, room: Room): Answer {
  const person = request.content as Named;
  const known = room.rolls.person(person.id_number);
  if (known && known.name !== person.name)
    throw new Refusal('IDENTITY_MISMATCH', 'The number exists under another name');
  return ok({ elsewhere: elsewhere(request.unit, person.id_number, room) });
}

/** @param asked which page, from 1 */
export function page(name: string, rows: readonly object[], asked = '1'): Record<string, unknown> {
  const start = (Math.max(1, Number(asked)) - 1) * PAGE;
  const more = rows.length > start + PAGE;
  return { [name]: rows.slice(start, start + PAGE), ...(more && { next: String(start / PAGE + 2) }) };
}
