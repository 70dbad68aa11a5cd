// Monthly windows: vectors, and a calculation that walks a wall calendar day by day.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  closedReason,
  countingMonth,
  INSURANCES,
  isWindowed,
  judgeWindow,
  monthLacking,
  unconfirmed,
  WINDOWED,
  type Window,
  type WindowedKind,
  type WindowVerdict,
} from '../../../src/domain/windows.ts';

const window = (parts: Partial<Window> = {}): Window => ({
  region: '11',
  insurance: '*',
  month: '2026-11',
  opens: 5,
  closes: 20,
  ...parts,
});
const judge = (
  now: string,
  windows: readonly Window[],
  parts: { region?: string; kind?: WindowedKind } = {},
) => judgeWindow({ region: '110105', kind: 'insurance_stop', now: new Date(now), windows, ...parts });

describe('a window', () => {
  const both = [window(), window({ month: '2026-12', opens: 3 })];

  it('is open on its days, whole and in China', () => {
    const open = { kind: 'open', month: '2026-11' };
    assert.deepEqual(judge('2026-11-04T16:00:00Z', both), open, 'the first minute of the 5th');
    assert.deepEqual(judge('2026-11-20T15:59:59.999Z', both), open, 'the last of the 20th');
    const before = { kind: 'closed', until: new Date('2026-11-04T16:00:00Z'), month: '2026-11', known: true };
    assert.deepEqual(judge('2026-11-04T15:59:59.999Z', both), before);
  });

  it('makes what comes after it count for the next month', () => {
    const next = { kind: 'closed', until: new Date('2026-12-02T16:00:00Z'), month: '2026-12', known: true };
    assert.deepEqual(judge('2026-11-20T16:00:00Z', both), next);
    const beyond = judge('2026-12-25T00:00:00Z', both);
    assert.deepEqual(beyond, {
      kind: 'closed',
      until: new Date('2026-12-31T16:00:00Z'),
      month: '2027-01',
      known: false,
    });
  });

  it('that nobody has confirmed is unknown, whatever the others are', () => {
    const unknown = { kind: 'unknown', region: '110105', month: '2026-11' };
    assert.deepEqual(judge('2026-11-10T00:00:00Z', []), unknown);
    assert.deepEqual(judge('2026-11-10T00:00:00Z', [window({ month: '2026-12' })]), unknown);
    const some = INSURANCES.slice(0, 4).map((insurance) => window({ insurance, closes: 8 }));
    assert.deepEqual(judge('2026-11-10T00:00:00Z', some), unknown);
    assert.deepEqual(unconfirmed('110105', 'insurance_stop', '2026-11', some), ['510']);
    assert.equal(judge('2026-11-07T00:00:00Z', some, { kind: 'insurance_transfer' }).kind, 'open');
  });

  it('is open for several insurances when all of theirs are', () => {
    const windows = [
      window(),
      window({ insurance: '310', opens: 10 }),
      window({ insurance: '410', closes: 12 }),
    ];
    assert.equal(judge('2026-11-09T02:00:00Z', windows).kind, 'closed');
    assert.equal(judge('2026-11-10T02:00:00Z', windows).kind, 'open');
    assert.equal(judge('2026-11-13T02:00:00Z', windows).kind, 'closed');
    assert.equal(judge('2026-11-13T02:00:00Z', windows, { kind: 'insurance_transfer' }).kind, 'open');
  });

  it('of insurances without a common day opens in a later month', () => {
    const apart = [window({ closes: 10 }), window({ insurance: '310', opens: 12 })];
    const verdict = judge('2026-11-11T02:00:00Z', [...apart, window({ month: '2026-12' })]);
    assert.deepEqual(verdict, {
      kind: 'closed',
      until: new Date('2026-12-04T16:00:00Z'),
      month: '2026-12',
      known: true,
    });
  });

  it('of the nearer region wins, and in it that of the insurance itself', () => {
    const windows = [
      window({ closes: 7 }),
      window({ region: '110105', closes: 9 }),
      window({ region: '1101', insurance: '110', closes: 6 }),
      window({ region: '110105', insurance: '510', closes: 8 }),
      window({ region: '1102', closes: 30 }),
    ];
    assert.equal(judge('2026-11-08T02:00:00Z', windows).kind, 'open');
    assert.equal(judge('2026-11-09T02:00:00Z', windows).kind, 'closed');
    assert.equal(judge('2026-11-09T02:00:00Z', windows, { kind: 'insurance_transfer' }).kind, 'open');
    assert.equal(judge('2026-11-09T02:00:00Z', windows, { region: '110101' }).kind, 'closed');
  });

  it('of a short month ends on its last day', () => {
    const february = [window({ month: '2027-02', opens: 30, closes: 31 }), window({ month: '2027-03' })];
    assert.equal(judge('2027-02-27T02:00:00Z', february).kind, 'closed');
    assert.equal(judge('2027-02-28T02:00:00Z', february).kind, 'open');
    assert.equal(
      judge('2028-02-29T02:00:00Z', [window({ month: '2028-02', opens: 31, closes: 31 })]).kind,
      'open',
    );
  });

  it('is a matter of stops and transfers alone', () => {
    const kinds = ['labor_filing', 'insurance_stop', 'insurance_transfer', 'credit_update'] as const;
    assert.deepEqual(kinds.filter(isWindowed), ['insurance_stop', 'insurance_transfer']);
  });

  it('that is closed says so with region, month and day', () => {
    const verdict = judge('2026-11-21T00:00:00Z', both);
    assert.ok(verdict.kind === 'closed');
    assert.equal(
      closedReason('110105', 'insurance_stop', verdict),
      'window closed: region 110105 takes insurance_stop for 2026-12 from 2026-12-03',
    );
    assert.match(
      closedReason('110105', 'insurance_stop', { ...verdict, known: false }),
      /not confirmed yet$/,
    );
  });
});

