// The insurance agency. README.md beside this file is its protocol, contract/insurance.xsd its schema.
import { readFileSync } from 'node:fs';
import type { Agency, Call, Reply } from '../kernel/agency.ts';
import { check, type Draft, encode, refuse, seal } from './answer.ts';
import { cases, decide, fire } from './batches.ts';
import { personsOf, planOf } from './concerns.ts';
import { type Answer, authenticate, type Request, validate } from './message.ts';
import { RULES } from './rules.ts';
import { TRANSACTIONS } from './transactions.ts';
import { nextWindow } from './window.ts';
import { xsdBytes } from './xml.ts';

export { setWindow, type Window, windowOf } from './window.ts';

const readme = readFileSync(new URL('./README.md', import.meta.url));

function page(call: Call): Reply | undefined {
  if (call.method !== 'GET' || call.path !== '/') return undefined;
  const xsd = call.query.get('xsd');
  if (xsd === 'insurance.xsd')
    return { status: 200, headers: { 'content-type': 'application/xml; charset=UTF-8' }, body: xsdBytes };
  if (xsd !== null)
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'No such schema\n' };
  return { status: 200, headers: { 'content-type': 'text/markdown; charset=UTF-8' }, body: readme };
}

export const insurance: Agency<Request, Answer, Draft> = {
  name: 'insurance',
  commonName: 'insurance.agency.mock',
  clerkDelay: 'PT3S',
  reads: [
    'connectivity-test',
    'query-unit',
    'query-person',
    'progress',
    'person-state',
    'batch-list',
    'unit-roster',
  ],
  rules: RULES,
  page,
  operation: (call) => {
    const claimed = /<(?:\w+:)?TransCode>\s*(\d{4})/.exec(call.body.toString('latin1', 0, 4096))?.[1];
    return TRANSACTIONS[claimed ?? '']?.operation;
  },
  authenticate,
  validate: (_call, request, room) => validate(request, room),
  concerns(request, room) {
    const plan = planOf(request, room);
    return {
      unit: request.unit,
      unitName: request.signer.cn,
      persons: personsOf(request, room),
      ...(plan ? { plan } : {}),
    };
  },
  handle(request, room) {
    const content = request.root.children[0];
    if (!content) throw new Error('a Payload without a child after validation');
    return request.transaction.handle(content, request, room);
  },
  encode: (answer, request, call, room) => encode(answer, request, request.session, call, room),
  refuse,
  check: (draft) => check(draft),
  seal: (draft, _call, _request, signer, room) => seal(draft, signer, room),
  fire,
  cases,
  window: (room) => nextWindow(room),
  decide,
};
