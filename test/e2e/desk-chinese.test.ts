/** The clerk's desk in Chinese: after a whole story no sentence of the page is English. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { type Agencies, type SandboxHandle, startAgencies } from '../../mocks/index.ts';
import { launchChromium, openPage, type WatchedPage } from '../support/browser.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { englishIn, seenOf } from '../support/english.ts';
import { eventually } from '../support/eventually.ts';
import { type Gateway, makeTenant, startGateway, type Tenant, testEnvironment } from '../support/gateway.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { refusedPort } from '../support/sockets.ts';
import { requireTool } from '../support/tools.ts';
import { element, envelope, laborClient, post, signXml, UNIT } from '../unit/mocks/labor-client.ts';

const VIEWS =
  'inbox exchanges timeline coverage scenarios faults people certificates contracts fidelity callbacks'.split(
    ' ',
  );

describe('the clerk’s desk in Chinese', function () {
  this.timeout(120_000);
  useRealNetwork();
  let mocks: Agencies;
  let database: TestDatabase;
  let gateway: Gateway;
  let tenant: Tenant;
  let box: SandboxHandle;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  before(async function () {
    requireTool('chromium', this);
    [mocks, database, browser] = await Promise.all([startAgencies(), freshDatabase(), launchChromium()]);
    gateway = await startGateway(testEnvironment(database.url));
    tenant = await makeTenant(gateway, mocks);
    box = tenant.agencies;
    watched = await openPage(browser, `${box.urls.desk}/`, { locale: 'zh-CN' });
    page = watched.page;
    await page.waitForSelector('#main[data-ready=inbox]');
  });
  after(async () => {
    await page?.context().close();
    await browser?.close();
    await tenant?.close();
    await gateway?.app.close();
    await mocks?.close();
    await database?.drop();
  });

  const found = new Map<string, string>();
  beforeEach(() => found.clear());
  /** Every text with English in it, once, with where it was first seen. */
  async function look(where: string): Promise<void> {
    for (const text of await seenOf(page)) if (englishIn(text)) found.set(text, found.get(text) ?? where);
  }
  async function visit(hash: string): Promise<void> {
    await page.evaluate(`location.hash = '#/${hash}'`);
    await page.waitForSelector(`#main[data-ready=${hash.split('/')[0]}]`);
    await look(hash);
  }
  /** Something is done that the page tells the end of. */
  async function told(what: string, act: () => Promise<unknown>): Promise<void> {
    await page.evaluate(`document.getElementById('told').replaceChildren()`);
    await act();
    await page.waitForSelector('#told p');
    await look(what);
  }
  const cases = () => (['labor', 'insurance', 'credit'] as const).flatMap((agency) => box.cases(agency));

  /** What a securities firm has to settle before its exit is filed. */
  async function letGo(exitId: string): Promise<void> {
    for (const { gate, subject, documents } of (await tenant.exit(exitId)).blockers) {
      const paper = { title: '测试文件', kind: documents?.kinds[0] };
      const cleared = { gate, subject, actor: '测试合规', documents: [paper] };
      const { status } = await tenant.call('POST', `/v1/exits/${exitId}/clearances`, cleared);
      assert.equal(status, 201);
    }
  }

  /** Messages that are refused at each stage, and lines that break. */
  async function misbehave(): Promise<void> {
    const client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
    await client.send('QueryUnit', { BAB010: 'short' });
    await client.send('SubmitTermination', { BAE941: 'S-1', post: '测试', Nothing: '1' });
    const signed = signXml(envelope(element('QueryUnit', { BAB010: UNIT.uscc })), client.identity);
    await post(box.urls.labor, signed.replace(`>${UNIT.uscc}<`, '>91110105MA001234X5<'));
    await post(box.urls.labor, 'no XML at all');
    for (const path of ['insurance', 'insurance-sm2', 'credit/v1/registration-changes'])
      await fetch(`${box.urls.desk}/${path}`, { method: 'POST', body: '{}' }).then((each) => each.text());
    for (const fault of ['503-maintenance', 'commit-then-lose-reply', 'truncate', 'foreign-signature']) {
      box.fault({ fault, agency: 'labor', operation: 'QueryUnit' });
      await client.send('QueryUnit', { BAB010: UNIT.uscc }).catch(() => undefined);
    }
  }

  it('has no English sentence after filings, decisions, faults, refusals and jumps of the clock', async () => {
    box.callTo('credit', `http://127.0.0.1:${await refusedPort()}/`);
    // One filing waits for the other; each agency has one that its clerk has still to decide.
    const comes = (agency: 'labor' | 'insurance' | 'credit', count: number) =>
      eventually(async () => box.cases(agency).length >= count, {
        what: `case ${count} at ${agency}`,
        within: 30_000,
      });
    box.clerk('credit', { policy: 'accept', delay: 'PT1H' });
    await letGo(await tenant.open({ profile: 'securities' }));
    await comes('credit', 1);
    const stops = box.cases('insurance').length;
    box.clerk('insurance', { policy: 'scripted', script: [{ decision: 'reject' }], delay: 'PT1H' });
    await tenant.open();
    await comes('insurance', stops + 1);
    box.clerk('labor', { policy: 'scripted', script: [{ decision: 'correction' }], delay: 'PT1H' });
    await tenant.open();
    await comes('labor', 3);
    await misbehave();
    await visit('inbox');
    await page.check('#dry-run');
    await told('a dry run', () => page.click('#jump-P15D'));
    await page.uncheck('#dry-run');
    await told('what comes next', () => page.click('#jump-next-event'));
    await visit(`case/credit/${box.cases('credit')[0]?.id}`);
    await told('a decision', () => page.click('#accept-now'));
    await told('the last day', () => page.click('#jump-P15D'));
    await page.waitForSelector('#moved .events li');
    await told('a moment that is past', async () => {
      await page.fill('#jump-at', '2020-01-01T00:00');
      await page.click('#jump-go');
    });
    await visit('scenarios/LAB.HELD');
    await page.fill('#resolve-header', 'LAB.HELT');
    await page.click('form:has(#resolve-header) button');
    await page.waitForSelector('#resolved:not(:empty)');
    await look('a scenario that nobody knows');
    await told('a scenario that is armed', () => page.click('#arm button.main'));
    await told('the exam', () => page.selectOption('#profile', 'go-live-exam').then(() => undefined));
    await tenant.open();

    const views = [...VIEWS, ...cases().map(({ agency, id }) => `case/${agency}/${id}`)];
    const exchanges = box.exchanges().filter(({ stages }) => stages.some(({ note }) => note));
    for (const view of [...views, ...exchanges.slice(0, 20).map(({ id }) => `exchange/${id}`)])
      await visit(view);
    await page.keyboard.press('?');
    await page.waitForSelector('#help[open]');
    await look('the keys');
    await page.keyboard.press('Escape');
    await page.evaluate("location.hash = '#/case/labor/none'");
    await page.waitForSelector('#main[data-ready=error]');
    await look('a case that there is not');
    assert.ok(exchanges.length > 8, 'refusals and faults were met');
    assert.deepEqual([...found], []);
  });

  /** Refusals that were asked for are on the console of a browser; nothing else is. */
  afterEach(() =>
    assert.deepEqual(
      watched.complaints.filter((each) => !/status of (400|404|409|502)/.test(each)),
      [],
    ),
  );

  it('says in Chinese why a participant did not take its step, and quotes what one tells', async () => {
    let status = 200;
    const events = [{ event: 'non-compete', note: 'a month was paid on time' }];
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ events }));
    }).listen(0, '127.0.0.1');
    await eventually(async () => server.listening, { what: 'a participant' });
    try {
      await fetch(`${box.urls.desk}/clock/participants/gateway`, {
        method: 'PUT',
        body: JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }),
      });
      await told('a participant', () => page.click('#jump-P1D'));
      await page.waitForSelector('#moved q >> text=a month was paid on time');
      status = 500;
      await told('a participant that fails', () => page.click('#jump-P1D'));
      assert.match(await page.innerText('#told'), /参与方 gateway 出错：应答状态为 500/);
      assert.deepEqual([...found], []);
    } finally {
      server.close();
    }
  });
});
