// The words of the desk's page: both languages for each, and each that the page asks for.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { FIDELITY } from '../../../mocks/fidelity.ts';
import { POLICIES } from '../../../mocks/kernel/clerk.ts';
import { KINDS } from '../../../mocks/kernel/fault-kinds.ts';
import { PRESETS } from '../../../mocks/kernel/presets.ts';
import { stateSays } from '../../../mocks/kernel/words.ts';
import { SCENARIOS } from '../../../mocks/scenarios/index.ts';

const FOLDER = new URL('../../../mocks/desk/web/', import.meta.url);
const { WORDS } = (await import(new URL('words/index.js', FOLDER).href)) as {
  WORDS: Readonly<Record<string, readonly [string, string]>>;
};
const asked = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js') && !name.startsWith('words'))
  .flatMap((name) => [
    ...readFileSync(new URL(name, FOLDER), 'utf8').matchAll(/\b(?:t|pieces)\(\s*'([\w.-]+)'/g),
  ])
  .map(([, key = '']) => key);
const blanks = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();

describe('words of the desk', () => {
  it('are in both languages, with the same blanks', () => {
    for (const [key, pair] of Object.entries(WORDS)) {
      assert.equal(pair.length, 2, key);
      assert.ok(
        pair.every((each) => each.trim() !== ''),
        key,
      );
      assert.deepEqual(blanks(pair[0]), blanks(pair[1]), key);
    }
  });

  it('are Chinese where they should be', () => {
    const latin = Object.entries(WORDS)
      .filter(
        ([, [, chinese]]) =>
          /[a-z]/i.test(chinese.replaceAll(/\{\w+\}/g, '')) && !/[\u4e00-\u9fff]/.test(chinese),
      )
      .map(([key]) => key);
    assert.deepEqual(latin, []);
  });

  it('are there for whatever the page asks by name', () => {
    assert.ok(asked.length > 150);
    assert.deepEqual(
      asked.filter((key) => WORDS[key] === undefined),
      [],
    );
  });

  it('name every policy of a clerk', () => {
    assert.deepEqual(
      POLICIES.filter((policy) => WORDS[`clerk.${policy}`] === undefined),
      [],
    );
    const inbox = readFileSync(new URL('views/inbox.js', FOLDER), 'utf8');
    assert.ok(inbox.includes(`[${POLICIES.map((policy) => `'${policy}'`).join(', ')}].map(`));
  });

  it('call a state on the page as in the list of events', () => {
    const states = Object.entries(WORDS).filter(([key]) => key.startsWith('state.'));
    assert.ok(states.length > 10);
    for (const [key, [en, zh]] of states) assert.deepEqual(stateSays(key.slice(6)), { en, zh }, key);
  });

  it('name every operation that an agency has', () => {
    const operations = [
      ...FIDELITY.map(({ operation }) => operation),
      ...SCENARIOS.flatMap((each) => each.operations),
    ];
    assert.deepEqual(
      operations.filter((name) => WORDS[`operation.${name}`] === undefined),
      [],
    );
  });

  it('tell the story of every preset and kind', () => {
    const untold = [...Object.keys(PRESETS), ...Object.keys(KINDS)].filter(
      (name) => WORDS[`story.${name}`] === undefined,
    );
    assert.deepEqual(untold, []);
    const phases = Object.values(KINDS).flatMap(({ phases }) => [...phases]);
    assert.deepEqual(
      phases.filter((phase) => WORDS[`phase.${phase}`] === undefined),
      [],
    );
  });
});
