// Every answer that an agency can give, in every state in which it can come.
import assert from 'node:assert/strict';
import { type Filing, type FilingState, nextStep, type StepResult } from '../../../src/domain/filing.ts';
import { type SettleContext, settle } from '../../../src/domain/settle.ts';
import { makeFiling, NOW } from '../../support/builders.ts';

const both: SettleContext = { now: NOW, random: 0.5, canLookUp: true, canReadBack: true };
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const seconds = (filing: Filing) =>
  filing.nextAt === undefined ? undefined : (filing.nextAt.getTime() - NOW.getTime()) / 1000;
const types = (settled: ReturnType<typeof settle>) => settled.events.map((event) => event.type);

const accepted: StepResult = { kind: 'accepted', receipt: 'R-1' };
const received: StepResult = { kind: 'pending', receipt: 'R-1', stage: 'received' };
const inReview: StepResult = { kind: 'pending', receipt: 'R-1', stage: 'in_review' };
/** Seconds until the night after 2026-12-01 is over. */
const AFTER_DUE = 590_400;
const correction: StepResult = {
  kind: 'correction',
  code: 'ABNORMAL',
  message: '备案异常：测试甲',
  fields: [{ field: 'post', message: '测试甲的岗位不符' }],
  due: '2026-12-01',
};
const refused: StepResult = { kind: 'refused', code: 'NOT_IN_UNIT', message: '测试甲不在本单位' };
const retry: StepResult = { kind: 'retry', reason: 'busy' };
const hold: StepResult = { kind: 'hold', reason: 'window closed', until: at(7200) };
const unsure: StepResult = { kind: 'unsure', reason: 'line dropped' };
const manual: StepResult = { kind: 'manual', instructions: '到柜台办理' };
const absent: StepResult = { kind: 'absent' };
const agrees: StepResult = { kind: 'agrees' };
const differs: StepResult = { kind: 'differs', reason: 'still paying' };

