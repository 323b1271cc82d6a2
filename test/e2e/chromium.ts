import { fileURLToPath } from 'node:url';
import { type Browser, chromium as launcher, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

/** The machine's own Chromium, cut off from every network but loopback. */
export type Chromium = {
  /** A page in a profile of its own, as of somebody who has not been here before. Closed with `await using`. */
  open(url: string, options?: OpenOptions): Promise<Page & AsyncDisposable>;
  /**
   * What went wrong on any page since the last call, for a test that expects something to: errors in the console,
   * uncaught exceptions, requests that failed or left loopback, breaches of a Content-Security-Policy.
   */
  takeFaults(): string[];
};

export type OpenOptions = {
  width?: number;
  /** What the browser prefers to be answered in. */
  locale?: string;
  /**
   * Ports that stand in for others: with `{ 'localhost:3000': 40123 }` a page is on the origin http://localhost:3000,
   * whoever has that port on this machine. Takes a Chromium of its own, which pages with the same ports share.
   */
  map?: Record<string, number>;
};

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const screenshots = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const loopbackNames = new Set(['localhost', '127.0.0.1']);

/** Outside names do not resolve and the browser's own errands are off, so that a test depends on no network. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The first rule that fits is taken; what is excluded, though, is so before any of them, and could not be mapped. */
function resolverRules(map: Record<string, number> = {}): string {
  const mapped = Object.entries(map).map(([origin, port]) => `MAP ${origin} 127.0.0.1:${port}`);
  const loopback = [...loopbackNames].map((name) => `MAP ${name} 127.0.0.1`);
  return `--host-resolver-rules=${[...mapped, ...loopback, 'MAP * ~NOTFOUND'].join(', ')}`;
}

/**
 * Chromium for the tests of one file, from CHROMIUM_PATH or from where Debian puts it. A test after which
 * `takeFaults` would still have something to tell fails.
 */
export function useChromium(): Chromium {
  const browsers = new Map<string, Promise<Browser>>();
  const faults: string[] = [];
  const takeFaults = () => faults.splice(0);
  let isRunning = false;

  /** One for each mapping of ports: a browser takes its own when it is launched. */
  function browserWith(map: Record<string, number> = {}): Promise<Browser> {
    const rules = resolverRules(map);
    const launched = browsers.get(rules) ?? launcher.launch({ executablePath, args: [...args, rules] });
    browsers.set(rules, launched);
    return launched;
  }

  beforeAll(async () => {
    isRunning = true;
  });
  afterEach(() => expect(takeFaults()).toEqual([]));
  afterAll(async () => {
    for (const browser of browsers.values()) await (await browser).close();
  });

  return {
    async open(url, { width = 1280, locale = 'en-GB', map } = {}) {
      if (!isRunning) throw new Error('Chromium runs while tests do, not before');
      return openPage({ browser: await browserWith(map), url, width, locale, faults });
    },
    takeFaults,
  };
}

async function openPage(options: {
  browser: Browser;
  url: string;
  width: number;
  locale: string;
  faults: string[];
}): Promise<Page & AsyncDisposable> {
  const { browser, url, width, locale, faults } = options;
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    deviceScaleFactor: 1,
    locale,
    timezoneId: 'UTC',
  });
  // Not every breach reaches the console as an error: a report-only policy warns.
  await context.addInitScript(
    `addEventListener('securitypolicyviolation', (breach) =>
      console.error('CSP: ' + breach.effectiveDirective + ' ' + breach.blockedURI))`,
  );
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // A page that is left, or that signs out, takes back what it has asked for.
    if (why === 'net::ERR_ABORTED') return;
    faults.push(`failed: ${request.url()} ${why}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && !loopbackNames.has(hostname)) faults.push(`outside: ${request.url()}`);
  });
  await page.goto(url);
  return Object.assign(page, { [Symbol.asyncDispose]: () => context.close() });
}

/** With UPDATE_SCREENSHOTS=1 a picture of the whole page goes to `docs/screenshots`; otherwise nothing does. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env.UPDATE_SCREENSHOTS !== '1') return;
  await page.screenshot({ path: `${screenshots}${name}.png`, animations: 'disabled', fullPage: true });
}
