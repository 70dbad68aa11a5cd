// Two years of two hundred people in one advance: what was filed before it is reviewed on the way, each in days of its
// own, and a participant files all of them once a month when the insurance window opens.
import assert from 'node:assert/strict';
import { AGENCIES } from '../../../mocks/agencies.ts';
import { advanceAll } from '../../../mocks/desk/time.ts';
import { setWindow } from '../../../mocks/insurance/index.ts';
import type { Agency, AgencyName } from '../../../mocks/kernel/agency.ts';
import { prepareKeys } from '../../../mocks/kernel/ca.ts';
import type { Fired } from '../../../mocks/kernel/clock.ts';
import { exchange } from '../../../mocks/kernel/exchange.ts';
import { residentId } from '../../../mocks/kernel/identifiers.ts';
import { createSandbox, type Sandbox } from '../../../mocks/kernel/sandbox.ts';
import type { ClerkStep } from '../../../mocks/kernel/scenario.ts';
import * as credit from './credit-client.ts';
import * as insurance from './insurance-client.ts';
import * as sm2 from './insurance-sm2-client.ts';
import { callOf, content, UNIT } from './labor-box.ts';

export const START = new Date('2027-01-04T02:00:00Z');
export const END = new Date('2029-01-15T00:00:00Z');
export const PEOPLE = Array.from({ length: 200 }, (_, n) => ({
  id: residentId('990000', '19900101', n + 1),
  name: `某${n + 1}`,
}));
/** Days from a filing to its decision, and to the last day of a correction. */
export const daysOf = (n: number) => ({ decided: 3 * n + 4, due: 3 * n + 24 });
export const DECISIONS = ['accept', 'correction', 'reject', 'late'] as const;
/** The days that the agency takes for a batch. */
export const BATCH_DAYS = 3;
const KINDS = ['110', '210', '310', '410', '510'];

export interface Filed {
  readonly agency: AgencyName;
  /** Place among PEOPLE: decides when and how its review ends. */
  readonly n: number;
  readonly receipt: string;
}

export interface Played {
  readonly sandbox: Sandbox;
  readonly filed: readonly Filed[];
  /** Receipts of the batches, filled while time goes by. */
  readonly batches: readonly string[];
  /** All of it, in one call. */
  advance(): Promise<Fired[]>;
}

export async function prepareTwoYears(seed: string): Promise<Played> {
  const sandbox = createSandbox(AGENCIES, {
    name: 'years',
    seed,
    population: 'auto',
    clerk: 'accept',
    keys: await prepareKeys(),
    start: START,
    frozen: true,
    wallNow: () => START,
  });
  for (const { id, name } of PEOPLE)
    sandbox.rolls.putMember(UNIT.uscc, { idType: 'resident_id', idNumber: id, name });
  sandbox.rolls.putUnit(UNIT);
  for (const agency of ['labor', 'credit', 'insurance-sm2'] as const)
    sandbox.clerk().setPolicy(agency, { policy: 'scripted', delayMs: 0, script: scriptFor(agency) });
  sandbox.clerk().setPolicy('insurance', { policy: 'accept', delayMs: BATCH_DAYS * 86_400_000 });
  // The last day of each month, whichever that is.
  setWindow({ opens: 31, closes: 31 }, sandbox.room('insurance'));
  const filed = await fileAll(sandbox);
  const batches: string[] = [];
  sandbox.participants.set('payroll', await payroll(sandbox, batches));
  return { sandbox, filed, batches, advance: () => advanceAll(sandbox, { to: END.toISOString() }) };
}

/** One in eight at the second city: SM2 in the JavaScript of a client takes its time. */
export const filesAt = (agency: AgencyName, n: number): boolean => agency !== 'insurance-sm2' || n % 8 === 0;

const scriptFor = (agency: AgencyName): ClerkStep[] =>
  PEOPLE.flatMap((_, n) => {
    const { decided, due } = daysOf(n);
    const decision = DECISIONS[Math.floor(n / 8) % DECISIONS.length] ?? 'accept';
    return filesAt(agency, n) ? [{ decision, after: `P${decided}D`, due: `P${due}D` }] : [];
  });

async function fileAll(sandbox: Sandbox): Promise<Filed[]> {
  const { rolls } = sandbox;
  const identity = await sandbox.ca.identity(UNIT.uscc, UNIT.name);
  const labor = sandbox.agency('labor') as Agency; // all were put in
  const registry = await credit.createClient(sandbox, identity);
  const second = sm2.createClient(sandbox, { checks: false });
  const filed: Filed[] = [];
  for (const [n, { id, name }] of PEOPLE.entries()) {
    const numbers = {
      AAB001: rolls.unitNumber('labor', UNIT.uscc),
      AAC001: rolls.personNumber('labor', id),
    };
    const person = { AAC058: '01', AAC002: id, AAC003: name };
    const filing = { ...content(`L-${n}`, { ...numbers, ...person }), abc916: '20270104' };
    const outcome = await exchange(labor, sandbox, callOf(identity, 'SubmitTermination', filing));
    assert.ok('reply' in outcome);
    const receipt = /<SAA036>([^<]+)</.exec(outcome.reply.body.toString())?.[1];
    filed.push({ agency: 'labor', n, receipt: receipt ?? '' });
    const practitioner = { id_type: 'resident_id', id_number: id, name };
    const change = await registry.submit(`C-${n}`, { practitioner, effective_date: '2027-01-04' });
    filed.push({ agency: 'credit', n, receipt: String(change.body.receipt) });
    if (!filesAt('insurance-sm2', n)) continue;
    const over = { exit_date: '2027-01-04', end_month: '2027-01' };
    const answer = await second.file(`Z-${n}`, {
      ...over,
      person: { id_type: '01', id_number: id, name },
    });
    filed.push({ agency: 'insurance-sm2', n, receipt: String(answer.data.receipt) });
  }
  return filed;
}

/** Each month another insurance of each person: after five there is none left to stop. */
async function payroll(sandbox: Sandbox, receipts: string[]) {
  const room = sandbox.room('insurance');
  const opening = () => sandbox.agency('insurance')?.window?.(room)?.opens;
  const fund = insurance.createClient(sandbox, await sandbox.ca.identity(UNIT.uscc, UNIT.name));
  let due = opening();

  async function file(now: Date): Promise<string> {
    const month = receipts.length;
    const date = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
    const rows = PEOPLE.map(({ id, name }, n) =>
      insurance.stopRow(sandbox.rolls.personNumber('insurance', id), {
        no: n + 1,
        id,
        name,
        insurance: KINDS[(n + month) % KINDS.length] ?? '',
        date,
        month: date.slice(0, 6),
      }),
    );
    await fund.signIn(month % 2 === 0 ? 'sm4-cbc' : 'aes-256-cbc');
    const { code, payload } = await fund.send('2001', insurance.stop(...rows), `B-${month}`);
    assert.equal(code, '0', payload);
    receipts.push(insurance.text(payload, 'AAZ308'));
    return `B-${month} of ${date}: ${rows.length} rows`;
  }

  return {
    name: 'payroll',
    async step(now: Date) {
      if (due === undefined || now < due) return { ...(due && { next: due }) };
      const note = await file(now);
      due = opening();
      return { events: [{ event: 'month', note }], ...(due && { next: due }) };
    },
  };
}
