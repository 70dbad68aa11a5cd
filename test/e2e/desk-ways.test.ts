/** The desk's page where an address leads nowhere, and what its questions offer. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { SCENARIOS } from '../../mocks/scenarios/index.ts';
import { launchChromium, openPage, type WatchedPage } from '../support/browser.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { requireTool } from '../support/tools.ts';

describe('ways through the clerk’s desk in a browser', function () {
  this.timeout(60_000);
  useRealNetwork();
  let mocks: Agencies;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  before(async function () {
    requireTool('chromium', this);
    [mocks, browser] = await Promise.all([startAgencies(), launchChromium()]);
    mocks.sandbox('ways', { frozen: true });
    watched = await openPage(browser, `${mocks.urls.desk}/s/ways/`);
    page = watched.page;
    await page.waitForSelector('#main[data-ready=inbox]');
  });
  after(async () => {
    await browser?.close();
    await mocks?.close();
  });
  afterEach(() => assert.deepEqual(watched.complaints, []));

  for (const hash of ['#/nope', '#/case/labor/%ZZ', '#/toString'])
    it(`says that ${hash} leads nowhere, and leads back`, async () => {
      await page.evaluate(`location.hash = '${hash}'`);
      await page.waitForSelector('#main[data-ready=nowhere]');
      assert.equal(await page.innerText('#main code'), hash);
      assert.equal(await page.title(), 'There is no such view · Clerk desk');
      await page.click('#main .back a');
      await page.waitForSelector('#main[data-ready=inbox]');
    });

  it('asks which would win wherever a scenario may begin', async () => {
    await page.evaluate("location.hash = '#/scenarios'");
    await page.waitForSelector('#main[data-ready=scenarios]');
    const offered = await page.evaluate<string[]>(
      "[...document.getElementById('resolve-operation').options].map(({ value }) => value)",
    );
    const places = SCENARIOS.flatMap(({ agency, operations }) =>
      operations.map((name) => `${agency} ${name}`),
    );
    assert.deepEqual([...new Set(offered)].sort(), [...new Set(places)].sort());
    assert.ok(offered.includes('labor QueryPerson'));
  });
});
