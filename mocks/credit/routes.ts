// The written list of operations: path of the contract, method, the schema of the body and what it does.
import { type Call, Refusal, type Room } from '../kernel/agency.ts';
import * as changes from './changes.ts';
import { inquire } from './inquiries.ts';
import { listChanges, listPractitioners } from './lists.ts';
import { ping, queryPractitioner } from './queries.ts';
import type { Answer, Request, Route } from './route.ts';
import { issueToken, TOKEN_SECONDS } from './token.ts';

const CHANGES = '/v1/registration-changes';

export const ROUTES: readonly Route[] = [
  { operation: 'token', method: 'POST', path: '/oauth/token', handle: token },
  { operation: 'ping', method: 'GET', path: '/v1/ping', handle: ping },
  {
    operation: 'submitRegistrationChange',
    method: 'POST',
    path: CHANGES,
    body: 'RegistrationChange',
    handle: changes.submit,
  },
  {
    operation: 'listRegistrationChanges',
    method: 'GET',
    path: CHANGES,
    query: 'ChangesQuery',
    handle: listChanges,
  },
  { operation: 'getRegistrationChange', method: 'GET', path: `${CHANGES}/{serial}`, handle: changes.read },
  {
    operation: 'amendRegistrationChange',
    method: 'PATCH',
    path: `${CHANGES}/{serial}`,
    body: 'RegistrationChange',
    handle: changes.amend,
  },
  {
    operation: 'withdrawRegistrationChange',
    method: 'POST',
    path: `${CHANGES}/{serial}/withdrawal`,
    body: 'Withdrawal',
    handle: changes.withdraw,
  },
  {
    operation: 'listPractitioners',
    method: 'GET',
    path: '/v1/practitioners',
    query: 'PractitionersQuery',
    handle: listPractitioners,
  },
  {
    operation: 'queryPractitioner',
    method: 'POST',
    path: '/v1/practitioners/query',
    body: 'PractitionerQuery',
    handle: queryPractitioner,
  },
  {
    operation: 'inquire',
    method: 'POST',
    path: '/v1/inquiries',
    body: 'Inquiry',
    handle: inquire,
  },
];

function token(request: Request, room: Room): Answer {
  const access = issueToken(request.unit, room);
  return { status: 200, body: { access_token: access, token_type: 'Bearer', expires_in: TOKEN_SECONDS } };
}

const compiled = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace('{serial}', '([A-Za-z0-9_-]{1,40})')}$`),
}));

/** Routes of this path, whatever the method, with the serial in it. */
const matching = (path: string) =>
  compiled.flatMap(({ route, pattern }) => {
    const match = pattern.exec(path);
    return match ? [{ route, serial: match[1] ?? '' }] : [];
  });

export const findRoute = (call: Call) =>
  matching(call.path).find(({ route }) => route.method === call.method);

/** Throws Refusal ROUTE_UNKNOWN, METHOD_NOT_ALLOWED. */
export function requireRoute(call: Call): { route: Route; serial: string } {
  const found = findRoute(call);
  if (found) return found;
  const others = matching(call.path).map(({ route }) => route.method);
  if (others.length === 0) throw new Refusal('ROUTE_UNKNOWN', 'No such path', { status: 404 });
  throw new Refusal('METHOD_NOT_ALLOWED', `Allowed: ${others.join(', ')}`, {
    status: 405,
    extra: { allow: others.join(', ') },
  });
}
