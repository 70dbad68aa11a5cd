// What the sweep of the contracts asks of each agency: every operation with a good request, and the ways to spoil one.
import assert from 'node:assert/strict';
import { ROUTES as CREDIT_ROUTES } from '../../../mocks/credit/routes.ts';
import { TRANSACTIONS } from '../../../mocks/insurance/transactions.ts';
import { ROUTES as SM2_ROUTES } from '../../../mocks/insurance-sm2/routes.ts';
import type { Agency, AgencyName, Call } from '../../../mocks/kernel/agency.ts';
import type { Sandbox } from '../../../mocks/kernel/sandbox.ts';
import { OPERATIONS as LABOR_OPERATIONS } from '../../../mocks/labor/operations.ts';
import * as credit from './credit-client.ts';
import * as insurance from './insurance-client.ts';
import * as sm2 from './insurance-sm2-client.ts';
import * as labor from './labor-box.ts';

const START = '2026-11-25T02:00:00Z';

/** What is asked at an agency: the operation, and a request that is good, or as good as its state allows. */
export interface Place {
  readonly agency: Agency;
  readonly sandbox: Sandbox;
  readonly operations: readonly string[];
  call(operation: string): Promise<Call> | Call;
}

/** Somebody whom no filing is about, for the lists of those who are there. */
const STAYS = { idType: 'resident_id', idNumber: '440305199202290036', name: '李某' };

async function laborPlace(): Promise<Place> {
  const { agency, sandbox, identity } = await labor.openBox('sweep', START);
  const { rolls } = sandbox;
  const person = { AAC058: '01', AAC002: '11010519491231002X', AAC003: '张某' };
  const AAC001 = rolls.personNumber('labor', person.AAC002);
  const who = { AAB001: rolls.unitNumber('labor', labor.UNIT.uscc), AAC001, ...person };
  sandbox.rolls.member(labor.UNIT.uscc, STAYS);
  const receiptOf = () => agency.cases(sandbox.room('labor')).at(-1)?.receipt ?? 'L2026112500001ABCDEF';
  let serial = 0;
  const contents: Readonly<Record<string, () => labor.Fields>> = {
    Ping: () => ({}),
    QueryUnit: () => ({ BAB010: labor.UNIT.uscc }),
    QueryPerson: () => ({ AAB001: who.AAB001, ...person }),
    SubmitTermination: () => labor.content(`S-${++serial}`, who),
    QueryFiling: () => ({ BAE941: `S-${serial}` }),
    SupplementFiling: () => ({ SAA036: receiptOf(), ...labor.content(`S-${++serial}`, who) }),
    WithdrawFiling: () => ({ SAA036: receiptOf() }),
    ListFilings: () => ({ AAB001: who.AAB001 ?? '', from: '20261101', to: '20261130' }),
    ListEmployees: () => ({ AAB001: who.AAB001 ?? '' }),
  };
  return {
    agency,
    sandbox,
    operations: Object.keys(LABOR_OPERATIONS),
    call: (operation) => labor.callOf(identity, operation, contents[operation]?.() ?? {}),
  };
}

async function insurancePlace(): Promise<Place> {
  const { agency, sandbox, client } = await insurance.openBox('sweep', START);
  await client.signIn();
  const aac001 = await client.person();
  let id = 0;
  const contents: Readonly<Record<string, string>> = {
    '0001': '<ConnectivityTest/>',
    '0002': '<SignIn><Algorithm>sm4-cbc</Algorithm></SignIn>',
    '0003': '<SignOut/>',
    '1001': `<QueryUnit><BAB010>${insurance.UNIT}</BAB010></QueryUnit>`,
    '1002': `<QueryPerson><AAC002>${insurance.ZHANG.id}</AAC002><AAC003>${insurance.ZHANG.name}</AAC003></QueryPerson>`,
    '2001': insurance.stop(insurance.stopRow(aac001)),
    '2002': insurance.transfer(insurance.transferRow(aac001)),
    '3001': '<Progress><MessageId>E-1</MessageId></Progress>',
    '3002': `<PersonState><AAC001>${aac001}</AAC001></PersonState>`,
    '3003': '<BatchList><From>20261101</From><To>20261130</To></BatchList>',
    '3004': '<UnitRoster/>',
  };
  const codes = new Map(Object.entries(TRANSACTIONS).map(([code, { operation }]) => [operation, code]));
  return {
    agency,
    sandbox,
    operations: [...codes.keys()],
    async call(operation) {
      const code = codes.get(operation) ?? '';
      if (operation === 'sign-out') await client.signIn();
      id += 1;
      return client.build(code, contents[code] ?? '', `E-${id}`, {}, ['0001', '0002'].includes(code));
    },
  };
}

