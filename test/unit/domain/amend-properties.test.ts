// Whatever is amended, cancelled, cleared and answered while calls are under way: nothing is filed twice, nothing is sent
// under a used serial, what is verified is what HR said last, and what a cancelled exit leaves behind is in somebody's hands.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Exit, ExitStatus } from '../../../src/domain/exit.ts';
import { blockersOf } from '../../../src/domain/gates.ts';
import { type Act, createWorld, KINDS, type World } from '../../support/exit-model.ts';

const kind = fc.constantFrom(...KINDS);
const work = (...acts: ('claim' | 'commit' | 'lose' | 'busy' | 'answer' | 'die' | 'correct' | 'news')[]) =>
  fc.record({ act: fc.constantFrom(...acts), kind });
const act: fc.Arbitrary<Act> = fc.oneof(
  // A whole call is three of these, so that most lives get somewhere.
  { weight: 12, arbitrary: work('claim', 'commit', 'answer') },
  { weight: 3, arbitrary: work('lose', 'busy', 'die') },
  { weight: 3, arbitrary: work('correct') },
  { weight: 2, arbitrary: work('news') },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('clerk' as const),
      kind,
      how: fc.constantFrom('conclude' as const, 'ask' as const, 'ask' as const, 'refuse' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('counter' as const),
      kind,
      outcome: fc.constantFrom('filed' as const, 'withdrawn' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('amend' as const),
      field: fc.constantFrom('exitDate' as const, 'post' as const, 'insuranceEndMonth' as const),
      value: fc.integer({ min: 0, max: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Act>(
      { act: 'clear' },
      { act: 'clear' },
      { act: 'release' },
      { act: 'cancel' },
    ),
  },
);
const life = fc.record({
  gated: fc.boolean(),
  acts: fc.array(act, { minLength: 10, maxLength: 80, size: 'max' }),
});

const labor = (...acts: readonly string[]): Act[] =>
  acts.map((each) => {
    const [act, how] = each.split(' ');
    return { act, kind: 'labor_filing', how } as Act;
  });
/** What chance seldom finds. */
const STORIES: readonly Act[][] = [
  // The agency concludes without waiting for the answer that it has asked for, which is on its way.
  labor(
    'claim',
    'commit',
    'clerk ask',
    'answer',
    'claim',
    'commit',
    'answer',
    'correct',
    'claim',
    'clerk conclude',
  ).concat(labor('commit', 'answer'), { act: 'amend', field: 'post', value: 1 }),
  // The agency annuls what it has asked about, and says so; the answer goes out while that is being looked up.
  labor('claim', 'commit', 'clerk ask', 'answer', 'claim', 'commit', 'answer', 'clerk refuse', 'news').concat(
    labor('claim', 'commit', 'correct', 'answer', 'claim', 'news', 'commit', 'answer'),
  ),
  // The worker dies after the commit; the exit is amended before anybody has looked.
  labor('claim', 'commit', 'die').concat({ act: 'amend', field: 'post', value: 1 }),
  labor('claim', 'die').concat(
    { act: 'amend', field: 'post', value: 1 },
    labor('claim', 'answer', 'claim', 'commit'),
  ),
];

/** As the API promises it, told apart from how the domain finds it. */
function statusOf({ cancelledAt, gates, released, filings }: Exit): ExitStatus {
  const states = filings.map(({ state, withdrawing }) =>
    state === 'correction_requested' && withdrawing?.stage === 'asked' ? 'withdrawing' : state,
  );
  if (cancelledAt !== undefined) {
    if (states.every((state) => state === 'withdrawn' || state === 'rejected')) return 'cancelled';
    return states.some((state) => state === 'manual' || state === 'correction_requested')
      ? 'attention'
      : 'filing';
  }
  const begun = released !== undefined || states.some((state) => state !== 'waiting');
  if (!begun && blockersOf(gates).length > 0) return 'gated';
  if (states.every((state) => state === 'verified')) return 'completed';
  return states.some((state) => ['manual', 'correction_requested', 'rejected'].includes(state))
    ? 'attention'
    : 'filing';
}

function look(world: World): void {
  const exit = world.exit();
  for (const [name, agency] of Object.entries(world.agencies)) assert.deepEqual(agency.breaches, [], name);
  assert.equal(exit.status, statusOf(exit));
  for (const filing of exit.filings)
    if (filing.state === 'verified')
      assert.equal(filing.factsRevision, exit.factsRevision, 'what is verified carries the newest facts');
}

/** Lets every call succeed and every clerk conclude, until nothing moves. No person does anything. */
function settleDown(world: World): void {
  for (let turn = 0; turn < 60; turn++)
    for (const each of KINDS) {
      for (const act of ['claim', 'commit', 'answer'] as const) world.do({ act, kind: each });
      if (turn > 20) world.do({ act: 'clerk', kind: each, how: 'conclude' });
      look(world);
    }
}

const always = (name: string, check: (world: World) => void) =>
  it(name, function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(life, ({ gated, acts }) => {
        const world = createWorld({ gated });
        for (const act of acts) {
          world.do(act);
          look(world);
        }
        check(world);
      }),
      { numRuns: 400, examples: STORIES.map((acts) => [{ gated: false, acts }]) },
    );
  });

describe('an exit that is amended and cancelled at any time', () => {
  always(
    'files nothing twice, sends no other content under a used serial, and says where it stands',
    (world) => {
      settleDown(world);
      const amendments = world.told.filter(({ type }) => type === 'exit.amended').length;
      assert.equal(world.exit().factsRevision, amendments + 1);
      const sequence = world.told.filter(({ type }) => type === 'exit.cancelled').length;
      assert.equal(sequence, world.exit().cancelledAt === undefined ? 0 : 1);
    },
  );

  always('leaves nothing behind when it is cancelled that is in nobody’s hands', (world) => {
    world.do({ act: 'cancel' });
    settleDown(world);
    for (const filing of world.exit().filings) {
      assert.ok(['withdrawn', 'rejected', 'manual'].includes(filing.state), filing.state);
      const standing = world.agencies[filing.kind as (typeof KINDS)[number]].cases.filter(({ state }) =>
        ['open', 'asked', 'concluded'].includes(state),
      );
      if (filing.state !== 'manual') assert.deepEqual(standing, []);
    }
    for (const each of KINDS) world.do({ act: 'counter', kind: each, outcome: 'withdrawn' });
    assert.equal(world.exit().status, 'cancelled');
  });

  always('ends, where nobody cancels it, with what HR said last', (world) => {
    if (world.exit().cancelledAt !== undefined) return;
    world.do({ act: 'clear' });
    for (let help = 0; help < 8; help++) {
      settleDown(world);
      for (const each of KINDS) {
        world.do({ act: 'correct', kind: each });
        world.do({ act: 'counter', kind: each, outcome: help % 2 === 0 ? 'withdrawn' : 'filed' });
      }
    }
    settleDown(world);
    const [first, second] = world.exit().filings;
    assert.ok(first && second);
    for (const filing of [first, second]) {
      // A final no is HR's to answer, and holds what waits for it.
      if (filing.state === 'rejected' || (filing === second && first.state === 'rejected')) continue;
      const own = filing.kind as (typeof KINDS)[number];
      assert.equal(filing.state, 'verified');
      const concluded = world.agencies[own].cases.filter(({ state }) => state === 'concluded');
      assert.deepEqual(
        concluded.map(({ content }) => JSON.parse(content)[0]),
        [JSON.parse(world.newest(own))[0]],
      );
      assert.ok(
        world.told.some(({ type, data }) => type === 'filing.verified' && data.serial === filing.serial),
      );
    }
  });
});
