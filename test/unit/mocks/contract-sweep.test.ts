// Every answer keeps the published contract: all operations, all scenarios, all faults that answer, what is refused, the desk.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { ROUTES as CREDIT_ROUTES } from '../../../mocks/credit/routes.ts';
import { decrypt } from '../../../mocks/insurance/session.ts';
import { TRANSACTIONS } from '../../../mocks/insurance/transactions.ts';
import { clientOf } from '../../../mocks/insurance-sm2/keys.ts';
import { ROUTES as SM2_ROUTES } from '../../../mocks/insurance-sm2/routes.ts';
import type { Agency, AgencyName, Call } from '../../../mocks/kernel/agency.ts';
import { exchange } from '../../../mocks/kernel/exchange.ts';
import { agenciesOf, KINDS, type Kind, type Phase } from '../../../mocks/kernel/fault-kinds.ts';
import { residentId } from '../../../mocks/kernel/identifiers.ts';
import type { Exchange } from '../../../mocks/kernel/journal.ts';
import type { Sandbox } from '../../../mocks/kernel/sandbox.ts';
import { OPERATIONS as LABOR_OPERATIONS } from '../../../mocks/labor/operations.ts';
import { SCENARIOS } from '../../../mocks/scenarios/index.ts';
import { againstXsd, CREDIT, SM2 } from './contracts.ts';
import * as credit from './credit-client.ts';
import * as insurance from './insurance-client.ts';
import * as sm2 from './insurance-sm2-client.ts';
import * as labor from './labor-box.ts';
import { PLAYERS } from './scenario-players.ts';

const START = '2026-11-25T02:00:00Z';

/** Faults whose business it is to break the contract; no answer of theirs is held to it. */
const BREAKS: Readonly<Partial<Record<Kind, string>>> = {
  empty: 'a body with nothing in it',
  html: 'a page of a portal',
  garbage: 'bytes without meaning',
};
/** Faults that the wire shows instead of an answer, or that no exchange is struck by. */
const SILENT: Readonly<Partial<Record<Kind, string>>> = {
  refuse: 'no connection',
  reset: 'no answer',
  close: 'no answer',
  hang: 'no answer',
  late: 'no answer',
};

/** What is asked at an agency: the operation, and a request that is good, or as good as its state allows. */
interface Place {
  readonly agency: Agency;
  readonly sandbox: Sandbox;
  readonly operations: readonly string[];
  call(operation: string): Promise<Call> | Call;
}

