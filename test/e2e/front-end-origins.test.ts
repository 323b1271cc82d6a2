import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { useChromium } from './chromium.ts';
import { person, sandboxRole } from './console-page.ts';
import { frontEndGuide } from './documented-front-end.ts';
import { type ForeignSite, startForeignSite } from './foreign-site.ts';
import { gatewayOrigin, openFrontEnd } from './front-end-scene.ts';

const chromium = useChromium();
const usual = 'http://localhost:3000';
const otherPort = 'http://localhost:5173';
const otherSite = 'http://127.0.0.1:3000';

let site: ForeignSite;
beforeAll(async () => {
  site = await startForeignSite();
});
afterAll(() => site?.[Symbol.asyncDispose]());

const start = (env: Record<string, string> = {}) =>
  startGateway({ env: { APP_BASE_URL: gatewayOrigin, ...env } });

/** A page in a browser that has signed in at the gateway as John. */
async function openSignedIn(gateway: TestGateway): Promise<Page & AsyncDisposable> {
  const page = await openFrontEnd({ chromium, site, gateway, origins: [usual, otherPort, otherSite] });
  await page.goto(`${gatewayOrigin}/api/login/azure?returnTo=/api/user`);
  await person(page, 'John Doe').click();
  await page.getByText('"logged_in":true').waitFor();
  return page;
}

/** What a page of an origin reads, as text, from a call to the gateway. */
async function call(page: Page, origin: string, path: string, init = '{}'): Promise<string> {
  await page.goto(origin);
  return page.evaluate<string>(
    `fetch('${gatewayOrigin}${path}', ${init}).then((answer) => answer.text(), String)`,
  );
}

const asked = (
  query: string,
  init = "credentials: 'include', headers: { 'content-type': 'application/json' }",
) => `{ method: 'POST', body: JSON.stringify({ query: '${query}' }), ${init} }`;
const whoAmI = '{ me { loggedIn } }';
const connect = `mutation { connectAwsAccount(roleArn: "${sandboxRole}") { account { accountId } } }`;
const answered = (loggedIn: boolean) => JSON.stringify({ data: { me: { loggedIn } } });
const blocked = 'TypeError: Failed to fetch';

/** What the guide says that the browser says, which has to be what it does say. */
function documented(message: string): string {
  expect(frontEndGuide).toContain(`\`${message}\``);
  return message;
}
const noPermission = () =>
  documented("No 'Access-Control-Allow-Origin' header is present on the requested resource");

describe('a gateway with nothing set', () => {
  let gateway: TestGateway;
  let page: Page & AsyncDisposable;
  beforeAll(async () => {
    gateway = await start();
    page = await openSignedIn(gateway);
  });
  afterAll(async () => {
    await page?.[Symbol.asyncDispose]();
    await gateway?.[Symbol.asyncDispose]();
  });

  test('is read and changed by a page on http://localhost:3000', async () => {
    expect((await call(page, usual, '/graphql', asked(whoAmI))).trim()).toBe(answered(true));
    expect(await call(page, usual, '/graphql', asked(connect))).toContain('"accountId":"987654321098"');
  });

  test('is closed to a page on another port of localhost, whose console says why', async () => {
    expect(await call(page, otherPort, '/graphql', asked(whoAmI))).toBe(blocked);
    expect(chromium.takeFaults().join('\n')).toContain(noPermission());
  });

  test('takes a call without credentials for nobody, with no error', async () => {
    const anonymous = asked(whoAmI, "headers: { 'content-type': 'application/json' }");
    expect((await call(page, usual, '/graphql', anonymous)).trim()).toBe(answered(false));
  });

  test('refuses a call without a content type, and the console has its status', async () => {
    const untyped = asked(whoAmI, "credentials: 'include'");
    expect(await call(page, usual, '/graphql', untyped)).toContain('UNSUPPORTED_MEDIA_TYPE');
    const message = documented('Failed to load resource: the server responded with a status of 415');
    expect(chromium.takeFaults()).toEqual([expect.stringContaining(message)]);
  });

  test('starts no sign-in for a fetch, whose redirect is in the console', async () => {
    expect(await call(page, usual, '/api/login/azure', "{ credentials: 'include' }")).toBe(blocked);
    const faults = chromium.takeFaults().join('\n');
    expect(faults).toContain(noPermission());
    expect(faults).toContain(documented('redirected from'));
  });
});

test('a page in CORS_ORIGINS reads and changes the session, unless it is on another site: then it is nobody, with no error', async () => {
  await using gateway = await start({ CORS_ORIGINS: `${otherPort},${otherSite}` });
  await using page = await openSignedIn(gateway);
  expect((await call(page, otherPort, '/graphql', asked(whoAmI))).trim()).toBe(answered(true));
  expect(await call(page, otherPort, '/graphql', asked(connect))).toContain('"accountId":"987654321098"');
  expect((await call(page, otherSite, '/graphql', asked(whoAmI))).trim()).toBe(answered(false));
});

test('the front end of FRONTEND_URL may call, whatever CORS_ORIGINS', async () => {
  await using gateway = await start({ FRONTEND_URL: otherPort });
  for (const [origin, allowed] of [
    [otherPort, otherPort],
    [usual, usual],
    [`${otherPort}/`, null],
  ] as const) {
    const { headers } = await fetch(`${gateway.url}/api/user`, { headers: { origin } });
    expect(headers.get('access-control-allow-origin')).toBe(allowed);
    expect(headers.get('access-control-allow-credentials')).toBe(allowed && 'true');
  }
});

test('a sign-in ends on the gateway where FRONTEND_URL is not set', async () => {
  await using gateway = await startGateway();
  const answer = await gateway.browser().signIn('john');
  expect(answer.headers.get('location')).toBe(`${gateway.url}/`);
});
