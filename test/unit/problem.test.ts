import assert from 'node:assert/strict';
import { FAULTS, WARNINGS } from '../../src/faults.ts';
import { fill, LANGUAGES } from '../../src/language.ts';
import { PROBLEMS, problem } from '../../src/problem.ts';

const slotsOf = (template: string) => new Set([...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
const HAN = /\p{Script=Han}/u;

/** Every sentence by its place in the catalogue. */
const SENTENCES = new Map<string, { readonly en: string; readonly zh: string }>([
  ...Object.entries(PROBLEMS).flatMap(([code, { en, zh }]): [string, { en: string; zh: string }][] => [
    [`problem ${code} title`, { en: en[0], zh: zh[0] }],
    [`problem ${code} detail`, { en: en[1], zh: zh[1] }],
  ]),
  ...Object.entries(FAULTS).map(([code, words]) => [`fault ${code}`, words] as const),
  ...Object.entries(WARNINGS).map(([code, words]) => [`warning ${code}`, words] as const),
]);

describe('the catalogue of problems', () => {
  for (const [place, { en, zh }] of SENTENCES)
    it(`${place} is said in both languages, with the same slots`, () => {
      assert.ok(en.trim().length > 0 && !HAN.test(en));
      // A sentence that is nothing but a slot is filled with one of the other sentences.
      if (/^\{\w+\}$/.test(en)) assert.ok(slotsOf(zh).size > 0);
      else assert.ok(HAN.test(zh));
      assert.deepEqual(slotsOf(zh), slotsOf(en));
    });

  it('says nothing twice', () => {
    for (const language of LANGUAGES) {
      const said = new Map<string, string>();
      for (const [place, words] of SENTENCES) {
        assert.equal(
          said.get(words[language]),
          undefined,
          `${place} says what another says: ${words[language]}`,
        );
        said.set(words[language], place);
      }
    }
  });

  it('has codes that are no field and no warning as well, except where a field raises a problem of its name', () => {
    const shared = Object.keys(PROBLEMS).filter((code) => code in FAULTS || code in WARNINGS);
    assert.deepEqual(shared, ['connection_missing']);
    for (const code of [...Object.keys(PROBLEMS), ...Object.keys(FAULTS), ...Object.keys(WARNINGS)])
      assert.match(code, /^[a-z][a-z0-9_]*$/);
  });

  it('has statuses of refusals, and wakes somebody only for what is ours to mend', () => {
    for (const [code, entry] of Object.entries(PROBLEMS)) {
      assert.ok(entry.status >= 400 && entry.status < 600, code);
      assert.equal('wakesSomebody' in entry, entry.status >= 500, code);
    }
  });

  it('fills slots with values and with words of the language, and leaves what nobody filled', () => {
    const words = { count: 2, open: { en: 'none', zh: '无' } };
    assert.equal(fill('{count} of {open}, {toString}', words, 'en'), '2 of none, {toString}');
    assert.equal(fill('{open}', words, 'zh'), '无');
    assert.equal(problem('body_too_large', { limit: 5 }).message, 'body_too_large');
  });
});
