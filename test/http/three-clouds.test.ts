import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { addRole, standardRole as roleArn } from '../support/connect-role.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const constantId = 'multi-cloud-manager-app-v1-secret';

/** The example of the original's documentation; of the tokens only that there are some. */
const documented = {
  azure: {
    provider: 'azure',
    tenantId: '12345678-1234-1234-1234-123456789012',
    displayName: 'John Doe',
    subscriptions: ['abcd1234-5678-90ab-cdef-1234567890ab', 'efgh5678-90ab-cdef-1234-567890abcdef'],
  },
  google: {
    provider: 'gcp',
    email: 'john.doe@example.com',
    displayName: 'John Doe',
    access_token: expect.stringMatching(/^ya29\./),
    refresh_token: expect.stringMatching(/^1\/\//),
  },
  aws: {
    provider: 'aws',
    displayName: 'AWS Account (987654321098)',
    roleArn,
    externalId: constantId,
    accountId: '987654321098',
  },
};

type CloudName = keyof typeof documented;

const connect: Record<CloudName, (browser: Browser) => Promise<number>> = {
  azure: async (browser) => (await browser.signIn('john')).status,
  google: async (browser) => (await browser.signIn('john', '/api/login/google')).status,
  aws: async (browser) => (await addRole(browser, { roleArn })).status,
};

const orders: [CloudName, CloudName, CloudName][] = [
  ['azure', 'google', 'aws'],
  ['azure', 'aws', 'google'],
  ['google', 'azure', 'aws'],
  ['google', 'aws', 'azure'],
  ['aws', 'azure', 'google'],
  ['aws', 'google', 'azure'],
];

const union = `{
  me { name email }
  accounts {
    __typename
    ... on ConnectedAccount { id provider displayName }
    ... on AzureAccount { tenantId subscriptions }
    ... on GcpAccount { email accessToken refreshToken }
    ... on AwsAccount { roleArn externalId accountId }
  }
}`;

describe('with one external id for everybody, as the original had it', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ env: { AWS_EXTERNAL_ID: constantId } });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each(orders)('%s, %s and %s give the accounts of the documentation', async (...order) => {
    const browser = gateway.browser();
    for (const cloud of order) expect(await connect[cloud](browser)).toBeLessThan(303);
    expect(await browser.json('/api/accounts')).toEqual(order.map((cloud) => documented[cloud]));
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });

    for (const cloud of order) await connect[cloud](browser);
    expect(await browser.json('/api/accounts')).toEqual(order.map((cloud) => documented[cloud]));
  });
});

