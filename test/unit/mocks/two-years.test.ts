// Two years of two hundred people at three agencies, played twice: every answer and every event the same, byte for byte.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { AGENCIES } from '../../../mocks/agencies.ts';
import type { Agency } from '../../../mocks/kernel/agency.ts';
import { prepareKeys } from '../../../mocks/kernel/ca.ts';
import { exchange } from '../../../mocks/kernel/exchange.ts';
import { residentId } from '../../../mocks/kernel/identifiers.ts';
import type { Exchange } from '../../../mocks/kernel/journal.ts';
import { createSandbox, type Sandbox } from '../../../mocks/kernel/sandbox.ts';
import * as credit from './credit-client.ts';
import * as insurance from './insurance-client.ts';
import { callOf, content, UNIT } from './labor-box.ts';

const START = new Date('2027-01-04T02:00:00Z');
const MONTHS = 24;
const PEOPLE = Array.from({ length: 200 }, (_, n) => ({
  id: residentId('990000', '19900101', n + 1),
  name: `某${n + 1}`,
}));

/** All of an exchange but for how long its stages took. */
const told = ({ stages, request, response, ...rest }: Exchange) =>
  JSON.stringify([
    rest,
    stages.map(({ stage, note }) => [stage, note]),
    request.path,
    request.body.toString('base64'),
    response?.status,
    response?.headers,
    response?.body.toString('base64'),
  ]);

async function open(seed: string): Promise<Sandbox> {
  return createSandbox(AGENCIES, {
    name: 'years',
    seed,
    population: 'auto',
    // Draws of the seed decide: a chance that came from elsewhere would show.
    clerk: 'random',
    keys: await prepareKeys(),
    start: START,
    frozen: true,
    wallNow: () => START,
  });
}

/** What was said in each month, a hash each, and what happened. */
async function play(
  seed: string,
  months: number,
): Promise<{ hashes: string[]; fired: number; said: number }> {
  const sandbox = await open(seed);
  const identity = await sandbox.ca.identity(UNIT.uscc, UNIT.name);
  const { rolls } = sandbox;
  for (const { id, name } of PEOPLE)
    rolls.putMember(UNIT.uscc, { idType: 'resident_id', idNumber: id, name });
  rolls.putUnit(UNIT);
  const labor = sandbox.agency('labor') as Agency; // all three were put in
  const registry = await credit.createClient(sandbox, identity);
  const fund = insurance.createClient(sandbox, identity);
  const number = (agency: 'labor' | 'insurance', id: string) => rolls.personNumber(agency, id);

  const row = (no: number, { id, name }: (typeof PEOPLE)[number], date: string) =>
    insurance.stopRow(number('insurance', id), {
      no,
      id,
      name,
      insurance: ['110', '210', '310', '410', '510'][no % 5] ?? '110',
      date,
      month: date.slice(0, 6),
    });

  const hashes: string[] = [];
  let [fired, said] = [0, 0];
  for (let month = 0; month < months; month += 1) {
    const today = sandbox.clock.now().toISOString().slice(0, 10);
    const compact = today.replaceAll('-', '');
    for (const { id, name } of PEOPLE.filter((_, n) => n % MONTHS === month)) {
      const who = { AAB001: rolls.unitNumber('labor', UNIT.uscc), AAC001: number('labor', id) };
      const person = { AAC058: '01', AAC002: id, AAC003: name };
      const filing = { ...content(`L-${id}`, { ...who, ...person }), abc916: compact };
      await exchange(labor, sandbox, callOf(identity, 'SubmitTermination', filing));
      await registry.submit(`C-${id}`, {
        practitioner: { id_type: 'resident_id', id_number: id, name },
        effective_date: today,
      });
    }
    await fund.signIn(month % 2 === 0 ? 'sm4-cbc' : 'aes-256-cbc');
    const rows = PEOPLE.map((person, n) => row(n + 1, person, compact));
    const taken = await fund.send('2001', insurance.stop(...rows), `B-${month}`);
    assert.equal(taken.code, '0', taken.payload);
    const events = sandbox.clock.advance(new Date(Date.UTC(2027, month + 1, 4, 2)));
    await fund.signIn();
    const results = (await fund.progress(`B-${month}`)).payload;
    assert.equal(results.match(/<Row /g)?.length, PEOPLE.length);
    const entries = sandbox.journal.list();
    assert.deepEqual(
      entries.filter(({ error }) => error),
      [],
    );
    const all = [...entries.map(told), JSON.stringify(events)].join('\n');
    hashes.push(createHash('sha256').update(all).digest('hex'));
    fired += events.length;
    said += entries.length;
    sandbox.journal.clear();
  }
  sandbox.close();
  return { hashes, fired, said };
}

describe('two years of two hundred people', () => {
  it('are the same, byte for byte, on a second run; another seed makes others', async () => {
    const first = await play('seed', MONTHS);
    assert.equal(new Set(first.hashes).size, MONTHS);
    assert.ok(first.said > 2 * PEOPLE.length && first.fired > 4 * PEOPLE.length);
    assert.deepEqual(await play('seed', MONTHS), first);
    assert.notEqual((await play('other', 1)).hashes[0], first.hashes[0]);
  });
});
