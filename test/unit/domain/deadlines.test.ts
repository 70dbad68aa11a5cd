// Deadlines of an exit: which clocks its filings run under, when they are told, and that each is told once.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextTelling } from '../../../src/domain/deadlines.ts';
import type { Exit } from '../../../src/domain/exit.ts';
import { filingClocks } from '../../../src/domain/filing-clocks.ts';
import { tellDeadlines } from '../../../src/domain/telling.ts';
import { makeExit, makeFacts } from '../../support/builders.ts';
import { CLOCK_WORK, DISTANCES } from '../../support/clock-work.ts';

/** Exit on 16 September 2026: fifteen days end on National Day and roll to 8 October. */
const exit = () => makeExit({ facts: { noticeDate: '2026-08-17', exitDate: '2026-09-16' } });
const at = (text: string) => new Date(`${text}+08:00`);

const when = (now: Date) => ({ distances: DISTANCES, policy: 'require_decision' as const, now });

function told(start: Exit, ...instants: Date[]) {
  let current = start;
  return instants.map((now) => {
    const change = tellDeadlines(current, when(now));
    current = change.exit;
    return change.events.map(({ type, data }) => `${type} ${data.kind} ${data.distance ?? ''}`.trim());
  });
}

describe('the deadlines of an exit', () => {
  it('are those of the nearest clock, with the unrolled and the rolled day', () => {
    const [labor] = exit().filings;
    assert.equal(labor?.deadline, '2026-10-08');
    const [clock] = labor?.clocks ?? [];
    assert.equal(clock?.raw, '2026-10-01');
    assert.equal(clock?.due, '2026-10-08');
    assert.deepEqual(clock?.closesAt, at('2026-10-09T00:00:00'));
  });

  it('leave out a clock that does not run for the reason, and refuse one that nobody knows', () => {
    const ids = ['archive_and_insurance_transfer', 'unemployment_list'];
    const of = (reason: 'retirement' | 'resignation') =>
      filingClocks(ids, makeFacts({ reason }), CLOCK_WORK).map(({ id }) => id);
    assert.deepEqual(of('retirement'), ['archive_and_insurance_transfer']);
    assert.equal(of('resignation').length, 2);
    assert.throws(() => filingClocks(['no_such_clock'], makeFacts(), CLOCK_WORK), /no_such_clock/);
  });

  it('in a year that is not published say so, and count the earliest day it can be', () => {
    const [clock] = filingClocks(
      ['securities_registration'],
      makeFacts({ exitDate: '2027-03-01' }),
      CLOCK_WORK,
    );
    assert.equal(clock?.due, undefined);
    assert.match(clock?.uncovered?.zh ?? '', /2027/);
  });

  it('are told at each distance once, and once more when missed', () => {
    const labor = { ...exit(), filings: exit().filings.slice(0, 1) };
    assert.deepEqual(
      told(
        labor,
        at('2026-09-20T12:00:00'),
        at('2026-09-25T12:00:00'),
        at('2026-09-25T13:00:00'),
        at('2026-10-01T12:00:00'),
        at('2026-10-08T23:59:59'),
        at('2026-10-09T00:00:00'),
        at('2026-10-10T00:00:00'),
      ),
      [
        [],
        ['exit.deadline_approaching labor_filing P7D'],
        [],
        ['exit.deadline_approaching labor_filing P1D'],
        [],
        ['exit.deadline_missed labor_filing'],
        [],
      ],
    );
  });

  it('are not told of what is settled with the agency, nor of an exit that is over', () => {
    const late = at('2027-01-01T00:00:00');
    const { filings, ...rest } = exit();
    const settled = filings.map((filing) => ({ ...filing, state: 'verified' as const }));
    assert.deepEqual(tellDeadlines({ ...rest, filings: settled }, when(late)).events, []);
    assert.equal(nextTelling({ ...rest, filings: settled }, DISTANCES), undefined);
    assert.deepEqual(tellDeadlines({ ...rest, filings, status: 'completed' }, when(late)).events, []);
  });

  it('are missed once, whenever time is looked at', () => {
    const hours = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(hours, (offsets) => {
        const instants = [...offsets, 2_000]
          .sort((a, b) => a - b)
          .map((hour) => new Date(at('2026-09-16T00:00:00').getTime() + hour * 3_600_000));
        const lines = told(exit(), ...instants).flat();
        for (const kind of ['labor_filing', 'insurance_stop', 'insurance_transfer', 'credit_update'])
          assert.equal(lines.filter((line) => line === `exit.deadline_missed ${kind}`).length, 1);
        assert.equal(new Set(lines).size, lines.length);
      }),
    );
  });
});
