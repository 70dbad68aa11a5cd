/** The desk's page without a gateway: what its builders offer, who decides, and what it does when the desk is away. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { type Agencies, type SandboxHandle, startAgencies } from '../../mocks/index.ts';
import { launchChromium, openPage, type WatchedPage } from '../support/browser.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { openRelay } from '../support/sockets.ts';
import { requireTool } from '../support/tools.ts';

describe('controls of the clerk’s desk in a browser', function () {
  this.timeout(60_000);
  useRealNetwork();
  let mocks: Agencies;
  let box: SandboxHandle;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  let count = 0;

  before(async function () {
    requireTool('chromium', this);
    [mocks, browser] = await Promise.all([startAgencies(), launchChromium()]);
  });
  after(async () => {
    await browser?.close();
    await mocks?.close();
  });
  beforeEach(async () => {
    count += 1;
    box = mocks.sandbox(`controls-${count}`, { frozen: true });
    watched = await openPage(browser, `${box.urls.desk}/`);
    page = watched.page;
    await page.waitForSelector('#main[data-ready=inbox]');
  });
  afterEach(() => page?.context().close());

  const offered = (id: string) =>
    page.evaluate<string[]>(
      `[...document.getElementById('${id}').options].filter((each) => !each.disabled && each.value).map((each) => each.value)`,
    );

  it('offers only faults that can be armed, also after it was drawn anew', async () => {
    await page.click('#nav-faults');
    await page.waitForSelector('#main[data-ready=faults]');
    await page.selectOption('#fault-effect-kind', 'wrapped-signature');
    assert.deepEqual(await offered('fault-effect-phase'), ['response']);
    assert.deepEqual(await offered('fault-effect-agency'), ['labor']);
    assert.ok(!(await offered('fault-effect-operation')).includes('stop'));
    await page.selectOption('#fault-effect-phase', 'response');
    await page.selectOption('#fault-effect-operation', 'SubmitTermination');
    assert.ok(!(await offered('fault-effect-kind')).includes('expired-token'));

    box.fault({ fault: 'hang', id: 'elsewhere' });
    await page.waitForSelector('.strip .chip >> text=hang');
    assert.deepEqual(await offered('fault-effect-agency'), ['labor']);
    assert.match(await page.innerText('#arm-effect code'), /"kind":"wrapped-signature"/);
    await page.click('#arm-effect-go');
    await page.waitForSelector('.strip .chip >> text=wrapped-signature');
    assert.deepEqual(
      box.faults().map(({ kind, operation }) => [kind, operation]),
      [
        ['hang', undefined],
        ['wrapped-signature', 'SubmitTermination'],
      ],
    );
    assert.deepEqual(watched.complaints, []);
  });

  it('leaves cases to a script, and says how much of it is left', async () => {
    box.clerk('labor', { script: [{ decision: 'hold' }, { decision: 'reject' }] });
    await page.waitForSelector('.field:has(#clerk-labor) small >> text=decisions left in the script: 2');
    assert.equal(await page.inputValue('#clerk-labor'), 'scripted');
    await page.selectOption('#clerk-credit', 'scripted');
    await page.waitForSelector('.field:has(#clerk-credit) small >> text=no script left');
    assert.equal(box.clerk('credit', {}).policy, 'scripted');
    await page.selectOption('#clerk-labor', 'manual');
    await page.waitForSelector('.field:has(#clerk-labor):not(:has(small))');
    assert.equal(box.clerk('labor', {}).policy, 'manual');
    assert.deepEqual(watched.complaints, []);
  });

  it('says that a client keeps its own time when the desk alone moves the clock', async () => {
    await page.click('#jump-P1D');
    await page.waitForSelector('#moved');
    assert.equal(await page.locator('#moved .hint').count(), 0);
    await fetch(`${box.urls.labor}/`, { method: 'POST', body: 'x' });
    await page.click('#jump-P1D');
    await page.waitForSelector('#moved .hint >> text=POST /v1/test/clock');
    assert.deepEqual(watched.complaints, []);
  });

  it('hears of a change without asking', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    box.arm('LAB.REJECTED');
    await page.waitForSelector('#nav-scenarios .count >> text=1');
    assert.ok(!asked.some((path) => path.endsWith('/overview')));
    assert.deepEqual(watched.complaints, []);
  });

  it('says that the desk is away, and is back with it, without a word on the console', async () => {
    const first = await startAgencies({ only: ['labor'] });
    const relay = await openRelay(Number(new URL(first.urls.desk).port));
    const other = await openPage(browser, `http://127.0.0.1:${relay.port}/`);
    await other.page.waitForSelector('#main[data-ready=inbox]');
    await other.page.waitForSelector('#take'); // the last that it asks for
    relay.lead(undefined);
    await first.close();
    await other.page.waitForSelector('body.away');
    assert.match(await other.page.innerText('#told'), /do not answer/);
    const second = await startAgencies({ only: ['labor'] });
    relay.lead(Number(new URL(second.urls.desk).port));
    try {
      await other.page.waitForSelector('body:not(.away)');
      second.sandbox().arm('LAB.REJECTED');
      await other.page.waitForSelector('#nav-scenarios .count >> text=1');
      assert.deepEqual(other.complaints, []);
    } finally {
      await other.page.context().close();
      await relay.close();
      await second.close();
    }
  });
});
