// The language of whoever asks: what the mocks themselves have to say comes in Chinese or English.
import type { Sentence } from './scenario.ts';

export type Language = 'en' | 'zh-CN';

export const inLanguage = (said: Sentence, language: Language): string =>
  language === 'en' ? said.en : said.zh;

/** Of the two languages the one that a browser likes better. */
export function languageOf(header = ''): Language {
  const wishes = header.split(',').map((part) => {
    const [tag = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const q = parameters.find((each) => each.startsWith('q='))?.slice(2);
    return { tag, q: q === undefined ? 1 : Number(q) || 0 };
  });
  const best = (language: string) =>
    Math.max(0, ...wishes.filter(({ tag }) => tag.split('-')[0] === language).map(({ q }) => q));
  return best('zh') > best('en') ? 'zh-CN' : 'en';
}
