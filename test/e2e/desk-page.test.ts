/** The clerk's desk in a browser: a filing arrives, a field is sent back, the gateway files again, the last day accepts. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { launchChromium, openPage, overflowing, type WatchedPage } from '../support/browser.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Gateway, makeTenant, startGateway, type Tenant, testEnvironment } from '../support/gateway.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { requireTool } from '../support/tools.ts';

const VIEWS =
  'inbox exchanges timeline coverage scenarios faults people certificates contracts fidelity callbacks'.split(
    ' ',
  );

describe('the clerk’s desk in a browser', function () {
  this.timeout(90_000);
  useRealNetwork();
  let mocks: Agencies;
  let database: TestDatabase;
  let gateway: Gateway;
  let tenant: Tenant;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  before(async function () {
    requireTool('chromium', this);
    [mocks, database, browser] = await Promise.all([startAgencies(), freshDatabase(), launchChromium()]);
    gateway = await startGateway(testEnvironment(database.url));
  });
  after(async () => {
    await browser?.close();
    await gateway?.app.close();
    await mocks?.close();
    await database?.drop();
  });
  beforeEach(async () => {
    tenant = await makeTenant(gateway, mocks);
    watched = await openPage(browser, `${tenant.agencies.urls.desk}/`);
    page = watched.page;
    await shows('inbox');
  });
  afterEach(async () => {
    await page?.context().close();
    await tenant?.close();
  });

  /** At the end of each test: nothing on the console, nothing asked of anybody else. */
  const isQuiet = () => assert.deepEqual(watched.complaints, []);
  const shows = (view: string) => page.waitForSelector(`#main[data-ready=${view}]`);
  const state = (text: string) => page.waitForSelector(`.facts .badge:text-is("${text}")`);
  const go = async (hash: string) => {
    await page.evaluate(`location.hash = '${hash}'`);
    await shows(hash.split('/')[1] ?? '');
  };
  const labor = () => tenant.agencies.cases('labor');
  const correction = () => {
    const [first] = labor();
    assert.ok(first);
    return first.detail.correction as { due: string; reason: string };
  };
  const filingIs = (exitId: string, wanted: string) =>
    eventually(async () => (await tenant.filing(exitId)).state === wanted, {
      what: `a filing that is ${wanted}`,
      within: 20_000,
      every: 100,
    });
  const answer = async (exitId: string) => {
    const { id } = await tenant.filing(exitId);
    const supplements = [{ kind: 'handover', title: '工作交接清单', text: '已交接' }];
    const { status } = await tenant.call('POST', `/v1/filings/${id}/amendments`, {
      actor: '测试',
      supplements,
    });
    assert.equal(status, 201);
  };

  it('sends a field back, sees the gateway file again, and accepts on the last day', async () => {
    await page.selectOption('#clerk-labor', 'manual');
    await eventually(() => clerkIs('manual'), {
      what: 'a clerk by hand',
    });
    const exitId = await tenant.open({ employee: { name: '测试甲' } });
    await page.click('a.row.case'); // comes by itself
    await shows('case');
    await state('submitted');
    await page.click('#field-post');
    assert.equal(await page.inputValue('#correction-field'), 'post');
    assert.equal(await page.evaluate('document.activeElement.id'), 'correction-reason');
    await page.fill('#correction-reason', '岗位与合同不一致');
    assert.match(await page.innerText('#form-correction code'), /"field":"post","reason":"岗位与合同不一致"/);
    await page.click('#decide-correction');
    await state('correction requested');
    const due = correction().due;

    await page.check('#dry-run');
    await page.click('#jump-next-deadline');
    await page.waitForSelector('#moved.dry >> text=overdue');
    assert.equal(labor()[0]?.state, 'correction_requested');
    await page.uncheck('#dry-run');
    await page.fill('#jump-at', `${due}T23:00`);
    await page.click('#jump-go');
    await page.waitForSelector(`#clock:has-text("${due} 23:0")`);
    await page.waitForSelector('.due.near');

    await filingIs(exitId, 'correction_requested');
    await answer(exitId);
    await state('submitted');
    await page.waitForSelector('text=工作交接清单');
    await page.click('#accept-now');
    await state('concluded');
    await tenant.completed(exitId);
    isQuiet();
  });

  it('says which rule won, after one was made with the builder', async () => {
    await go('#/scenarios/LAB.ACCEPTED_WITH_WARNING');
    await page.selectOption('#arm-how', 'rules');
    await page.click('#arm button.main');
    await page.waitForSelector('.chip.wide >> text=rule-1');
    await tenant.completed(await tenant.open());
    await go('#/exchanges');
    await page.click('a.row.exchange:has-text("Submit termination")');
    await shows('exchange');
    const why = await page.innerText('#why');
    assert.match(why, /A standing rule chose LAB\.ACCEPTED_WITH_WARNING \(rule rule-1\)/);
    assert.equal(await page.innerText('.strength .won'), 'Rule');
    await page.click('#replay');
    await page.waitForSelector('#told >> text=Sent once more as');
    await page.click('#as-test summary');
    assert.match(await page.innerText('#as-test code'), /sandbox\.arm\('LAB\.ACCEPTED_WITH_WARNING'/);
    isQuiet();
  });

  it('shows what a line lost, and disarms what is left', async () => {
    await go('#/faults');
    await page.selectOption('#fault-preset-preset', 'commit-then-lose-reply');
    await page.waitForSelector('.note >> text=the line drops before the receipt');
    await page.selectOption('#fault-preset-agency', 'labor');
    await page.selectOption('#fault-preset-operation', 'SubmitTermination');
    await page.fill('#fault-preset-times', '3');
    await page.click('#arm-preset-go');
    await page.waitForSelector('.strip .chip >> text=3 left');
    await tenant.completed(await tenant.open());
    await page.waitForSelector('.strip .chip >> text=2 left');
    await page.click('.strip .chip button');
    await page.waitForSelector('.strip', { state: 'detached' });
    assert.deepEqual(tenant.agencies.faults(), []);
    await go('#/coverage');
    assert.match(await page.innerText('#main'), /reset × 1/);
    isQuiet();
  });

  it('works by keyboard alone', async () => {
    tenant.agencies.clerk('labor', { policy: 'manual' });
    await tenant.open();
    await page.waitForSelector('a.row.case');
    const { keyboard } = page;
    await keyboard.press('j');
    await keyboard.press('Enter');
    await shows('case');
    await tabTo('field-post');
    const ring = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    assert.equal(ring, 'solid');
    await keyboard.press('Enter');
    await keyboard.type('岗位有误');
    await tabTo('decide-correction');
    await keyboard.press('Enter');
    await state('correction requested');
    assert.equal(correction().reason, '岗位有误');
    const before = tenant.agencies.now().getTime();
    await keyboard.press('t');
    await keyboard.press('1');
    await eventually(() => tenant.agencies.now().getTime() - before >= 86_400_000, { what: 'a day later' });
    await keyboard.press('?');
    await page.waitForSelector('#help[open]');
    await keyboard.press('Escape');
    await page.waitForSelector('#help[open]', { state: 'detached' });
    await keyboard.press('g');
    await keyboard.press('t');
    await shows('timeline');
    assert.match(await page.innerText('.days'), /Last moment to answer/);
    isQuiet();
  });

  it('fits 1280 and 390 pixels in both languages, with nothing amiss', async () => {
    tenant.agencies.clerk('labor', { policy: 'manual' });
    tenant.agencies.fault({ fault: '503-maintenance', agency: 'insurance' });
    await tenant.open();
    await eventually(() => labor().length === 1, { what: 'a filing' });
    const more = [
      `case/labor/${labor()[0]?.id}`,
      `exchange/${tenant.agencies.exchanges('labor').at(-1)?.id}`,
    ];
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const language of ['en', 'zh-CN']) {
        await page.click(`#language-${language}`);
        for (const hash of [...VIEWS, ...more]) {
          await go(`#/${hash}`);
          assert.deepEqual(await overflowing(page), [], `${hash} at ${width} in ${language}`);
          assert.doesNotMatch(await page.innerText('body'), /undefined|\[object|NaN|\{\w+\}/, hash);
        }
      }
    }
    assert.equal(await page.evaluate('document.documentElement.lang'), 'zh-CN');
    await page.reload();
    await page.waitForSelector('#nav >> text=收件箱');
    isQuiet();
  });

  it('asks for the admin token where strangers share the agencies, and shows markup in a message as text', async () => {
    const open = await startAgencies({ hosting: 'public', only: ['labor'] });
    try {
      const made = await fetch(`${open.urls.desk}/sandboxes`, { method: 'POST', body: '{}' });
      const { urls, admin_token: token } = (await made.json()) as {
        urls: { desk: string };
        admin_token: string;
      };
      const { page: other } = await openPage(browser, `${urls.desk}/`);
      await other.fill('#token', 'wrong');
      await other.keyboard.press('Enter');
      await other.waitForSelector('#token-wrong[role=alert]');
      await other.fill('#token', token);
      await other.keyboard.press('Enter');
      await other.waitForSelector('#main[data-ready=inbox]');
      await fetch(`${urls.desk}/labor`, {
        method: 'POST',
        body: '<b id="evil"><img src="x" onerror="alert(1)"></b>',
      });
      await other.evaluate("location.hash = '#/exchange/x1'");
      await other.waitForSelector('pre >> text=onerror');
      assert.equal(await other.locator('#evil, #main img').count(), 0);
      await other.context().close();
    } finally {
      await open.close();
    }
  });

  it('gives a stranger a sandbox, its token once, and shows what is simulated to whoever asks', async () => {
    const open = await startAgencies({ hosting: 'public' });
    try {
      const { page: other, complaints } = await openPage(browser, `${open.urls.desk}/`);
      await other.setViewportSize({ width: 390, height: 800 });
      await other.waitForSelector('#main[data-ready=door]');
      await other.click('#to-fidelity');
      await other.waitForSelector('#main[data-ready=fidelity] >> text=requests_per_minute_of_sandbox');
      await other.evaluate("location.hash = '#/inbox'");
      await other.waitForSelector('#main[data-ready=door]');
      await other.click('#language-zh-CN');
      await other.waitForSelector('#make-sandbox:text-is("创建沙箱")');
      await other.focus('#make-sandbox');
      await other.keyboard.press('Enter');
      await other.waitForSelector('#made-addresses');
      assert.deepEqual(await overflowing(other), []);
      const token = (await other.textContent('#made-token code')) ?? '';
      await other.waitForFunction("document.activeElement?.id === 'open-made'");
      await other.keyboard.press('Enter');
      await other.waitForSelector('#main[data-ready=inbox]');
      const desk = (await other.evaluate('location.href')) as string;
      assert.match(desk, /\/s\/box-\w+\//);
      const clock = await fetch(new URL('clock', desk), { headers: { authorization: `Bearer ${token}` } });
      assert.equal(clock.status, 200);
      await other.evaluate("location.hash = '#/faults'");
      await other.waitForSelector('#main[data-ready=faults]');
      const commands = await other.evaluate('document.body.textContent');
      assert.ok(!String(commands).includes(token));
      assert.deepEqual(complaints, []);
      await other.context().close();
    } finally {
      await open.close();
    }
  });

  const clerkIs = async (policy: string) => {
    const clerks = (await (await fetch(`${tenant.agencies.urls.desk}/clerk`)).json()) as {
      labor: { policy: string };
    };
    return clerks.labor.policy === policy;
  };

  /** Tab after Tab, as a person would; a hundred are more than any view has before its end. */
  async function tabTo(id: string): Promise<void> {
    for (let at = 0; at < 100; at += 1) {
      if ((await page.evaluate('document.activeElement.id')) === id) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`Tab does not come to ${id}`);
  }
});
