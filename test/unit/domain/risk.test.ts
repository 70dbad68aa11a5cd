import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addDays, businessDate } from '../../../src/domain/dates.ts';
import { EVENT_TYPES } from '../../../src/domain/events.ts';
import {
  assess,
  NOT_WARNED,
  type RiskFact,
  receive,
  type Warned,
  warnings,
} from '../../../src/domain/risk.ts';
import { RISK_CODES, RISK_LEVELS, RiskRules } from '../../../src/domain/risk-rules.ts';
import { titleOf } from '../../../src/domain/risk-text.ts';
import { isPrivate, SIGNAL_KINDS, SIGNAL_SOURCES } from '../../../src/domain/signals.ts';
import { RISK_RULES as RULES } from '../../support/risk-rules.ts';

const NOW = new Date('2026-11-25T02:00:00Z');
const TODAY = businessDate(NOW);

let numbered = 0;
const fact = (code: RiskFact['code'], parts: Partial<RiskFact> = {}): RiskFact => ({
  id: `s${++numbered}`,
  code,
  on: addDays(TODAY, -10),
  ...parts,
});
const violations = (count: number, amount?: string) =>
  Array.from({ length: count }, () => fact('violation', amount === undefined ? {} : { amount }));

const facts = fc.array(
  fc
    .record({
      code: fc.constantFrom(...RISK_CODES),
      age: fc.integer({ min: -2, max: 1500 }),
      cents: fc.option(fc.bigInt({ min: 0n, max: 99_999_999_999_999n }), { nil: undefined }),
    })
    .map(({ code, age, cents }) =>
      fact(code, {
        on: addDays(TODAY, -age),
        ...(cents === undefined
          ? {}
          : { amount: `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}` }),
      }),
    ),
  { maxLength: 30 },
);

