// The mock agencies' rules: written once, asked somewhere, and each missed by some adapter when it is let off.
import assert from 'node:assert/strict';
import { AGENCIES } from '../../mocks/agencies.ts';
import { KERNEL_RULES } from '../../mocks/kernel/rules.ts';
import { CREDIT } from '../mutants/credit.ts';
import { INSURANCE } from '../mutants/insurance.ts';
import { INSURANCE_ROWS } from '../mutants/insurance-rows.ts';
import { KERNEL, STRANGERS } from '../mutants/kernel.ts';
import { LABOR } from '../mutants/labor.ts';
import { readSources } from '../support/sources.ts';

const BOOKS = new Map([
  ['kernel', KERNEL_RULES],
  ...AGENCIES.map(({ name, rules = {} }) => [name, rules] as const),
]);
const WRITTEN = [...BOOKS.values()].flatMap((book) => Object.keys(book)).sort();
const PROVED = [...LABOR, ...INSURANCE, ...INSURANCE_ROWS, ...CREDIT, ...KERNEL, ...STRANGERS];

/** Rules that no adapter can miss, and why. */
const UNSEEN: Readonly<Record<string, string>> = {
  'insurance.depth': 'the schema has no place for such a depth: it is refused either way, with the same code',
};

const sources = readSources('mocks').filter(({ path }) => !path.endsWith('/rules.ts'));
const asked = sources.flatMap(({ text }) =>
  [...text.matchAll(/\b(?:keeps|demand)\(\s*'([^']+)'/g)].map(([, id = '']) => id),
);

describe('rules of the mock agencies', () => {
  it('stand in the book of their agency, in both languages', () => {
    for (const [name, book] of BOOKS)
      for (const [id, { en, zh }] of Object.entries(book)) {
        assert.match(id, new RegExp(`^${name}\\.[a-z]+(-[a-z]+)*$`));
        assert.match(en, /^[^\p{Script=Han}]+\.$/u, id);
        assert.match(zh, /\p{Script=Han}.*。$/u, id);
      }
  });

  it('are asked somewhere, and nothing else is asked', () => {
    assert.deepEqual(
      [...new Set(asked)].filter((id) => !WRITTEN.includes(id)),
      [],
    );
    const everywhere = sources.map(({ text }) => text).join('\n');
    assert.deepEqual(
      WRITTEN.filter((id) => !everywhere.includes(`'${id}'`)),
      [],
    );
  });

  it('are each missed by an adapter when let off, or it is said why not', () => {
    const known = new Set([...PROVED.map(({ rule }) => rule), ...Object.keys(UNSEEN)]);
    assert.deepEqual([...known].sort(), WRITTEN);
  });
});