describe('in one session', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  async function withAllThree(): Promise<Browser> {
    const browser = gateway.browser();
    for (const cloud of ['azure', 'google', 'aws'] as const) await connect[cloud](browser);
    return browser;
  }

  it('the union of GraphQL shows the same accounts', async () => {
    const browser = await withAllThree();
    const { data, errors } = await browser.graphql(union);
    const [azure, google, aws] = await browser.json<Record<string, unknown>[]>('/api/accounts');
    const { access_token: accessToken, refresh_token: refreshToken, ...shownOfGoogle } = google ?? {};
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      me: { name: 'John Doe', email: 'john.doe@example.com' },
      accounts: [
        { __typename: 'AzureAccount', id: `azure:${documented.azure.tenantId}`, ...azure },
        {
          __typename: 'GcpAccount',
          id: 'gcp:john.doe@example.com',
          accessToken,
          refreshToken,
          ...shownOfGoogle,
        },
        { __typename: 'AwsAccount', id: `aws:${roleArn}`, ...aws },
      ],
    });
  });

  it('the user stays that of the first sign-in, whoever is linked later', async () => {
    const browser = gateway.browser();
    await browser.signIn('jane', '/api/login/google');
    await browser.signIn('john');
    await browser.signIn('john', '/api/login/google');
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'Jane Roe' });
    expect(await browser.json('/api/accounts')).toMatchObject([
      { email: 'jane.roe@example.org' },
      { tenantId: documented.azure.tenantId },
      { email: 'john.doe@example.com' },
    ]);
  });

  it('several tenants, Google accounts and roles stand side by side', async () => {
    gateway.sandbox.addAwsRole({
      arn: 'arn:aws:iam::111122223333:role/Second',
      trusts: (id) => id !== undefined,
    });
    const browser = gateway.browser();
    for (const persona of ['john', 'many', 'nameless']) await browser.signIn(persona);
    for (const persona of ['john', 'jane']) await browser.signIn(persona, '/api/login/google');
    await addRole(browser, { roleArn });
    const { data } = await browser.graphql(
      'mutation { connectAwsAccount(roleArn: "arn:aws:iam::111122223333:role/Second") { account { id accountId } } }',
    );
    expect(data).toEqual({
      connectAwsAccount: {
        account: { id: 'aws:arn:aws:iam::111122223333:role/Second', accountId: '111122223333' },
      },
    });
    const accounts = await browser.json<{ provider: string }[]>('/api/accounts');
    expect(accounts.map(({ provider }) => provider)).toEqual([
      ...['azure', 'azure', 'azure', 'gcp', 'gcp', 'aws', 'aws'],
    ]);
  });

  it('another person with the same e-mail replaces the account in place', async () => {
    const browser = await withAllThree();
    await browser.signIn('johnny', '/api/login/google');
    expect(await browser.json('/api/accounts')).toMatchObject([
      { provider: 'azure' },
      { provider: 'gcp', email: 'john.doe@example.com', displayName: 'Johnny Doe' },
      { provider: 'aws' },
    ]);
  });

  it('disconnecting an account leaves the others', async () => {
    const browser = await withAllThree();
    const disconnect = `mutation ($id: ID!) { disconnectAccount(id: $id) { id accounts { ... on ConnectedAccount { id } } } }`;
    const ids = [`azure:${documented.azure.tenantId}`, 'gcp:john.doe@example.com', `aws:${roleArn}`];
    expect((await browser.graphql(disconnect, { id: ids[1] })).data).toEqual({
      disconnectAccount: { id: ids[1], accounts: [{ id: ids[0] }, { id: ids[2] }] },
    });
    expect(await browser.json('/api/accounts')).toEqual([
      documented.azure,
      { ...documented.aws, externalId: expect.stringMatching(/^mcm-/) },
    ]);
    expect(await browser.graphql(disconnect, { id: ids[1] })).toMatchObject({
      data: null,
      errors: [{ path: ['disconnectAccount'], extensions: { code: 'ACCOUNT_NOT_FOUND' } }],
    });
    await browser.graphql(disconnect, { id: ids[0] });
    await browser.graphql(disconnect, { id: ids[2] });
    expect(await browser.json('/api/accounts')).toEqual([]);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  });

  it("an id that is not this session's is not found, be it another session's", async () => {
    const [browser, other] = [await withAllThree(), gateway.browser()];
    await other.signIn('many');
    const disconnect = 'mutation ($id: ID!) { disconnectAccount(id: $id) { id } }';
    for (const id of [`azure:${documented.azure.tenantId}`, 'azure:', '', 'x'.repeat(5000)]) {
      expect(await other.graphql(disconnect, { id })).toMatchObject({
        errors: [{ extensions: { code: 'ACCOUNT_NOT_FOUND' } }],
      });
    }
    expect(await gateway.browser().graphql(disconnect, { id: 'gcp:john.doe@example.com' })).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(await browser.json('/api/accounts')).toHaveLength(3);
  });
});

describe('side by side', () => {
  it.each([
    ['azure', 'google'],
    ['google', 'azure'],
  ] as const)(
    'two tabs start sign-ins, and the one with %s finishes before the one with %s',
    async (...order) => {
      await using gateway = await startGateway();
      const browser = gateway.browser();
      const callbacks = {
        azure: await browser.authorize('john'),
        google: await browser.authorize('john', '/api/login/google'),
      };
      for (const tab of order) expect((await browser.fetch(callbacks[tab])).status).toBe(302);
      expect(await browser.json('/api/accounts')).toEqual(order.map((tab) => documented[tab]));
    },
  );
});

it('however many accounts are linked at once, all of them land', async () => {
  await using gateway = await startGateway();
  const roles = Array.from({ length: 24 }, (_, i) => `arn:aws:iam::987654321098:role/Reader${i}`);
  for (const arn of roles) gateway.sandbox.addAwsRole({ arn, trusts: (id) => id !== undefined });
  const browser = gateway.browser();
  await browser.signIn('john');
  const answers = await Promise.all(roles.map((arn) => addRole(browser, { roleArn: arn })));
  expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
  expect(await browser.json('/api/accounts')).toHaveLength(25);
});

it('a sign-in that was started before a logout does not end in the next session', async () => {
  await using gateway = await startGateway();
  const browser = gateway.browser();
  await browser.signIn('john');
  const callback = await browser.authorize('jane', '/api/login/google');
  await browser.fetch('/api/logout');
  await browser.signIn('many');
  expect((await browser.fetch(callback)).status).toBe(400);
  expect(await browser.json('/api/accounts')).toHaveLength(1);
});
