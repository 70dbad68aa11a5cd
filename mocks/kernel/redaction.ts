// What the journal does not keep: passwords and tokens, wherever a request or an answer carries them.

export const KEPT_BACK = '(kept back)';

const HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);
const NAMES = [
  'client_secret',
  'client_assertion',
  'access_token',
  'refresh_token',
  'id_token',
  'token',
  'password',
];
const MEMBER = new RegExp(`("(?:${NAMES.join('|')})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"?`, 'gi');

export interface Redacted<T> {
  readonly kept: T;
  /** Something was taken out. */
  readonly redacted: boolean;
}

export function redactHeaders(
  headers: Readonly<Record<string, string>>,
): Redacted<Readonly<Record<string, string>>> {
  const kept = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, HEADERS.has(name) ? KEPT_BACK : value]),
  );
  return { kept, redacted: Object.keys(headers).some((name) => HEADERS.has(name)) };
}

/** By what it looks like, not by what it says it is: a form sent as something else is refused, and a password all the same. */
export function redactBody(body: Buffer): Redacted<Buffer> {
  const text = body.toString('latin1');
  const first = text.trimStart()[0];
  if (first === undefined || first === '<') return { kept: body, redacted: false };
  const kept = first === '{' || first === '[' ? text.replace(MEMBER, `$1"${KEPT_BACK}"`) : redactForm(text);
  return kept === text
    ? { kept: body, redacted: false }
    : { kept: Buffer.from(kept, 'latin1'), redacted: true };
}

export function redactPath(path: string, query: URLSearchParams): Redacted<string> {
  if (query.size === 0) return { kept: path, redacted: false };
  const text = String(query);
  const kept = redactForm(text);
  return { kept: `${path}?${kept}`, redacted: kept !== text };
}

const redactForm = (text: string) =>
  text
    .split('&')
    .map((pair) => {
      const [name = ''] = pair.split('=', 1);
      const plain = new URLSearchParams(name).keys().next().value?.trim().toLowerCase() ?? '';
      return NAMES.includes(plain) ? `${name}=${KEPT_BACK}` : pair;
    })
    .join('&');
