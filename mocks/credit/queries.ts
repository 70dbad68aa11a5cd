// What the agency tells without changing anything.
import { Refusal, type Room } from '../kernel/agency.ts';

import type { Answer, Request } from './route.ts';

export interface Practitioner {
  readonly id_type: string;
  readonly id_number: string;
  readonly name: string;
}

export const ping = (_request: Request, room: Room): Answer => ({
  status: 200,
  body: {
    agency: 'credit.agency.mock',
    time: new Date(room.now().getTime() + 8 * 3_600_000).toISOString().replace('Z', '+08:00'),
  },
});

/** The registration; a person who never had one is NOT_FOUND. */
export function queryPractitioner(request: Request, room: Room): Answer {
  const { registration } = memberOf(request.unit, request.unitName, request.body as Practitioner, room);
  if (registration.status === 'none')
    throw new Refusal('NOT_FOUND', 'No registration of this person', { status: 404 });
  const { number, status, since } = registration;
  return { status: 200, body: { registration_no: number, status, since } };
}

/** Throws Refusal IDENTITY_MISMATCH, NOT_IN_UNIT. */
export function memberOf(unit: string, unitName: string, person: Practitioner, room: Room) {
  room.rolls.unit(unit, unitName);
  return room.rolls.member(unit, { idType: person.id_type, idNumber: person.id_number, name: person.name });
}
