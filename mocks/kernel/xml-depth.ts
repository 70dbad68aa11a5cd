// How deep the elements of a message are nested, counted before any parser builds a tree of it: in one pass, and no
// further than the limit.
import { XML_DEPTH } from './limits.ts';

/** What is skipped as a whole: its end, by its beginning. */
const SKIPPED = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
] as const;

/** Well-formedness is not judged: whatever is wrong, the parser says. */
export function isTooDeep(text: string, most = XML_DEPTH): boolean {
  let depth = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const skipped = SKIPPED.find(([begin]) => text.startsWith(begin, at));
    if (skipped) {
      const end = text.indexOf(skipped[1], at + skipped[0].length);
      if (end < 0) return false;
      at = end;
      continue;
    }
    const closes = text[at + 1] === '/';
    at = endOfTag(text, at + 1);
    if (closes) depth -= 1;
    else if (text[at - 1] !== '/') depth += 1;
    if (depth > most) return true;
  }
  return false;
}

/** The `>` of the tag; one in the value of an attribute is none. */
function endOfTag(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return at;
  }
  return text.length;
}
