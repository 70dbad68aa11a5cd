// Which gates the facts raise, for whom, and until when each may hold.
import assert from 'node:assert/strict';
import type { ExitFacts } from '../../../src/domain/facts.ts';
import { GateRule } from '../../../src/domain/gate-rule.ts';
import {
  blockerData,
  blockersOf,
  type EarlierSignal,
  type Gate,
  type GateFacts,
  type HoldLimits,
  holdLimit,
  holdLimits,
  raiseGates,
} from '../../../src/domain/gates.ts';
import { makeDispute, makeExit, makeFacts, makeProfile, makeRule } from '../../support/builders.ts';
import { CLOCK_WORK } from '../../support/clock-work.ts';

const LIMITS: HoldLimits = {
  notice_end: '2026-11-25',
  exit_date: '2026-11-30',
  filing_deadline: '2026-12-15',
};
const NOTHING: GateFacts = { disputes: [], handover: [], finance: [], signals: [] };
const words = (en: string) => ({ en, zh: `${en}（中文）` });

let made = 0;
const raise = (rules: readonly GateRule[], facts: Partial<GateFacts> = {}, today = '2026-11-25') =>
  raiseGates(rules, { ...NOTHING, ...facts }, { today, limits: LIMITS, newId: () => `gate_${++made}` });
const names = (gates: readonly Gate[]) => gates.map(({ code, subject }) => `${code} ${subject}`);
const signal = (externalId: string, parts: Partial<EarlierSignal> = {}): EarlierSignal => ({
  externalId,
  kind: 'customer_complaint',
  occurredOn: '2026-11-01',
  ...parts,
});

describe('gates are raised', () => {
  it('by each dispute, each finance item, each handover item, of any kind', () => {
    const facts = {
      disputes: [makeDispute({ external_id: 'C-1' }), makeDispute({ external_id: 'C-2', kind: 'lawsuit' })],
      finance: [{ external_id: 'F-1', kind: 'loan', summary: '测试借款' }],
      handover: [{ external_id: 'H-1', kind: 'work', title: '测试工作' }],
    } as const;
    const rules = [
      makeRule(),
      makeRule({ code: 'open_finance', raised_by: 'finance', owner: 'finance' }),
      makeRule({ code: 'handover', raised_by: 'handover', owner: 'line' }),
    ];
    const gates = raise(rules, facts);
    assert.deepEqual(names(gates), [
      'open_dispute C-1',
      'open_dispute C-2',
      'open_finance F-1',
      'handover H-1',
    ]);
    assert.deepEqual(
      gates.map(({ owner }) => owner),
      ['compliance', 'compliance', 'finance', 'line'],
    );
    assert.equal(new Set(gates.map(({ id }) => id)).size, 4);
    assert.ok(!JSON.stringify(gates).includes('测试'), 'an item of the exit keeps its words encrypted');
  });

  it('by nothing that is not there', () => {
    const rules = (['dispute', 'finance', 'handover', 'signal'] as const).map((raised_by) =>
      makeRule({ code: raised_by, raised_by }),
    );
    assert.deepEqual(raise(rules), []);
  });

  it('only by the kinds that the rule names', () => {
    const disputes = (['customer_complaint', 'lawsuit', 'arbitration'] as const).map((kind) =>
      makeDispute({ external_id: kind, kind }),
    );
    const rules = [
      makeRule({ code: 'in_court', kinds: ['lawsuit', 'arbitration'] }),
      makeRule({ code: 'complaint', kinds: ['customer_complaint'] }),
    ];
    assert.deepEqual(names(raise(rules, { disputes })), [
      'in_court lawsuit',
      'in_court arbitration',
      'complaint customer_complaint',
    ]);
  });

  it('always, by the items of the rule, in its words', () => {
    const items = [
      { code: 'pledge', title: words('Pledge') },
      { code: 'archive', title: words('Archive') },
    ];
    const gates = raise([makeRule({ code: 'compliance', raised_by: 'always', items })]);
    assert.deepEqual(names(gates), ['compliance pledge', 'compliance archive']);
    assert.deepEqual(gates[0]?.item, words('Pledge'));
  });

  it('by the rule’s items where the exit names nothing of the kind, and not beside what it names', () => {
    const rule = makeRule({
      code: 'equipment',
      raised_by: 'handover',
      kinds: ['equipment'],
      items: [{ code: 'computer', title: words('Computer') }],
    });
    const work = { external_id: 'H-1', kind: 'work', title: '测试工作' } as const;
    const tool = { external_id: 'H-2', kind: 'equipment', title: '测试设备' } as const;
    assert.deepEqual(names(raise([rule])), ['equipment computer']);
    assert.deepEqual(names(raise([rule], { handover: [work] })), ['equipment computer']);
    const [gate, ...others] = raise([rule], { handover: [work, tool] });
    assert.deepEqual([gate?.subject, gate?.item, others.length], ['H-2', undefined, 0]);
  });

  it('by a signal for so many days, its own day not counted', () => {
    const rule = makeRule({ code: 'recent', raised_by: 'signal', within_days: 30 });
    const signals = ['2026-10-25', '2026-10-26', '2026-11-25'].map((occurredOn) =>
      signal(occurredOn, { occurredOn }),
    );
    assert.deepEqual(names(raise([rule], { signals })), ['recent 2026-10-26', 'recent 2026-11-25']);
    const { within_days: _days, ...forEver } = rule;
    assert.equal(raise([forEver], { signals: [signal('S-old', { occurredOn: '2006-01-01' })] }).length, 1);
  });

  it('by signals of the named kinds only', () => {
    const rule = makeRule({ raised_by: 'signal', kinds: ['violation'] });
    const signals = [signal('S-1', { kind: 'violation' }), signal('S-2')];
    assert.deepEqual(names(raise([rule], { signals })), ['open_dispute S-1']);
  });

  it('once by a complaint that came as a signal and as a dispute', () => {
    const rules = [makeRule(), makeRule({ code: 'reported', raised_by: 'signal' })];
    const facts = {
      disputes: [makeDispute({ external_id: 'C-88' })],
      signals: [signal('C-88'), signal('C-89')],
    };
    assert.deepEqual(names(raise(rules, facts)), ['open_dispute C-88', 'reported C-89']);
  });

  it('with the documents that a clearance must name', () => {
    const documents = { need: 'any' as const, kinds: ['settlement_agreement'] };
    const [gate] = raise([makeRule({ documents })], { disputes: [makeDispute()] });
    assert.deepEqual(gate?.documents, documents);
  });

  it('by several rules of one fact, and hold the exit together', () => {
    const gates = [makeRule(), makeRule({ code: 'own_dispute', owner: 'legal' })];
    const disputes = [makeDispute({ external_id: 'C-1' })];
    const exit = makeExit({ disputes, profile: makeProfile({ gates }) });
    assert.deepEqual(names(exit.gates), ['open_dispute C-1', 'own_dispute C-1']);
    assert.equal(exit.status, 'gated');
  });

  it('by an earlier signal, when the exit is opened', () => {
    const profile = makeProfile({ gates: [makeRule({ code: 'reported', raised_by: 'signal' })] });
    const exit = makeExit({ profile, signals: [signal('S-1')] });
    assert.deepEqual([exit.status, ...names(exit.gates)], ['gated', 'reported S-1']);
  });
});

