// What the agency has of a unit, in pages: its changes by the day they take effect, and who is registered there.
import { Refusal, type Room } from '../kernel/agency.ts';
import { pageOf } from '../kernel/page.ts';
import { stateOf, table } from './cases.ts';
import type { Answer, Request } from './route.ts';

const PAGE = 50;

export function listChanges({ unit, query }: Request, room: Room): Answer {
  const { from = '', to = '', cursor } = query;
  if (to < from) throw new Refusal('DATE_INVALID', 'to lies before from');
  const found = table(room)
    .all()
    .filter(({ unit: owner, lost }) => owner === unit && !lost)
    .filter(({ content: { effective_date: day } }) => from <= day && day <= to);
  const { rows, next } = pageOf(found, ({ receipt }) => receipt, cursor, PAGE);
  const changes = rows.map((found) => {
    const { id_type, id_number, name } = found.content.practitioner;
    const { serial, revision, receipt, state } = stateOf(found);
    const practitioner = { id_type, id_number, name };
    return {
      serial,
      revision,
      receipt,
      state,
      practitioner,
      effective_date: found.content.effective_date,
    };
  });
  return { status: 200, body: { changes, ...(next !== undefined && { next }) } };
}

export function listPractitioners({ unit, query }: Request, room: Room): Answer {
  const registered = room.rolls
    .members(unit)
    .filter(({ registration }) => registration.status === 'registered');
  const { rows, next } = pageOf(registered, ({ registration }) => registration.number, query.cursor, PAGE);
  const practitioners = rows.map(({ idNumber, registration: { number, since } }) => {
    const person = room.rolls.person(idNumber);
    if (!person) throw new Error('a membership of nobody');
    return { registration_no: number, id_number: idNumber, name: person.name, since };
  });
  return { status: 200, body: { practitioners, ...(next !== undefined && { next }) } };
}