async function creditPlace(): Promise<Place> {
  const { agency, sandbox, client } = await credit.openBox('sweep', START);
  sandbox.rolls.member(credit.UNIT, STAYS);
  let serial = 0;
  const own = (path: string) => path.replace('{serial}', `S-${serial}`);
  const inquiry = {
    unit_uscc: credit.UNIT,
    subject: credit.ZHANG,
    purpose: 'exit',
    consent: { reference: 'C-1', signed_on: '2026-11-01', valid_until: '2026-12-31', purposes: ['exit'] },
  };
  const contents: Readonly<Record<string, () => unknown>> = {
    submitRegistrationChange: () => credit.change(`S-${++serial}`),
    amendRegistrationChange: () => credit.change(`S-${serial}-2`),
    withdrawRegistrationChange: () => ({}),
    queryPractitioner: () => ({ ...credit.ZHANG, unit_uscc: credit.UNIT }),
    inquire: () => inquiry,
  };
  const queries: Readonly<Record<string, string>> = {
    listRegistrationChanges: 'from=2026-11-01&to=2026-11-30',
  };
  return {
    agency,
    sandbox,
    operations: CREDIT_ROUTES.map(({ operation }) => operation),
    call(name) {
      const route = CREDIT_ROUTES.find(({ operation }) => operation === name);
      assert.ok(route);
      if (name === 'token') return credit.tokenCall(sandbox);
      const content = contents[name]?.();
      const query = new URLSearchParams(queries[name]);
      const path = own(route.path);
      const htu = query.size === 0 ? path : `${path}?${query}`;
      return client.build(route.method, path, content, { header: { htu }, call: { query } });
    },
  };
}

async function insuranceSm2Place(): Promise<Place> {
  const { agency, sandbox, client } = await sm2.openBox('sweep', START);
  let serial = 0;
  const receiptOf = () => agency.cases(sandbox.room('insurance-sm2')).at(-1)?.receipt ?? 'SB20261125000001';
  const contents: Readonly<Record<string, () => unknown>> = {
    unit: () => ({ uscc: sm2.UNIT }),
    fileChange: () => sm2.change(sandbox, `S-${++serial}`),
    amendChange: () => ({ receipt: receiptOf(), ...sm2.change(sandbox, `S-${++serial}`) }),
    withdrawChange: () => ({ serial: `S-${serial}` }),
    queryChange: () => ({ serial: `S-${serial}` }),
    listChanges: () => ({ from: '2026-11-01', to: '2026-11-30' }),
    personState: () => sm2.ZHANG,
    enrolment: () => sm2.ZHANG,
  };
  return {
    agency,
    sandbox,
    operations: SM2_ROUTES.map(({ operation }) => operation),
    call(name) {
      const path = SM2_ROUTES.find(({ operation }) => operation === name)?.path ?? '';
      return client.build(path, contents[name]?.() ?? {});
    },
  };
}

export const PLACES: Readonly<Record<AgencyName, () => Promise<Place>>> = {
  labor: laborPlace,
  insurance: insurancePlace,
  credit: creditPlace,
  'insurance-sm2': insuranceSm2Place,
};

/** A good request, made bad: each must be refused in the words of the contract. */
export const SPOILT: readonly ((call: Call) => Call)[] = [
  (call) => ({ ...call, body: Buffer.from('<not xml, {not json') }),
  (call) => ({ ...call, body: Buffer.alloc(0) }),
  (call) => ({ ...call, body: Buffer.from([0xff, 0xfe, 0x00, 0x3c]) }),
  (call) => ({ ...call, method: call.method === 'POST' ? 'PUT' : 'POST' }),
  (call) => ({ ...call, path: '/no/such/path' }),
  (call) => ({ ...call, headers: {} }),
  (call) => ({ ...call, headers: { ...call.headers, 'content-type': 'text/plain' } }),
  (call) => ({ ...call, headers: { ...call.headers, soapaction: '"urn:agency:labor:1#Nothing"' } }),
  (call) => ({ ...call, headers: { ...call.headers, 'x-sandbox-scenario': 'NO.SUCH' } }),
  (call) => ({ ...call, headers: { ...call.headers, authorization: 'Bearer none' } }),
  (call) => ({ ...call, body: Buffer.from(call.body.toString('latin1').replace(/(.)=/, '$1$1='), 'latin1') }),
];
