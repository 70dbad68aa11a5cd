/** A headless Chromium for tests of pages; what the page complains of is kept, and is a failure. */
import { spawnSync } from 'node:child_process';
import { type Browser, chromium, type Page } from 'playwright-core';

export const findChromium = (): string | undefined =>
  spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim() || undefined;

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export const launchChromium = (env: NodeJS.ProcessEnv = process.env): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium() ?? 'chromium',
    args: ARGUMENTS,
    env: Object.fromEntries(
      Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
  });

export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, exceptions, and whatever was asked of another host. */
  readonly complaints: readonly string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: {
    readonly width?: number;
    readonly height?: number;
    readonly locale?: string;
    readonly dark?: boolean;
  } = {},
): Promise<WatchedPage> {
  const { width = 1280, height = 900, locale = 'en-GB', dark = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    locale,
    colorScheme: dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const { origin } = new URL(request.url());
    if (origin !== new URL(url).origin && origin !== 'null')
      complaints.push(`asked elsewhere: ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

/** What sticks out of the window to the right, as tags and classes; empty when nothing does. */
export const overflowing = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((each) => each.getBoundingClientRect().right > width + 1 && !each.closest('.scroll, #nav, pre'))
      .map((each) => each.tagName + '.' + each.className);
  })()`);
