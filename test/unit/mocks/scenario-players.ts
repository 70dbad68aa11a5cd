// A client of each agency that takes whatever story comes, and writes down what it saw.
import assert from 'node:assert/strict';
import type { AgencyName, Call } from '../../../mocks/kernel/agency.ts';
import { exchange } from '../../../mocks/kernel/exchange.ts';
import type { Sandbox } from '../../../mocks/kernel/sandbox.ts';
import type { Scenario } from '../../../mocks/kernel/scenario.ts';
import { PROFILES, SCENARIOS } from '../../../mocks/scenarios/index.ts';
import * as credit from './credit-client.ts';
import * as insurance from './insurance-client.ts';
import * as sm2 from './insurance-sm2-client.ts';
import * as labor from './labor-box.ts';

export interface Seen {
  readonly trail: readonly string[];
  /** Of the answers in which a scenario was named: the rules that had won. */
  readonly rules: ReadonlySet<string>;
}

export interface Play {
  readonly scenario: Scenario;
  readonly idNumber: string;
  /** Sent with every request. */
  readonly header?: string;
  /** What makes the story come, before the first request. */
  prepare(sandbox: Sandbox): void;
}

const NAME = '测试甲';
const START = '2026-11-25T02:00:00Z';
const registry = { scenarios: SCENARIOS, profiles: PROFILES };

/** Exchanges that carry the header and note the rules. */
function sender(agency: Parameters<typeof exchange>[0], sandbox: Sandbox, { header, scenario }: Play) {
  const rules = new Set<string>();
  const raw = async (call: Call) => {
    const headers = { ...call.headers, ...(header === undefined ? {} : { 'x-sandbox-scenario': header }) };
    const outcome = await exchange(agency, sandbox, { ...call, headers });
    assert.ok('reply' in outcome);
    assert.ok(outcome.reply.headers['x-sandbox-rule'], 'every answer names the rule');
    if (outcome.reply.headers['x-sandbox-scenario'] === scenario.code)
      rules.add(outcome.reply.headers['x-sandbox-rule'] ?? '');
    return outcome;
  };
  return { rules, raw };
}

const answersCorrections = ({ code }: Scenario) => !code.includes('OVERDUE');
const days = (sandbox: Sandbox, count: number) =>
  sandbox.clock.advance(new Date(sandbox.clock.now().getTime() + count * 86_400_000));

async function playLabor(play: Play): Promise<Seen> {
  const { agency, sandbox, client } = await labor.openBox(`s-${play.scenario.code}`, START, registry);
  const { raw, rules } = sender(agency, sandbox, play);
  const send = (operation: string, fields: labor.Fields) => client.send(operation, fields, raw);
  play.prepare(sandbox);
  const unitNumber = (await send('QueryUnit', { BAB010: labor.UNIT.uscc })).AAB001 ?? '';
  const who = { AAB001: unitNumber, AAC058: '01', AAC002: play.idNumber, AAC003: NAME };
  const found = await send('QueryPerson', who);
  const content = (serial: string) => labor.content(serial, { ...who, AAC001: found.AAC001 ?? '000000' });
  const submitted = await send('SubmitTermination', content('S-1'));
  const trail = [`submit ${submitted.code}`];
  for (let round = 2; submitted.code === '0' && round < 5; round += 1) {
    labor.advance(sandbox, 3);
    const state = await send('QueryFiling', { BAE941: 'S-1' });
    if (state.field === undefined) break;
    trail.push(`correction ${state.field}`);
    if (!answersCorrections(play.scenario)) break;
    const supplement = labor.SUPPLEMENT;
    const fields = { SAA036: submitted.SAA036 ?? '', ...content(`S-${round}`) };
    await client.send('SupplementFiling', fields, raw, supplement);
  }
  if (submitted.code === '0') {
    for (const ahead of [1, 30]) {
      days(sandbox, ahead);
      const { code, SAA043, TAA103, reason } = await send('QueryFiling', { BAE941: 'S-1' });
      trail.push([`day ${ahead}`, code, SAA043, TAA103, reason].filter(Boolean).join(' '));
    }
    trail.push((await send('QueryPerson', who)).employmentState ?? '-');
  }
  sandbox.close();
  return { trail, rules };
}

