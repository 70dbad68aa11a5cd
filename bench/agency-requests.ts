/** What one request costs each mock agency, by kind: the sum of its stages, as the journal has them. */
import { AGENCIES } from '../mocks/agencies.ts';
import { DEFAULT_FORM } from '../mocks/insurance-sm2/sm2.ts';
import type { Agency } from '../mocks/kernel/agency.ts';
import { prepareKeys } from '../mocks/kernel/ca.ts';
import { exchange } from '../mocks/kernel/exchange.ts';
import { residentId } from '../mocks/kernel/identifiers.ts';
import { createSandbox, type Sandbox } from '../mocks/kernel/sandbox.ts';
import * as credit from '../test/unit/mocks/credit-client.ts';
import * as insurance from '../test/unit/mocks/insurance-client.ts';
import * as sm2 from '../test/unit/mocks/insurance-sm2-client.ts';
import { callOf, content, UNIT } from '../test/unit/mocks/labor-box.ts';

export interface Cost {
  readonly agency: string;
  readonly operation: string;
  readonly kind: 'query' | 'filing' | 'batch';
  /** Of the batch that it files or asks about. */
  readonly rows?: number;
  readonly count: number;
  /** Milliseconds. */
  readonly median: number;
  readonly least: number;
  /** Median of each stage. */
  readonly stages: Readonly<Record<string, number>>;
}

const START = new Date('2027-01-04T02:00:00Z');
const DAY = '20270104';
/** Of a firm's month, and of all that a large one sends. */
const BATCHES = [20, 200];

export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const personOf = (n: number) => ({ id: residentId('990000', '19900101', (n % 990) + 1), name: `某${n}` });

/** @param count of each kind; of batches a tenth. */
export async function requestCosts(count: number): Promise<readonly Cost[]> {
  const sandbox = createSandbox(AGENCIES, {
    name: 'costs',
    seed: 'costs',
    population: 'auto',
    clerk: 'accept',
    keys: await prepareKeys(),
    start: START,
    frozen: true,
  });
  try {
    const kinds = await kindsOf(sandbox);
    const costs: Cost[] = [];
    for (const { kind, agency, rows, times, send } of kinds(count)) {
      sandbox.journal.clear();
      for (let n = 0; n < times; n += 1) await send(n);
      costs.push({ agency, kind, ...(rows === undefined ? {} : { rows }), ...costOf(sandbox) });
    }
    return costs;
  } finally {
    sandbox.close();
  }
}

interface Kind {
  readonly agency: string;
  readonly kind: Cost['kind'];
  readonly rows?: number;
  readonly times: number;
  send(n: number): Promise<unknown>;
}

async function kindsOf(sandbox: Sandbox): Promise<(count: number) => readonly Kind[]> {
  const identity = await sandbox.ca.identity(UNIT.uscc, UNIT.name);
  const { rolls } = sandbox;
  const labor = sandbox.agency('labor') as Agency; // all were put in
  const registry = await credit.createClient(sandbox, identity);
  const fund = insurance.createClient(sandbox, identity);
  const second = sm2.createClient(sandbox, { checks: false });
  await fund.signIn();

  const who = (n: number) => {
    const { id, name } = personOf(n);
    const numbers = { AAB001: rolls.unitNumber('labor', UNIT.uscc), AAC001: rolls.personNumber('labor', id) };
    return { ...numbers, AAC058: '01', AAC002: id, AAC003: name };
  };
  const row = (n: number, no: number) => {
    const { id, name } = personOf(n);
    return insurance.stopRow(rolls.personNumber('insurance', id), {
      no,
      id,
      name,
      date: DAY,
      month: '202701',
    });
  };
  const rows = Array.from({ length: Math.max(...BATCHES) }, (_, n) => row(n, n + 1));
  const practitioner = (n: number) => ({
    id_type: 'resident_id',
    id_number: personOf(n).id,
    name: personOf(n).name,
  });
  const person = (n: number) => ({ id_type: '01', id_number: personOf(n).id, name: personOf(n).name });

  return (count) => [
    {
      agency: 'labor',
      kind: 'query',
      times: count,
      send: () => exchange(labor, sandbox, callOf(identity, 'QueryPerson', queryOf(who(1)))),
    },
    {
      agency: 'labor',
      kind: 'filing',
      times: count,
      send: (n) =>
        exchange(
          labor,
          sandbox,
          callOf(identity, 'SubmitTermination', { ...content(`L-${n}`, who(n)), abc916: DAY }),
        ),
    },
    { agency: 'insurance', kind: 'query', times: count, send: () => fund.person() },
    {
      agency: 'insurance',
      kind: 'filing',
      times: count,
      send: (n) => fund.send('2001', insurance.stop(row(n, 1)), `F-${n}`),
    },
    ...BATCHES.flatMap((size): Kind[] => [
      {
        agency: 'insurance',
        kind: 'batch',
        rows: size,
        times: count / 10,
        send: (n) => fund.send('2001', insurance.stop(...rows.slice(0, size)), `B${size}-${n}`),
      },
      {
        agency: 'insurance',
        kind: 'query',
        rows: size,
        times: count / 10,
        send: (n) => fund.progress(`B${size}-${n}`),
      },
    ]),
    { agency: 'credit', kind: 'query', times: count, send: () => registry.practitioner() },
    {
      agency: 'credit',
      kind: 'filing',
      times: count,
      send: (n) => registry.submit(`C-${n}`, { practitioner: practitioner(n), effective_date: '2027-01-04' }),
    },
    { agency: 'insurance-sm2', kind: 'query', times: count, send: () => second.person() },
    {
      agency: 'insurance-sm2',
      kind: 'filing',
      times: count,
      send: (n) =>
        second.send(
          sm2.CHANGES,
          sm2.change(sandbox, `Z-${n}`, { person: person(n), exit_date: '2027-01-04', end_month: '2027-01' }),
          { form: DEFAULT_FORM },
        ),
    },
  ];
}

const queryOf = ({ AAC001: _number, ...rest }: Record<string, string>) => rest;

function costOf({ journal }: Sandbox): Omit<Cost, 'agency' | 'kind' | 'rows'> {
  const entries = journal.list();
  const failed = entries.find(({ error, code }) => error !== undefined || code !== undefined);
  if (failed) throw new Error(`${failed.agency} ${failed.operation}: ${failed.error ?? failed.code}`);
  const sums = entries.map(({ stages }) => stages.reduce((sum, { ms }) => sum + ms, 0));
  const names = new Set(entries.flatMap(({ stages }) => stages.map(({ stage }) => stage)));
  const of = (name: string) =>
    median(entries.flatMap(({ stages }) => stages.filter(({ stage }) => stage === name).map(({ ms }) => ms)));
  return {
    operation: entries[0]?.operation ?? '',
    count: entries.length,
    median: median(sums),
    least: Math.min(...sums),
    stages: Object.fromEntries([...names].map((name) => [name, of(name)])),
  };
}
