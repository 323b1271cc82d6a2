import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';

/** A web site that is no part of the gateway, with one page that can run anything. */
export type ForeignSite = AsyncDisposable & {
  port: number;
};

const script = new URL('foreign-page.js', import.meta.url);

/**
 * Serves the page at `/`, its helpers of `foreign-page.js`, and at `/redirect?to=<url>&status=<3xx>` a redirect to
 * wherever it is told.
 */
export async function startForeignSite(): Promise<ForeignSite> {
  const helpers = await readFile(script);
  const server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://foreign');
    if (pathname === '/') {
      res.setHeader('content-type', 'text/html; charset=utf-8');
      res.end(
        '<!doctype html><title>Foreign</title><link rel="icon" href="data:,"><body><script src="/foreign-page.js"></script>',
      );
    } else if (pathname === '/foreign-page.js') {
      res.setHeader('content-type', 'text/javascript; charset=utf-8');
      res.end(helpers);
    } else if (pathname === '/redirect') {
      res.statusCode = Number(searchParams.get('status') ?? '302');
      res.setHeader('location', searchParams.get('to') ?? '/');
      res.end();
    } else {
      res.statusCode = 404;
      res.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * Runs a script with the helpers of `foreign-page.js`, and answers all that the page could read, as text: what the
 * script came to, and what is left in the page. Nothing where the script made the page go elsewhere.
 */
export async function runOnPage(page: Page, script: string): Promise<string> {
  const source = `(async () => JSON.stringify([await (${script}), remains()]))()`;
  return page.evaluate<string>(source).catch((error: Error) => {
    if (/context was destroyed|because of a navigation/.test(error.message)) return '';
    throw error;
  });
}
