import { describe, expect, test } from 'vitest';
import { hedy, type RefreshFailure } from '../doubles/google-double.ts';
import { Browser } from '../support/browser.ts';
import { faces, lastIssued, manyRequests, startStraggler } from './shown-tokens.ts';
import { useCloudsGateway } from './trusted-clouds.ts';

const mary = { sub: '108000000000000000002', email: 'mary@gmail.example', name: 'Mary Jackson' };
const running = useCloudsGateway({ TOKEN_EXPOSURE: 'full' });

async function signedIn(url = running.url): Promise<Browser> {
  const browser = new Browser(url);
  await browser.visit('/api/login/google');
  return browser;
}

const noTokens = (answers: object[][]) =>
  answers.flat().every((shown) => 'access' in shown && shown.access === null);

test.each<[string, RefreshFailure | undefined]>([
  ['succeeds', undefined],
  ['finds the access taken back', 'invalid_grant'],
])('a sign-out during a refresh that %s is final', async (_, failure) => {
  const { google } = running;
  google.expiresInSeconds.first = 0;
  const browser = await signedIn();
  const cookie = await browser.jar.getCookieString(running.url);
  const straggler = await startStraggler(browser);
  const { arrived, release } = google.holdRefreshes();
  const during = [faces.REST(browser), faces.REST(browser)];
  await arrived;
  expect((await browser.fetch('/api/logout')).status).toBe(200);
  google.refreshFailure = failure;
  release();

  expect(noTokens(await Promise.all(during))).toBe(true);
  expect(noTokens([await straggler.finish()])).toBe(true);
  for (const headers of [{ cookie }, { cookie: await browser.jar.getCookieString(running.url) }]) {
    expect(await browser.json('/api/accounts', { headers })).toEqual([]);
    expect(await browser.json('/api/user', { headers })).toEqual({ logged_in: false });
  }
  expect(google).toMatchObject({ refreshCalls: 1, reuses: 0 });
});

test('an account that is disconnected during its refresh stays away, and its tokens are not answered', async () => {
  const { google } = running;
  google.expiresInSeconds.first = 0;
  const browser = await signedIn();
  const { arrived, release } = google.holdRefreshes();
  const during = faces.REST(browser);
  await arrived;
  const { errors } = await browser.graphql(`mutation { disconnectAccount(id: "gcp:${hedy.email}") { id } }`);
  release();
  expect(errors).toBeUndefined();
  expect(noTokens([await during])).toBe(true);
  expect(await browser.json('/api/accounts')).toEqual([]);
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: hedy.name });
});

test('an account that is signed in to during its refresh keeps the tokens of that sign-in', async () => {
  const { google } = running;
  google.expiresInSeconds.first = 0;
  const browser = await signedIn();
  Object.assign(google, { person: mary, omitRefreshToken: true }); // for which consent is asked from now on
  google.expiresInSeconds.first = 3599;
  await browser.visit('/api/login/google');
  Object.assign(google, { person: hedy, omitRefreshToken: false });
  const { arrived, release } = google.holdRefreshes();
  const during = faces.REST(browser);
  await arrived;
  await browser.visit('/api/login/google');
  const ofSignIn = { email: hedy.email, ...lastIssued(google) };
  release();
  expect((await during)[0]).toEqual(ofSignIn);
  expect((await faces.GraphQL(browser))[0]).toEqual(ofSignIn);
  expect(google).toMatchObject({ refreshCalls: 1, reuses: 0 });
});

test('tokens of which Google does not say when they expire are never refreshed', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: undefined, refreshed: undefined };
  const browser = await signedIn();
  const tokens = { email: hedy.email, ...lastIssued(google) };
  expect(await manyRequests(browser, 10)).toEqual(Array.from({ length: 10 }, () => [tokens]));
  expect(google.refreshCalls).toBe(0);
});

test('a refresh whose answer does not say when the tokens expire is the last', async () => {
  const { google } = running;
  google.expiresInSeconds = { first: 0, refreshed: undefined };
  const browser = await signedIn();
  await manyRequests(browser, 10);
  await manyRequests(browser, 10);
  expect(google).toMatchObject({ refreshCalls: 1, reuses: 0 });
});

describe('with TOKEN_EXPOSURE=none', () => {
  const hidden = useCloudsGateway({ TOKEN_EXPOSURE: 'none' });

  test('no token is shown, and none is refreshed for being asked about', async () => {
    const { google } = hidden;
    google.expiresInSeconds = { first: 0, refreshed: 0 };
    const browser = await signedIn(hidden.url);
    expect(await manyRequests(browser, 10)).toEqual(
      Array.from({ length: 10 }, () => [{ email: hedy.email, access: null, refresh: null }]),
    );
    google.refreshFailure = 'invalid_grant';
    await manyRequests(browser, 10);
    expect(google.refreshCalls).toBe(0);
  });
});
