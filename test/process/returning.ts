import { Browser } from '../support/browser.ts';

/** The same browser, after the gateway came back on another port: cookies are the host's, not the port's. */
export async function returning(browser: Browser, url: string): Promise<Browser> {
  const again = new Browser(url);
  for (const cookie of await browser.jar.getCookies(browser.baseUrl)) await again.jar.setCookie(cookie, url);
  return again;
}
