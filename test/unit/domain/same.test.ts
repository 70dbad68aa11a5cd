// Whether two facts say the same, as an amendment asks.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { same } from '../../../src/domain/same.ts';

/** As it comes out of a database: JSON has no negative zero. */
const json = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

describe('same', () => {
  it('is what has the same JSON, whatever the order of its members', () =>
    fc.assert(
      fc.property(json, json, (a, b) => {
        assert.equal(same(a, JSON.parse(JSON.stringify(a))), true);
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
