// How a scenario is chosen: who is stronger, what is refused, what an answer says of it, and what the page says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { residentId } from '../../../mocks/kernel/identifiers.ts';
import { page } from '../../../mocks/scenarios/document.ts';
import { PROFILES, SCENARIOS } from '../../../mocks/scenarios/index.ts';
import { magicNumber } from '../../../mocks/scenarios/magic.ts';
import { CHANGES, change, createClient, openBox as creditBox, ZHANG } from './credit-client.ts';
import { openBox as insuranceBox, stop, stopRow } from './insurance-client.ts';
import { type Fields, laborClient, PERSON, UNIT } from './labor-client.ts';

const START = new Date('2027-01-04T02:00:00Z');
const scenario = (code: string) => {
  const found = SCENARIOS.find((each) => each.code === code);
  assert.ok(found);
  return found;
};
const MAGIC: Fields = { AAC002: magicNumber(scenario('LAB.REJECTED')), AAC003: '测试乙' };

describe('channels of scenarios', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let count = 0;

  before(async () => {
    agencies = await startAgencies();
  });
  beforeEach(() => {
    count += 1;
    box = agencies.sandbox(`channels-${count}`, { start: START, frozen: true });
  });
  after(() => agencies.close());

  const client = async (headers: Record<string, string> = {}) =>
    laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name), UNIT, headers);
  const wins = async (headers: Record<string, string> = {}) => {
    const answer = await (await client(headers)).submit('S-1', MAGIC);
    assert.equal(answer.code, '0');
    return [answer.headers.get('x-sandbox-rule'), answer.headers.get('x-sandbox-scenario')];
  };
  const post = async (path: string, body: unknown, method = 'POST') => {
    const answer = await fetch(box.urls.desk + path, { method, body: JSON.stringify(body) });
    return { status: answer.status, ...((await answer.json()) as { code?: string; detail?: string }) };
  };

  it('are header, armed, rule, magic, profile, default, in this order', async () => {
    box.profile('happy');
    box.rule('LAB.HELD');
    box.arm('LAB.LOST', { times: 2 });
    const header = { 'x-sandbox-scenario': 'LAB.ACCEPTED_WITH_WARNING' };
    const start = box.snapshot();
    const expected = [
      ['header', 'LAB.ACCEPTED_WITH_WARNING'],
      ['armed arm-1', 'LAB.LOST'],
      ['rule rule-1', 'LAB.HELD'],
      ['magic', 'LAB.REJECTED'],
    ];
    assert.deepEqual(await wins(header), expected[0]);
    box.restore(start);
    assert.deepEqual(await wins(), expected[1]);
    for (const [at, path] of [
      [2, '/scenarios/armed'],
      [3, '/scenarios/rules'],
    ] as const) {
      box.restore(start);
      await post('/scenarios/armed', undefined, 'DELETE');
      await post(path, undefined, 'DELETE');
      assert.deepEqual(await wins(), expected[at]);
    }
    const ordinary = await (await client()).submit('S-2', { AAC002: PERSON.idNumber, AAC003: PERSON.name });
    assert.equal(ordinary.headers.get('x-sandbox-rule'), 'profile happy');
    box.profile('default');
    const plain = await (await client()).send('Ping');
    assert.equal(plain.headers.get('x-sandbox-rule'), 'default');
    assert.equal(plain.headers.get('x-sandbox-scenario'), null);
  });

  it('are told beforehand without being used up', async () => {
    box.arm('LAB.LOST');
    const question = { agency: 'labor', operation: 'SubmitTermination', id_number: MAGIC.AAC002 };
    const first = await post('/scenarios/resolve', question);
    assert.deepEqual(first, await post('/scenarios/resolve', question));
    assert.deepEqual([first.status, Reflect.get(first, 'rule')], [200, 'armed arm-1']);
  });

  it('stay on the case, which says so, and go back with a snapshot', async () => {
    box.arm('LAB.CORRECTION_TWICE');
    const { submit, send } = await client();
    const empty = box.snapshot();
    await submit('S-1');
    assert.deepEqual(
      box.cases('labor').map(({ scenario: code, rule }) => [code, rule]),
      [['LAB.CORRECTION_TWICE', 'armed arm-1']],
    );
    const asked = await send('QueryFiling', { BAE941: 'S-1' });
    assert.equal(asked.headers.get('x-sandbox-rule'), 'case armed arm-1');
    const exchange = box.exchanges('labor').at(-1);
    assert.deepEqual([exchange?.rule, exchange?.scenario], ['case armed arm-1', 'LAB.CORRECTION_TWICE']);
    box.restore(empty);
    assert.equal((await submit('S-1')).headers.get('x-sandbox-rule'), 'armed arm-1', 'it is armed again');
  });

  it('arm for one person, one unit or one operation', async () => {
    box.arm('LAB.LOST', { id_number: '990000199001010017' });
    box.rule('LAB.HELD', { uscc: '91110000600037341L' });
    assert.deepEqual(await wins(), ['magic', 'LAB.REJECTED']);
    assert.equal((await post('/scenarios/armed', { scenario: 'LAB.LOST', operation: 'Ping' })).status, 409);
  });

  it('use nothing up on a request that the agency refuses for reasons of its own', async () => {
    box.arm('LAB.REJECTED');
    const { submit } = await client();
    assert.equal((await submit('S-1', { abc917: '9999' })).code, 'REASON_UNKNOWN');
    assert.equal((await submit('S-1')).headers.get('x-sandbox-rule'), 'armed arm-1');
  });

  it('refuse an unknown code with the nearest ones, in the form of each protocol', async () => {
    const headers = { 'x-sandbox-scenario': 'LAB.REJECTD' };
    const fault = await (await client(headers)).send('Ping');
    assert.deepEqual([fault.code, /LAB\.REJECTED/.test(fault.text)], ['SCENARIO_UNKNOWN', true]);
    const armed = await post('/scenarios/armed', { scenario: 'CRD.CONSENT_EXPIRE' });
    assert.deepEqual([armed.status, armed.code], [400, 'SCENARIO_UNKNOWN']);
    assert.match(armed.detail ?? '', /nearest: CRD\.CONSENT_EXPIRED, /);
    const bare = await (await client({ 'x-sandbox-scenario': 'CORRECTION' })).send('Ping');
    assert.match(bare.text, /nearest: (LAB\.CORRECTION_\w+(, )?){3,}/, 'asked at the labour agency');
    assert.equal((await post('/profile', { name: 'sad' }, 'PUT')).code, 'PROFILE_UNKNOWN');
  });

  it('refuse a precondition that does not hold with 409 and the guard\u2019s name', async () => {
    const ended = { state: 'ended', since: '2020-01-01', endedOn: '2026-01-01' } as const;
    box.person({ uscc: UNIT.uscc, idNumber: PERSON.idNumber, name: PERSON.name, employment: ended });
    const labor = await (await client({ 'x-sandbox-scenario': 'LAB.ALREADY_ENDED' })).submit('S-1');
    assert.deepEqual(
      [labor.status, labor.code, labor.text.includes('person_employed')],
      [409, 'SCENARIO_GUARD', true],
    );
    // A weaker channel passes on.
    box.rule('LAB.ALREADY_ENDED');
    const weak = await (await client()).submit('S-1');
    assert.deepEqual([weak.code, weak.headers.get('x-sandbox-rule')], ['ALREADY_ENDED', 'default']);
  });

  it('refuse it so in the other two protocols as well', async () => {
    const registry = { scenarios: SCENARIOS, profiles: PROFILES };
    const soc = await insuranceBox('guards', '2026-11-25T02:00:00Z', registry);
    await soc.client.signIn();
    const call = soc.client.build('2001', stop(stopRow(await soc.client.person())), 'EG-1');
    const single = { ...call, headers: { ...call.headers, 'x-sandbox-scenario': 'SOC.PARTIAL_BATCH' } };
    const refused = soc.client.read(await soc.client.raw(single), single);
    assert.deepEqual(
      [refused.status, refused.code, refused.head.includes('two_rows')],
      [409, 'SCENARIO_GUARD', true],
    );
    const crd = await creditBox('guards', '2026-11-25T02:00:00Z', registry);
    const other = await createClient(crd.sandbox, crd.identity);
    crd.sandbox.rolls.putMember(
      UNIT.uscc,
      { idType: 'resident_id', idNumber: ZHANG.id_number, name: ZHANG.name },
      {
        registration: { status: 'none' },
      },
    );
    const headers = { 'x-sandbox-scenario': 'CRD.ALREADY_CANCELLED' };
    const built = await other.build('POST', CHANGES, change('S-1'));
    const asked = { ...built, headers: { ...built.headers, ...headers } };
    const answer = other.read(await other.raw(asked), asked);
    assert.deepEqual([answer.status, answer.body.code], [409, 'SCENARIO_GUARD']);
    assert.match(String(answer.body.title), /registered/);
    for (const { sandbox } of [soc, crd]) sandbox.close();
  });

  it('give the exam its list in order', async () => {
    box.profile('go-live-exam');
    const { submit } = await client();
    const seen: unknown[] = [];
    for (let n = 0; n < 3; n += 1) {
      const person = { AAC002: residentId('990000', '19900101', n), AAC003: `测试${n}` };
      seen.push((await submit(`S-${n}`, person)).headers.get('x-sandbox-scenario'));
    }
    assert.deepEqual(seen, ['LAB.ACCEPTED', 'LAB.CORRECTION_REQUESTED', 'LAB.REJECTED']);
  });
});

describe('the page of scenarios', () => {
  it('is what the registry makes: npm run scenarios', () => {
    const file = new URL('../../../mocks/scenarios/README.md', import.meta.url);
    assert.equal(readFileSync(file, 'utf8'), page());
  });
});
