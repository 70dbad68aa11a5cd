// The clerk desk as a page: the files of web/ beside this one, read once, under a policy that lets nothing in from outside.
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Call, Reply } from '../kernel/agency.ts';
import { languageOf } from '../kernel/language.ts';
import { problem } from './problem.ts';

const FOLDER = new URL('./web/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing inline, nothing from elsewhere, in nobody's frame. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  // Small files from the same machine: what was changed should be seen at the next load.
  'cache-control': 'no-cache',
} as const;

/** A written list made once: a path from outside is looked up in it, and never touches the disk. */
const FILES: ReadonlyMap<string, { readonly type: string; readonly body: Buffer }> = new Map(
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .flatMap((name) => {
      const type = TYPES[extname(name)];
      return type === undefined ? [] : [[name, { type, body: readFileSync(new URL(name, FOLDER)) }] as const];
    }),
);

/** The page at `/`, its files below `/web/`. undefined: not one of them. */
export function webPage(call: Call): Reply | undefined {
  if (call.path === '/') {
    const page = FILES.get('index.html');
    if (!page) return undefined;
    const language = languageOf(call.headers['accept-language']);
    const body = page.body.toString('utf8').replace('<html lang="en">', `<html lang="${language}">`);
    return reply(page.type, body, { 'content-language': language, vary: 'accept-language' });
  }
  const file = call.path.startsWith('/web/') ? FILES.get(call.path.slice('/web/'.length)) : undefined;
  return file && reply(file.type, file.body);
}

/** Of a sandbox that there is not: a page with a way out for whoever sits at a browser, a problem for everybody else. */
export function sandboxUnknown({ method, path, headers }: Call): Reply {
  const says = {
    en: 'no such sandbox; create it with POST /sandboxes',
    zh: '没有该沙箱；请用 POST /sandboxes 创建',
  };
  const page = FILES.get('gone.html');
  if (!page || method !== 'GET' || !headers.accept?.includes('text/html'))
    return problem(404, 'SANDBOX_UNKNOWN', says, languageOf(headers['accept-language']));
  // Relative, as all addresses of the page are; nothing of what was asked for is repeated.
  const root = '../'.repeat(path.split('/').length - 2);
  return reply(page.type, page.body.toString('utf8').replaceAll('{root}', root), { vary: 'accept' }, 404);
}

const reply = (
  type: string,
  body: Buffer | string,
  more: Record<string, string> = {},
  status = 200,
): Reply => ({
  status,
  headers: { ...HEADERS, 'content-type': type, ...more },
  body,
});
