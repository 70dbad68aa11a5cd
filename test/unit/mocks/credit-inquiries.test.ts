// Inquiries with the person's consent: in force to the day, for the purpose, and as the agency's register has it.
import assert from 'node:assert/strict';
import { registerConsent, registerRecord } from '../../../mocks/credit/inquiries.ts';
import { openBox, UNIT, ZHANG } from './credit-client.ts';

const inquiry = (over: Record<string, unknown> = {}, consent: Record<string, unknown> = {}) => ({
  unit_uscc: UNIT,
  subject: ZHANG,
  purpose: 'exit',
  consent: {
    reference: 'C-1',
    signed_on: '2026-11-01',
    valid_until: '2026-11-25',
    purposes: ['exit'],
    ...consent,
  },
  ...over,
});

describe('credit agency: inquiries', () => {
  let box: Awaited<ReturnType<typeof openBox>>;
  beforeEach(async () => {
    box = await openBox();
  });
  afterEach(() => box.sandbox.close());

  const ask = async (body: unknown) => {
    const answer = await box.client.send('POST', '/v1/inquiries', body);
    return [answer.status, answer.body.code ?? answer.body.result];
  };

  it('tell what is on the register, to a consent in force', async () => {
    assert.deepEqual(await ask(inquiry()), [200, 'clear']);
    const entry = { kind: 'dishonesty', since: '2025-03-01', text: '模拟记录' } as const;
    registerRecord(ZHANG.id_number, entry, box.sandbox.room('credit'));
    const answer = await box.client.send('POST', '/v1/inquiries', inquiry());
    assert.deepEqual([answer.body.result, answer.body.records], ['records', [entry]]);
  });

  it('end with the consent’s last day, to the millisecond', async () => {
    box.sandbox.clock.advance(new Date('2026-11-25T15:59:59.999Z'));
    assert.deepEqual(await ask(inquiry()), [200, 'clear']);
    box.sandbox.clock.advance(new Date('2026-11-25T16:00:00.000Z'));
    assert.deepEqual(await ask(inquiry()), [422, 'CONSENT_EXPIRED']);
  });

  it('are refused before the consent, beyond its purposes, and when it was revoked', async () => {
    assert.deepEqual(await ask(inquiry({}, { signed_on: '2026-11-26' })), [422, 'CONSENT_EXPIRED']);
    assert.deepEqual(await ask(inquiry({ purpose: 'hiring' })), [422, 'CONSENT_PURPOSE']);
    registerConsent(UNIT, 'C-1', { revokedOn: '2026-11-25' }, box.sandbox.room('credit'));
    assert.deepEqual(await ask(inquiry()), [422, 'CONSENT_REVOKED']);
    assert.deepEqual(await ask(inquiry({ subject: { ...ZHANG, id_number: 'x' } })), [422, 'SCHEMA_INVALID']);
  });
});