describe('the month that a filing carries', () => {
  const open = (month: string): WindowVerdict => ({ kind: 'open', month });
  const unknown: WindowVerdict = { kind: 'unknown', region: '110105', month: '2026-12' };

  it('is the exit’s own, or the later one in which it counts', () => {
    assert.equal(countingMonth(open('2026-11'), '2026-11'), '2026-11');
    assert.equal(countingMonth(open('2026-12'), '2026-11'), '2026-12');
    assert.equal(countingMonth(open('2026-11'), '2027-01'), '2027-01');
    assert.equal(countingMonth(unknown, '2026-11'), '2026-11');
  });

  it('never goes back, in whatever order windows are found', () => {
    const month = fc.integer({ min: 10, max: 12 }).map((each) => `2026-${each}`);
    const verdict = fc.oneof(month.map(open), fc.constant(unknown));
    fc.assert(
      fc.property(month, fc.array(verdict), (own, verdicts) => {
        let carried = own;
        for (const each of verdicts) {
          const next = countingMonth(each, carried);
          assert.ok(next >= carried);
          assert.equal(countingMonth(each, next), next, 'the same window, the same bytes');
          carried = next;
        }
      }),
    );
  });

  it('is asked for where it is not known, the next one too', () => {
    assert.equal(monthLacking(open('2026-11')), undefined);
    assert.equal(monthLacking(unknown), '2026-12');
    const closed = { kind: 'closed', until: new Date(0), month: '2026-12' } as const;
    assert.equal(monthLacking({ ...closed, known: true }), undefined);
    assert.equal(monthLacking({ ...closed, known: false }), '2026-12');
  });
});

/** Leaves of a wall calendar from November 2026 to March 2027, month lengths by hand. */
const LEAVES = (
  [
    ['2026-11', 30],
    ['2026-12', 31],
    ['2027-01', 31],
    ['2027-02', 28],
    ['2027-03', 31],
  ] as const
).flatMap(([month, length]) =>
  Array.from({ length }, (_, index) => ({ month, day: index + 1, last: index + 1 === length })),
);
const REGIONS = ['110105', '1101', '11'];

/** Of one insurance on one leaf: asks region by region, the nearest first, as a clerk would leaf through circulars. */
function takes(
  insurance: string,
  leaf: (typeof LEAVES)[number],
  windows: readonly Window[],
): boolean | undefined {
  for (const region of REGIONS)
    for (const name of [insurance, '*']) {
      const found = windows.find(
        (each) => each.region === region && each.insurance === name && each.month === leaf.month,
      );
      if (found === undefined) continue;
      const from = leaf.last ? leaf.day >= found.opens || found.opens > leaf.day : leaf.day >= found.opens;
      return from && leaf.day <= found.closes;
    }
  return undefined;
}

describe('windows, calculated twice', () => {
  it('day by day', () => {
    const someWindow = fc
      .record({
        region: fc.constantFrom(...REGIONS, '1102'),
        insurance: fc.constantFrom(...INSURANCES, '*' as const, '*' as const),
        month: fc.constantFrom('2026-11', '2026-12', '2027-01', '2027-02'),
        opens: fc.integer({ min: 1, max: 31 }),
        length: fc.integer({ min: 0, max: 30 }),
      })
      .map(({ length, ...each }): Window => ({ ...each, closes: Math.min(31, each.opens + length) }));
    const some = fc.uniqueArray(someWindow, {
      maxLength: 14,
      selector: ({ region, insurance, month }) => `${region} ${insurance} ${month}`,
    });
    const kinds = fc.constantFrom<WindowedKind>('insurance_stop', 'insurance_transfer');
    const start = fc.integer({ min: 0, max: 91 });
    const seen = new Set<string>();
    fc.assert(
      fc.property(some, kinds, start, fc.integer({ min: 0, max: 86_399 }), (windows, kind, from, second) => {
        const today = LEAVES[from];
        assert.ok(today);
        const at = ({ month, day }: { month: string; day: number }) =>
          new Date(`${month}-${String(day).padStart(2, '0')}T00:00:00+08:00`);
        const now = new Date(at(today).getTime() + second * 1000);
        const expected = ((): WindowVerdict => {
          for (const [index, leaf] of LEAVES.slice(from).entries()) {
            const answers = WINDOWED[kind].map((insurance) => takes(insurance, leaf, windows));
            if (answers.includes(undefined))
              return leaf.month === today.month
                ? { kind: 'unknown', region: '110105', month: leaf.month }
                : { kind: 'closed', until: at({ ...leaf, day: 1 }), month: leaf.month, known: false };
            if (answers.every((each) => each === true))
              return index === 0
                ? { kind: 'open', month: leaf.month }
                : { kind: 'closed', until: at(leaf), month: leaf.month, known: true };
          }
          throw new Error('March has no window');
        })();
        assert.deepEqual(judgeWindow({ region: '110105', kind, now, windows }), expected);
        seen.add(expected.kind === 'closed' ? `closed ${expected.known}` : expected.kind);
      }),
      { numRuns: 5000 },
    );
    assert.deepEqual([...seen].toSorted(), ['closed false', 'closed true', 'open', 'unknown']);
  });
});
