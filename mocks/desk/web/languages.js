// The two buttons that choose the language of the page.
import { h } from './dom.js';
import { choose, current } from './language.js';

export const languageButtons = (changed) =>
  [
    ['en', 'English'],
    ['zh-CN', '中文'],
  ].map(([code, name]) =>
    h(
      'button',
      {
        id: `language-${code}`,
        class: 'quiet',
        lang: code,
        'aria-pressed': String(current() === code),
        onclick: () => {
          choose(code);
          changed();
        },
      },
      name,
    ),
  );
