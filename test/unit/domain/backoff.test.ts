import assert from 'node:assert/strict';
import { backoff } from '../../../src/domain/backoff.ts';
import { ATTENTION_AFTER_ATTEMPTS } from '../../../src/domain/filing.ts';

describe('backoff', () => {
  it('doubles from two seconds to an hour, with a fifth of jitter either way', () => {
    for (let attempts = 1; attempts <= 40; attempts++) {
      const middle = Math.min(2000 * 2 ** (attempts - 1), 3_600_000);
      assert.equal(backoff(attempts, 0), Math.round(middle * 0.8));
      assert.equal(backoff(attempts, 0.5), middle);
      assert.ok(backoff(attempts, 0.999999) <= middle * 1.2);
    }
  });

  it('is a time, however many attempts', () => {
    assert.equal(backoff(5000, 0.5), 3_600_000);
    assert.ok(ATTENTION_AFTER_ATTEMPTS > 1);
  });
});