async function laborPlace(): Promise<Place> {
  const { agency, sandbox, identity } = await labor.openBox('sweep', START);
  const { rolls } = sandbox;
  const person = { AAC058: '01', AAC002: '11010519491231002X', AAC003: '张某' };
  const AAC001 = rolls.personNumber('labor', person.AAC002);
  const who = { AAB001: rolls.unitNumber('labor', labor.UNIT.uscc), AAC001, ...person };
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

const PLACES: Readonly<Record<AgencyName, () => Promise<Place>>> = {
  labor: laborPlace,
  insurance: insurancePlace,
  credit: creditPlace,
  'insurance-sm2': insuranceSm2Place,
};

/** A good request, made bad: each must be refused in the words of the contract. */
const SPOILT: readonly ((call: Call) => Call)[] = [
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

interface Entry {
  readonly entry: Exchange;
  readonly seed: string;
  readonly name: string;
}
const entries: Entry[] = [];
const keep = (sandbox: Sandbox) => {
  for (const entry of sandbox.journal.list())
    entries.push({
      entry,
      seed: `${sandbox.seed}|${sandbox.origin}`,
      name: `${entry.agency}-${sandbox.name}-${entry.id}`,
    });
  sandbox.journal.clear();
};

/** Inside a session: what the envelope holds, opened with the key that the agency derives for that session. */
function opened({ entry: { response }, seed }: Entry): Buffer {
  const xml = response?.body.toString() ?? '';
  const [, algorithm, , iv = '', data = ''] =
    /<Body encoding="([^"]+)"( iv="([^"]+)")?>([^<]*)</.exec(xml) ?? [];
  const bytes = Buffer.from(data, 'base64');
  if (algorithm !== 'sm4-cbc' && algorithm !== 'aes-256-cbc') return bytes;
  const id = /<Session>(S(\d{6})\w+)</.exec(xml);
  const keyHex = createHmac('sha256', seed)
    .update(`insurance key ${Number(id?.[2])}`)
    .digest('hex');
  const key = keyHex.slice(0, algorithm === 'sm4-cbc' ? 32 : 64);
  const session = { id: id?.[1] ?? '', unit: '', algorithm, keyHex: key, expiresAt: 0 } as const;
  return decrypt(bytes, Buffer.from(iv, 'base64'), session);
}

const answersOf = (agency: AgencyName) =>
  entries.filter(
    ({ entry }) => entry.agency === agency && entry.response && !entry.struck.some((kind) => kind in BREAKS),
  );

async function xmlFailures(agency: 'labor' | 'insurance'): Promise<string[]> {
  const documents = new Map<string, Buffer>();
  for (const each of answersOf(agency)) {
    documents.set(`${each.name}.xml`, each.entry.response?.body ?? Buffer.alloc(0));
    if (agency === 'insurance') documents.set(`${each.name}-payload.xml`, opened(each));
  }
  return [...(await againstXsd(agency, documents))].map(([name, why]) => `${name}: ${why}`);
}

describe('every answer keeps the published contract', () => {
  const met = new Map<string, number>();
  const count = (what: string) => met.set(what, (met.get(what) ?? 0) + 1);

  /** All operations and all faults, at all agencies. */
  async function playPlaces() {
    for (const open of Object.values(PLACES)) {
      const { agency, sandbox, operations, call } = await open();
      const send = async (made: Call) => exchange(agency, sandbox, made);
      for (const operation of operations) {
        const good = await call(operation);
        await send(good);
        for (const spoil of SPOILT) await send(spoil(good));
        for (const [name, { phases }] of Object.entries(KINDS)) {
          const kind = name as Kind;
          if (kind in SILENT || !agenciesOf(kind).includes(agency.name)) continue;
          for (const phase of phases as readonly Phase[]) {
            if (phase === 'callback') continue;
            if (kind === 'status-flap' && !agency.reads.includes(operation)) continue;
            // To make a request takes longer than to answer it.
            const ready = agency.reads.includes(operation) ? good : await call(operation);
            for (const status of kind === 'status' ? [429, 500, 503] : [undefined]) {
              const effect = status === undefined ? {} : { status, retryAfterSeconds: 1 };
              sandbox.faults.arm({ kind, phase, agency: agency.name, delayMs: 1, ...effect });
              await send(ready);
              sandbox.faults.disarm();
              sandbox.clock.advance(new Date(sandbox.clock.now().getTime() + 1000));
              count(kind);
            }
          }
        }
        keep(sandbox);
      }
      sandbox.close();
    }
  }

  async function playScenarios() {
    for (const scenario of SCENARIOS) {
      let sandbox: Sandbox | undefined;
      await PLAYERS[scenario.agency]?.({
        scenario,
        idNumber: residentId('990000', '19900101', 10),
        header: scenario.code,
        prepare(box) {
          sandbox = box;
        },
      });
      assert.ok(sandbox);
      assert.ok(sandbox.journal.list().some((entry) => entry.scenario === scenario.code));
      keep(sandbox);
    }
  }

  before(async function () {
    this.timeout(120_000); // more than a thousand exchanges, most of them signed twice
    await playPlaces();
    await playScenarios();
  });

  it('has met every kind of fault that can answer, and no bug of the agencies', () => {
    const callbacks = (kind: string) => kind.startsWith('callback-');
    const wanted = Object.keys(KINDS).filter((kind) => !(kind in SILENT) && !callbacks(kind));
    assert.deepEqual(
      wanted.filter((kind) => !met.has(kind)),
      [],
    );
    assert.deepEqual(entries.map(({ entry }) => entry.error).filter(Boolean), []);
    assert.equal(new Set(entries.map(({ name }) => name)).size, entries.length);
    assert.ok(
      entries.every(({ entry }) => (entry.response?.body.length ?? 0) < 64 * 1024),
      'kept whole',
    );
    assert.ok(entries.length > 1000, `${entries.length} exchanges`);
  });

  it('of the labour agency, by xmllint', async () => assert.deepEqual(await xmlFailures('labor'), []));

  it('of the insurance agency, envelope and what is in it, by xmllint', async () =>
    assert.deepEqual(await xmlFailures('insurance'), []));

  it('of the credit agency, by zod', () => {
    const failures = answersOf('credit').flatMap(({ name, entry }) => {
      const { request, response } = entry;
      assert.ok(response);
      const path = request.path.split('?')[0] ?? '';
      const type = response.headers['content-type'] ?? '';
      const body: unknown = JSON.parse(response.body.toString());
      const why = CREDIT.refuses(request.method, path, response.status, type, body);
      return why === undefined ? [] : [`${name} ${request.method} ${path} ${response.status}: ${why}`];
    });
    assert.deepEqual(failures, []);
  });

  it('of the second city, sealed and opened, by zod', () => {
    const answers = answersOf('insurance-sm2');
    assert.ok(answers.length > 100);
    const failures = answers.flatMap(({ name, entry: { request, response }, seed }) => {
      assert.ok(response);
      const path = request.path.split('?')[0] ?? '';
      const type = response.headers['content-type'] ?? '';
      const body: unknown = JSON.parse(response.body.toString());
      const content = sm2.unseal(response.body, clientOf(sm2.UNIT, { secret: seed }));
      const why =
        SM2.outer.refuses('POST', '/any', response.status, type, body) ??
        SM2.inner.refuses(request.method, path, response.status, type, content);
      return why === undefined ? [] : [`${name} ${request.method} ${path} ${response.status}: ${why}`];
    });
    assert.deepEqual(failures, []);
    const empty = SM2.inner.refuses('POST', '/api/v2/ping', 200, 'application/json', { code: 'OK' });
    assert.ok(empty, 'the schema of what is sealed is asked');
  });

  it('but for the faults that are there to break it, and these do', async () => {
    const broken = entries.filter(
      ({ entry }) => entry.agency === 'labor' && entry.struck.some((kind) => kind in BREAKS),
    );
    assert.ok(broken.length > 0);
    const documents = new Map(
      broken.map(({ name, entry }) => [`${name}.xml`, entry.response?.body ?? Buffer.alloc(0)]),
    );
    assert.equal((await againstXsd('labor', documents)).size, documents.size);
  });
});
