import { expect, test } from 'vitest';
import { ada } from '../doubles/azure-double.ts';
import { hedy } from '../doubles/google-double.ts';
import { subscriptionsOf } from '../doubles/resource-manager-double.ts';
import type { StsFailure } from '../doubles/sts-double.ts';
import { Browser } from '../support/browser.ts';
import { addRole, connectRole, roleArn, trustGateway } from './aws-role.ts';
import { callbackOf } from './callback-of.ts';
import { lastIssued } from './shown-tokens.ts';
import { startCloudsGateway, useCloudsGateway } from './trusted-clouds.ts';

const running = useCloudsGateway({ TOKEN_EXPOSURE: 'full' });

const ids = { azure: `azure:${ada.tid}`, google: `gcp:${hedy.email}`, aws: `aws:${roleArn}` };
const union = `{ me { loggedIn name email } accounts { ... on ConnectedAccount { id provider displayName }
  ... on AzureAccount { tenantId subscriptions }
  ... on GcpAccount { email access_token: accessToken refresh_token: refreshToken }
  ... on AwsAccount { roleArn externalId accountId } } }`;

async function signedInWith(...providers: ('azure' | 'google')[]): Promise<Browser> {
  const browser = new Browser(running.url);
  for (const provider of providers) await browser.visit(`/api/login/${provider}`);
  return browser;
}

const accountIds = async (browser: Browser): Promise<string[]> => {
  const { data } = await browser.graphql('{ accounts { ... on ConnectedAccount { id } } }');
  return ((data?.accounts ?? []) as { id: string }[]).map(({ id }) => id);
};

const disconnect = (browser: Browser, id: string) =>
  browser.graphql(
    'mutation ($id: ID!) { disconnectAccount(id: $id) { id accounts { ... on ConnectedAccount { id } } } }',
    { id },
  );

test('accounts of three clouds are in one session, with exactly the documented keys', async () => {
  const browser = await signedInWith('azure', 'google');
  const externalId = await trustGateway(running.sts, browser);
  const added = await addRole(browser);
  expect(added.status).toBe(201);
  expect(await added.json()).toEqual({ message: 'Konto AWS 987654321098 pomyślnie dodane.' });

  const { access: access_token, refresh: refresh_token } = lastIssued(running.google);
  expect(await browser.json('/api/accounts')).toEqual([
    {
      provider: 'azure',
      tenantId: ada.tid,
      displayName: ada.name,
      subscriptions: subscriptionsOf(ada.tid).map(({ subscriptionId }) => subscriptionId),
    },
    { provider: 'gcp', email: hedy.email, displayName: hedy.name, access_token, refresh_token },
    {
      provider: 'aws',
      displayName: 'AWS Account (987654321098)',
      roleArn,
      externalId,
      accountId: '987654321098',
    },
  ]);
});

test.each([
  [['azure', 'google'] as const, ada],
  [['google', 'azure'] as const, hedy],
])('signed in with %s, both faces show the same, and the first is who one is', async (providers, first) => {
  const browser = await signedInWith(...providers);
  await trustGateway(running.sts, browser);
  await connectRole(browser);
  const { data, errors } = await browser.graphql(union);
  expect(errors).toBeUndefined();
  expect(data?.me).toEqual({ loggedIn: true, name: first.name, email: first.email });
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: first.name });
  const accounts = (data?.accounts ?? []) as { id: string }[];
  expect(accounts.map(({ id }) => id)).toEqual([...providers.map((name) => ids[name]), ids.aws]);
  expect(accounts.map(({ id: _, ...account }) => account)).toEqual(await browser.json('/api/accounts'));
});

test('the external id is of the user: a role of one cannot be connected by another', async () => {
  await trustGateway(running.sts, await signedInWith('azure'));
  const other = await signedInWith('google');
  const refused = await addRole(other);
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ code: 'AWS_ROLE_REFUSED' });
  expect(await accountIds(other)).toEqual([ids.google]);
});

test('disconnecting takes out one account, and the same again is none of the session', async () => {
  const browser = await signedInWith('azure', 'google');
  await trustGateway(running.sts, browser);
  await connectRole(browser);
  const others = [{ id: ids.azure }, { id: ids.aws }];
  expect(await disconnect(browser, ids.google)).toEqual({
    data: { disconnectAccount: { id: ids.google, accounts: others } },
  });
  expect((await disconnect(browser, ids.google)).errors).toMatchObject([
    { extensions: { code: 'ACCOUNT_NOT_FOUND' } },
  ]);
  await disconnect(browser, ids.azure);
  await disconnect(browser, ids.aws);
  expect(await browser.json('/api/accounts')).toEqual([]);
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: ada.name });
});

test.each<[string, StsFailure]>([
  ['ends the connection', 'cut'],
  ['answers 503', { status: 503, code: 'ServiceUnavailable' }],
  ['throttles', { status: 400, code: 'Throttling' }],
  ['does not accept the credentials of the gateway', { status: 403, code: 'InvalidClientTokenId' }],
])('while AWS %s, a role cannot be connected, and nothing is lost', async (_, failure) => {
  const browser = await signedInWith('azure', 'google');
  await trustGateway(running.sts, browser);
  await connectRole(browser);
  const before = await browser.json('/api/accounts');

  running.sts.failure = failure;
  const rest = await addRole(browser);
  expect(rest.status).toBe(502);
  expect(await rest.json()).toMatchObject({ code: 'AWS_UNAVAILABLE', error: expect.any(String) });
  expect((await connectRole(browser)).errors).toMatchObject([
    { path: ['connectAwsAccount'], extensions: { code: 'AWS_UNAVAILABLE' } },
  ]);
  expect(await browser.json('/api/accounts')).toEqual(before);

  running.sts.failure = undefined;
  expect((await addRole(browser)).status).toBe(201);
  expect(await browser.json('/api/accounts')).toEqual(before);
});

test('two sign-ins and a role that arrive at once are all connected, round after round', async () => {
  const browser = await signedInWith('azure');
  await trustGateway(running.sts, browser);
  for (let round = 0; round < 20; round++) {
    await Promise.all((await accountIds(browser)).map((id) => disconnect(browser, id)));
    expect(await accountIds(browser)).toEqual([]);
    const callbacks = [await callbackOf(browser, 'azure'), await callbackOf(browser, 'google')];
    const [azure, google, role] = await Promise.all([
      ...callbacks.map((callback) => browser.fetch(callback)),
      addRole(browser),
    ]);
    expect([azure?.status, google?.status, role?.status]).toEqual([302, 302, 201]);
    expect((await accountIds(browser)).toSorted()).toEqual([ids.aws, ids.azure, ids.google]);
  }
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: ada.name });
});

test('with AWS_EXTERNAL_ID one external id is for everybody, loudly, and also for who is not signed in', async () => {
  const externalId = 'the-one-of-the-original';
  await using constant = await startCloudsGateway({ TOKEN_EXPOSURE: 'full', AWS_EXTERNAL_ID: externalId });
  expect(constant.output()).toContain('AWS_EXTERNAL_ID is set');
  constant.sts.roles.set(roleArn, { externalId });
  const { url } = constant.gateway();

  const person = new Browser(url);
  await person.visit('/api/login/google');
  for (const browser of [person, new Browser(url)]) {
    expect(await browser.json('/api/account/aws/config')).toEqual({
      awsAccountId: constant.sts.accountId,
      externalId,
    });
    expect((await addRole(browser)).status).toBe(201);
    expect(await accountIds(browser)).toContain(ids.aws);
  }
});