/** In a state, the answer to its step → the next state, what is told, and in how many seconds the next step is due. */
const TABLE: readonly [
  FilingState,
  string,
  StepResult,
  FilingState,
  readonly string[],
  number | undefined,
][] = [
  ['due', 'accepted', accepted, 'accepted', ['filing.accepted'], 0],
  ['due', 'received', received, 'submitted', ['filing.submitted'], 1],
  ['due', 'in review', inReview, 'in_review', ['filing.submitted', 'filing.in_review'], 1],
  ['due', 'asks for more', correction, 'correction_requested', ['filing.correction_requested'], AFTER_DUE],
  ['due', 'refused', refused, 'rejected', ['filing.rejected'], undefined],
  ['due', 'busy', retry, 'due', [], 2],
  ['due', 'closed', hold, 'due', ['filing.held'], 7200],
  ['due', 'in doubt', unsure, 'unknown', ['filing.outcome_unknown'], 1],
  ['due', 'counter only', manual, 'manual', ['filing.manual_required'], undefined],

  ['unknown', 'never seen', absent, 'due', [], 0],
  ['unknown', 'accepted', accepted, 'accepted', ['filing.accepted'], 0],
  ['unknown', 'received', received, 'submitted', ['filing.submitted'], 1],
  ['unknown', 'in review', inReview, 'in_review', ['filing.submitted', 'filing.in_review'], 1],
  [
    'unknown',
    'asks for more',
    correction,
    'correction_requested',
    ['filing.correction_requested'],
    AFTER_DUE,
  ],
  ['unknown', 'refused', refused, 'rejected', ['filing.rejected'], undefined],
  ['unknown', 'busy', retry, 'unknown', [], 2],
  ['unknown', 'closed', hold, 'unknown', ['filing.held'], 7200],
  ['unknown', 'no answer', unsure, 'unknown', [], 2],

  ['submitted', 'received', received, 'submitted', [], 1],
  ['submitted', 'in review', inReview, 'in_review', ['filing.in_review'], 1],
  ['submitted', 'accepted', accepted, 'accepted', ['filing.accepted'], 0],
  [
    'submitted',
    'asks for more',
    correction,
    'correction_requested',
    ['filing.correction_requested'],
    AFTER_DUE,
  ],
  ['submitted', 'refused', refused, 'rejected', ['filing.rejected'], undefined],
  ['submitted', 'busy', retry, 'submitted', [], 2],
  ['submitted', 'closed', hold, 'submitted', ['filing.held'], 7200],
  ['submitted', 'no answer', unsure, 'submitted', [], 2],

  ['in_review', 'in review', inReview, 'in_review', [], 1],
  ['in_review', 'accepted', accepted, 'accepted', ['filing.accepted'], 0],
  ['in_review', 'refused', refused, 'rejected', ['filing.rejected'], undefined],
  ['in_review', 'no answer', unsure, 'in_review', [], 2],

  // Looked up because the agency said that something has happened.
  ['correction_requested', 'accepted', accepted, 'accepted', ['filing.accepted'], 0],
  ['correction_requested', 'annulled', refused, 'rejected', ['filing.rejected'], undefined],
  ['correction_requested', 'received', received, 'submitted', ['filing.submitted'], 1],
  ['correction_requested', 'in review', inReview, 'in_review', ['filing.in_review'], 1],
  ['correction_requested', 'busy', retry, 'correction_requested', [], 2],
  ['correction_requested', 'closed', hold, 'correction_requested', ['filing.held'], 7200],
  ['correction_requested', 'no answer', unsure, 'correction_requested', [], 2],
  ['correction_requested', 'never seen', absent, 'correction_requested', [], undefined],
  ['correction_requested', 'cannot be asked', manual, 'correction_requested', [], undefined],
  [
    'correction_requested',
    'asks for something else',
    correction,
    'correction_requested',
    ['filing.correction_requested'],
    AFTER_DUE,
  ],

  ['accepted', 'stands', agrees, 'verified', ['filing.verified'], undefined],
  ['accepted', 'does not stand yet', differs, 'accepted', [], 2],
  ['accepted', 'busy', retry, 'accepted', [], 2],
  ['accepted', 'closed', hold, 'accepted', ['filing.held'], 7200],
  ['accepted', 'no answer', unsure, 'accepted', [], 2],
];

const ask = (filing: Filing, result: StepResult, context = both) => {
  const step = nextStep(filing);
  assert.ok(step !== undefined, `nothing is asked for in state ${filing.state}`);
  return settle(filing, step, result, context);
};

