// Which of the known names somebody may have meant, compared word by word: `LAB.CORECTION` is nearer to
// `LAB.CORRECTION_REQUESTED` than to `LAB.REJECTED`, which a count of edits alone has the other way round.

/** `LAB.ROW_CORRECTION`, `submitTermination`, `id_number`: words in lower case. */
const wordsOf = (name: string): string[] =>
  name
    .slice(0, 60)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);

const prefixOf = (code: string): string => code.split('.')[0]?.toUpperCase() ?? '';

/** 0 to 1. The beginning of a word is nearly the word. */
function likeness(typed: string, word: string): number {
  if (typed === word) return 1;
  if (typed.length > 2 && word.startsWith(typed)) return 0.9;
  return Math.max(0, 1 - distance(typed, word) / Math.max(typed.length, word.length));
}

/** 0 to 1: how well each typed word is found in the name; words of the name that nobody typed weigh little. */
function score(typed: readonly string[], name: string): number {
  const words = wordsOf(name);
  const together = likeness(typed.join(''), words.join(''));
  const found = typed.map((each) => Math.max(0, ...words.map((word) => likeness(each, word))));
  const mean = found.reduce((sum, each) => sum + each, 0) / Math.max(1, found.length);
  const extra = Math.max(0, words.length - typed.length);
  return Math.max(together, mean - 0.02 * extra);
}

/**
 * The names nearest to what was typed, best first; of equals one of each agency before the second of any.
 * @param home prefix of the codes (`LAB`) that are meant where none was typed
 */
export function nearest(typed: string, names: readonly string[], most = 3, home?: string): string[] {
  const prefixed = names.some((name) => name.includes('.') && prefixOf(name) === prefixOf(typed));
  const words = wordsOf(prefixed || home === undefined ? typed : `${home}.${typed}`);
  const seen = new Map<string, number>();
  return names
    .map((name) => ({ name, score: score(words, name) }))
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .map((each) => {
      const key = `${each.score} ${prefixOf(each.name)}`;
      const turn = seen.get(key) ?? 0;
      seen.set(key, turn + 1);
      return { ...each, turn };
    })
    .sort((a, b) => b.score - a.score || a.turn - b.turn)
    .slice(0, most)
    .map(({ name }) => name);
}

const ALIKE = 0.6;

/** The one name that was probably meant; undefined: none is near enough. */
export function alike(typed: string, names: readonly string[]): string | undefined {
  const [first] = nearest(typed, names, 1);
  return first !== undefined && score(wordsOf(typed), first) >= ALIKE ? first : undefined;
}

/** Edits, where two letters that have changed places are one. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const crossed = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const turned = crossed ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(swap, turned, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
