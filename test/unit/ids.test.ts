import assert from 'node:assert/strict';
import { ID_PREFIXES, type IdKind, newId } from '../../src/ids.ts';

describe('ids', () => {
  it('carry their kind, and 26 characters that can be read aloud', () => {
    for (const kind of Object.keys(ID_PREFIXES) as IdKind[])
      assert.match(newId(kind), new RegExp(`^${ID_PREFIXES[kind]}_[0-9a-hjkmnp-tv-z]{26}$`));
  });

  it('sort by birth', () => {
    const born = [
      0,
      1,
      1000,
      Date.parse('2026-11-25'),
      Date.parse('2026-11-25') + 1,
      Date.parse('2199-01-01'),
    ];
    const ids = born.map((at) => newId('exit', new Date(at)));
    assert.deepEqual(ids.toSorted(), ids);
  });

  it('do not meet, born in the same millisecond', () => {
    const now = new Date();
    assert.equal(new Set(Array.from({ length: 10_000 }, () => newId('event', now))).size, 10_000);
  });

  it('have prefixes that tell them apart', () => {
    const prefixes = Object.values(ID_PREFIXES);
    assert.equal(new Set(prefixes).size, prefixes.length);
  });
});
