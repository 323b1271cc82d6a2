import type { Locator, Page } from 'playwright-core';
import { preview } from 'vite';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import type { Chromium } from './chromium.ts';
import { person } from './console-page.ts';
import { gatewayEnv } from './documented-front-end.ts';

/** Where the guide has the page and the gateway. */
export const pageOrigin = 'http://localhost:3000';
export const gatewayOrigin = 'http://localhost:5000';

/** The built front end on a port of its own, which a browser that maps its ports takes for 3000. */
export type Site = AsyncDisposable & { port: number };

/** `npx vite preview` on port 0. */
export async function serveFrontEnd(folder: string): Promise<Site> {
  const server = await preview({
    root: folder,
    configFile: false,
    logLevel: 'error',
    preview: { host: '127.0.0.1', port: 0 },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('The site has no port');
  return { port: address.port, [Symbol.asyncDispose]: () => server.close() };
}

/** A gateway that takes itself for the one at port 5000, started with the guide's environment beside `frontEnd`. */
export function startDocumentedGateway(
  options: Parameters<typeof startGateway>[0] & { variant?: string; frontEnd?: string } = {},
): Promise<TestGateway> {
  const { variant, frontEnd, ...others } = options;
  const env = { ...gatewayEnv(variant, frontEnd), ...others.env, APP_BASE_URL: gatewayOrigin };
  return startGateway({ ...others, env });
}

/** A page in a browser to which both have the ports of the guide. `origins` are all the site's. */
export function openFrontEnd(options: {
  chromium: Chromium;
  site: { port: number };
  gateway: TestGateway;
  path?: string;
  origins?: string[];
}): Promise<Page & AsyncDisposable> {
  const { chromium, site, gateway, path = '/', origins = [pageOrigin] } = options;
  const ports = origins.map((origin) => [new URL(origin).host, site.port]);
  const map = {
    ...Object.fromEntries(ports),
    [new URL(gatewayOrigin).host]: Number(new URL(gateway.url).port),
  };
  return chromium.open(origins[0] + path, { map });
}

/** Follows a link to a sign-in, and signs in as somebody there. */
export async function signInBy(page: Page, link: string, name: string): Promise<void> {
  await page.getByRole('link', { name: link, exact: true }).click();
  await person(page, name).click();
}

/** The connected accounts that the page shows. */
export const accounts = (page: Page): Locator =>
  page.getByRole('list', { name: 'Accounts' }).getByRole('listitem');

/** The listed subscriptions, or what became of them. */
export const subscriptions = (page: Page): Locator => page.getByRole('region', { name: 'Subscriptions' });
