import assert from 'node:assert/strict';
import { makeFilingOrder } from '../../adapters/conformance/order.ts';
import { exitOf, personOf } from '../adapter/map.ts';
import { filedOutcome, lookupOutcome, readBackOutcome } from '../adapter/reply.ts';
import { submitExit } from '../adapter/request.ts';

const filing = makeFilingOrder({ kind: 'labor_filing' });
const person = { id_type: 'resident_id', id_number: '11010519491231002X', name: '张某' };
const found = (state: string, more: object = {}) => ({
  status: 200,
  body: { serial: 'EG-0001-1', receipt: 'R-1', state, ...more },
});

describe('sample-json: the words of the agency', () => {
  it('names the person, the number in capitals', () => {
    const small = { ...filing, person: { ...filing.person, id_number: ' 11010519491231002x' } };
    assert.deepEqual(personOf(small), person);
  });

  it('has no word for a document that the agency does not know', () => {
    const permit = { ...filing, person: { ...filing.person, id_type: 'hmt_permit' } };
    assert.equal(personOf(permit), undefined);
  });

  it('files the exit date and the code of the reason', () => {
    const { exit_date, reason, unit } = exitOf(filing, 'EG-0001-1', person);
    assert.deepEqual([exit_date, reason, unit], ['2026-11-25', '10', '91110105MA001234X4']);
  });

  it('makes the same bytes of the same filing', () => {
    const bytes = () => submitExit(filing, 'EG-0001-1', person).body.toString('base64');
    assert.equal(bytes(), bytes());
  });
});

describe('sample-json: what an answer means', () => {
  for (const [state, kind] of [
    ['received', 'pending'],
    ['in_review', 'pending'],
    ['correction_requested', 'correction'],
    ['concluded', 'accepted'],
    ['rejected', 'refused'],
    ['withdrawn', 'refused'],
    ['something new', 'unsure'],
  ] as const)
    it(`${state}: ${kind}`, () => assert.equal(filedOutcome(found(state), 'EG-0001-1').kind, kind));

  it('about another serial: nobody knows', () =>
    assert.equal(filedOutcome(found('concluded'), 'EG-0002-1').kind, 'unsure'));

  it('never seen is said by a code, not by a bare 404', () => {
    const missing = { status: 404, body: { code: 'NOT_FOUND', message: 'm' } };
    assert.equal(lookupOutcome(missing, 'EG-0001-1').kind, 'absent');
    assert.equal(lookupOutcome({ status: 404, body: {} }, 'EG-0001-1').kind, 'unsure');
  });

  it('reads back the day, not the state alone', () => {
    const ended = (since: string) => ({ status: 200, body: { employment: 'ended', since } });
    assert.equal(readBackOutcome(ended('2026-11-25'), filing).kind, 'agrees');
    assert.equal(readBackOutcome(ended('2026-11-24'), filing).kind, 'differs');
  });
});