describe('a rule for gates', () => {
  const refused = (parts: Partial<GateRule>) => {
    const issues = GateRule.safeParse(makeRule(parts)).error?.issues ?? [];
    return issues.map(({ path }) => path.join('.'));
  };
  const items = [{ code: 'pledge', title: words('Pledge') }];

  it('is refused where its parts do not fit each other', () => {
    assert.deepEqual(refused({}), []);
    assert.deepEqual(refused({ raised_by: 'always' }), ['items']);
    assert.deepEqual(refused({ raised_by: 'always', items, kinds: ['work'] }), ['kinds']);
    assert.deepEqual(refused({ within_days: 3 }), ['within_days']);
    assert.deepEqual(refused({ items }), ['items']);
    assert.deepEqual(refused({ raised_by: 'handover', items }), []);
  });
});

describe('a gate may hold', () => {
  const disputes = [makeDispute()];
  const until = (holds: GateRule['holds']) => raise([makeRule({ holds })], { disputes })[0]?.holdsUntil;

  it('as long as its rule says', () => {
    assert.equal(until('notice_end'), '2026-11-25');
    assert.equal(until('exit_date'), '2026-11-30');
    assert.equal(until('filing_deadline'), '2026-12-15');
    assert.equal(until('nothing'), undefined);
  });

  it('nothing: then the exit goes to filing with the gate open', () => {
    const exit = makeExit({ disputes, profile: makeProfile({ gates: [makeRule({ holds: 'nothing' })] }) });
    assert.deepEqual([exit.status, exit.gates.length, exit.decisionDueAt], ['filing', 1, undefined]);
    assert.deepEqual(blockersOf(exit.gates), []);
  });

  it('until the first limit of what still holds; its day ends at midnight in China', () => {
    const gates = [makeRule({ holds: 'exit_date' }), makeRule({ code: 'sooner', holds: 'notice_end' })];
    const facts = { noticeDate: '2026-10-26', exitDate: '2026-12-10' };
    const exit = makeExit({ disputes, facts, profile: makeProfile({ gates }) });
    assert.equal(holdLimit(exit.gates), '2026-11-25');
    assert.deepEqual(exit.decisionDueAt, new Date('2026-11-25T16:00:00.000Z'));
    const [later, sooner] = exit.gates;
    assert.ok(later && sooner);
    assert.equal(holdLimit([later, { ...sooner, clearedAt: new Date() }]), '2026-12-10');
    assert.equal(holdLimit([]), undefined);
  });

  it('is named in events without a word of the exit', () => {
    const [gate] = raise([makeRule()], { disputes: [makeDispute({ external_id: 'C-1' })] });
    assert.ok(gate);
    assert.deepEqual(blockerData(gate), {
      gate: 'open_dispute',
      subject: 'C-1',
      owner: 'compliance',
      holds_until: '2026-11-25',
    });
  });
});

describe('the limits of an exit', () => {
  const limits = (facts: Partial<ExitFacts>, deadlines: readonly string[] = []) =>
    holdLimits(makeFacts(facts), CLOCK_WORK, deadlines);

  it('are the end of the notice where it comes before the exit date', () => {
    const facts = { noticeDate: '2026-10-26', exitDate: '2026-12-31' };
    assert.equal(limits(facts).notice_end, '2026-11-25');
    assert.equal(limits({ ...facts, exitDate: '2026-11-05' }).notice_end, '2026-11-05');
  });

  it('are the exit date where no notice of the employee ends the relation', () => {
    const facts = { reason: 'contract_expired', noticeDate: '2026-10-26', exitDate: '2026-12-31' } as const;
    assert.equal(limits(facts).notice_end, '2026-12-31');
  });

  it('are the nearest deadline of a filing, or fifteen days where none is known', () => {
    assert.equal(limits({}, ['2026-12-20', '2026-12-02']).filing_deadline, '2026-12-02');
    assert.equal(limits({ exitDate: '2026-11-25' }).filing_deadline, '2026-12-10');
  });
});
