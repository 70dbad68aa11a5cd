// Gates hold an exit, clearances let it go, filings follow one another, and the exit ends when all are verified.
import assert from 'node:assert/strict';
import { clear as clearAt } from '../../../src/domain/clearance.ts';
import { blockers, type Change, type Exit } from '../../../src/domain/exit.ts';
import type { Clearance } from '../../../src/domain/exit-secret.ts';
import { ATTENTION_AFTER_ATTEMPTS, type Step, type StepResult } from '../../../src/domain/filing.ts';
import { record } from '../../../src/domain/record.ts';
import type { FilingKind } from '../../../src/domain/words.ts';
import {
  type DraftParts,
  makeDispute,
  makeDraft,
  makeExit,
  makeProfile,
  NOW,
  PURSUIT,
} from '../../support/builders.ts';
import { DISTANCES } from '../../support/clock-work.ts';

const types = (change: Change) => change.events.map((event) => event.type);
const event = (change: Change, type: string) => change.events.find((each) => each.type === type);
const states = (exit: Exit) => exit.filings.map((filing) => filing.state);
const open = (parts?: DraftParts): Change => makeDraft(parts).change;

const context = { ...PURSUIT, random: 0.5, canLookUp: true, canReadBack: false };
const clear = (exit: Exit, clearance: Clearance, now: Date) =>
  clearAt(exit, clearance, { now, distances: DISTANCES });
function answer(exit: Exit, kind: FilingKind, result: StepResult, step: Step = 'submit', now = NOW): Change {
  const filing = exit.filings.find((each) => each.kind === kind);
  assert.ok(filing);
  return record(exit, filing.id, step, result, { ...context, now });
}
const accepted: StepResult = { kind: 'accepted', receipt: 'R-1' };
const clearance = (parts: Partial<Clearance> = {}): Clearance => ({
  gate: 'open_dispute',
  decision: 'cleared',
  actor: '测试合规',
  documents: [],
  ...parts,
});
const taken = (result: ReturnType<typeof clear>): Change => {
  assert.ok(typeof result !== 'string' && 'exit' in result, JSON.stringify(result));
  return result;
};

describe('opening an exit', () => {
  it('starts filing at once when nothing blocks', () => {
    const change = open();
    assert.equal(change.exit.status, 'filing');
    assert.deepEqual(types(change), ['exit.opened', 'exit.filing_started']);
    assert.deepEqual(states(change.exit), ['due', 'waiting', 'waiting', 'waiting']);
    assert.deepEqual(change.exit.filings[0]?.nextAt, NOW);
    assert.deepEqual(event(change, 'exit.filing_started')?.data, { filings: ['labor_filing'] });
  });

  it('raises a gate for each open dispute, and files nothing', () => {
    const disputes = [makeDispute({ external_id: 'C-88' }), makeDispute({ external_id: 'C-89' })];
    const change = open({ disputes });
    assert.equal(change.exit.status, 'gated');
    assert.deepEqual(types(change), ['exit.opened', 'exit.gated']);
    assert.deepEqual(
      change.exit.gates.map(({ code, subject, owner, holdsUntil }) => ({
        gate: code,
        subject,
        owner,
        holds_until: holdsUntil,
      })),
      event(change, 'exit.gated')?.data.blockers,
    );
    assert.deepEqual(
      change.exit.gates.map((gate) => gate.subject),
      ['C-88', 'C-89'],
    );
    assert.ok(
      change.exit.filings.every((filing) => filing.state === 'waiting' && filing.nextAt === undefined),
    );
  });

  it('lets a profile without gates go although there are disputes', () => {
    const change = open({ disputes: [makeDispute()], profile: makeProfile({ gates: [] }) });
    assert.equal(change.exit.status, 'filing');
  });

  it('starts every filing that waits for none', () => {
    const { filings } = makeProfile();
    const profile = makeProfile({ filings: filings.map((plan) => ({ ...plan, after: [] })) });
    assert.deepEqual(states(open({ profile }).exit), ['due', 'due', 'due', 'due']);
  });

  it('counts the deadline from the exit date, the first day left out', () => {
    const { exit } = open({ facts: { exitDate: '2026-12-20' } });
    assert.deepEqual(
      exit.filings.map((filing) => filing.deadline),
      ['2027-01-04', '2027-01-04', '2027-01-04', '2026-12-25'],
    );
  });

  it('gives each filing its own serial, connection and adapter', () => {
    const { exit } = open();
    assert.equal(new Set(exit.filings.map((filing) => filing.serial)).size, 4);
    assert.equal(new Set([exit.id, ...exit.filings.map((filing) => filing.id)]).size, 5);
    assert.deepEqual(
      exit.filings.map((filing) => filing.adapter),
      ['labor-soap', 'insurance-xml', 'insurance-xml', 'credit-rest'],
    );
  });

  it('keeps the version of the profile it was opened under', () => {
    assert.equal(
      open({ profile: makeProfile({ effective_from: '2026-07-01' }) }).exit.profileVersion,
      '2026-07-01',
    );
  });

  it('cannot plan a filing that no connection serves', () => {
    assert.throws(() => open({ connections: new Map() }), /no connection for labor_filing/);
  });
});