describe('the risk score', () => {
  it("says the seed's sentence from its data", () => {
    const { score, level, text, reasons } = assess(violations(3, '50000.00'), RULES, NOW);
    assert.equal(text.zh, '该员工存在3次违规记录，涉及客户损失150000元，需重点审核');
    assert.equal(
      text.en,
      'On record: 3 violations, with customer losses of 150000 yuan: an in-depth review is needed.',
    );
    assert.deepEqual([score, level], [60, 'high']);
    assert.deepEqual(
      reasons.map(({ facts: each, ...rest }) => ({ ...rest, facts: each.map(({ points }) => points) })),
      [
        {
          code: 'violation',
          count: 3,
          amount: '150000.00',
          points: 60,
          since: addDays(TODAY, -10),
          facts: [20, 20, 20],
        },
      ],
    );
  });

  it('says that nothing counts, in both languages', () => {
    const { score, level, reasons, text } = assess([], RULES, NOW);
    assert.deepEqual([score, level, reasons], [0, 'low', []]);
    assert.deepEqual(text, {
      en: 'Nothing on record counts as a risk: no special review is needed.',
      zh: '该员工无计分的风险记录，无需特别审核',
    });
  });

  it('fades with age, on the day that the rules name, and ends by leaving the fact out', () => {
    const points = (age: number) =>
      assess([fact('violation', { on: addDays(TODAY, -age) })], RULES, NOW).reasons[0]?.facts[0]?.points;
    assert.deepEqual([0, 364, 365, 729, 730, 1094, 1095].map(points), [
      15,
      15,
      7.5,
      7.5,
      3.75,
      3.75,
      undefined,
    ]);
  });

  it('counts a day by China Standard Time', () => {
    const late = new Date('2026-11-24T16:00:00Z');
    const { reasons } = assess([fact('violation', { on: addDays('2026-11-25', -365) })], RULES, late);
    assert.equal(reasons[0]?.facts[0]?.points, 7.5);
  });

  it('keeps many small facts below a grave one, and what weighs nothing on record only', () => {
    const many = assess(
      Array.from({ length: 50 }, () => fact('attendance_anomaly')),
      RULES,
      NOW,
    );
    assert.deepEqual([many.score, many.level], [10, 'low']);
    const clause = assess([fact('contract_clause_acknowledged')], RULES, NOW);
    assert.deepEqual([clause.score, clause.reasons.length], [0, 1]);
    assert.ok(!clause.text.zh.includes('合同条款'));
  });

  it('adds amounts exactly', () => {
    const { reasons } = assess([...violations(1, '999999999999.99'), ...violations(2, '0.01')], RULES, NOW);
    assert.equal(reasons[0]?.amount, '1000000000000.01');
  });

  it('is bounded, is the sum of its reasons, and never falls when something is added', () => {
    fc.assert(
      fc.property(facts, facts, (some, more) => {
        const less = assess(some, RULES, NOW);
        const all = assess([...some, ...more], RULES, NOW);
        for (const { score, reasons } of [less, all]) {
          assert.ok(Number.isInteger(score) && score >= 0 && score <= 100);
          assert.equal(
            score,
            Math.min(
              100,
              reasons.reduce((sum, { points }) => sum + points, 0),
            ),
          );
          for (const { code, points, facts: own } of reasons) {
            const sum = own.reduce((total, each) => total + Math.round(each.points * 100), 0);
            assert.equal(points, Math.min(RULES.weights[code].most, Math.floor(sum / 100)));
          }
        }
        assert.ok(all.score >= less.score);
        assert.ok(RISK_LEVELS.indexOf(all.level) >= RISK_LEVELS.indexOf(less.level));
      }),
    );
  });

  it('never rises as time passes, and does not depend on the order of the facts', () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 0, max: 1200 }), (some, days) => {
        const today = assess(some, RULES, NOW);
        const later = assess(some, RULES, new Date(NOW.getTime() + days * 86_400_000));
        assert.ok(later.score <= today.score);
        assert.equal(assess(some.toReversed(), RULES, NOW).score, today.score);
        assert.deepEqual(assess(some.toReversed(), RULES, NOW).text, today.text);
      }),
    );
  });

  it('has a sentence that agrees with its data: every reason that counts, its number, its sum, and nothing else', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const { text, reasons, level } = assess(some, RULES, NOW);
        const clauses = text.zh.startsWith('该员工存在') ? text.zh.slice(5).split('；') : [];
        const counting = reasons.filter(({ points }) => points > 0);
        assert.equal(clauses.length, counting.length);
        for (const [index, { code, count, amount }] of counting.entries()) {
          assert.match(clauses[index] ?? '', new RegExp(`^${count}.${titleOf(code).zh}(，|$)`));
          const said = /涉及\D+([\d.]+)元/.exec(clauses[index] ?? '')?.[1];
          assert.equal(said, amount?.replace(/\.00$/, ''));
          if (amount !== undefined) assert.ok(text.en.includes(` ${said} yuan`));
          assert.match(text.en, new RegExp(`(: |; )${count} `));
        }
        const advice = { low: '无需特别审核', elevated: '需予以关注', high: '需重点审核' }[level];
        assert.ok(text.zh.endsWith(`，${advice}`));
        assert.ok(!/\p{Script=Han}/u.test(text.en));
      }),
    );
  });
});

