// The clerk desk as it is served: a page and its files under a strict policy, in the language of the browser.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type Agencies, startAgencies } from '../../../mocks/index.ts';
import { languageOf } from '../../../mocks/kernel/language.ts';

const FOLDER = new URL('../../../mocks/desk/web/', import.meta.url);
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.\w+$/.test(name),
);
const sources = files
  .filter((name) => name.endsWith('.js'))
  .map((name) => ({ name, text: readFileSync(new URL(name, FOLDER), 'utf8') }));

describe('the page of the desk', () => {
  let agencies: Agencies;
  before(async () => {
    agencies = await startAgencies();
    agencies.sandbox('mine');
  });
  after(() => agencies.close());

  const open = (path: string, language?: string) =>
    fetch(agencies.urls.desk + path, {
      redirect: 'manual',
      headers: language === undefined ? {} : { 'accept-language': language },
    });

  it('lets nothing in from outside, and runs nothing inline', async () => {
    for (const path of ['/', '/s/mine/', '/web/app.js', '/s/mine/web/desk.css']) {
      const { status, headers } = await open(path);
      assert.equal(status, 200, path);
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'/);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
    }
    const page = await (await open('/')).text();
    assert.doesNotMatch(page, /<script>|<style|\son\w+=|style=|https?:/);
    for (const { name, text } of sources)
      assert.doesNotMatch(
        text,
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|DOMParser/,
        name,
      );
  });

  it('serves each of its files with its type, and no other', async () => {
    const types: Record<string, string> = {
      js: 'text/javascript',
      css: 'text/css',
      svg: 'image/svg+xml',
      html: 'text/html',
    };
    for (const name of files) {
      const { status, headers } = await open(`/web/${name}`);
      assert.equal(status, 200, name);
      assert.ok(headers.get('content-type')?.startsWith(types[name.split('.').at(-1) ?? ''] ?? '?'), name);
    }
    for (const path of ['/web/../desk.ts', '/web/%2e%2e/desk.ts', '/web/', '/web/words', '/web/none.js'])
      assert.equal((await open(path)).status, 404, path);
  });

  it('finds every module that a module names', () => {
    for (const { name, text } of sources)
      for (const [, target = ''] of text.matchAll(/from '(\.[^']+)'/g)) {
        const { href } = new URL(target, new URL(name, FOLDER));
        assert.ok(files.includes(href.slice(FOLDER.href.length)), `${name} imports ${target}`);
      }
  });

  it('comes in the language that the browser likes better', async () => {
    for (const [wish, language] of [
      ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
      ['en-GB,en;q=0.9,zh;q=0.5', 'en'],
      ['zh;q=0.2, en;q=0.1', 'zh-CN'],
      ['fr', 'en'],
      ['zh;q=x', 'en'],
      ['', 'en'],
    ] as const)
      assert.equal(languageOf(wish), language, wish);
    assert.match(await (await open('/', 'zh-CN')).text(), /<html lang="zh-CN">/);
    assert.match(await (await open('/', 'en')).text(), /<html lang="en">/);
  });

  it('shows a browser a way out of a sandbox that there is not, and everybody else the problem', async () => {
    const gone = (path: string, accept: string, method = 'GET') =>
      fetch(agencies.urls.desk + path, { method, headers: { accept, 'accept-language': 'zh-CN' } });
    for (const [path, root] of [
      ['/s/gone', '../'],
      ['/s/gone/', '../../'],
      ['/s/gone/labor/x', '../../../'],
    ] as const) {
      const answer = await gone(path, 'text/html,*/*;q=0.8');
      const page = await answer.text();
      assert.equal(answer.status, 404);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
      assert.match(answer.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
      assert.match(page, /There is no such sandbox[\s\S]+没有该沙箱/);
      assert.ok(page.includes(`<a href="${root}">`), path);
      assert.doesNotMatch(page, /gone|\{root\}/);
      assert.equal(new URL(root, agencies.urls.desk + path).href, `${agencies.urls.desk}/`);
    }
    for (const [accept, method] of [
      ['*/*', 'GET'],
      ['application/json', 'GET'],
      ['text/html', 'POST'],
    ] as const) {
      const answer = await gone('/s/gone/', accept, method);
      assert.equal(answer.status, 404);
      assert.equal(((await answer.json()) as { code: string }).code, 'SANDBOX_UNKNOWN');
    }
  });

  it('sends a sandbox without its slash to the one with it, for addresses are relative', async () => {
    const { status, headers } = await open('/s/mine');
    assert.deepEqual([status, headers.get('location')], [308, `${agencies.urls.desk}/s/mine/`]);
  });
});
