/** Where a text stops being JSON (RFC 8259). `JSON.parse` says so only sometimes, and quotes the body when it does. */

const STRING = String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"`;
const OTHER = String.raw`(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])`;
const TOKEN = new RegExp(String.raw`[ \t\r\n]*(?:([[\]{}:,])|(${STRING})|${OTHER})`, 'y');

type Expect = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma' | 'end';

/** Line and column count from 1. Called only with a text that `JSON.parse` refused. */
export function jsonFault(text: string): { readonly line: number; readonly column: number } {
  const open: string[] = [];
  let expect: Expect = 'value';
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) break;
    const [, mark, string] = token;
    const next = after(expect, mark, string !== undefined, open);
    if (next === undefined) break;
    expect = next;
    at = TOKEN.lastIndex;
  }
  const position = at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);
  const before = text.slice(0, position);
  return { line: before.split('\n').length, column: position - before.lastIndexOf('\n') };
}

/** What may follow the token; undefined when it may not stand here. */
function after(
  expect: Expect,
  mark: string | undefined,
  string: boolean,
  open: string[],
): Expect | undefined {
  const closed = (): Expect => (open.length === 0 ? 'end' : 'comma');
  const isKey = expect === 'key' || expect === 'key or }';
  const isValue = expect === 'value' || expect === 'value or ]';
  if (mark === undefined) {
    if (isKey) return string ? 'colon' : undefined;
    return isValue ? closed() : undefined;
  }
  if (mark === '{' || mark === '[') {
    if (!isValue) return undefined;
    open.push(mark);
    return mark === '{' ? 'key or }' : 'value or ]';
  }
  if (mark === ':') return expect === 'colon' ? 'value' : undefined;
  if (mark === ',') {
    if (expect !== 'comma') return undefined;
    return open.at(-1) === '{' ? 'key' : 'value';
  }
  const [opener, empty] = mark === '}' ? ['{', 'key or }'] : ['[', 'value or ]'];
  if (open.at(-1) !== opener || (expect !== 'comma' && expect !== empty)) return undefined;
  open.pop();
  return closed();
}
