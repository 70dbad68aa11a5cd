// Two languages: the page comes in the one that the browser asked for, and remembers the one that was chosen.
import { EN } from './words/en.js';
import { ZH } from './words/zh.js';

const KEPT = 'exitgate-desk-language';
const BOOKS = { en: EN, 'zh-CN': ZH };

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // storage is switched off: the choice lasts as long as the page
  }
}

let language = BOOKS[kept()] ? kept() : document.documentElement.lang in BOOKS ? document.documentElement.lang : 'en';
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
  const sentence = BOOKS[language][key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** The words of a code (state, operation, field) where there are some; else the code. */
export const word = (group, code) => BOOKS[language][`${group}.${code}`] ?? code;

/** `{ en, zh }` of the API. */
export const said = ({ en, zh }) => (language === 'en' ? en : zh);

export const unit = (name, count) => t(count === 1 ? `unit.${name}` : `unit.${name}s`, { n: count });
