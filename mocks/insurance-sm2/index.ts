// The social insurance agency of a second city. README.md beside this file is its protocol, contract/openapi.yaml its contract.
import { readFileSync } from 'node:fs';
import type { Agency, Call, Person, Reply } from '../kernel/agency.ts';
import { type Answer, check, type Draft, encode, refuse, seal } from './answer.ts';
import type { Named } from './cases.ts';
import { planOf } from './changes.ts';
import { fits, openapi, yamlText } from './contract.ts';
import { authenticate, type Request, validate } from './message.ts';
import { personOf } from './persons.ts';
import { callback, cases, decide, fire } from './review.ts';
import { findRoute } from './routes.ts';
import { nextWindow } from './window.ts';

export { type Client, clientOf } from './keys.ts';
export { setWindow, windowOf } from './window.ts';

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');

function page(call: Call): Reply | undefined {
  if (call.method !== 'GET') return undefined;
  const reply = (type: string, body: string): Reply => ({
    status: 200,
    headers: { 'content-type': type },
    body,
  });
  if (call.path === '/openapi.json') return reply('application/json', openapi(call.base));
  if (call.path === '/openapi.yaml')
    return reply('application/yaml', yamlText.replace('- url: /', `- url: ${call.base}`));
  if (call.path === '/') return reply('text/markdown; charset=UTF-8', readme);
  return undefined;
}

/** The person that a valid content names, in a member of its own or as the content itself. */
function personsOf(content: unknown): Person[] {
  if (fits('Person', content)) return [personOf(content as Named)];
  const inner: unknown =
    typeof content === 'object' && content !== null ? Reflect.get(content, 'person') : undefined;
  return fits('Person', inner) ? [personOf(inner as Named)] : [];
}

export const insuranceSm2: Agency<Request, Answer, Draft> = {
  name: 'insurance-sm2',
  commonName: 'insurance-sm2.agency.mock',
  clerkDelay: 'PT3S',
  reads: ['ping', 'codeTables', 'unit', 'queryChange', 'listChanges', 'personState', 'roster', 'enrolment'],
  page,
  operation: (call) => findRoute(call)?.operation,
  authenticate,
  validate: (_call, request) => validate(request),
  concerns(request, room) {
    const plan = planOf(request, room);
    return {
      unit: request.unit,
      unitName: '',
      persons: personsOf(request.content),
      ...(plan ? { plan } : {}),
    };
  },
  handle: (request, room) => request.route.handle(request, room),
  encode,
  refuse,
  check,
  seal,
  callback,
  fire,
  cases,
  window: (room) => nextWindow(room),
  decide,
};
