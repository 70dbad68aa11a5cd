// Whatever an agency answers, and in whatever order, some things never happen.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Filing, nextStep, type Step, type StepResult } from '../../../src/domain/filing.ts';
import { settle } from '../../../src/domain/settle.ts';
import { makeFiling, NOW } from '../../support/builders.ts';

const reason = fc.constantFrom('busy', 'closed', 'dropped');
const receipt = fc.constantFrom('R-1', 'R-2');
const patience = fc.option(fc.integer({ min: 0, max: 86_400 }), { nil: undefined });

const doubtless = [
  fc.record({ kind: fc.constant('retry' as const), reason, after: patience }),
  fc.record({
    kind: fc.constant('hold' as const),
    reason,
    until: fc.option(fc.date({ min: new Date(0), max: new Date('2030-01-01'), noInvalidDate: true }), {
      nil: undefined,
    }),
  }),
  fc.record({ kind: fc.constant('unsure' as const), reason }),
] as const;
const outcomes = [
  ...doubtless,
  fc.record({ kind: fc.constant('accepted' as const), receipt }),
  fc.record({
    kind: fc.constant('pending' as const),
    receipt,
    stage: fc.constantFrom('received' as const, 'in_review' as const),
    pollAfter: patience,
  }),
  fc.record({
    kind: fc.constant('correction' as const),
    code: fc.constant('ABNORMAL'),
    message: fc.constant('…'),
    fields: fc.constant([]),
  }),
  fc.record({ kind: fc.constant('refused' as const), code: fc.constant('NO'), message: fc.constant('…') }),
  fc.record({ kind: fc.constant('manual' as const), instructions: fc.constant('…') }),
] as const;

/** What each call can be answered with, after the adapter contract. */
const ANSWERS: Readonly<Record<Step, fc.Arbitrary<unknown>>> = {
  submit: fc.oneof(...outcomes),
  amend: fc.oneof(...outcomes),
  withdraw: fc.oneof(...outcomes),
  lookup: fc.oneof(...outcomes, fc.constant({ kind: 'absent' as const })),
  readBack: fc.oneof(
    ...doubtless,
    fc.constant({ kind: 'agrees' as const }),
    fc.constant({ kind: 'differs' as const, reason: 'still paying' }),
  ),
};

/** One answer for each call that might be made next, and the chances and seconds in between. */
const turn = fc.record({
  submit: ANSWERS.submit,
  amend: ANSWERS.amend,
  withdraw: ANSWERS.withdraw,
  lookup: ANSWERS.lookup,
  readBack: ANSWERS.readBack,
  random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  late: fc.integer({ min: 0, max: 86_400 }),
});
const life = fc.record({
  turns: fc.array(turn, { minLength: 1, maxLength: 40 }),
  canLookUp: fc.boolean(),
  canReadBack: fc.boolean(),
});

interface Moment {
  readonly before: Filing;
  readonly step: Step;
  readonly result: StepResult;
  readonly after: Filing;
  readonly events: readonly string[];
  readonly now: Date;
}

/** Lives it as a worker would: asks what the row asks for, when it is due, until nothing is ahead. */
function live({
  turns,
  canLookUp,
  canReadBack,
}: typeof life extends fc.Arbitrary<infer Life> ? Life : never): Moment[] {
  const moments: Moment[] = [];
  let filing = makeFiling({ nextAt: NOW });
  for (const { random, late, ...answers } of turns) {
    const step = nextStep(filing);
    if (step === undefined || filing.nextAt === undefined) break;
    const now = new Date(filing.nextAt.getTime() + late * 1000);
    const result = answers[step] as StepResult;
    const settled = settle(filing, step, result, { now, random, canLookUp, canReadBack });
    const events = settled.events.map((event) => event.type);
    moments.push({ before: filing, step, result, after: settled.filing, events, now });
    filing = settled.filing;
  }
  return moments;
}

const always = (name: string, check: (moment: Moment, all: readonly Moment[]) => void) =>
  it(name, () =>
    fc.assert(
      fc.property(life, (lived) => {
        const moments = live(lived);
        for (const moment of moments) check(moment, moments);
      }),
      { numRuns: 400 },
    ),
  );

const LATE_STATES = ['accepted', 'verified'];

describe('a filing, whatever is answered', () => {
  always('never goes back from accepted or verified to what would file it again', ({ before, after }) => {
    if (LATE_STATES.includes(before.state)) assert.ok(LATE_STATES.includes(after.state), after.state);
  });

  always(
    'is never resent blindly: between a doubtful submission and the next lies a lookup that says absent',
    (moment, all) => {
      if (moment.step !== 'submit') return;
      const earlier = all.slice(0, all.indexOf(moment));
      const lastSent = earlier.findLastIndex(({ step }) => step === 'submit');
      if (lastSent < 0) return;
      const sent = earlier[lastSent];
      if (sent?.result.kind === 'retry' || sent?.result.kind === 'hold') return;
      assert.ok(
        earlier.slice(lastSent + 1).some(({ step, result }) => step === 'lookup' && result.kind === 'absent'),
      );
    },
  );

  always('counts attempts by one, or starts again', ({ before, after }) => {
    assert.ok([0, before.attempts, before.attempts + 1].includes(after.attempts));
    if (after.attempts === 0 && before.attempts > 0) assert.notEqual(after.state, 'due');
  });

  always('burns no attempt on a closed door', ({ before, result, after }) => {
    if (result.kind === 'hold') assert.equal(after.attempts, before.attempts);
  });

  always('has a next time exactly when a call can move it', ({ after }) => {
    assert.equal(after.nextAt !== undefined, nextStep(after) !== undefined, after.state);
  });

  always('is never due in the past', ({ after, now }) => {
    if (after.nextAt !== undefined) assert.ok(after.nextAt >= now);
  });

  always('never loses a receipt, its serial or its deadline', ({ before, after }) => {
    if (before.receipt !== undefined) assert.notEqual(after.receipt, undefined);
    assert.equal(after.serial, before.serial);
    assert.equal(after.deadline, before.deadline);
    assert.equal(after.revision, before.revision);
  });

  always('tells every new state but due, and each but once', ({ before, after, events }) => {
    assert.equal(new Set(events).size, events.length);
    if (before.state === after.state || after.state === 'due') return;
    const back = before.state === 'in_review' && after.state === 'submitted';
    assert.equal(events.length > 0, !back, `${before.state} → ${after.state}`);
  });

  it('is verified at last by an agency that recovers', () =>
    fc.assert(
      fc.property(life, (lived) => {
        const last = live(lived).at(-1)?.after;
        if (last === undefined || last.nextAt === undefined) return;
        const context = { now: last.nextAt, random: 0, canLookUp: true, canReadBack: true };
        let filing = last;
        for (let calls = 0; nextStep(filing) !== undefined; calls++) {
          assert.ok(calls < 3, `stuck in ${filing.state}`);
          const step = nextStep(filing) ?? 'submit';
          filing = settle(
            filing,
            step,
            step === 'readBack' ? { kind: 'agrees' } : { kind: 'accepted', receipt: 'R-9' },
            context,
          ).filing;
        }
        assert.equal(filing.state, 'verified');
      }),
    ));
});
