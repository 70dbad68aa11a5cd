/** The desk's page without a gateway: what its builders offer, who decides, and what it does when the desk is away. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

  it('asks now and then where no stream comes through, and still hears of a change, of a desk that is away and back', async () => {
    const between = await withoutStreams(box.urls.desk);
    const other = await openPage(browser, between.url);
    try {
      await other.page.waitForSelector('#main[data-ready=inbox]');
      await other.page.waitForSelector('#take'); // the last that it asks for
      const asked = between.asked('/overview');
      box.arm('LAB.REJECTED');
      await other.page.waitForSelector('#nav-scenarios .count >> text=1');
      assert.equal(between.asked('/stream'), 1, 'a stream that is none is not asked for again and again');
      assert.ok(between.asked('/overview') > asked);
      between.stands = false;
      await other.page.waitForSelector('body.away');
      box.arm('LAB.HELD'); // nobody is told of it
      between.stands = true;
      await other.page.waitForSelector('body:not(.away)');
      await other.page.waitForSelector('#nav-scenarios .count >> text=2');
      assert.deepEqual(other.complaints, []);
    } finally {
      await other.page.context().close();
      between.close();
    }
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

/** Something between browser and desk that lets no stream of events through, as some companies have it. */
async function withoutStreams(desk: string) {
  const paths: string[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    paths.push(path);
    if (!between.stands) return void request.socket.destroy();
    if (path === '/stream')
      return void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
    const answer = await fetch(desk + path, {
      headers: { 'accept-language': request.headers['accept-language'] ?? '' },
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const between = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stands: true,
    asked: (path: string) => paths.filter((each) => each === path).length,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return between;
}
