// The agency that sample-json speaks with. README.md beside this file is its protocol.
import { readFileSync } from 'node:fs';
import { type Agency, type Message, Refusal, type Room } from '../../mocks/kernel/agency.ts';
import { OPERATIONS, type Operation, readBody, readExit, readPerson, routeOf } from './contract.ts';
import { type Answer, amend, cancel, cases, memberOf, read, submit } from './exits.ts';
import { decide, fire, view } from './review.ts';
import { SIGNATURE, signAnswer, verifyRequest } from './signature.ts';

interface Request extends Message {
  readonly operation: Operation;
  /** Serial or receipt of the path. */
  readonly key: string;
  readonly unit: string;
  readonly unitName: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');

function handle({ operation, key, unit, unitName, body }: Request, room: Room): Answer {
  switch (operation) {
    case 'ping':
      return { status: 200, body: { agency: 'sample-json.agency.mock', now: room.now().toISOString() } };
    case 'submitExit':
      return submit(readExit(body), unitName, room);
    case 'getExit':
      return read(unit, key, room);
    case 'amendExit':
      return amend(key, readExit(body), room);
    case 'cancelExit':
      return cancel(unit, key, room);
    case 'queryPerson': {
      const { employment } = memberOf(unit, unitName, readPerson(body), room);
      const { state, since, endedOn } = employment;
      return { status: 200, body: { employment: state, since: endedOn ?? since } };
    }
  }
}

/** With a code of its own: a wrong address must not read as "never seen". */
const noRoute = () => new Refusal('ROUTE_UNKNOWN', 'There is no such operation', { status: 404 });

export const sampleJsonAgency: Agency<Request, Answer, Answer> = {
  name: 'sample-json',
  commonName: 'sample-json.agency.mock',
  clerkDelay: 'PT3S',
  operations: OPERATIONS,
  reads: ['ping', 'getExit', 'queryPerson'],
  page: ({ method, path }) =>
    method === 'GET' && path === '/'
      ? { status: 200, headers: { 'content-type': 'text/markdown; charset=UTF-8' }, body: readme }
      : undefined,
  operation: (call) => routeOf(call)?.operation,
  authenticate(call, room) {
    const route = routeOf(call);
    if (!route) throw noRoute();
    const { uscc, cn } = verifyRequest(call, room);
    return { ...route, unit: uscc, unitName: cn, body: readBody(call) };
  },
  validate(_, { operation, body, unit }) {
    if (operation === 'submitExit' || operation === 'amendExit') readExit(body);
    if (operation === 'queryPerson') readPerson(body);
    if (body.unit !== undefined && body.unit !== unit)
      throw new Refusal('AUTH_UNIT', 'unit is not the one that the certificate names', { status: 403 });
  },
  handle,
  encode: (answer) => answer,
  refuse: ({ code, message, status }) => ({
    status: status >= 400 ? status : 422,
    body: { code, message },
  }),
  check({ status, body }) {
    const members = status < 400 ? [] : ['code', 'message'];
    for (const name of members)
      if (typeof body[name] !== 'string') throw new Error(`an answer of HTTP ${status} needs ${name}`);
  },
  seal({ status, body }, call, _message, signer) {
    const bytes = Buffer.from(JSON.stringify(body));
    return {
      status,
      headers: { 'content-type': 'application/json', [SIGNATURE]: signAnswer(call, status, bytes, signer) },
      body: bytes,
    };
  },
  fire,
  cases: (room) => cases(room).all().map(view),
  decide,
};
