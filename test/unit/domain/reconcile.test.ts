// Reconciliation: each kind of finding, and above all what is none.
import assert from 'node:assert/strict';
import type { Comparison, Enrolled, OurFiling, TheirFiling } from '../../../src/domain/findings.ts';
import { reconcile } from '../../../src/domain/reconcile.ts';
import { syntheticIdNumber } from '../../support/builders.ts';

const NUMBER = syntheticIdNumber(1);
const OTHER = syntheticIdNumber(2);
const NAME = '测试甲';
const LONG_AGO = new Date('2026-11-26T02:00:00Z');
const JUST_NOW = new Date('2026-12-10T01:00:00Z');

const our = (parts: Partial<OurFiling> = {}): OurFiling => ({
  filingId: 'fil_1',
  exitId: 'exit_1',
  connectionId: 'con_1',
  kind: 'labor_filing',
  state: 'verified',
  serial: 'EG-1',
  earlierSerials: [],
  receipt: 'R-1',
  withdrawing: false,
  exitDate: '2026-11-25',
  person: { name: NAME, id_number: NUMBER },
  receivedAt: LONG_AGO,
  changedAt: LONG_AGO,
  ...parts,
});
const their = (parts: Partial<TheirFiling> = {}): TheirFiling => ({
  serial: 'EG-1',
  receipt: 'R-1',
  kind: 'labor_filing',
  state: 'accepted',
  person: { name: NAME, id_number: NUMBER },
  exitDate: '2026-11-25',
  ...parts,
});
const enrolled = (parts: Partial<Enrolled> = {}): Enrolled => ({
  kind: 'labor_filing',
  person: { name: NAME, id_number: NUMBER },
  since: '2020-01-01',
  ...parts,
});
const compare = (parts: Partial<Comparison> = {}) =>
  reconcile({
    connectionId: 'con_1',
    period: { from: '2026-09-01', to: '2026-12-31' },
    ours: [our()],
    theirs: [their()],
    roster: [],
    complete: true,
    today: '2026-12-10',
    settledBefore: new Date('2026-12-09T02:00:00Z'),
    ...parts,
  });
const kinds = (parts: Partial<Comparison> = {}) => compare(parts).map(({ kind }) => kind);
/** Ours alone, in such a state and otherwise so. */
const alone = (parts: Partial<OurFiling>) => kinds({ ours: [our(parts)], theirs: [] });
const pair = (ours: Partial<OurFiling>, theirs: Partial<TheirFiling>) =>
  kinds({ ours: [our(ours)], theirs: [their(theirs)] });
const unsent = { receivedAt: undefined, receipt: undefined } as unknown as Partial<OurFiling>;
const stranger = { serial: 'HR-9', receipt: 'R-9' };

