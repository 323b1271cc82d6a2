import tls from 'node:tls';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { Browser as CookieBrowser } from '../support/browser.ts';

/** A sandbox whose certificate this process trusts, as NODE_EXTRA_CA_CERTS would make it. */
export async function startTrustedSandbox(options: { awsExternalId?: string } = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ nodeEnv: 'test', ...options });
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), sandbox.certificate]);
  return sandbox;
}

/** The app's redirect URI in these tests; nothing listens there, a walk stops before it. */
export const REDIRECT_URI = 'http://localhost:5000/getAToken';

/** A browser without JavaScript: cookies, redirects and form buttons. */
export type Browser = {
  /** Follows redirects until a page is shown or the app's redirect URI is reached. */
  open(url: string | URL): Promise<Visit>;
  /** Presses a button of the page's form. */
  press(page: Visit, button: { name: string; value: string }): Promise<Visit>;
};

/** Where a browser ended: `status` 0 and no text at the app's redirect URI. */
export type Visit = { url: URL; status: number; text: string };

/** A browser with an empty cookie jar. */
export function createBrowser(): Browser {
  const cookies = new CookieBrowser(REDIRECT_URI);

  async function go(url: URL, init: RequestInit = {}): Promise<Visit> {
    if (url.href.startsWith(REDIRECT_URI)) return { url, status: 0, text: '' };
    const response = await cookies.fetch(url.href, { ...init, headers: { accept: 'text/html' } });
    const location = response.headers.get('location');
    const text = await response.text();
    return location === null ? { url, status: response.status, text } : go(new URL(location, url));
  }

  return {
    open: (url) => go(new URL(url)),
    press: (page, { name, value }) => {
      if (!page.text.includes(`name="${name}" value="${value}"`))
        throw new Error(`No button ${name}=${value}`);
      const action = /<form method="post" action="([^"]*)"/.exec(page.text)?.[1] ?? '';
      return go(new URL(action, page.url), {
        method: 'POST',
        body: new URLSearchParams({ [name]: value }),
      });
    },
  };
}