describe('clearing a gate', () => {
  const disputes = [makeDispute({ external_id: 'C-1' }), makeDispute({ external_id: 'C-2' })];

  it('holds until the last blocker is gone, then starts filing', () => {
    const first = taken(clear(makeExit({ disputes }), clearance({ subject: 'C-1' }), NOW));
    assert.equal(first.exit.status, 'gated');
    assert.deepEqual(types(first), ['exit.cleared']);
    assert.deepEqual(
      blockers(first.exit).map((gate) => gate.subject),
      ['C-2'],
    );
    assert.deepEqual(event(first, 'exit.cleared')?.data.subjects, ['C-1']);
    const later = new Date(NOW.getTime() + 1000);
    const second = taken(clear(first.exit, clearance({ subject: 'C-2' }), later));
    assert.equal(second.exit.status, 'filing');
    assert.deepEqual(types(second), ['exit.cleared', 'exit.filing_started']);
    assert.deepEqual(
      second.exit.gates.map((gate) => gate.clearedAt),
      [NOW, later],
    );
    assert.deepEqual(second.exit.filings[0]?.nextAt, later);
  });

  it('clears all items of a gate when none is named, and tells only what it cleared', () => {
    const first = taken(clear(makeExit({ disputes }), clearance({ subject: 'C-1' }), NOW));
    const rest = taken(clear(first.exit, clearance(), NOW));
    assert.equal(rest.exit.status, 'filing');
    assert.deepEqual(event(rest, 'exit.cleared')?.data.subjects, ['C-2']);
  });

  it('refuses what is not there, what is cleared, and an exit that is past its gates', () => {
    const exit = makeExit({ disputes });
    assert.equal(clear(exit, clearance({ gate: 'handover' }), NOW), 'no_such_gate');
    assert.equal(clear(exit, clearance({ subject: 'C-9' }), NOW), 'no_such_gate');
    const { exit: half } = taken(clear(exit, clearance({ subject: 'C-1' }), NOW));
    assert.equal(clear(half, clearance({ subject: 'C-1' }), NOW), 'already_cleared');
    assert.equal(clear({ ...half, cancelledAt: NOW }, clearance(), NOW), 'exit_cancelled');
    assert.equal(clear(makeExit(), clearance(), NOW), 'no_such_gate');
  });

  it('keeps names and notes apart from what is kept readable', () => {
    const documents = [{ title: '和解协议' }];
    const change = taken(
      clear(makeExit({ disputes }), clearance({ note: '客户测试乙撤诉', documents }), NOW),
    );
    const cleared = event(change, 'exit.cleared');
    assert.deepEqual(cleared?.personal, { actor: '测试合规', note: '客户测试乙撤诉', documents });
    assert.ok(!/测试|和解/.test(JSON.stringify(cleared?.data)));
  });

  it('changes nothing in what it was given', () => {
    const exit = makeExit({ disputes });
    const before = structuredClone(exit);
    clear(exit, clearance(), NOW);
    assert.deepEqual(exit, before);
  });
});

