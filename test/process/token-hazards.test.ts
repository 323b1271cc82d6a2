import { expect, test } from 'vitest';
import { hedy } from '../doubles/google-double.ts';
import { Browser } from '../support/browser.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { returning } from './returning.ts';
import { faces } from './shown-tokens.ts';
import { useCloudsGateway } from './trusted-clouds.ts';

const running = useCloudsGateway({ TOKEN_EXPOSURE: 'full' });

/** A gateway beside the one that is running, with the same clouds; two in one folder share its store. */
const production = () => ({
  ...running.azure.env,
  ...running.sts.env,
  ...running.google.env,
  NODE_ENV: 'production',
  TOKEN_EXPOSURE: 'full',
  SESSION_SECRET: 'canary of the session secret with 32 characters or more',
});

async function signedIn(url = running.url): Promise<Browser> {
  const browser = new Browser(url);
  await browser.visit('/api/login/google');
  return browser;
}

test('two gateways on one store refresh once between them', async () => {
  const { google } = running;
  using folder = createTemporaryFolder();
  const env = production();
  await using one = await startGatewayProcess({ folder: folder.path, env });
  await using two = await startGatewayProcess({ folder: folder.path, env });
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const browser = await signedIn(one.url);
  const again = await returning(browser, two.url);
  const { arrived, release } = google.holdRefreshes();
  const answers = [faces.REST(browser), faces.REST(again)];
  await arrived;
  await expect
    .poll(() => google.refreshCalls)
    .toBe(2)
    .catch(() => {});
  release();
  await Promise.all(answers);
  expect(google).toMatchObject({ refreshCalls: 1, reuses: 0 });
});

test('keys of Google that cannot be read during a refresh cost no token', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const browser = await signedIn();
  await running.restart();
  const again = await returning(browser, running.url);
  google.failing.set('certs', { status: 503 });
  await faces.REST(again);
  google.failing.clear();
  await faces.REST(again);
  expect(google.reuses).toBe(0);
});

test('an ID token that cannot be verified beside refreshed tokens costs none of them', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const browser = await signedIn();
  google.flaw = 'a signature of another key';
  await faces.REST(browser);
  google.flaw = undefined;
  await faces.REST(browser);
  expect(google.reuses).toBe(0);
});

test('a second account that has consented before gets a refresh token too', async () => {
  const { google } = running;
  const grace = { sub: 'grace', email: 'grace@gmail.example', name: 'Grace' };
  google.person = grace;
  await signedIn();
  google.person = hedy;
  const browser = await signedIn();
  google.person = grace;
  await browser.visit('/api/login/google');
  expect((await faces.REST(browser))[1]?.refresh).not.toBeNull();
});

test.each(['logout', 'disconnect'])(
  'after a %s during a refresh that fails no token is answered',
  async (how) => {
    const { google } = running;
    google.expiresInSeconds = { first: 0, refreshed: 3600 };
    const browser = await signedIn();
    const { arrived, release } = google.holdRefreshes();
    const during = faces.REST(browser);
    await arrived;
    if (how === 'disconnect')
      await browser.graphql(`mutation { disconnectAccount(id: "gcp:${hedy.email}") { id } }`);
    else await browser.fetch('/api/logout');
    google.refreshFailure = 'cut';
    release();
    expect((await during)[0]?.access).toBeNull();
  },
);

test('the tokens of a sign-in during a refresh that fails are answered', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const browser = await signedIn();
  const { arrived, release } = google.holdRefreshes();
  const during = faces.REST(browser);
  await arrived;
  google.expiresInSeconds.first = 3600;
  await browser.visit('/api/login/google');
  google.refreshFailure = 'cut';
  release();
  const [shown] = await during;
  expect(google.liveAccessTokens().get(shown?.access ?? '')).toBe(hedy.email);
});

test('SIGTERM waits for a refresh whose browser has gone', async () => {
  const { google } = running;
  using folder = createTemporaryFolder();
  const env = production();
  await using one = await startGatewayProcess({ folder: folder.path, env });
  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const browser = await signedIn(one.url);
  const { arrived, release } = google.holdRefreshes();
  const gone = new AbortController();
  const during = browser.fetch('/api/accounts', { signal: gone.signal }).catch(() => {});
  await arrived;
  gone.abort();
  await during;
  await expect.poll(() => /"aborted":true/.test(one.output())).toBe(true);
  one.signal('SIGTERM');
  await Promise.race([one.ended, new Promise((resolve) => setTimeout(resolve, 1000))]);
  release();
  await one.ended;
  await using two = await startGatewayProcess({ folder: folder.path, env });
  await faces.REST(await returning(browser, two.url));
  expect(google.reuses).toBe(0);
});
