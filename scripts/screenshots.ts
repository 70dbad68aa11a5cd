// The pictures of docs/images: a gateway files with the mock agencies, and a browser looks at their desk.
// Run: npm run screenshots (needs chromium on the PATH).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAgencies } from '../mocks/index.ts';
import { launchChromium, openPage, overflowing } from '../test/support/browser.ts';
import { freshDatabase } from '../test/support/database.ts';
import { eventually } from '../test/support/eventually.ts';
import { makeTenant, startGateway, testEnvironment } from '../test/support/gateway.ts';
import { startSharedServers } from '../test/support/shared-servers.ts';

const FOLDER = fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(FOLDER, { recursive: true });
// Chinese also where the machine has no font for it: the one that prints our documents.
const scratch = mkdtempSync(join(tmpdir(), 'exitgate-screenshots-'));
const fontconfig = join(scratch, 'fonts.conf');
const fonts = fileURLToPath(new URL('../node_modules/@expo-google-fonts/noto-sans-sc/', import.meta.url));
writeFileSync(
  fontconfig,
  `<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>${fonts}400Regular</dir><dir>${fonts}700Bold</dir><cachedir>${scratch}</cachedir></fontconfig>`,
);
const shared = await startSharedServers();
process.env.EXITGATE_TEST_SHARED = String(shared.port);
const [mocks, database] = await Promise.all([startAgencies(), freshDatabase()]);
const gateway = await startGateway(testEnvironment(database.url));
const tenant = await makeTenant(gateway, mocks);
const browser = await launchChromium({ ...process.env, FONTCONFIG_FILE: fontconfig });
try {
  await scene();
  for (const [name, hash, options] of await shots()) {
    const { page, complaints } = await openPage(browser, `${tenant.agencies.urls.desk}/${hash}`, options);
    const view = hash.slice(2).split('/')[0];
    await page.waitForSelector(`#main[data-ready=${view}]`);
    for (const each of [...complaints, ...(await overflowing(page))]) console.error(`${name}: ${each}`);
    await page.screenshot({ path: `${FOLDER}desk-${name}.png` });
    console.log(`docs/images/desk-${name}.png`);
    await page.context().close();
  }
} finally {
  await browser.close();
  await tenant.close();
  await gateway.app.close();
  await mocks.close();
  await database.drop();
  await shared.stop();
  rmSync(scratch, { recursive: true, force: true });
}

/** Four exits: one completed, one that waits for a correction, two on the clerk's desk, and a line that loses a reply. */
async function scene(): Promise<void> {
  const { agencies } = tenant;
  await tenant.completed(await tenant.open({ employee: { name: '测试甲' } }));
  agencies.clerk('labor', { policy: 'manual' });
  for (const [at, name] of ['测试乙', '测试丙'].entries()) {
    await tenant.open({ employee: { name } });
    await eventually(() => agencies.cases('labor').length === at + 2, { what: 'a filing', within: 20_000 });
  }
  agencies.fault({ fault: 'commit-then-lose-reply', agency: 'labor', operation: 'SubmitTermination' });
  await tenant.open({ employee: { name: '测试丁' } });
  await eventually(() => agencies.cases('labor').length === 4, { what: 'four filings', within: 20_000 });
  const asked = agencies.cases('labor').find(({ person }) => person.includes('测试乙'));
  agencies.decide('labor', asked?.id ?? '', {
    decision: 'correction',
    field: 'post',
    reason: '岗位与劳动合同不一致，请核对后补正',
  });
  agencies.fault({ fault: '503-maintenance', agency: 'insurance', times: 2 });
  agencies.arm('LAB.ACCEPTED_WITH_WARNING', { times: 1 });
  agencies.freeze();
}

type Shot = readonly [name: string, hash: string, options: Parameters<typeof openPage>[2]];

async function shots(): Promise<Shot[]> {
  const { agencies } = tenant;
  const open = agencies.cases('labor').find(({ person }) => person.includes('测试丙'));
  const filing = agencies.exchanges('labor').find(({ operation }) => operation === 'SubmitTermination');
  const lost = agencies.exchanges('labor').find(({ faults }) => faults.length > 0) ?? filing;
  const wide = { width: 1280, height: 860 };
  const narrow = { width: 390, height: 844 };
  return [
    ['inbox', '#/inbox', wide],
    ['case', `#/case/labor/${open?.id}`, { ...wide, height: 900 }],
    ['exchange', `#/exchange/${lost?.id}`, wide],
    ['case-phone', `#/case/labor/${open?.id}`, { ...narrow, locale: 'zh-CN', dark: true }],
  ];
}
