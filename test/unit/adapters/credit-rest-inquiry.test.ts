// What the agency's answers to an inquiry mean, and on which days a consent carries one.
import assert from 'node:assert/strict';
import type { Inquiry } from '../../../adapters/adapter.ts';
import { consentTo, inquiryAnswer, inquiryOf, PURPOSES } from '../../../adapters/credit-rest/inquiry.ts';
import { UNIT } from '../../support/filing-order.ts';

const consent = {
  purpose: 'exit',
  scope: ['credit'],
  grantedOn: '2026-11-01',
  expiresOn: '2026-11-25',
  reference: 'C-1',
};
const inquiry: Inquiry = { kind: 'credit', employer: UNIT, person: {}, consent };
const answer = (status: number, body: unknown) => inquiryAnswer({ status, body });
const record = { kind: 'dishonesty', since: '2025-03-01', text: '模拟记录' };
const found = (result: string, records: unknown) => answer(200, { inquiry_no: 'INQ-1', result, records });
const problem = (code: string) => answer(422, { code, title: 'no' });

describe('adapters/credit-rest: inquiries', () => {
  it('are carried by a consent on its first and last day, as days are in China', () => {
    for (const [at, kind] of [
      ['2026-10-31T15:59:59.999Z', 'refused'],
      ['2026-10-31T16:00:00.000Z', 'covered'],
      ['2026-11-25T15:59:59.999Z', 'covered'],
      ['2026-11-25T16:00:00.000Z', 'refused'],
    ] as const)
      assert.equal(consentTo(inquiry, new Date(at)).kind, kind, at);
  });

  it('say what the consent says, and no more purposes than the one', () => {
    const subject = { id_type: 'resident_id', id_number: '11010519491231002X', name: '张某' };
    assert.deepEqual(inquiryOf(inquiry, subject, consent), {
      unit_uscc: UNIT.uscc,
      subject,
      purpose: 'exit',
      consent: {
        reference: 'C-1',
        signed_on: '2026-11-01',
        valid_until: '2026-11-25',
        purposes: ['exit'],
      },
    });
    assert.ok(PURPOSES.includes('exit'));
  });

  it('are answered: clear, or with what is on the register', () => {
    assert.deepEqual(found('clear', []), { kind: 'answered', receipt: 'INQ-1', clear: true, facts: [] });
    assert.deepEqual(found('records', [record]), {
      kind: 'answered',
      receipt: 'INQ-1',
      clear: false,
      facts: [{ code: 'dishonesty', text: '模拟记录', date: '2025-03-01' }],
    });
  });

  it('are refused for the consent or the person, and not answered for anything else', () => {
    for (const code of ['CONSENT_REVOKED', 'CONSENT_EXPIRED', 'CONSENT_PURPOSE', 'IDENTITY_MISMATCH'])
      assert.deepEqual(problem(code), { kind: 'refused', code, message: 'no' });
    assert.equal(problem('AUTH_CERTIFICATE').kind, 'hold');
    assert.equal(problem('SCHEMA_INVALID').kind, 'unsure');
  });

  it('whose answer says two things, or nothing, are not believed', () => {
    assert.equal(found('clear', [record]).kind, 'unsure');
    assert.equal(found('records', []).kind, 'unsure');
    assert.equal(answer(200, {}).kind, 'unsure');
    assert.equal(answer(500, {}).kind, 'unsure');
  });
});
