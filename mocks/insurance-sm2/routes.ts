// The written list of operations: path of the contract and what it does.
import { type Call, Refusal, type Room } from '../kernel/agency.ts';
import type { Answer } from './answer.ts';
import * as changes from './changes.ts';
import type { Request } from './message.ts';
import * as persons from './persons.ts';

export interface Route {
  /** The name that faults match; the contract's operationId. */
  readonly operation: string;
  /** A path of the contract. All are POST: also what is asked for travels sealed. */
  readonly path: string;
  handle(request: Request, room: Room): Answer;
}

export const ROUTES: readonly Route[] = [
  { operation: 'ping', path: '/api/v2/ping', handle: persons.ping },
  { operation: 'codeTables', path: '/api/v2/codes', handle: persons.codeTables },
  { operation: 'unit', path: '/api/v2/unit', handle: persons.unit },
  { operation: 'fileChange', path: '/api/v2/changes', handle: changes.file },
  { operation: 'amendChange', path: '/api/v2/changes/amend', handle: changes.amend },
  { operation: 'withdrawChange', path: '/api/v2/changes/withdraw', handle: changes.withdraw },
  { operation: 'queryChange', path: '/api/v2/changes/query', handle: changes.query },
  { operation: 'listChanges', path: '/api/v2/changes/list', handle: changes.list },
  { operation: 'personState', path: '/api/v2/persons/state', handle: persons.personState },
  { operation: 'roster', path: '/api/v2/persons/list', handle: persons.roster },
  { operation: 'enrolment', path: '/api/v2/enrolments/query', handle: persons.enrolment },
];

export const findRoute = ({ path }: Call): Route | undefined => ROUTES.find((route) => route.path === path);

/** Throws Refusal ROUTE_UNKNOWN, METHOD_NOT_ALLOWED. */
export function requireRoute(call: Call): Route {
  const found = findRoute(call);
  if (!found) throw new Refusal('ROUTE_UNKNOWN', 'No such path', { status: 404 });
  if (call.method !== 'POST') throw new Refusal('METHOD_NOT_ALLOWED', 'POST only', { status: 405 });
  return found;
}
