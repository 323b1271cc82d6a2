import type { Browser } from '../support/browser.ts';

/** A sign-in up to the callback that the provider sends the browser to, which is not asked yet. */
export async function callbackOf(browser: Browser, provider: 'azure' | 'google'): Promise<string> {
  const atProvider = (await browser.fetch(`/api/login/${provider}`)).headers.get('location') ?? '';
  return (await browser.fetch(atProvider)).headers.get('location') ?? '';
}
