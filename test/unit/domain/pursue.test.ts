// What an amended or a cancelled exit asks of a filing: in every state, under every kind of agency.
import assert from 'node:assert/strict';
import { FILING_STATES, type Filing, type FilingState, nextStep } from '../../../src/domain/filing.ts';
import { type Action, pursue, type Reach, renewed } from '../../../src/domain/pursue.ts';
import { makeFiling, NOW, nextNumber } from '../../support/builders.ts';

const OPEN = ['submitted', 'in_review', 'correction_requested'] as const;
/** Agencies by what they let an employer do: both, amend only, withdraw only, nothing. */
const AGENCIES = {
  both: { withdraw: OPEN, amend: ['correction_requested'] },
  amends: { withdraw: [], amend: ['correction_requested'] },
  withdraws: { withdraw: OPEN, amend: [] },
  neither: { withdraw: [], amend: [] },
} satisfies Record<string, Reach>;
type Agency = keyof typeof AGENCIES;

const newSerial = () => `EG-NEW-${nextNumber()}`;
const LATER = new Date(NOW.getTime() + 60_000);
const AMENDED = { factsRevision: 2 };
const CANCELLED = { factsRevision: 1, cancelledAt: NOW };

/** A filing as it stands in that state: sent, but for those that are not. */
function standing(state: FilingState, parts: Partial<Filing> = {}): Filing {
  const sent = state !== 'waiting' && state !== 'due';
  const filing = makeFiling({ state, ...(sent ? { preparedAt: NOW } : {}) });
  const received = sent && state !== 'unknown' ? { receipt: 'R-1' } : {};
  const ahead = nextStep({ ...filing, ...parts }) === undefined ? {} : { nextAt: LATER };
  return { ...filing, ...received, ...ahead, ...parts };
}
const pursued = (filing: Filing, goal: typeof AMENDED | typeof CANCELLED, agency: Agency, inFlight = false) =>
  pursue(filing, goal, { now: NOW, newSerial, reachOf: () => AGENCIES[agency] }, inFlight);

type Expected = readonly [Action, FilingState];
/** For each agency in the order above; one for all where they do not differ. */
const everywhere = (action: Action, state: FilingState): readonly Expected[] =>
  Array(4).fill([action, state]);
const WITHDRAWN_OR_FOLLOWED = (state: FilingState): readonly Expected[] => [
  ['withdrawing', state],
  ['after_answer', state],
  ['withdrawing', state],
  ['after_answer', state],
];

const WHEN_AMENDED: Readonly<Record<FilingState, readonly Expected[]>> = {
  waiting: everywhere('replanned', 'waiting'),
  due: everywhere('replanned', 'due'),
  submitted: WITHDRAWN_OR_FOLLOWED('submitted'),
  in_review: WITHDRAWN_OR_FOLLOWED('in_review'),
  correction_requested: [
    ['amended', 'due'],
    ['amended', 'due'],
    ['withdrawing', 'correction_requested'],
    ['by_hand', 'manual'],
  ],
  accepted: everywhere('by_hand', 'manual'),
  verified: everywhere('by_hand', 'manual'),
  rejected: everywhere('refiled', 'due'),
  unknown: everywhere('after_answer', 'unknown'),
  manual: everywhere('by_hand', 'manual'),
  withdrawn: everywhere('refiled', 'due'),
};
const WHEN_CANCELLED: Readonly<Record<FilingState, readonly Expected[]>> = {
  waiting: everywhere('withdrawn', 'withdrawn'),
  due: everywhere('withdrawn', 'withdrawn'),
  submitted: WITHDRAWN_OR_FOLLOWED('submitted'),
  in_review: WITHDRAWN_OR_FOLLOWED('in_review'),
  correction_requested: [
    ['withdrawing', 'correction_requested'],
    ['by_hand', 'manual'],
    ['withdrawing', 'correction_requested'],
    ['by_hand', 'manual'],
  ],
  accepted: everywhere('by_hand', 'manual'),
  verified: everywhere('by_hand', 'manual'),
  rejected: everywhere('none', 'rejected'),
  unknown: everywhere('after_answer', 'unknown'),
  manual: everywhere('by_hand', 'manual'),
  withdrawn: everywhere('none', 'withdrawn'),
};

