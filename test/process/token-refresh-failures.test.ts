import { expect, test } from 'vitest';
import { hedy, type RefreshFailure } from '../doubles/google-double.ts';
import { Browser } from '../support/browser.ts';
import { returning } from './returning.ts';
import { faces, lastIssued, manyRequests, type ShownTokens } from './shown-tokens.ts';
import { leaksIn, useCloudsGateway } from './trusted-clouds.ts';

const running = useCloudsGateway({ TOKEN_EXPOSURE: 'full' });

/** A session of Azure Ada, who is `me`, and of Google Hedy, whose access token has expired at once. */
async function signedInWithBoth(): Promise<Browser> {
  running.google.expiresInSeconds = { first: 0, refreshed: 3600 };
  const browser = new Browser(running.url);
  await browser.visit('/api/login/azure');
  await browser.visit('/api/login/google');
  return browser;
}

const accountIds = async (browser: Browser) =>
  (await browser.graphql('{ me { name } accounts { ... on ConnectedAccount { id } } }')).data;

const wholeSession = {
  me: { name: 'Ada Lovelace' },
  accounts: [{ id: 'azure:aaaaaaaa-1111-4111-8111-111111111111' }, { id: `gcp:${hedy.email}` }],
};

/** With what it gave out last, and still knows to be its own. */
async function expectHealed(browser: Browser): Promise<void> {
  const { google } = running;
  const healed = await faces.REST(browser);
  expect(healed).toEqual([{ email: hedy.email, ...lastIssued(google) }]);
  expect(google.liveAccessTokens().get(healed[0]?.access ?? '')).toBe(hedy.email);
  expect(google.reuses).toBe(0);
  const calls = google.refreshCalls;
  expect(await faces.GraphQL(browser)).toEqual(healed);
  expect(google.refreshCalls).toBe(calls);
}

const asTheyWere = (): ShownTokens[] => [{ email: hedy.email ?? '', ...lastIssued(running.google) }];

const passing: [string, RefreshFailure][] = [
  ['answers 500', { status: 500, body: { error: 'server_error' } }],
  ['answers 503 and calls that invalid_grant', { status: 503, body: { error: 'invalid_grant' } }],
  ['answers 429', { status: 429, body: { error: 'slow_down' } }],
  ['does not know this client any more', { status: 401, body: { error: 'invalid_client' } }],
  ['answers something else than tokens', { status: 200, body: '<html>one moment</html>' }],
  ['answers an empty object', { status: 200, body: {} }],
  ['ends the connection', 'cut'],
];

test.each(passing)('while Google %s, the tokens are answered as they were', async (_, failure) => {
  const { google } = running;
  const browser = await signedInWithBoth();
  const before = asTheyWere();
  google.refreshFailure = failure;
  for (const answer of await manyRequests(browser, 10)) expect(answer).toEqual(before);
  expect(google.refreshCalls).toBeGreaterThan(0);
  expect(await accountIds(browser)).toEqual(wholeSession);

  google.refreshFailure = undefined;
  await expectHealed(browser);
});

test('while the metadata of Google cannot be read, the tokens are answered as they were', async () => {
  const { google } = running;
  const browser = await signedInWithBoth();
  const before = asTheyWere();
  google.failing.set('discovery', 'cut');
  await running.restart();
  const again = await returning(browser, running.url);
  for (const answer of await manyRequests(again, 10)) expect(answer).toEqual(before);
  expect(google.requests.some(({ endpoint }) => endpoint === 'discovery')).toBe(true);
  expect(google.refreshCalls).toBe(0);
  expect(await accountIds(again)).toEqual(wholeSession);

  google.failing.clear();
  await expectHealed(again);
});

test('an answer that is lost once the refresh token is used costs that account a sign-in, and nothing else', async () => {
  const { google } = running;
  const browser = await signedInWithBoth();
  const before = [{ ...asTheyWere()[0] }];
  google.refreshFailure = 'lost answer';
  expect(await faces.REST(browser)).toEqual(before);
  google.refreshFailure = undefined;

  const [shown] = await faces.REST(browser);
  expect(shown).toEqual({ email: hedy.email, access: null, refresh: null });
  expect(google).toMatchObject({ refreshCalls: 2, reuses: 1 });
  await faces.REST(browser);
  expect(google.refreshCalls).toBe(2);
  expect(await accountIds(browser)).toEqual(wholeSession);

  google.reuses = 0;
  await browser.visit('/api/login/google');
  await expectHealed(browser);
});

test('no token or secret is in what it has written, also where Google quotes one', async () => {
  const { google } = running;
  const browser = await signedInWithBoth();
  for (const secret of [...Object.values(lastIssued(google)), google.clientSecret]) {
    google.refreshFailure = { status: 400, body: { error: 'invalid_request', error_description: secret } };
    await faces.REST(browser);
    google.refreshFailure = { status: 200, body: { access_token: secret, token_type: secret } };
    await faces.REST(browser);
  }
  expect(google).toMatchObject({ refreshCalls: 6, reuses: 0 });
  expect(leaksIn(running.output(), running)).toEqual([]);
});
