// The exam's read-back, at each agency: of the very person, and after the end; somebody else's records prove nothing.
import assert from 'node:assert/strict';
import { report } from '../../../mocks/desk/exam.ts';
import type { AgencyName } from '../../../mocks/kernel/agency.ts';
import { exchange } from '../../../mocks/kernel/exchange.ts';
import { residentId } from '../../../mocks/kernel/identifiers.ts';
import type { Sandbox } from '../../../mocks/kernel/sandbox.ts';
import { PROFILES, SCENARIOS } from '../../../mocks/scenarios/index.ts';
import * as credit from './credit-client.ts';
import * as insurance from './insurance-client.ts';
import * as labor from './labor-box.ts';

const START = '2026-11-25T02:00:00Z';
const registry = { scenarios: SCENARIOS, profiles: PROFILES };

interface Candidate {
  readonly agency: AgencyName;
  readonly scenario: string;
  readonly readBackOf: string;
  readonly sandbox: Sandbox;
  file(person: Person): Promise<unknown>;
  follow(): Promise<unknown>;
  ask(person: Person): Promise<unknown>;
}
interface Person {
  readonly id: string;
  readonly name: string;
}
const SAME: Person = { id: residentId('990000', '19900101', 1), name: '测试甲' };
const OTHER: Person = { id: residentId('990000', '19900101', 2), name: '测试乙' };

async function atLabor(): Promise<Candidate> {
  const { agency, sandbox, client } = await labor.openBox('exam', START, registry);
  const send = (operation: string, fields: labor.Fields) =>
    client.send(operation, fields, (call) => exchange(agency, sandbox, call));
  const AAB001 = (await send('QueryUnit', { BAB010: labor.UNIT.uscc })).AAB001 ?? '';
  const who = ({ id, name }: Person) => ({ AAB001, AAC058: '01', AAC002: id, AAC003: name });
  const ask = (person: Person) => send('QueryPerson', who(person));
  return {
    agency: 'labor',
    scenario: 'LAB.ACCEPTED',
    readBackOf: 'QueryPerson',
    sandbox,
    ask,
    follow: () => send('QueryFiling', { BAE941: 'S-1' }),
    async file(person) {
      const { AAC001 = '' } = await ask(person);
      return send('SubmitTermination', labor.content('S-1', { ...who(person), AAC001 }));
    },
  };
}

async function atInsurance(): Promise<Candidate> {
  const { sandbox, client } = await insurance.openBox('exam', START, registry);
  await client.signIn();
  return {
    agency: 'insurance',
    scenario: 'SOC.ACCEPTED',
    readBackOf: 'person-state',
    sandbox,
    ask: async (person) => client.state(await client.person(person)),
    follow: () => client.progress('EG-1'),
    file: async (person) =>
      client.send('2001', insurance.stop(insurance.stopRow(await client.person(person), person)), 'EG-1'),
  };
}

async function atCredit(): Promise<Candidate> {
  const { sandbox, client } = await credit.openBox('exam', START, registry);
  const practitioner = ({ id, name }: Person) => ({ id_type: 'resident_id', id_number: id, name });
  return {
    agency: 'credit',
    scenario: 'CRD.ACCEPTED',
    readBackOf: 'queryPractitioner',
    sandbox,
    ask: (person) => client.practitioner(practitioner(person)),
    follow: () => client.state('S-1'),
    file: (person) => client.submit('S-1', { practitioner: practitioner(person) }),
  };
}

describe('the read-back of the exam', () => {
  for (const candidate of [atLabor, atInsurance, atCredit])
    it(`${candidate.name.slice(2).toLowerCase()}: is of the person whose case has ended`, async () => {
      const { agency, scenario, readBackOf, sandbox, file, follow, ask } = await candidate();
      sandbox.director.setProfile('go-live-exam');
      const task = () =>
        report({ names: [agency] }, sandbox).tasks.find((each) => each.scenario === scenario);
      assert.equal(task()?.verdict, 'not_met');
      await ask(SAME);
      await file(SAME);
      await ask(SAME); // too early: nothing has ended
      sandbox.clock.advance(new Date(sandbox.clock.now().getTime() + 3000));
      await follow();
      const unread = { verdict: 'running', why: task()?.why };
      assert.match(unread.why?.en ?? '', new RegExp(`^${readBackOf} was not asked about the person`));
      await ask(OTHER);
      assert.deepEqual({ verdict: task()?.verdict, why: task()?.why }, unread);
      await ask(SAME);
      assert.equal(task()?.verdict, 'passed');
      sandbox.journal.clear(); // as it is when five hundred others have come since
      assert.equal(task()?.verdict, 'passed');
      const [found] = sandbox.agency(agency)?.cases(sandbox.room(agency)) ?? [];
      assert.equal(found?.person, `${SAME.name} ${SAME.id}`);
      sandbox.close();
    });
});
