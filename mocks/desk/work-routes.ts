// Control API: cases, rolls, identities, journal.
import type { Membership } from '../kernel/agency.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { certify, pkcs12 } from './certificates.ts';
import * as control from './control.ts';
import { oauthClient, putPerson, sm2Client } from './handle.ts';
import { requireIdNumber } from './id-numbers.ts';
import { DeskError } from './problem.ts';
import { agencyOf, type House, type Route } from './route.ts';
import * as schema from './schemas.ts';
import { readPerson } from './seed.ts';
import * as view from './views.ts';

export const WORK_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/cases',
    summary: 'Cases of one agency or of all.',
    query: { agency: 'labor, insurance, credit or insurance-sm2' },
    output: schema.list(schema.caseOut),
    status: 200,
    run({ house, sandbox, query }) {
      const wanted = query.get('agency');
      return control.cases(sandbox, wanted ? [agencyOf(house, wanted)] : house.names).map(view.caseView);
    },
  },
  {
    method: 'GET',
    path: '/cases/{agency}/{id}',
    summary: 'One case, and what the clerk may decide now.',
    output: schema.caseOut,
    status: 200,
    run: ({ house, sandbox, params }) =>
      view.caseView(control.findCase(sandbox, agencyOf(house, params.agency), params.id ?? '')),
  },
  {
    method: 'POST',
    path: '/cases/{agency}/{id}/decide',
    summary: 'Plays the clerk. 409 names the guard where the state machine does not allow it.',
    input: schema.decisionInput,
    output: schema.caseOut,
    status: 200,
    run: ({ house, sandbox, params }, body: control.DecisionInput) =>
      view.caseView(control.decide(sandbox, agencyOf(house, params.agency), params.id ?? '', body)),
  },
  {
    method: 'GET',
    path: '/persons',
    summary: 'A person on the rolls, with what they are at each unit.',
    query: { id_number: 'required' },
    output: schema.personOut,
    status: 200,
    run: ({ house, sandbox, query }) => personOf(house, sandbox, query.get('id_number') ?? ''),
  },
  {
    method: 'PUT',
    path: '/persons',
    summary: 'Puts a person on the roll of a unit, or replaces the parts given.',
    input: schema.personInput,
    output: schema.personOut,
    status: 200,
    run({ house, sandbox }, body: Parameters<typeof readPerson>[0]) {
      requireIdNumber(sandbox, body.id_number, body.id_type ?? 'resident_id');
      putPerson(sandbox, readPerson(body));
      return personOf(house, sandbox, body.id_number);
    },
  },
  {
    method: 'GET',
    path: '/units',
    summary: 'Units on the roll, with their local numbers.',
    output: schema.list(schema.unitOut),
    status: 200,
    run: ({ house, sandbox }) => sandbox.rolls.units().map((unit) => unitOf(house, sandbox, unit)),
  },
  {
    method: 'PUT',
    path: '/units',
    summary: 'Puts a unit on the roll, or renames it.',
    input: schema.unitInput,
    output: schema.unitOut,
    status: 200,
    run: ({ house, sandbox }, body: { uscc: string; name: string }) =>
      unitOf(house, sandbox, sandbox.rolls.putUnit({ uscc: body.uscc, name: body.name })),
  },
  {
    method: 'GET',
    path: '/disputes',
    summary: 'Disputes that the labour agency knows of.',
    output: schema.list(schema.disputeOut),
    status: 200,
    run({ house, sandbox }) {
      agencyOf(house, 'labor');
      return control.disputes(sandbox).map(view.disputeView);
    },
  },
  {
    method: 'PUT',
    path: '/disputes',
    summary:
      'Tells the labour agency of a dispute with a person: their filing is sent back for a supplement of kind settlement or claim.',
    input: schema.disputeInput,
    output: schema.list(schema.disputeOut),
    status: 200,
    run({ house, sandbox }, body: control.DisputeInput) {
      agencyOf(house, 'labor');
      return control.dispute(sandbox, body).map(view.disputeView);
    },
  },
  {
    method: 'POST',
    path: '/identities',
    summary: 'Key, certificate, OAuth client and SM2 client of an employer, for this sandbox alone.',
    input: schema.identityInput,
    output: schema.identityOut,
    status: 201,
    async run({ sandbox }, body: { uscc: string; name: string }) {
      const identity = await control.identity(sandbox, body.uscc, body.name);
      const oauth = oauthClient(sandbox, body.uscc);
      return {
        uscc: body.uscc,
        name: body.name,
        key: identity.keyPem,
        certificate: identity.certificatePem,
        ca: sandbox.ca.certificatePem,
        oauth: { client_id: oauth.clientId, client_secret: oauth.clientSecret },
        sm2: view.sm2View(sm2Client(sandbox, body.uscc)),
      };
    },
  },
  {
    method: 'POST',
    path: '/certificates',
    summary: 'A certificate for a key of yours: a PKCS #10 request in, the certificate and the CA out.',
    input: schema.csrInput,
    output: schema.certificateOut,
    status: 201,
    run: ({ sandbox }, body: { csr: string; uscc?: string; name?: string }) => ({
      certificate: certify(sandbox, body),
      ca: sandbox.ca.certificatePem,
    }),
  },
  {
    method: 'POST',
    path: '/identities/p12',
    summary: 'The identity of an employer as one PKCS #12 file (base64), for a quick start.',
    input: schema.p12Input,
    output: schema.p12Out,
    status: 201,
    async run(
      { sandbox },
      { uscc, name, password = 'exitgate' }: { uscc: string; name: string; password?: string },
    ) {
      const p12 = await pkcs12(sandbox, uscc, name, password);
      return { p12: p12.toString('base64'), password };
    },
  },
  {
    method: 'GET',
    path: '/exchanges',
    summary: 'The last exchanges, newest last: stages with timings, faults that struck.',
    query: { agency: 'labor, insurance, credit or insurance-sm2', limit: 'at most 500' },
    output: schema.list(schema.exchangeOut),
    status: 200,
    run({ house, sandbox, query }) {
      const wanted = query.get('agency');
      const limit = Number(query.get('limit') ?? 100);
      if (!Number.isInteger(limit) || limit < 1)
        throw new DeskError(400, 'LIMIT_INVALID', {
          en: 'limit is a positive integer',
          zh: 'limit 必须是正整数',
        });
      return sandbox.journal
        .list({ ...(wanted ? { agency: agencyOf(house, wanted) } : {}), limit })
        .map(view.exchangeView);
    },
  },
  {
    method: 'GET',
    path: '/exchanges/{id}',
    summary: 'One exchange with its bytes.',
    output: schema.exchangeDetailOut,
    status: 200,
    run({ sandbox, params }) {
      const entry = sandbox.journal.get(params.id ?? '');
      if (!entry)
        throw new DeskError(404, 'EXCHANGE_UNKNOWN', {
          en: 'no such exchange; the journal keeps the last 500',
          zh: '没有该次交互；日志只保留最近 500 次',
        });
      return view.exchangeDetail(entry);
    },
  },
];

function personOf(house: House, sandbox: Sandbox, idNumber: string) {
  const person = sandbox.rolls.person(idNumber);
  if (!person)
    throw new DeskError(404, 'PERSON_UNKNOWN', {
      en: 'nobody of that number is on the rolls',
      zh: '名册中没有该证件号码的人员',
    });
  const numbers = ({ uscc }: Membership) =>
    Object.fromEntries(
      house.names.map((name) => [
        name,
        { unit: sandbox.rolls.unitNumber(name, uscc), person: sandbox.rolls.personNumber(name, idNumber) },
      ]),
    );
  return {
    id_type: person.idType,
    id_number: person.idNumber,
    name: person.name,
    memberships: sandbox.rolls
      .membershipsOf(idNumber)
      .map((row) => ({ ...view.membershipView(row), numbers: numbers(row) })),
  };
}

const unitOf = (house: House, sandbox: Sandbox, unit: { uscc: string; name: string }) => ({
  uscc: unit.uscc,
  name: unit.name,
  numbers: Object.fromEntries(house.names.map((name) => [name, sandbox.rolls.unitNumber(name, unit.uscc)])),
});
