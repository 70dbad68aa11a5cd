// Two languages: the page comes in the one that the browser asked for, and remembers the one that was chosen.
import { WORDS } from './words/index.js';

const KEPT = 'exitgate-desk-language';
/** Where the language stands in each pair of words. */
const PLACES = { en: 0, 'zh-CN': 1 };

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // storage is switched off: the choice lasts as long as the page
  }
}

let language = [kept(), document.documentElement.lang].find((each) => each in PLACES) ?? 'en';
document.documentElement.lang = language;

export const current = () => language;

export function choose(next) {
  language = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // as above
  }
}

/** The sentence of a key; `{name}` is filled in. A key without words is shown as it is. */
export function t(key, values = {}) {
  return pieces(key, values).join('');
}

/** As t(), in pieces: a value that is a node stands in the sentence as it is. */
export const pieces = (key, values = {}) =>
  (WORDS[key]?.[PLACES[language]] ?? key)
    .split(/(\{\w+\})/)
    .map((piece) => (/^\{\w+\}$/.test(piece) ? (values[piece.slice(1, -1)] ?? '') : piece));

/** The words of a code (state, operation, field) where there are some; else the code. */
export const word = (group, code) => WORDS[`${group}.${code}`]?.[PLACES[language]] ?? code;

/** `{ en, zh }` of the API. */
export const said = ({ en, zh }) => (language === 'en' ? en : zh);

export const unit = (name, count) => t(count === 1 ? `unit.${name}` : `unit.${name}s`, { n: count });
