// Whether two facts say the same, as an amendment asks.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { same } from '../../../src/domain/same.ts';

describe('same', () => {
  it('is what has the same JSON, whatever the order of its members', () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        assert.equal(same(a, JSON.parse(JSON.stringify(a))), true);
        // -0 is written 0.
        fc.pre(!JSON.stringify([a, b]).includes('0'));
        assert.equal(same(a, b), sorted(a) === sorted(b));
      }),
    ));

  it('tells a list from a record, and takes what is undefined for absent', () => {
    assert.equal(same({ a: undefined }, {}), true);
    assert.equal(same({ b: 1, a: 2 }, { a: 2, b: 1 }), true);
    assert.equal(same([], {}), false);
    assert.equal(same([1], [1, 2]), false);
    assert.equal(same({ a: null }, {}), false);
    assert.equal(same(undefined, {}), false);
  });
});

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
