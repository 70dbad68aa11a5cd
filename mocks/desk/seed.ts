// PUT /persons: from the wire's words to the rolls'.
import type { Membership } from '../kernel/agency.ts';
import type { PersonSeed } from './handle.ts';

/** What personInput (schemas.ts) lets through. */
export interface PersonBody {
  readonly uscc: string;
  readonly unit_name?: string;
  readonly id_type?: string;
  readonly id_number: string;
  readonly name: string;
  readonly employment?: { state: 'active' | 'ended'; since: string; ended_on?: string; reason?: string };
  readonly enrolments?: Partial<Membership['enrolments']>;
  readonly registration?: Partial<Membership['registration']>;
}

export function readPerson(body: PersonBody): PersonSeed {
  const { employment } = body;
  return {
    uscc: body.uscc,
    idNumber: body.id_number,
    name: body.name,
    ...(body.unit_name === undefined ? {} : { unitName: body.unit_name }),
    ...(body.id_type === undefined ? {} : { idType: body.id_type }),
    ...(employment === undefined
      ? {}
      : {
          employment: {
            state: employment.state,
            since: employment.since,
            ...(employment.ended_on === undefined ? {} : { endedOn: employment.ended_on }),
            ...(employment.reason === undefined ? {} : { reason: employment.reason }),
          },
        }),
    ...(body.enrolments === undefined ? {} : { enrolments: body.enrolments }),
    ...(body.registration === undefined ? {} : { registration: body.registration }),
  };
}
