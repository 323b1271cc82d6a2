import { expect, test } from 'vitest';
import { ada } from '../doubles/azure-double.ts';
import { hedy } from '../doubles/google-double.ts';
import { subscriptionsOf } from '../doubles/resource-manager-double.ts';
import { Browser } from '../support/browser.ts';
import { returning } from './returning.ts';
import { faces, lastIssued, presented } from './shown-tokens.ts';
import { leaksIn, useCloudsGateway } from './trusted-clouds.ts';

const mary = { sub: '108000000000000000002', email: 'mary@gmail.example', name: 'Mary Jackson' };
const running = useCloudsGateway({ TOKEN_EXPOSURE: 'full' });

const everything = `{ me { loggedIn name email } accounts { ... on ConnectedAccount { id displayName }
  ... on AzureAccount { subscriptions } ... on GcpAccount { accessToken refreshToken }
  ... on AwsAccount { accountId } } }`;

/** A session of Azure Ada, of Google Hedy whose access token has expired, of Google Mary, and of an AWS role. */
async function signedInWithAll(): Promise<{ browser: Browser; roleArn: string; ofMary: object }> {
  const { google, sts } = running;
  const browser = new Browser(running.url);
  await browser.visit('/api/login/azure');
  google.expiresInSeconds.first = 0;
  await browser.visit('/api/login/google');
  google.expiresInSeconds.first = 3599;
  google.person = { ...mary, sub: crypto.randomUUID() };
  await browser.visit('/api/login/google');
  google.person = hedy;
  const { access, refresh } = lastIssued(google);
  const roleArn = 'arn:aws:iam::987654321098:role/Trusting';
  const { externalId } = await browser.json<{ externalId: string }>('/api/account/aws/config');
  sts.roles.set(roleArn, { externalId });
  const connected = await browser.graphql(
    'mutation ($roleArn: String!) { connectAwsAccount(roleArn: $roleArn) { account { id } } }',
    { roleArn },
  );
  expect(connected.errors).toBeUndefined();
  return { browser, roleArn, ofMary: { accessToken: access, refreshToken: refresh } };
}

/** What both faces answer when nothing but the tokens of Hedy is missing. */
async function expectOnlyHedyDead(
  browser: Browser,
  { roleArn, ofMary }: { roleArn: string; ofMary: object },
): Promise<void> {
  const { data, errors } = await browser.graphql(everything);
  expect(data).toEqual({
    me: { loggedIn: true, name: ada.name, email: ada.email },
    accounts: [
      {
        id: `azure:${ada.tid}`,
        displayName: ada.name,
        subscriptions: subscriptionsOf(ada.tid).map(({ subscriptionId }) => subscriptionId),
      },
      { id: `gcp:${hedy.email}`, displayName: hedy.name, accessToken: null, refreshToken: null },
      { id: `gcp:${mary.email}`, displayName: mary.name, ...ofMary },
      { id: `aws:${roleArn}`, displayName: 'AWS Account (987654321098)', accountId: '987654321098' },
    ],
  });
  expect(errors?.map(({ path, extensions }) => ({ path, code: extensions.code }))).toEqual([
    { path: ['accounts', 1, 'accessToken'], code: 'REAUTH_REQUIRED' },
    { path: ['accounts', 1, 'refreshToken'], code: 'REAUTH_REQUIRED' },
  ]);

  const rest = await browser.fetch('/api/accounts');
  expect(rest.status).toBe(200);
  expect(await rest.json()).toMatchObject([
    { provider: 'azure' },
    { provider: 'gcp', email: hedy.email, displayName: hedy.name, access_token: null, refresh_token: null },
    { provider: 'gcp', email: mary.email, access_token: expect.stringMatching(/^ya29/) },
    { provider: 'aws', roleArn },
  ]);
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: ada.name });
}

test('an account whose access was taken back says so, stays so after a restart, and costs no other anything', async () => {
  const { google } = running;
  const { browser, ...rest } = await signedInWithAll();
  google.refreshFailure = 'invalid_grant';
  await expectOnlyHedyDead(browser, rest);
  google.refreshFailure = undefined;
  await expectOnlyHedyDead(browser, rest);

  await running.restart();
  await expectOnlyHedyDead(await returning(browser, running.url), rest);
  expect(google).toMatchObject({ refreshCalls: 1, reuses: 0 });
});

test('signing in with such an account again asks for consent, and heals it in its place', async () => {
  const { google } = running;
  const { browser, ofMary } = await signedInWithAll();
  google.refreshFailure = 'invalid_grant';
  await faces.REST(browser);
  google.refreshFailure = undefined;

  google.expiresInSeconds = { first: 0, refreshed: 3600 };
  google.requests.length = 0;
  await browser.visit('/api/login/google');
  const asked = google.requests.find(({ endpoint }) => endpoint === 'authorize')?.values;
  expect(asked).toMatchObject({ access_type: 'offline', prompt: expect.stringMatching(/\bconsent\b/) });
  const { refresh } = lastIssued(google);

  const { data, errors } = await browser.graphql(everything);
  expect(errors).toBeUndefined();
  const healed = lastIssued(google);
  expect(data).toMatchObject({
    me: { name: ada.name },
    accounts: [
      { id: `azure:${ada.tid}` },
      { id: `gcp:${hedy.email}`, accessToken: healed.access, refreshToken: healed.refresh },
      { id: `gcp:${mary.email}`, ...ofMary },
      { accountId: '987654321098' },
    ],
  });
  expect(google.liveAccessTokens().get(healed.access)).toBe(hedy.email);
  expect(presented(google)).toEqual([refresh]);
});

test('an account without a refresh token hands its access token out until it expires', async () => {
  const { google } = running;
  google.omitRefreshToken = true;
  google.expiresInSeconds.first = 1;
  const browser = new Browser(running.url);
  await browser.visit('/api/login/google');
  const { access } = lastIssued(google);
  expect(await faces.REST(browser)).toEqual([{ email: hedy.email, access, refresh: null }]);
  await expect.poll(() => google.liveAccessTokens().size, { timeout: 5_000 }).toBe(0);
  expect(await faces.REST(browser)).toEqual([{ email: hedy.email, access: null, refresh: null }]);
  const { errors } = await browser.graphql(everything);
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['REAUTH_REQUIRED', 'REAUTH_REQUIRED']);

  google.omitRefreshToken = false;
  google.expiresInSeconds.first = 3599;
  await browser.visit('/api/login/google');
  expect(await faces.GraphQL(browser)).toEqual([{ email: hedy.email, ...lastIssued(google) }]);
  expect(google.refreshCalls).toBe(0);
});

test('none of those tokens, nor any secret, is in what it has written', () => {
  expect(running.google.secrets.length).toBeGreaterThan(10);
  expect(running.output()).toContain('/api/accounts');
  expect(leaksIn(running.output(), running)).toEqual([]);
});
