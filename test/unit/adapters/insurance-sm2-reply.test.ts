// What each answer means.
import assert from 'node:assert/strict';
import { lookupOutcome, readBackOutcome, submitOutcome } from '../../../adapters/insurance-sm2/reply.ts';
import { filing } from '../../support/sm2-agency.ts';

describe('adapters/insurance-sm2: reply', () => {
  const found = (over: object) => ({
    code: 'OK',
    data: {
      serial: 'S',
      revision: 'S',
      business: '10',
      receipt: 'SB1',
      state: '40',
      ask_after: 0,
      ...over,
    },
  });
  const results = (...codes: string[]) =>
    codes.map((code, at) => ({ insurance: `0${at + 1}`, code, message: '' }));
  const lookup = (value: unknown) => lookupOutcome(value, filing, 'S');

  it('accepts when every insurance is settled, and only then', () => {
    const all = results('OK', 'OK', 'OK', 'ALREADY_DONE', 'OK');
    assert.deepEqual(lookup(found({ results: all })), { kind: 'accepted', receipt: 'SB1' });
    assert.equal(lookup(found({ results: all.slice(1) })).kind, 'unsure');
    assert.equal(lookup(found({ results: [...all.slice(1), all[1]] })).kind, 'unsure');
    assert.equal(lookup(found({})).kind, 'unsure');
    const some = lookup(found({ results: results('OK', 'NOT_ENROLLED', 'DATE_INVALID', 'OK', 'OK') }));
    assert.equal(some.kind === 'refused' && some.code, 'ITEM_ERROR');
  });

  it('believes no answer about another filing', () => {
    assert.equal(lookup(found({ serial: 'X', revision: 'X' })).kind, 'unsure');
    assert.equal(lookup(found({ business: '20' })).kind, 'unsure');
  });

  it('reads every code of a refusal', () => {
    const kindOf = (code: string, more = {}) => submitOutcome({ code, message: 'm', ...more }).kind;
    assert.equal(kindOf('CODE_UNKNOWN'), 'manual');
    assert.equal(kindOf('IDENTITY_MISMATCH'), 'refused');
    for (const code of ['AUTH_CLIENT', 'AUTH_SIGNATURE', 'AUTH_STALE', 'UNIT_UNKNOWN', 'PRECONDITION_STOP'])
      assert.equal(kindOf(code), 'hold', code);
    const until = '2026-11-26T00:00:00+08:00';
    const held = submitOutcome({ code: 'WINDOW_CLOSED', message: 'm', until });
    assert.deepEqual(held.kind === 'hold' && held.until, new Date(until));
    assert.deepEqual(lookup({ code: 'NOT_FOUND', message: '' }), { kind: 'absent' });
    assert.equal(lookup({ code: 'SCHEMA_INVALID', message: '' }).kind, 'unsure');
    for (const nonsense of [undefined, {}, { code: 'OK' }, { code: 'OK', data: {} }, [], 'x'])
      assert.equal(submitOutcome(nonsense).kind, 'unsure');
  });

  it('reads back that nothing is paid since the exit date', () => {
    const state = (one: object = {}) => ({
      code: 'OK',
      data: {
        person_no: '1',
        insurances: ['01', '02', '03', '04', '05'].map((insurance) => ({
          insurance,
          state: '2',
          since: '2026-11-25',
          ...(insurance === '02' ? one : {}),
        })),
      },
    });
    assert.deepEqual(readBackOutcome(state(), filing), { kind: 'agrees' });
    for (const [one, reason] of [
      [{ state: '1' }, 'medical is still being paid'],
      [{ since: '2026-11-24' }, 'medical stopped on another day'],
      [{ insurance: '09' }, 'medical is not listed'],
    ] as const)
      assert.deepEqual(readBackOutcome(state(one), filing), { kind: 'differs', reason });
  });
});