describe('the warning', () => {
  /** Facts come in one by one, each on its day. */
  function play(steps: readonly { readonly fact: RiskFact; readonly at?: Date }[]) {
    let warned: Warned = NOT_WARNED;
    const known: RiskFact[] = [];
    return steps.map(({ fact: next, at = NOW }) => {
      const answer = receive({ employeeExternalId: 'E-1', warned, facts: known }, next, RULES, at);
      warned = answer.warned;
      known.push(next);
      return answer.events;
    });
  }
  const told = (...codes: RiskFact['code'][]) =>
    play(codes.map((code) => ({ fact: fact(code) }))).map((each) => each.length);

  it('comes when a threshold is crossed, once, and again for a new reason or a higher threshold', () => {
    // 15, 30 elevated, 45, +10 a new reason, 60 high, nothing new.
    assert.deepEqual(
      told('violation', 'violation', 'violation', 'customer_complaint', 'violation', 'violation'),
      [0, 1, 0, 1, 1, 0],
    );
  });

  it('does not come for what weighs nothing, nor below the first threshold', () => {
    assert.deepEqual(told('attendance_anomaly', 'training_missed', 'performance_drop'), [0, 0, 0]);
    assert.deepEqual(told('violation', 'violation', 'contract_clause_acknowledged'), [0, 1, 0]);
  });

  it('says whom and what: nothing personal in the plain part', () => {
    const [, [event] = []] = play(violations(2).map((each) => ({ fact: each })));
    assert.equal(event?.type, 'risk.warned');
    assert.ok(EVENT_TYPES.includes('risk.warned'));
    assert.deepEqual(Object.keys(event?.data ?? {}), ['employee_external_id', 'level', 'signal_id']);
    assert.ok(typeof event?.personal === 'object');
    assert.deepEqual(event.personal.score, 30);
    assert.match(JSON.stringify(event.personal.text), /该员工存在2次违规记录，需予以关注/);
  });

  it('comes anew when what was warned of has faded and comes again', () => {
    const years = (n: number) => new Date(NOW.getTime() + n * 366 * 86_400_000);
    const at = (when: Date) => ({ fact: fact('violation', { on: businessDate(when) }), at: when });
    const events = play([at(NOW), at(NOW), at(years(2)), at(years(2)), at(years(2))]);
    assert.deepEqual(
      events.map((each) => each.length),
      [0, 1, 0, 1, 0],
    );
  });

  it('is never repeated without a new reason, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(facts, (some) => {
        // Independent of the code: at one moment, the pairs (level, reason) of all warnings only grow.
        let level = -1;
        let codes = new Set<string>();
        for (const [event] of play(some.map((each) => ({ fact: each })))) {
          if (event === undefined) continue;
          const now = RISK_LEVELS.indexOf(event.data.level as (typeof RISK_LEVELS)[number]);
          const { reasons: said } = event.personal as { reasons: { code: string; points: number }[] };
          const reasons = said.filter(({ points }) => points > 0).map(({ code }) => code);
          assert.ok(now > 0 && (now > level || reasons.some((code) => !codes.has(code))));
          level = now;
          codes = new Set(reasons);
        }
        // And what is above a threshold at the end has been warned of.
        assert.equal(Math.max(level, 0), RISK_LEVELS.indexOf(assess(some, RULES, NOW).level));
      }),
    );
  });

  it('stays silent when nothing has changed', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const assessment = assess(some, RULES, NOW);
        const once = warnings({ warned: NOT_WARNED, assessment }, assessment);
        assert.equal(warnings({ warned: once.warned, assessment }, assessment).warn, false);
      }),
    );
  });
});

describe('the rules of risk', () => {
  it('refuse a kind without a weight, thresholds in the wrong order, and a fact that grows with age', () => {
    const { violation: _, ...rest } = RULES.weights;
    for (const change of [
      { weights: rest },
      { weights: { ...RULES.weights, gossip: { points: 1, most: 1 } } },
      { thresholds: { elevated: 60, high: 60 } },
      {
        decay: [
          { days: 10, percent: 50 },
          { days: 20, percent: 60 },
        ],
      },
      {
        decay: [
          { days: 20, percent: 50 },
          { days: 10, percent: 40 },
        ],
      },
    ])
      assert.equal(RiskRules.safeParse({ ...RULES, ...change }).success, false, JSON.stringify(change));
  });

  it('have words for every code in both languages', () => {
    const titles = RISK_CODES.map(titleOf);
    for (const { en, zh } of titles) assert.ok(/^[a-z ]+$/.test(en) && /^\p{Script=Han}+$/u.test(zh), en);
    assert.equal(new Set(titles.map(({ zh }) => zh)).size, RISK_CODES.length);
  });
});

describe('what belongs to private life', () => {
  for (const word of [
    'social_media',
    'private_chat',
    'location',
    'health',
    'WeChat',
    'weibo_post',
    'Social Media',
    '朋友圈',
  ])
    it(`is ${word}`, () => assert.ok(isPrivate(word)));
  it('is none of what is taken, nor a mere slip of the pen', () => {
    for (const word of [...SIGNAL_KINDS, ...SIGNAL_SOURCES, 'violations', 'complience', ''])
      assert.ok(!isPrivate(word), word);
  });
});
