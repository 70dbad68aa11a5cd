// What the agencies do by themselves in two years, moved through in one call, against a second calendar: written here in
// plain arithmetic, with nothing of theirs but the receipts that they gave.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Fired } from '../../../mocks/kernel/clock.ts';
import {
  BATCH_DAYS,
  DECISIONS,
  daysOf,
  END,
  type Filed,
  PEOPLE,
  prepareTwoYears,
  START,
} from './two-years-play.ts';

const DAY = 86_400_000;
const MONTHS = 24;
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const KINDS = ['110', '210', '310', '410', '510'];
/** Pension and medical insurance, which the second city stops: the people are the same at both. */
const ALSO_STOPPED = ['110', '310'];

const two = (number: number) => String(number).padStart(2, '0');
const after = (days: number) => START.getTime() + days * DAY;
/** Midnight in China at which that day, so many after the start, is over. */
const endOfDay = (days: number) => Date.parse('2027-01-04T16:00:00Z') + days * DAY;
const decisionOf = (n: number) => DECISIONS[Math.floor(n / 8) % 4] ?? 'accept';

/** The last days of the months: year, month, day. */
const lastDays = Array.from({ length: MONTHS }, (_, m): [number, number, number] => {
  const [year, month] = [2027 + Math.floor(m / 12), m % 12];
  return [year, month + 1, (LENGTHS[month] ?? 0) + (month === 1 && year % 4 === 0 ? 1 : 0)];
});

type Line = readonly [at: number, agency: Fired['agency'], event: string, subject: string, note: string];

/** Four steps to a decision; a correction is asked for at the second. */
function atLabor({ n, receipt }: Filed): Line[] {
  const { decided, due } = daysOf(n);
  const decision = decisionOf(n);
  const step = (part: number, said: string): Line => [
    after((decided * part) / 4),
    'labor',
    'review.step',
    `${receipt}#1`,
    `${receipt}: ${said}`,
  ];
  if (decision === 'correction') {
    const overdue = `${receipt}: concluded, failed: the supplement is overdue`;
    const last: Line = [endOfDay(due), 'labor', 'correction.due', `${receipt}#2`, overdue];
    return [step(1, 'pre-check'), step(2, 'correction requested'), last];
  }
  const ends = { accept: 'concluded, passed', reject: 'concluded, failed', late: 'held' }[decision];
  const way = [step(1, 'pre-check'), step(2, 'accepted for review'), step(3, 'in review'), step(4, ends)];
  const passed = `${receipt}: concluded, passed`;
  return decision === 'late'
    ? [...way, [after(decided + 15), 'labor', 'review.step', `${receipt}#2`, passed]]
    : way;
}

/** Looked at half-way, decided at the end: alike at the credit agency and in the second city. */
function atOthers({ agency, n, receipt }: Filed): Line[] {
  const { decided, due } = daysOf(n);
  const line = (at: number, event: string, round: number, said: string): Line => [
    at,
    agency,
    event,
    `${receipt} ${round}`,
    `${receipt}: ${said}`,
  ];
  const passed = agency === 'credit' ? 'concluded' : 'finished';
  const looked = line(after(decided / 2), 'change.review', 1, 'in review');
  const decide = (said: string) => line(after(decided), 'change.decide', 1, said);
  switch (decisionOf(n)) {
    case 'accept':
      return [looked, decide(passed)];
    case 'reject':
      return [looked, decide('rejected')];
    case 'late':
      return [looked, decide('in review'), line(after(decided + 15), 'change.decide', 2, passed)];
    default: {
      const overdue = line(endOfDay(due), 'correction.due', 1, 'rejected, overdue');
      return [looked, decide('correction requested'), overdue];
    }
  }
}

/** One batch on the last day of each month, and who of it still had something to stop. */
function atInsurance(filed: readonly Filed[], batches: readonly string[]): Line[] {
  const stopped = new Map<string, number>();
  for (const { agency, n } of filed) {
    const decision = decisionOf(n);
    const days = daysOf(n).decided + (decision === 'late' ? 15 : 0);
    if (agency === 'insurance-sm2' && (decision === 'accept' || decision === 'late'))
      for (const kind of ALSO_STOPPED) stopped.set(`${n} ${kind}`, after(days));
  }
  return lastDays.flatMap(([year, month, day], m): Line[] => {
    const opens = Date.UTC(year, month - 1, day) - DAY / 3;
    const settled = opens + BATCH_DAYS * DAY;
    const keys = PEOPLE.map((_, n) => `${n} ${KINDS[(n + m) % 5]}`);
    const passing = keys.filter((key) => (stopped.get(key) ?? settled) >= settled);
    for (const key of passing) stopped.set(key, settled);
    const date = `${year}${two(month)}${two(day)}`;
    const receipt = batches[m] ?? '';
    assert.equal(receipt, `AAZ${date}${String(m + 1).padStart(6, '0')}`);
    const line = (at: number, event: string, said: string): Line => [
      at,
      'insurance',
      event,
      `${receipt}#0`,
      `${receipt}: ${said}`,
    ];
    return [
      [opens, 'participant', 'month', 'payroll', `B-${m} of ${date}: 200 rows`],
      line(opens + (BATCH_DAYS * DAY) / 2, 'batch.process', 'processing'),
      line(settled, 'batch.settle', `finished, ${passing.length} of 200 rows passed`),
    ];
  });
}

function calendar(filed: readonly Filed[], batches: readonly string[]): string[] {
  const reviews = filed.flatMap((each) => (each.agency === 'labor' ? atLabor(each) : atOthers(each)));
  return [...reviews, ...atInsurance(filed, batches)]
    .filter(([at]) => at <= END.getTime())
    .map(([at, ...rest]) => [new Date(at).toISOString(), ...rest].join(' | '))
    .sort();
}

async function play(seed: string) {
  const played = await prepareTwoYears(seed);
  const { sandbox, filed, batches } = played;
  sandbox.journal.clear();
  const fired = await played.advance();
  const said = sandbox.journal.list().map(({ operation, response, error }) => {
    assert.equal(error, undefined);
    return [operation, response?.headers, response?.body.toString('base64')];
  });
  const cases = (['labor', 'credit', 'insurance-sm2', 'insurance'] as const).flatMap((name) =>
    sandbox.agency(name)?.cases(sandbox.room(name)),
  );
  sandbox.close();
  const bytes = createHash('sha256')
    .update(JSON.stringify([filed, fired, said, cases]))
    .digest('hex');
  return { filed, batches, fired, bytes };
}

describe('two years of two hundred people in one call', () => {
  it('go as a second calendar says, in order, and the same byte for byte on a second run', async () => {
    const { filed, batches, fired, bytes } = await play('seed');
    const lines = fired.map(({ at, agency, event, subject, note }) =>
      [at, agency, event, subject, note].join(' | '),
    );
    assert.deepEqual([...lines].sort(), calendar(filed, batches));
    assert.deepEqual(
      fired.map(({ at }) => at),
      fired.map(({ at }) => at).sort(),
    );
    assert.equal(batches.length, MONTHS);
    assert.equal((await play('seed')).bytes, bytes);
  });
});
