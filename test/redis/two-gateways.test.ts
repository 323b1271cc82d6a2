import { afterAll, beforeAll, expect, test } from 'vitest';
import { ada } from '../doubles/azure-double.ts';
import { hedy } from '../doubles/google-double.ts';
import { callbackOf } from '../process/callback-of.ts';
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts';
import { returning } from '../process/returning.ts';
import { faces, lastIssued } from '../process/shown-tokens.ts';
import { type CloudsGateway, startCloudsGateway } from '../process/trusted-clouds.ts';
import { Browser } from '../support/browser.ts';
import { startRedis } from '../support/redis-process.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

let clouds: CloudsGateway;
let second: GatewayProcess;
const started = new AsyncDisposableStack();

/** Two gateways in production that share a Redis, a secret and the clouds, as behind a load balancer. */
beforeAll(async () => {
  const folder = started.use(createTemporaryFolder());
  const redis = started.use(await startRedis());
  const shared = { TOKEN_EXPOSURE: 'full', SESSION_STORE: redis.url } as const;
  clouds = started.use(await startCloudsGateway(shared));
  const { azure, google, sts, sessionSecret } = clouds;
  const own = { ...shared, NODE_ENV: 'production', SESSION_SECRET: sessionSecret };
  const env = { ...azure.env, ...sts.env, ...google.env, ...own };
  second = started.use(await startGatewayProcess({ folder: folder.path, env }));
});
afterAll(() => started.disposeAsync());

const newBrowser = () => new Browser(clouds.gateway().url);
const atOther = (browser: Browser) => returning(browser, second.url);

test('a session is one at both: signed in here, linked there, signed out here and dead at both at once, 50 times', async () => {
  for (let round = 0; round < 50; round++) {
    const here = newBrowser();
    await here.visit('/api/login/azure');
    const there = await atOther(here);
    expect(await there.json('/api/user')).toEqual({ logged_in: true, name: ada.name });
    await there.visit('/api/login/google');
    expect(await providers(here)).toEqual(['azure', 'gcp']);
    const kept = [await returning(here, here.baseUrl), await atOther(here)];
    expect((await here.fetch('/api/logout')).status).toBe(200);
    for (const browser of [there, ...kept])
      expect(await browser.json('/api/user'), `in round ${round}`).toEqual({ logged_in: false });
  }
});

test('a sign-in that was begun at one is finished at the other, and once only', async () => {
  const here = newBrowser();
  const callback = new URL(await callbackOf(here, 'azure'));
  const there = await atOther(here);
  const path = callback.pathname + callback.search;
  expect((await there.fetch(path)).status).toBe(302);
  expect(await there.json('/api/user')).toEqual({ logged_in: true, name: ada.name });
  expect((await here.fetch(path)).status).toBe(400);
});

test('a sign-in whose callback comes to both at once is taken by one of them', async () => {
  const here = newBrowser();
  const callback = new URL(await callbackOf(here, 'azure'));
  const there = await atOther(here);
  const path = callback.pathname + callback.search;
  const answers = await Promise.all([here.fetch(path), there.fetch(path)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([302, 400]);
});

test('links that come to both at once are both kept', async () => {
  for (let round = 0; round < 20; round++) {
    const here = newBrowser();
    await here.visit('/api/login/azure');
    const google = new URL(await callbackOf(here, 'google'));
    const azure = new URL(await callbackOf(here, 'azure'));
    const there = await atOther(here);
    const answers = await Promise.all([
      here.fetch(azure.pathname + azure.search),
      there.fetch(google.pathname + google.search),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([302, 302]);
    expect(await providers(here)).toEqual(['azure', 'gcp']);
  }
});

test('a token that both are asked for at once is refreshed by one of them, and both answer the new one', async () => {
  const { google } = clouds;
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const here = newBrowser();
  await here.visit('/api/login/google');
  const there = await atOther(here);
  const { arrived, release } = google.holdRefreshes();
  const answers = [here, there, here, there].map((browser) => faces.REST(browser));
  await arrived;
  await new Promise((resolve) => setTimeout(resolve, 500)); // for the other one's refresh, if it asks for one
  release();
  const shown = await Promise.all(answers);
  const refreshed = [{ email: hedy.email, ...lastIssued(google) }];
  expect(shown).toEqual([refreshed, refreshed, refreshed, refreshed]);
  expect(google).toMatchObject({ refreshCalls: 1, reuses: 0 });
});

async function providers(browser: Browser): Promise<string[]> {
  const accounts = await browser.json<{ provider: string }[]>('/api/accounts');
  return accounts.map(({ provider }) => provider);
}
