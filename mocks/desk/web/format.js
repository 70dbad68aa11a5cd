// Pure: times, spans, messages and commands as people read them. No page is touched here.

const EIGHT_HOURS = 8 * 3_600_000;
const DAY = 86_400_000;

/** ISO instant as China Standard Time: `2026-11-25 10:00:00`. */
export const chinaTime = (iso) =>
  new Date(Date.parse(iso) + EIGHT_HOURS).toISOString().slice(0, 19).replace('T', ' ');

export const chinaDay = (iso) => chinaTime(iso).slice(0, 10);

/** `yyyy-MM-ddTHH:mm` of a field, China Standard Time, as an ISO instant. */
export const fromChina = (text) =>
  new Date(Date.parse(`${text.slice(0, 16)}:00Z`) - EIGHT_HOURS).toISOString();

/** The last second of a day in China. */
export const endOfDay = (day) => new Date(Date.parse(`${day}T15:59:59Z`)).toISOString();

export const daysLater = (iso, days) => chinaDay(new Date(Date.parse(iso) + days * DAY).toISOString());

/** Milliseconds as the largest two units; `unit` says the words: unit('day', 3) → `3 days`. */
export function span(ms, unit) {
  const left = Math.abs(ms);
  if (left < 1000) return unit('second', 0);
  const parts = [
    ['day', Math.floor(left / DAY)],
    ['hour', Math.floor((left % DAY) / 3_600_000)],
    ['minute', Math.floor((left % 3_600_000) / 60_000)],
    ['second', Math.floor((left % 60_000) / 1000)],
  ];
  const first = parts.findIndex(([, count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => unit(name, count))
    .join(' ');
}

/** How near a deadline is: `late`, `near` (two days), `far`. */
export function nearness(due, now) {
  const left = Date.parse(due) - Date.parse(now);
  return left < 0 ? 'late' : left <= 2 * DAY ? 'near' : 'far';
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** A command for a shell. @param token what $TOKEN must hold, said by the shell when it holds nothing; absent: no token is wanted */
export function curl(method, url, body, token) {
  const parts = token === undefined ? ['curl -s'] : [`: "\${TOKEN:?${token}}";`, 'curl -s'];
  if (method !== 'GET') parts.push(`-X ${method}`);
  parts.push(quoted(url));
  if (token !== undefined) parts.push('-H "Authorization: Bearer $TOKEN"');
  if (body !== undefined)
    parts.push("-H 'content-type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
  return parts.join(' ');
}

/** XML or JSON with an element or member to a line; anything else as it is. */
export function indented(text) {
  const start = text.trimStart()[0];
  if (start === '<') return indentXml(text.trim());
  if (start !== '{' && start !== '[') return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function indentXml(text) {
  const tokens = text.match(/<[^>]+>|[^<]+/g) ?? [];
  const lines = [];
  let depth = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (!token.startsWith('<')) {
      if (token.trim()) lines.push('  '.repeat(depth) + token.trim());
      continue;
    }
    if (token.startsWith('</')) {
      depth = Math.max(depth - 1, 0);
      lines.push('  '.repeat(depth) + token);
      continue;
    }
    const [, next, close] = [token, tokens[at + 1] ?? '', tokens[at + 2] ?? ''];
    const opens = !token.endsWith('/>') && !token.startsWith('<?') && !token.startsWith('<!');
    if (opens && next.startsWith('</')) {
      lines.push('  '.repeat(depth) + token + next);
      at += 1;
    } else if (opens && !next.startsWith('<') && close.startsWith('</')) {
      lines.push('  '.repeat(depth) + token + next + close);
      at += 2;
    } else {
      lines.push('  '.repeat(depth) + token);
      if (opens) depth += 1;
    }
  }
  return lines.join('\n');
}

/** Lines of a message, each with the errors of the schema that are about it; errors without a place come last. */
export function annotated(text, errors) {
  const lines = text.split('\n').map((line) => ({ line, errors: [] }));
  const rest = [];
  for (const error of errors) {
    const named =
      error.field &&
      new RegExp(`(<(?:\\w+:)?${escaped(error.field)}[\\s/>])|("${escaped(error.field)}"\\s*:)`);
    const at = named ? lines.findIndex(({ line }) => named.test(line)) : -1;
    if (at >= 0) lines[at].errors.push(error);
    else rest.push(error);
  }
  return { lines, rest };
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export const shorter = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
