// The signatures against an implementation that is not ours.
import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import { newWebhookSecret, signedHeaders } from '../../../src/webhooks/signing.ts';

const body = JSON.stringify({ type: 'exit.opened', data: { note: '备注 ✓' } });

describe('webhook signatures', () => {
  // The receiver allows five minutes, and the whole suite may have run since this file was read.
  let now: Date;
  beforeEach(() => {
    now = new Date();
  });
  const [first, second] = [newWebhookSecret(), newWebhookSecret()];

  it('are accepted by a foreign receiver', () => {
    const headers = signedHeaders('evt_1', body, [first], now);
    assert.deepEqual(new Webhook(first).verify(body, headers), JSON.parse(body));
  });

  it('are what that implementation would have signed', () => {
    const at = new Date('2026-11-25T02:00:00.900Z');
    assert.equal(
      signedHeaders('evt_1', body, [first], at)['webhook-signature'],
      new Webhook(first).sign('evt_1', at, body),
    );
    assert.equal(signedHeaders('evt_1', body, [first], at)['webhook-timestamp'], '1795572000');
  });

  it('are accepted under the old and the new secret while one takes over', () => {
    const headers = signedHeaders('evt_1', body, [second, first], now);
    for (const secret of [first, second]) new Webhook(secret).verify(body, headers);
    assert.throws(() => new Webhook(newWebhookSecret()).verify(body, headers));
  });

  it('are refused for another body, another id, another time and an old time', () => {
    const receiver = new Webhook(first);
    const headers = signedHeaders('evt_1', body, [first], now);
    assert.throws(() => receiver.verify(`${body} `, headers));
    assert.throws(() => receiver.verify(body, { ...headers, 'webhook-id': 'evt_2' }));
    const later = String(Number(headers['webhook-timestamp']) + 1);
    assert.throws(() => receiver.verify(body, { ...headers, 'webhook-timestamp': later }));
    const old = signedHeaders('evt_1', body, [first], new Date(now.getTime() - 3_600_000));
    assert.throws(() => receiver.verify(body, old));
  });

  it('stand on secrets of 32 random bytes', () => {
    assert.match(first, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.notEqual(first, second);
  });
});