describe('reconciliation', () => {
  it('finds nothing where both sides say the same', () => {
    assert.deepEqual(kinds(), []);
    assert.deepEqual(kinds({ ours: [], theirs: [] }), []);
    assert.deepEqual(pair({ state: 'rejected' }, { state: 'rejected' }), []);
    assert.deepEqual(pair({ state: 'withdrawn' }, { state: 'withdrawn' }), []);
    assert.deepEqual(pair({}, { serial: 'EG-0' }), [], 'by receipt');
    assert.deepEqual(pair({}, { receipt: 'R-0' }), [], 'by serial');
  });

  describe('filed elsewhere', () => {
    it('is what stands there and nobody here has filed', () => {
      const [found, ...more] = compare({ ours: [], theirs: [their(stranger)] });
      assert.deepEqual(more, []);
      assert.deepEqual(found, {
        kind: 'filed_elsewhere',
        filingKind: 'labor_filing',
        identity: `elsewhere labor_filing R-9 ${NUMBER}`,
        on: '2026-11-25',
        theirs: 'accepted',
        receipt: 'R-9',
        person: { name: NAME, id_number: NUMBER },
      });
    });
    it('names the exit of ours that has that person and kind', () => {
      const ours = [our({ state: 'due', ...unsent })];
      const [found] = compare({ ours, theirs: [their(stranger)] });
      assert.deepEqual([found?.kind, found?.exitId, found?.ours], ['filed_elsewhere', 'exit_1', 'due']);
    });
    it('is not what was rejected or withdrawn there, nor beyond the period', () => {
      for (const state of ['rejected', 'withdrawn'] as const)
        assert.deepEqual(kinds({ ours: [], theirs: [their({ ...stranger, state })] }), []);
      for (const exitDate of ['2026-08-31', '2027-01-01'])
        assert.deepEqual(kinds({ ours: [], theirs: [their({ ...stranger, exitDate })] }), []);
    });
    it('is not what stands there under an earlier serial of ours', () => {
      const theirs = [their(), their({ serial: 'EG-0', receipt: 'R-0', state: 'correction_requested' })];
      assert.deepEqual(kinds({ ours: [our({ earlierSerials: ['EG-0'] })], theirs }), []);
      assert.deepEqual(kinds({ theirs }), ['filed_elsewhere']);
    });
    it('is not what may be ours: in a person’s hands, or sent to an agency that lists no serials', () => {
      const { serial: _none, ...nameless } = their(stranger);
      assert.deepEqual(kinds({ ours: [our({ state: 'manual', ...unsent })], theirs: [their(stranger)] }), []);
      for (const state of ['unknown', 'due'] as const)
        assert.deepEqual(kinds({ ours: [our({ state, ...unsent })], theirs: [nameless] }), []);
    });
  });

  describe('missing there', () => {
    it('is what the agency had and lists no longer', () => {
      for (const state of ['submitted', 'in_review', 'correction_requested', 'accepted', 'verified'] as const)
        assert.deepEqual(alone({ state }), ['missing_there'], state);
    });
    it('is nothing that the agency has not yet, or has no longer to have', () => {
      for (const state of ['waiting', 'due', 'unknown', 'manual', 'rejected', 'withdrawn'] as const)
        assert.deepEqual(alone({ state }), [], state);
      assert.deepEqual(alone(unsent), []);
    });
    it('is nothing that is younger than the delay, being taken back, another connection’s or beyond the period', () => {
      assert.deepEqual(alone({ receivedAt: JUST_NOW }), []);
      assert.deepEqual(alone({ withdrawing: true }), []);
      assert.deepEqual(alone({ connectionId: 'con_2' }), []);
      assert.deepEqual(alone({ exitDate: '2026-08-31' }), []);
    });
    it('is nothing while the list was not read to its end', () => {
      assert.deepEqual(kinds({ theirs: [], complete: false }), []);
    });
  });

  describe('another state', () => {
    it('is one that what has come to rest here does not have there', () => {
      for (const [state, theirs] of [
        ['verified', 'rejected'],
        ['verified', 'in_review'],
        ['accepted', 'withdrawn'],
        ['rejected', 'accepted'],
        ['withdrawn', 'in_review'],
        ['correction_requested', 'rejected'],
      ] as const)
        assert.deepEqual(pair({ state }, { state: theirs }), ['state_differs'], `${state} ${theirs}`);
    });
    it('is none while ours is on its way, held, in doubt or in a person’s hands', () => {
      for (const state of ['waiting', 'due', 'submitted', 'in_review', 'unknown', 'manual'] as const)
        for (const theirs of ['in_review', 'accepted', 'rejected'] as const)
          assert.deepEqual(pair({ state }, { state: theirs }), [], `${state} ${theirs}`);
    });
    it('is none when ours has only just come to rest, or is being taken back', () => {
      assert.deepEqual(pair({ changedAt: JUST_NOW }, { state: 'rejected' }), []);
      const taken = { state: 'correction_requested', withdrawing: true } as const;
      assert.deepEqual(pair(taken, { state: 'withdrawn' }), []);
    });
    it('is seen also on a part of the list', () => {
      assert.deepEqual(kinds({ theirs: [their({ state: 'rejected' })], complete: false }), ['state_differs']);
    });
  });

  describe('still enrolled', () => {
    const onRoster = (ours: Partial<OurFiling>, entry: Partial<Enrolled> = {}, today = '2026-12-10') =>
      kinds({ ours: [our(ours)], roster: [enrolled(entry)], today });
    it('is who is counted as the employer’s after the exit that the agency has confirmed', () => {
      assert.deepEqual(onRoster({}), ['still_enrolled']);
      assert.deepEqual(onRoster({ state: 'accepted' }), ['still_enrolled']);
    });
    it('is nobody whose exit is to come, whose filing is open, or who was hired again', () => {
      assert.deepEqual(onRoster({ exitDate: '2026-12-10' }), []);
      for (const state of [
        'waiting',
        'due',
        'in_review',
        'unknown',
        'manual',
        'withdrawn',
        'rejected',
      ] as const)
        assert.deepEqual(
          kinds({ ours: [our({ state })], theirs: [], roster: [enrolled()], complete: false }),
          [],
          state,
        );
      assert.deepEqual(onRoster({}, { since: '2026-11-26' }), []);
      assert.deepEqual(onRoster({}, { since: '2026-11-25' }), ['still_enrolled']);
      assert.deepEqual(onRoster({ changedAt: JUST_NOW }), []);
      assert.deepEqual(onRoster({}, { kind: 'insurance_stop' }), []);
    });
  });

  describe('another number', () => {
    it('is the one under which the agency has our filing', () => {
      const [found, ...more] = compare({ theirs: [their({ person: { name: NAME, id_number: OTHER } })] });
      assert.deepEqual(more, []);
      assert.deepEqual(
        [found?.kind, found?.person.id_number, found?.ourNumber],
        ['identity_differs', OTHER, NUMBER],
      );
    });
    it('explains what is missing and what is a stranger’s at once', () => {
      const renamed = { ...stranger, person: { name: NAME, id_number: OTHER } };
      assert.deepEqual(kinds({ theirs: [their(renamed)] }), ['identity_differs']);
      const two = [their(renamed), their({ ...renamed, receipt: 'R-10' })];
      assert.deepEqual(kinds({ theirs: two }), ['missing_there', 'filed_elsewhere', 'filed_elsewhere']);
    });
    it('is on the roster where ours is not, before the agency has taken the filing', () => {
      const roster = [enrolled({ person: { name: NAME, id_number: OTHER } })];
      for (const state of ['waiting', 'due', 'rejected'] as const)
        assert.deepEqual(kinds({ ours: [our({ state, ...unsent })], theirs: [], roster }), [
          'identity_differs',
        ]);
      assert.deepEqual(kinds({ roster }), [], 'a namesake of one who has left');
    });
    it('is nobody’s when ours is on the roster, when namesakes are many, or when the number is another leaver’s', () => {
      const ours = [our({ state: 'due', ...unsent })];
      const namesake = enrolled({ person: { name: NAME, id_number: OTHER } });
      assert.deepEqual(kinds({ ours, theirs: [], roster: [namesake, enrolled()] }), []);
      const third = enrolled({ person: { name: NAME, id_number: syntheticIdNumber(3) } });
      assert.deepEqual(kinds({ ours, theirs: [], roster: [namesake, third] }), []);
      const leaver = our({
        filingId: 'fil_2',
        serial: 'EG-2',
        receipt: 'R-2',
        person: namesake.person as never,
      });
      assert.deepEqual(
        kinds({
          ours: [...ours, leaver],
          theirs: [their({ serial: 'EG-2', receipt: 'R-2', person: namesake.person })],
          roster: [namesake],
        }),
        ['still_enrolled'],
      );
      assert.deepEqual(kinds({ ours, theirs: [], roster: [namesake], complete: false }), []);
    });
  });

  it('tells the rows of a batch, which have one receipt, by their numbers', () => {
    const rows = [NUMBER, OTHER].map((id_number) =>
      their({ serial: 'B-1', person: { name: NAME, id_number } }),
    );
    assert.deepEqual(
      compare({ theirs: rows }).map(({ kind, person }) => [kind, person.id_number]),
      [['filed_elsewhere', OTHER]],
    );
  });
});