for (const [what, goal, table] of [
  ['amended', AMENDED, WHEN_AMENDED],
  ['cancelled', CANCELLED, WHEN_CANCELLED],
] as const)
  describe(`a filing of an exit that is ${what}`, () => {
    for (const state of FILING_STATES)
      it(`is ${state}`, () => {
        for (const [index, agency] of (Object.keys(AGENCIES) as Agency[]).entries()) {
          const { action, filing } = pursued(standing(state), goal, agency);
          assert.deepEqual([action, filing.state], table[state][index], agency);
          // Whoever can be moved by a call has a time for it, and nobody else.
          assert.equal(
            filing.nextAt !== undefined,
            nextStep(filing) !== undefined,
            `${agency} ${filing.state}`,
          );
          assert.equal(
            filing.receipt !== undefined || action === 'refiled',
            standing(state).receipt !== undefined,
          );
        }
      });

    it('is left alone while it may be on its way', () => {
      const flying = standing('due', { preparedAt: NOW });
      const { action, filing } = pursued(flying, goal, 'both', true);
      assert.deepEqual([action, filing], ['after_answer', flying]);
    });
  });

describe('a filing that carries the newest facts', () => {
  it('is asked nothing in any state, but one that was withdrawn to be filed anew', () => {
    const newest = { factsRevision: 1 };
    const context = { now: NOW, newSerial, reachOf: () => AGENCIES.both };
    for (const filing of FILING_STATES.map((state) => standing(state)))
      assert.deepEqual(pursue(filing, newest, context), { filing, events: [], action: 'none' });
    const given = standing('withdrawn', { withdrawing: { to: 'refile', stage: 'asked' } });
    assert.equal(pursue(given, newest, context).action, 'refiled');
  });
});

describe('a filing that goes out anew', () => {
  const context = { now: NOW, newSerial };
  it('keeps serial and revision while nobody has claimed it, and is looked at anew', () => {
    const { heldSince: _held, lastError: _error, ...due } = standing('due');
    const held = {
      ...due,
      nextAt: new Date(NOW.getTime() + 3_600_000),
      heldSince: NOW,
      lastError: 'maintenance',
    };
    assert.deepEqual(renewed(held, 2, 'submit', context), { ...due, factsRevision: 2, nextAt: NOW });
  });

  it('waits again for those it comes after', () => {
    const stop = standing('rejected', { after: ['labor_filing'] });
    const { state, nextAt } = renewed(stop, 2, 'submit', context);
    assert.deepEqual([state, nextAt], ['waiting', undefined]);
  });

  it('has a serial and a revision of its own once it was claimed, and forgets what it was told', () => {
    const before = standing('rejected', {
      lastError: 'NO',
      attempts: 3,
      polls: 4,
      heldSince: NOW,
      attachments: ['doc_1'],
      correction: { code: 'MORE', fields: [] },
      withdrawing: { to: 'refile', stage: 'refused' },
    });
    const after = renewed(before, 2, 'submit', context);
    const { preparedAt: _p, receipt: _r, lastError: _e, heldSince: _h, attachments: _a, ...rest } = before;
    const { correction: _c, withdrawing: _w, ...kept } = rest;
    assert.match(after.serial, /^EG-NEW/);
    assert.deepEqual(after, {
      ...kept,
      serial: after.serial,
      revision: 2,
      factsRevision: 2,
      state: 'due',
      attempts: 0,
      polls: 0,
      nextAt: NOW,
    });
  });

  it('as an answer keeps the receipt that it answers under, and always has a serial of its own', () => {
    const { preparedAt: _p, ...asked } = standing('correction_requested');
    const after = renewed(asked, 2, 'amend', context);
    assert.deepEqual([after.receipt, after.revision, after.via], ['R-1', 2, 'amend']);
    assert.notEqual(after.serial, asked.serial);
  });
});

