/** English where the page is Chinese: what is seen of a page, and runs of English words in it. */
import type { Page } from 'playwright-core';

const WORD = /^[A-Z]?[a-z]+(?:[’'-][a-z]+)*$/;
/** Between words it is no end: `the XSD says`. */
const ACRONYM = /^[A-Z]{2,6}$/;

/** Three English words or more in a row; names of operations, codes and acronyms are none. */
export function englishIn(text: string): string | undefined {
  let run: string[] = [];
  for (const token of text.split(/\s+|(?=\p{Script=Han})|(?<=\p{Script=Han})/u)) {
    const bare = token.replaceAll(/^["'“‘(]+|[.,;:!?"'”’)]+$/g, '');
    if (WORD.test(bare)) run.push(bare);
    else if (!ACRONYM.test(bare)) run = [];
    if (run.length >= 3) return run.join(' ');
  }
  return undefined;
}

/** Texts that may be English on a Chinese page, each with its reason. */
export const MAY_BE_ENGLISH: readonly { readonly within: string; readonly because: string }[] = [
  { within: 'code, kbd', because: 'commands and identifiers are the same in both languages' },
  {
    within: 'pre:not(:has(.error)), pre > :not(.error)',
    because: 'messages are as they were sent; what the page writes between their lines is its own',
  },
  {
    within: 'q.theirs',
    because: 'what an agency, a validator, a machine or a participant has said, after a sentence of the page',
  },
];

/** What a person can see, or is told by a reader of the screen, but for what may be English; all that folds is unfolded. */
export const seenOf = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(
    `((allowed) => {
      for (const each of document.querySelectorAll('details')) each.open = true;
      const seen = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const { parentElement: parent } = node;
        if (parent.checkVisibility() && !parent.closest(allowed) && node.data.trim()) seen.push(node.data.trim());
      }
      for (const each of document.body.querySelectorAll('*'))
        for (const name of ['placeholder', 'title', 'aria-label', 'alt'])
          if (each.getAttribute(name) && each.checkVisibility()) seen.push(each.getAttribute(name));
      return seen;
    })(${JSON.stringify(MAY_BE_ENGLISH.map(({ within }) => within).join(', '))})`,
  );