describe('settle', () => {
  for (const [state, name, result, then, told, due] of TABLE)
    it(`${state}, ${name}: ${then}`, () => {
      const settled = ask(makeFiling({ state, nextAt: NOW }), result);
      assert.equal(settled.filing.state, then);
      assert.deepEqual(types(settled), told);
      assert.equal(seconds(settled.filing), due);
    });

  it('keeps the receipt of whoever gives one, and loses none', () => {
    assert.equal(ask(makeFiling(), received).filing.receipt, 'R-1');
    assert.equal(ask(makeFiling({ state: 'submitted', receipt: 'R-1' }), refused).filing.receipt, 'R-1');
    assert.equal(ask(makeFiling({ state: 'submitted', receipt: 'R-1' }), correction).filing.receipt, 'R-1');
    assert.equal(ask(makeFiling({ state: 'accepted', receipt: 'R-1' }), agrees).filing.receipt, 'R-1');
    assert.equal(ask(makeFiling(), { ...refused, receipt: 'R-2' } as StepResult).filing.receipt, 'R-2');
  });

  it('counts as verified what cannot be read back, and says so', () => {
    const settled = ask(makeFiling(), accepted, { ...both, canReadBack: false });
    assert.equal(settled.filing.state, 'verified');
    assert.equal(settled.filing.nextAt, undefined);
    assert.deepEqual(types(settled), ['filing.accepted', 'filing.verified']);
    assert.equal(settled.events[1]?.data.read_back, false);
  });

  it('makes anew what was not taken because a code of ours is unknown: by the tables as they are then', () => {
    const filing = makeFiling({ nextAt: NOW, preparedAt: NOW });
    const unknownCode: StepResult = { kind: 'retry', reason: 'REASON_UNKNOWN', codes: 'outdated' };
    assert.equal(ask(filing, unknownCode).filing.preparedAt, undefined);
    assert.equal(ask(filing, retry).filing.preparedAt, NOW);
  });

  it('gives a doubtful submission to a person where the agency cannot be asked', () => {
    const settled = ask(makeFiling({ nextAt: NOW }), unsure, { ...both, canLookUp: false });
    assert.equal(settled.filing.state, 'manual');
    assert.equal(settled.filing.nextAt, undefined);
    assert.equal(settled.filing.lastError, 'line dropped');
    assert.deepEqual(types(settled), ['filing.outcome_unknown', 'filing.manual_required']);
  });

  it('tells that person all that is known: under which number it was sent, when, what, and how it failed', () => {
    const filing = makeFiling({ nextAt: NOW, receipt: 'R-1', preparedAt: at(-60) });
    const alone = { ...both, canLookUp: false };
    const sent = { at: at(-30), hashes: ['ab', 'cd'] };
    const known = ask(filing, unsure, { ...alone, sent }).events[1]?.data;
    assert.deepEqual(known, {
      filing_id: filing.id,
      kind: filing.kind,
      serial: filing.serial,
      revision: 1,
      receipt: 'R-1',
      reason: 'line dropped',
      sent_at: at(-30).toISOString(),
      message_hashes: ['ab', 'cd'],
    });
    // What a worker had sent that died, nobody knows but by the claim that it left.
    const { sent_at, message_hashes } = ask(filing, unsure, alone).events[1]?.data ?? {};
    assert.deepEqual([sent_at, message_hashes], [at(-60).toISOString(), []]);
  });

  it('doubts only a submission: an unanswered question changes nothing', () => {
    for (const state of ['unknown', 'submitted', 'in_review', 'accepted'] as const)
      for (const canLookUp of [true, false]) {
        const settled = ask(makeFiling({ state }), unsure, { ...both, canLookUp });
        assert.equal(settled.filing.state, state);
        assert.deepEqual(settled.events, []);
      }
  });

  it('burns an attempt for retry, unsure and differs, and none for hold and absent', () => {
    const before = makeFiling({ attempts: 3 });
    assert.equal(ask(before, retry).filing.attempts, 4);
    assert.equal(ask(before, unsure).filing.attempts, 4);
    assert.equal(ask({ ...before, state: 'accepted' }, differs).filing.attempts, 4);
    assert.equal(ask(before, hold).filing.attempts, 3);
    assert.equal(ask({ ...before, state: 'unknown' }, absent).filing.attempts, 3);
  });

  it('starts counting anew when the filing gets anywhere', () => {
    const worn = makeFiling({ attempts: 7, polls: 4, lastError: 'busy', heldSince: at(-60) });
    for (const result of [accepted, received, inReview, correction, refused, manual]) {
      const { filing } = ask(worn, result);
      assert.equal(filing.attempts, 0, result.kind);
      assert.equal(filing.heldSince, undefined, result.kind);
      assert.equal(filing.lastError, result.kind === 'refused' ? 'NOT_IN_UNIT' : undefined);
    }
  });

  it('tells a hold once, however often the door is tried', () => {
    const first = ask(makeFiling(), hold);
    assert.deepEqual(types(first), ['filing.held']);
    assert.deepEqual(first.filing.heldSince, NOW);
    const second = ask(first.filing, hold, { ...both, now: at(7200) });
    assert.deepEqual(types(second), []);
    assert.deepEqual(second.filing.heldSince, NOW);
    assert.equal(second.filing.attempts, 0);
  });

  it('looks again in five minutes when a hold has no end, or one that has passed', () => {
    assert.equal(seconds(ask(makeFiling(), { kind: 'hold', reason: 'maintenance' }).filing), 300);
    assert.equal(seconds(ask(makeFiling(), { kind: 'hold', reason: 'x', until: at(-1) }).filing), 300);
    assert.equal(seconds(ask(makeFiling(), { kind: 'hold', reason: 'x', until: NOW }).filing), 300);
    // Until when it is held, HR hears from who knows it; when we look again is ours.
    const again = ask(makeFiling(), { kind: 'hold', reason: 'x', again: at(60) });
    assert.deepEqual([seconds(again.filing), again.events[0]?.data.until], [60, null]);
    assert.equal(ask(makeFiling(), hold).events[0]?.data.until, at(7200).toISOString());
  });

  it('is not earlier than the agency asked, and not sooner than its own patience', () => {
    assert.equal(seconds(ask(makeFiling(), { ...retry, after: 90 }).filing), 90);
    assert.equal(seconds(ask(makeFiling({ attempts: 6 }), { ...retry, after: 3 }).filing), 128);
    assert.equal(seconds(ask(makeFiling(), { ...received, pollAfter: 40 } as StepResult).filing), 40);
  });

  it('asks a slow agency less and less often', () => {
    let filing = makeFiling({ state: 'submitted' });
    const waits: (number | undefined)[] = [];
    for (let poll = 0; poll < 13; poll++) {
      filing = ask(filing, received).filing;
      waits.push(seconds(filing));
    }
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    assert.equal(filing.polls, 13);
    assert.equal(ask(filing, inReview).filing.polls, 1);
  });

  it('resends what was lost at once, but not an agency to death: a second doubt waits', () => {
    const once = ask(makeFiling(), unsure).filing;
    assert.equal(seconds(ask(once, absent).filing), 0);
    const often = makeFiling({ state: 'unknown', attempts: 5 });
    assert.equal(seconds(ask(often, absent).filing), 32);
  });

  it("keeps the agency's own words out of what is kept readable", () => {
    for (const result of [correction, refused, manual]) {
      const { events, filing } = ask(makeFiling(), result);
      assert.ok(!JSON.stringify([events.map((event) => event.data), filing]).includes('测试甲'), result.kind);
      assert.ok(
        events.some((event) => event.personal !== undefined),
        result.kind,
      );
    }
  });

  it('tells a correction once, however often the agency says so, and what it was is over when it goes on', () => {
    const asked = ask(makeFiling({ state: 'in_review' }), correction).filing;
    const again = ask({ ...asked, nextAt: NOW, attempts: 3, lastError: 'busy' }, correction);
    assert.deepEqual(again, { filing: asked, events: [] });
    const { filing } = ask({ ...asked, nextAt: NOW }, accepted);
    assert.deepEqual([filing.state, filing.correction], ['accepted', undefined]);
  });

  it('keeps what a correction asks for', () => {
    const { filing } = ask(makeFiling(), correction);
    assert.deepEqual(filing.correction, {
      code: 'ABNORMAL',
      fields: ['post'],
      due: '2026-12-01',
      askedOn: '2026-11-25',
    });
  });

  it('leaves an ended filing as it is, whatever comes late', () => {
    const late: readonly StepResult[] = [
      accepted,
      received,
      correction,
      refused,
      retry,
      hold,
      unsure,
      manual,
    ];
    for (const state of ['verified', 'rejected', 'withdrawn'] as const)
      for (const result of late.concat(absent, agrees)) {
        const filing: Filing = makeFiling({ state, receipt: 'R-1' });
        const settled = settle(filing, 'lookup', result, both);
        assert.ok(settled.filing === filing, `${state}, ${result.kind}`);
        assert.deepEqual(settled.events, []);
      }
  });
});