describe('an answer to a correction', () => {
  const context = { now: NOW, newSerial };
  const asked = standing('correction_requested', { serial: 'EG-1' });
  const answer = renewed(asked, 1, 'amend', context);

  it('names the serial under which the agency has what it amends', () => {
    assert.equal(answer.previousSerial, 'EG-1');
    const again: Filing = { ...answer, state: 'correction_requested' };
    assert.equal(renewed(again, 1, 'amend', context).previousSerial, answer.serial);
  });

  it('that was never taken leaves the agency with what it had before', () => {
    const tried: Filing = { ...answer, preparedAt: NOW };
    const { filing } = pursued(tried, AMENDED, 'both');
    assert.notEqual(filing.serial, answer.serial);
    assert.equal(filing.previousSerial, 'EG-1');
  });

  it('is no filing of its own: that amends nothing', () => {
    const rejected: Filing = { ...answer, state: 'rejected' };
    assert.equal('previousSerial' in renewed(rejected, 1, 'submit', context), false);
  });
});

describe('a withdrawal', () => {
  const withdrawing = (stage: 'asked' | 'doubt' | 'refused') =>
    ({ withdrawing: { to: 'refile', stage } }) as const;

  it('is asked for at once, with new patience', () => {
    const { filing } = pursued(standing('submitted', { attempts: 5 }), AMENDED, 'both');
    assert.deepEqual(filing.withdrawing, { to: 'refile', stage: 'asked' });
    assert.deepEqual([filing.nextAt, filing.attempts], [NOW, 0]);
  });

  it('that is under way is not asked for twice; a cancellation makes it one for good', () => {
    for (const stage of ['asked', 'doubt'] as const) {
      const under = standing('in_review', withdrawing(stage));
      assert.deepEqual(pursued(under, AMENDED, 'both').filing, under);
      const { filing } = pursued(under, CANCELLED, 'both');
      assert.deepEqual(filing, { ...under, withdrawing: { to: 'end', stage } });
    }
  });

  it('that was refused is not asked for again: the filing is followed to its end', () => {
    for (const goal of [AMENDED, CANCELLED]) {
      const refused = standing('in_review', withdrawing('refused'));
      assert.deepEqual(pursued(refused, goal, 'both'), {
        filing: refused,
        events: [],
        action: 'after_answer',
      });
    }
  });

  it('that was refused while the agency waits for us needs a person', () => {
    const { filing, events } = pursued(
      standing('correction_requested', withdrawing('refused')),
      CANCELLED,
      'both',
    );
    assert.deepEqual([filing.state, filing.lastError], ['manual', 'WITHDRAWAL_REFUSED']);
    assert.deepEqual(
      events.map(({ type, data }) => [type, data.reason]),
      [['filing.manual_required', 'WITHDRAWAL_REFUSED']],
    );
  });

  it('of an answer that was not sent withdraws the filing that it answers', () => {
    const answer = standing('due', { via: 'amend', receipt: 'R-1', preparedAt: NOW, revision: 2 });
    const { filing, action } = pursued(answer, CANCELLED, 'both');
    assert.deepEqual(
      [action, filing.state, nextStep(filing)],
      ['withdrawing', 'correction_requested', 'withdraw'],
    );
    assert.equal(pursued(answer, CANCELLED, 'amends').filing.state, 'manual');
  });

  it('in doubt, of an answer that never arrived, is asked for again', () => {
    const lost = standing('due', { via: 'amend', receipt: 'R-1', preparedAt: NOW, ...withdrawing('doubt') });
    assert.equal(nextStep(pursued(lost, CANCELLED, 'both').filing), 'withdraw');
  });
});

describe('what is told', () => {
  it('of a filing that was on its way and never arrived: it is withdrawn', () => {
    const tell = (filing: Filing) =>
      pursued(filing, CANCELLED, 'both').events.map(({ type, data }) => [type, data.to]);
    assert.deepEqual(tell(standing('due', { preparedAt: NOW })), [['filing.withdrawn', 'end']]);
    assert.deepEqual(tell(standing('due')), [], 'nobody had heard of it');
  });

  it('of a filing that only a person can change: why', () => {
    const reason = (goal: typeof AMENDED | typeof CANCELLED) =>
      pursued(standing('verified'), goal, 'both').events.map(({ data }) => data.reason);
    assert.deepEqual(reason(AMENDED), ['AMENDED_AFTER_CONCLUSION']);
    assert.deepEqual(reason(CANCELLED), ['CANCELLED_AFTER_CONCLUSION']);
  });
});