async function playInsurance(play: Play): Promise<Seen> {
  const box = await insurance.openBox(`s-${play.scenario.code}`, START, registry);
  const { sandbox, client, agency } = box;
  const { raw, rules } = sender(agency, sandbox, play);
  const trail: string[] = [];
  const send = async (code: string, element: string, id: string) => {
    const call = client.build(code, element, id, {});
    return client.read(await raw(call), call);
  };
  await client.signIn();
  play.prepare(sandbox);
  const person = { id: play.idNumber, name: NAME };
  const asked = await send(
    '1002',
    `<QueryPerson><AAC002>${person.id}</AAC002><AAC003>${NAME}</AAC003></QueryPerson>`,
    'Q-1',
  );
  const aac001 = asked.code === '0' ? insurance.text(asked.payload, 'AAC001') : '100000000000';
  if (asked.code !== '0') trail.push(`person ${asked.code}`);
  const transfers = !play.scenario.operations.includes('stop');
  const element = transfers
    ? insurance.transfer(insurance.transferRow(aac001, person))
    : insurance.stop(
        insurance.stopRow(aac001, person),
        insurance.stopRow(aac001, { ...person, no: 2, insurance: '310' }),
      );
  const file = (id: string) => send(transfers ? '2002' : '2001', element, id);
  let query = 1;
  const progress = async (id: string) => {
    query += 1;
    const ask = `<Progress><MessageId>${id}</MessageId></Progress>`;
    let answer = await send('3001', ask, `Q-${query}`);
    if (answer.code === 'AUTH_SESSION') {
      trail.push(answer.code);
      await client.signIn();
      answer = await send('3001', ask, `Q-${query}-2`);
    }
    if (answer.code !== '0') return [answer.code];
    return [insurance.text(answer.payload, 'State'), ...insurance.rowCodes(answer.payload)];
  };
  let received = await file('EG-1');
  trail.push(`file ${received.code}`);
  if (received.code === 'WINDOW_CLOSED') {
    const until = insurance.text(received.payload, 'Until');
    const iso = `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}T00:00:00+08:00`;
    sandbox.clock.advance(new Date(iso));
    await client.signIn();
    received = await file('EG-1');
    trail.push(`file ${received.code}`);
  }
  if (received.code === '0') {
    insurance.advance(sandbox, 3);
    const first = await progress('EG-1');
    trail.push(first.join(' '));
    if (first.includes('CORRECTION')) {
      trail.push(`file ${(await file('EG-2')).code}`);
      insurance.advance(sandbox, 3);
      trail.push((await progress('EG-2')).join(' '));
    }
    days(sandbox, 30);
    await client.signIn();
    trail.push(`day 30 ${(await progress('EG-1')).join(' ')}`);
    const state = await send('3002', `<PersonState><AAC001>${aac001}</AAC001></PersonState>`, 'Q-state');
    trail.push(`110 ${/<AAE140>110<\/AAE140><AAC031>(\d)/.exec(state.payload)?.[1] ?? '-'}`);
  }
  sandbox.close();
  return { trail, rules };
}

