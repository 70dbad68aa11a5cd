// Ten tries over some 75 hours, and what an endpoint's answer makes of a delivery.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Answer, judge, MOST_TRIES } from '../../../src/webhooks/schedule.ts';
import { NOW } from '../../support/builders.ts';

const HOUR = 3_600_000;
const answered = (status: number, retryAfterSeconds?: number): Answer => ({
  kind: 'answered',
  status,
  ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
});
const wait = (answer: Answer, tries: number, random = 0.5) =>
  (judge(answer, tries, NOW, random).nextAt?.getTime() ?? Number.NaN) - NOW.getTime();

/** Lives through an outage: the number of tries made, and the time from the first to the last. */
function outage(random: number) {
  let elapsed = 0;
  for (let tries = 0; ; tries++) {
    const verdict = judge(answered(503), tries, NOW, random);
    if (verdict.state === 'failed') return { tries: tries + 1, elapsed };
    elapsed += (verdict.nextAt?.getTime() ?? 0) - NOW.getTime();
  }
}

describe('the schedule of deliveries', () => {
  it('is ten tries over 75 hours, and a fifth less or more', () => {
    assert.equal(MOST_TRIES, 10);
    for (const [random, factor] of [
      [0, 0.8],
      [0.5, 1],
      [0.999999, 1.2],
    ] as const) {
      const { tries, elapsed } = outage(random);
      assert.equal(tries, 10);
      assert.ok(Math.abs(elapsed / HOUR - 75.6 * factor) < 0.1, `${elapsed / HOUR} h`);
    }
  });

  it('waits longer each time', () => {
    for (let tries = 1; tries < MOST_TRIES - 1; tries++)
      assert.ok(wait(answered(500), tries) > wait(answered(500), tries - 1));
  });

  it('takes any 2xx as delivered', () => {
    for (const status of [200, 201, 202, 204, 299])
      assert.deepEqual(judge(answered(status), 9, NOW, 0.5), {
        state: 'delivered',
        status,
        disableEndpoint: false,
      });
  });

  it('tries again after anything else, and says why', () => {
    for (const status of [100, 199, 400, 401, 404, 408, 429, 500, 503, 599]) {
      const verdict = judge(answered(status), 0, NOW, 0.5);
      assert.equal(verdict.state, 'pending');
      assert.equal(verdict.status, status);
      assert.match(verdict.error ?? '', new RegExp(`${status}`));
    }
    const failed = judge({ kind: 'failed', error: 'nobody listens at the address' }, 0, NOW, 0.5);
    assert.equal(failed.state, 'pending');
    assert.equal(failed.error, 'nobody listens at the address');
    assert.equal(failed.status, undefined);
  });

  it('follows no redirect, and says where the mistake lies', () => {
    for (const status of [301, 302, 303, 307, 308]) {
      const verdict = judge(answered(status), 0, NOW, 0.5);
      assert.equal(verdict.state, 'pending');
      assert.match(verdict.error ?? '', /redirects are not followed/);
    }
  });

  it('honours Retry-After where it asks for more patience than ours', () => {
    assert.equal(wait(answered(503, 60), 0), 60_000);
    assert.equal(wait(answered(429, 1), 0), 5_000);
    assert.equal(wait(answered(429, 0), 1), 300_000);
  });

  it('believes nobody who asks for years: a lane never stands longer than a day for one answer', () => {
    for (const seconds of [10 * 365 * 86_400, 1e15, 1e300])
      assert.equal(wait(answered(503, seconds), 0), 24 * HOUR);
  });

  it('disables an endpoint that is gone, at the first word', () => {
    const verdict = judge(answered(410), 0, NOW, 0.5);
    assert.equal(verdict.state, 'failed');
    assert.equal(verdict.disableEndpoint, true);
  });

  it('gives up after the tenth try and leaves the endpoint alone', () => {
    const verdict = judge(answered(500), 9, NOW, 0.5);
    assert.equal(verdict.state, 'failed');
    assert.equal(verdict.nextAt, undefined);
    assert.equal(verdict.disableEndpoint, false);
  });

  it('always gives a time that can be written down, when it gives one', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        fc.option(fc.double({ min: 0, noNaN: true }), { nil: undefined }),
        fc.nat(20),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (status, after, tries, random) => {
          const verdict = judge(answered(status, after), tries, NOW, random);
          assert.equal(verdict.nextAt !== undefined, verdict.state === 'pending');
          if (verdict.nextAt !== undefined) assert.ok(verdict.nextAt.toISOString() > NOW.toISOString());
        },
      ),
    ));
});