describe('recording an outcome', () => {
  it('lets those go that waited for it, each only when all it waits for are verified', () => {
    const labor = answer(makeExit(), 'labor_filing', accepted);
    assert.deepEqual(states(labor.exit), ['verified', 'due', 'waiting', 'waiting']);
    const stop = answer(labor.exit, 'insurance_stop', accepted);
    assert.deepEqual(states(stop.exit), ['verified', 'verified', 'due', 'due']);
    assert.ok(stop.exit.filings.slice(2).every((filing) => filing.nextAt?.getTime() === NOW.getTime()));
  });

  it('lets nobody go on an acceptance that has not been read back', () => {
    const exit = makeExit();
    const [labor] = exit.filings;
    const change = record(exit, labor?.id ?? '', 'submit', accepted, { ...context, canReadBack: true });
    assert.deepEqual(states(change.exit), ['accepted', 'waiting', 'waiting', 'waiting']);
  });

  it('completes the exit with the last verified filing, and tells it once', () => {
    let exit = makeExit();
    const told: string[] = [];
    for (const kind of ['labor_filing', 'insurance_stop', 'credit_update', 'insurance_transfer'] as const) {
      const change = answer(exit, kind, accepted);
      told.push(...types(change));
      exit = change.exit;
    }
    assert.equal(exit.status, 'completed');
    assert.equal(told.at(-1), 'exit.completed');
    assert.equal(told.filter((type) => type === 'exit.completed').length, 1);
    assert.deepEqual(
      types(answer(exit, 'labor_filing', accepted, 'lookup')),
      [],
      'a late answer tells nothing',
    );
  });

  it('asks for a person once for each filing that needs one, and goes on with the others', () => {
    const { filings } = makeProfile();
    const profile = makeProfile({ filings: filings.map((plan) => ({ ...plan, after: [] })) });
    const first = answer(makeExit({ profile }), 'labor_filing', {
      kind: 'refused',
      code: 'NO',
      message: '…',
    });
    assert.equal(first.exit.status, 'attention');
    assert.deepEqual(types(first), ['filing.rejected', 'exit.attention_required']);
    assert.equal(event(first, 'exit.attention_required')?.data.reason, 'NO');
    const second = answer(first.exit, 'insurance_stop', accepted);
    assert.equal(second.exit.status, 'attention');
    assert.deepEqual(types(second), ['filing.accepted', 'filing.verified']);
    const third = answer(second.exit, 'credit_update', { kind: 'manual', instructions: '…' });
    assert.deepEqual(types(third), ['filing.manual_required', 'exit.attention_required']);
  });

  it('tells a person once that an agency answers nothing for long, whatever follows', () => {
    let exit = makeExit();
    const told: string[] = [];
    const say = (result: StepResult) => {
      const change = answer(exit, 'labor_filing', result);
      told.push(...types(change).filter((type) => type === 'exit.attention_required'));
      exit = change.exit;
    };
    for (let attempt = 0; attempt < ATTENTION_AFTER_ATTEMPTS; attempt++) {
      assert.deepEqual(told, [], `too early, after ${attempt}`);
      say({ kind: 'retry', reason: 'busy' });
    }
    assert.deepEqual(told, ['exit.attention_required']);
    say({ kind: 'hold', reason: 'closed' });
    say({ kind: 'hold', reason: 'closed' });
    say({ kind: 'retry', reason: 'busy' });
    assert.deepEqual(told, ['exit.attention_required']);
    assert.equal(exit.status, 'filing', 'the calls go on');
  });

  it('knows only its own filings', () => {
    assert.throws(
      () => record(makeExit(), 'fil_foreign', 'submit', accepted, context),
      /fil_foreign is not of exit/,
    );
  });

  it('changes only the filing and those it let go: the others stay the same object', () => {
    const exit = makeExit();
    const change = answer(exit, 'labor_filing', { kind: 'retry', reason: 'busy' });
    assert.notEqual(change.exit.filings[0], exit.filings[0]);
    for (const index of [1, 2, 3]) assert.equal(change.exit.filings[index], exit.filings[index]);
  });
});
