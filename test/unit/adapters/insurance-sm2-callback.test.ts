// Which callbacks are believed.
import assert from 'node:assert/strict';
import type { CallbackRequest } from '../../../adapters/adapter.ts';
import { openCallback } from '../../../adapters/insurance-sm2/open.ts';
import { signSm2 } from '../../../src/crypto/sm2.ts';
import { BODY_KEY, form, theirs } from '../../support/sm2-agency.ts';

describe('adapters/insurance-sm2: a callback', () => {
  const sentAt = new Date('2026-11-25T01:30:00Z');
  const body = Buffer.from('{"id":"C-1"}');
  const trust = { agencyKey: theirs.publicKey, form, bodyKey: BODY_KEY };
  /** Signed by the agency, whatever it says. */
  const signed = (client: string, over: Partial<CallbackRequest> = {}): CallbackRequest => {
    const [at, nonce] = [String(sentAt.getTime()), 'n'.repeat(32)];
    const text = Buffer.from(`CALLBACK\n${client}\n${at}\n${nonce}\n${body}`);
    const headers = {
      'x-client-id': client,
      'x-timestamp': at,
      'x-nonce': nonce,
      'x-signature': signSm2(text, theirs, form),
    };
    return { method: 'POST', headers, body, ...over };
  };
  const later = (seconds: number) => new Date(sentAt.getTime() + seconds * 1000);
  const kindOf = (request: CallbackRequest, at = later(1)) =>
    openCallback(request, 'client-1', trust, at).kind;

  it('is believed for five minutes', () => {
    for (const seconds of [-299, 0, 300]) assert.equal(kindOf(signed('client-1'), later(seconds)), 'opened');
    for (const seconds of [-301, 301]) assert.equal(kindOf(signed('client-1'), later(seconds)), 'untrusted');
  });

  it('for somebody else, by another method or with other bytes is not believed, well signed as it may be', () => {
    assert.equal(kindOf(signed('client-2')), 'untrusted');
    const good = signed('client-1');
    assert.equal(
      kindOf({ ...good, headers: { ...signed('client-2').headers, 'x-client-id': 'client-1' } }),
      'untrusted',
    );
    assert.equal(kindOf({ ...good, method: 'PUT' }), 'untrusted');
    assert.equal(kindOf({ ...good, body: Buffer.from('{"id":"C-2"}') }), 'untrusted');
  });
});