async function playCredit(play: Play): Promise<Seen> {
  const { sandbox, client, agency } = await credit.openBox(`s-${play.scenario.code}`, START, registry);
  const { raw, rules } = sender(agency, sandbox, play);
  play.prepare(sandbox);
  const practitioner = { id_type: 'resident_id', id_number: play.idNumber, name: NAME };
  const send = async (method: string, path: string, body?: unknown) => {
    const call = await client.build(method, path, body);
    return client.read(await raw(call), call);
  };
  const trail: string[] = [];
  if (play.scenario.operations.includes('inquire')) {
    const { status, body } = await send('POST', '/v1/inquiries', {
      unit_uscc: credit.UNIT,
      subject: practitioner,
      purpose: 'exit',
      consent: {
        reference: 'C-1',
        signed_on: '2026-11-01',
        valid_until: '2026-12-31',
        purposes: ['exit'],
      },
    });
    trail.push(`inquire ${status} ${body.code ?? body.result}`);
    sandbox.close();
    return { trail, rules };
  }
  const query = () => send('POST', '/v1/practitioners/query', { ...practitioner, unit_uscc: credit.UNIT });
  await query();
  const submitted = await send('POST', credit.CHANGES, credit.change('S-1', { practitioner }));
  trail.push(`submit ${submitted.status} ${submitted.body.code ?? ''}`.trim());
  for (let round = 2; submitted.status === 202 && round < 5; round += 1) {
    credit.advance(sandbox, 3);
    const { body } = await send('GET', `${credit.CHANGES}/S-1`);
    const asked = body.correction as { field: string } | undefined;
    if (!asked) break;
    trail.push(`correction ${asked.field}`);
    if (!answersCorrections(play.scenario)) break;
    await send('PATCH', `${credit.CHANGES}/S-1`, credit.change(`S-${round}`, { practitioner }));
  }
  if (submitted.status === 202) {
    for (const ahead of [1, 30]) {
      days(sandbox, ahead);
      const { body } = await send('GET', `${credit.CHANGES}/S-1`);
      trail.push([`day ${ahead}`, body.state, body.code].filter(Boolean).join(' '));
    }
    trail.push(String((await query()).body.status));
  }
  sandbox.close();
  return { trail, rules };
}

async function playInsuranceSm2(play: Play): Promise<Seen> {
  const { sandbox, agency } = await sm2.openBox(`s-${play.scenario.code}`, START, registry);
  const client = sm2.createClient(sandbox, { checks: false });
  const { raw, rules } = sender(agency, sandbox, play);
  play.prepare(sandbox);
  const person = { id_type: '01', id_number: play.idNumber, name: NAME };
  const send = async (path: string, content: unknown) => {
    const call = client.build(path, content);
    return client.read(await raw(call), call);
  };
  const trail: string[] = [];
  if (play.scenario.operations.includes('enrolment')) {
    const { code, data } = await send('/api/v2/enrolments/query', person);
    trail.push(
      `enrolment ${code} ${(data.elsewhere as { insurance: string }[]).map((each) => each.insurance).join(' ')}`,
    );
    sandbox.close();
    return { trail, rules };
  }
  const state = async () => {
    const { data, code } = await send('/api/v2/persons/state', person);
    const found = (data.insurances as { insurance: string; state: string }[] | undefined)?.[0];
    return found ? `${found.insurance} ${found.state}` : code;
  };
  const query = async () => {
    const { code, data } = await send(`${sm2.CHANGES}/query`, { serial: 'S-1' });
    const results = (data.results as { code: string }[] | undefined)?.map((each) => each.code) ?? [];
    return {
      asked: data.correction as { field: string } | undefined,
      data,
      words: [data.state ?? code, data.code, ...results],
    };
  };
  const content = (serial: string) => sm2.change(sandbox, serial, { person });
  let filed = await send(sm2.CHANGES, content('S-1'));
  trail.push(`file ${filed.code}`);
  if (filed.code === 'WINDOW_CLOSED') {
    sandbox.clock.advance(new Date(String(filed.content.until)));
    filed = await send(sm2.CHANGES, content('S-1'));
    trail.push(`file ${filed.code}`);
  }
  if (filed.code === 'OK') {
    sm2.advance(sandbox, 3);
    const { asked } = await query();
    if (asked) {
      trail.push(`correction ${asked.field}`);
      await send(`${sm2.CHANGES}/amend`, { receipt: filed.data.receipt, ...content('S-2') });
    }
    for (const ahead of [1, 30]) {
      days(sandbox, ahead);
      trail.push([`day ${ahead}`, ...(await query()).words].filter(Boolean).join(' '));
    }
    trail.push(await state());
  }
  sandbox.close();
  return { trail, rules };
}

export const PLAYERS: Readonly<Record<AgencyName, (play: Play) => Promise<Seen>>> = {
  labor: playLabor,
  insurance: playInsurance,
  credit: playCredit,
  'insurance-sm2': playInsuranceSm2,
};
