import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import { execute, listedAt } from '../support/resolver-test.ts';

const everything: GatewaySession = {
  user: { name: 'John Doe', email: 'john@example.com' },
  accounts: [
    { provider: 'azure', tenantId: 't1', displayName: 'John Doe', subscriptions: ['s1', 's2'] },
    {
      provider: 'gcp',
      email: 'john@example.com',
      displayName: 'John',
      access_token: 'at',
      refresh_token: 'rt',
    },
    {
      provider: 'aws',
      displayName: 'AWS',
      roleArn: 'arn:aws:iam::1:role/R',
      externalId: 'x',
      accountId: '1',
    },
  ],
};

const accountsQuery = `{ accounts {
  __typename
  ... on ConnectedAccount { id provider displayName }
  ... on AzureAccount { tenantId subscriptions }
  ... on GcpAccount { email accessToken refreshToken }
  ... on AwsAccount { roleArn externalId accountId }
} }`;

describe('me', () => {
  it('answers the user of the session', async () => {
    const { data } = await execute('{ me { loggedIn name } }', { user: { name: 'Ada' } });
    expect(data).toEqual({ me: { loggedIn: true, name: 'Ada' } });
  });

  it.each<[string, GatewaySession]>([
    ['no session', {}],
    ['an empty user', { user: {} }],
  ])('is nobody with %s', async (_title, session) => {
    const { data } = await execute('{ me { loggedIn name email sessionExpiresAt } }', session, {
      expiresAt: new Date(),
    });
    expect(data).toEqual({ me: { loggedIn: false, name: null, email: null, sessionExpiresAt: null } });
  });

  it('is signed in without a name', async () => {
    const { data } = await execute('{ me { loggedIn name email } }', { user: { email: 'x', name: 7 } });
    expect(data).toEqual({ me: { loggedIn: true, name: null, email: 'x' } });
  });

  it('tells when the session ends', async () => {
    const expiresAt = new Date('2026-01-31T12:00:00Z');
    const { data } = await execute('{ me { sessionExpiresAt } }', everything, { expiresAt });
    expect(data).toEqual({ me: { sessionExpiresAt: '2026-01-31T12:00:00.000Z' } });
  });
});

describe('accounts', () => {
  it('are of the type of their cloud', async () => {
    const { data } = await execute(accountsQuery, everything);
    expect(data?.accounts).toEqual([
      {
        __typename: 'AzureAccount',
        id: 'azure:t1',
        provider: 'azure',
        displayName: 'John Doe',
        tenantId: 't1',
        subscriptions: ['s1', 's2'],
      },
      {
        __typename: 'GcpAccount',
        id: 'gcp:john@example.com',
        provider: 'gcp',
        displayName: 'John',
        email: 'john@example.com',
        accessToken: 'at',
        refreshToken: 'rt',
      },
      {
        __typename: 'AwsAccount',
        id: 'aws:arn:aws:iam::1:role/R',
        provider: 'aws',
        displayName: 'AWS',
        roleArn: 'arn:aws:iam::1:role/R',
        externalId: 'x',
        accountId: '1',
      },
    ]);
  });

  it('hide their tokens with TOKEN_EXPOSURE=none', async () => {
    const answer = await execute(accountsQuery, everything, { tokenExposure: 'none' });
    expect(answer.data?.accounts).toMatchObject([{}, { accessToken: null, refreshToken: null }, {}]);
  });

  it('may lack what an older session did not hold', async () => {
    const { data } = await execute(accountsQuery, {
      accounts: [
        { provider: 'azure', tenantId: 't' },
        { provider: 'gcp', email: 'e' },
      ],
    });
    expect(data?.accounts).toMatchObject([
      { displayName: null, subscriptions: [] },
      { displayName: null, accessToken: null },
    ]);
  });
});

describe('azureSubscriptions', () => {
  it('have stable ids', async () => {
    const { data } = await execute('{ azureSubscriptions { id provider state } }', everything, {
      subscriptions: { t1: [{ subscriptionId: 's1', state: 'Enabled' }] },
    });
    expect(data).toEqual({
      azureSubscriptions: [{ id: 'azure:t1/s1', provider: 'azure', state: 'Enabled' }],
    });
  });

  it('are null with a code when a tenant fails, and the rest is answered', async () => {
    const refused = new GatewayError('AZURE_FORBIDDEN', 'not allowed', { details: { tenantId: 't1' } });
    const { data, errors } = await execute('{ me { name } azureSubscriptions { id } }', everything, {
      subscriptions: { t1: refused },
    });
    expect(data).toEqual({ me: { name: 'John Doe' }, azureSubscriptions: null });
    expect(errors).toMatchObject([
      {
        message: 'not allowed',
        extensions: { code: 'AZURE_FORBIDDEN', tenantId: 't1', requestId: 'resolver-test' },
      },
    ]);
  });
});

describe('the age of a list', () => {
  const session: GatewaySession = {
    accounts: [
      { provider: 'azure', tenantId: 't1' },
      { provider: 'azure', tenantId: 't2' },
    ],
  };
  const subscriptions = { t1: [{ subscriptionId: 's1' }], t2: [{ subscriptionId: 's2' }] };
  const asOf = listedAt.toISOString();

  it('is said of each subscription', async () => {
    const { data } = await execute('{ azureSubscriptions { asOf } }', session, { subscriptions });
    expect(data).toEqual({ azureSubscriptions: [{ asOf }, { asOf }] });
  });

  it('is said beside the data where a list is stale, of the tenants that were asked for', async () => {
    const stale = { t2: 'AZURE_TIMEOUT' } as const;
    const query = '{ accounts { ... on AzureAccount { subscriptionDetails { id } } } }';
    const marked = await execute(query, session, { subscriptions, stale });
    expect(marked).toMatchObject({
      extensions: { azure: { stale: [{ tenantId: 't2', asOf, code: 'AZURE_TIMEOUT' }] } },
    });
    expect(marked.errors).toBeUndefined();
    expect(await execute('{ me { name } }', session, { subscriptions, stale })).not.toHaveProperty(
      'extensions',
    );
    expect(await execute(query, session, { subscriptions })).not.toHaveProperty('extensions');
  });
});

it('logout ends the session', async () => {
  const { data, session } = await execute('mutation { logout { message } }', everything);
  expect(data).toEqual({ logout: { message: 'Wylogowano' } });
  expect(session).toEqual({});
});

it('an error that nobody foresaw is masked', async () => {
  const broken: GatewaySession = {
    accounts: [{ provider: 'gcp', email: 'e', displayName: { toString: 'canary' } as never }],
  };
  const { data, errors } = await execute('{ accounts { ... on GcpAccount { displayName } } }', broken);
  expect(data).toEqual({ accounts: [{ displayName: null }] });
  expect(errors).toMatchObject([
    {
      message: 'Internal server error',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'resolver-test' },
    },
  ]);
  expect(JSON.stringify(errors)).not.toContain('canary');
});

describe('a resolver test', () => {
  it('takes variables', async () => {
    const query = 'query ($more: Boolean!) { me { loggedIn name @include(if: $more) } }';
    const { data } = await execute(query, everything, { variables: { more: false } });
    expect(data).toEqual({ me: { loggedIn: true } });
  });

  it('is refused when it says something that would have no effect', async () => {
    const mistaken: object = { t1: [{ subscriptionId: 's1' }] };
    await expect(execute('{ me { name } }', everything, mistaken)).rejects.toThrow('no option t1');
    const elsewhere = { subscriptions: { t9: [] } };
    await expect(execute('{ me { name } }', everything, elsewhere)).rejects.toThrow('the tenant t9');
    const unlisted = { stale: { t9: 'AZURE_TIMEOUT' } as const };
    await expect(execute('{ me { name } }', everything, unlisted)).rejects.toThrow('the tenant t9');
  });
});

describe('connectAwsAccount and disconnectAccount', () => {
  const roleArn = 'arn:aws:iam::987654321098:role/MultiCloudManagerRole';
  const connect = `mutation ($roleArn: String!) { connectAwsAccount(roleArn: $roleArn) {
    account { id displayName roleArn externalId accountId }
  } }`;
  const disconnect = `mutation ($id: ID!) { disconnectAccount(id: $id) {
    id accounts { ... on ConnectedAccount { id } }
  } }`;

  it('puts a role that may be assumed into the session', async () => {
    const roles = { [roleArn]: '987654321098' };
    const user = { iss: 'https://issuer.example', sub: 'ada' };
    const { data, session } = await execute(connect, { user }, { roles, variables: { roleArn } });
    const account = {
      displayName: 'AWS Account (987654321098)',
      roleArn,
      externalId: 'mcm-ada',
      accountId: '987654321098',
    };
    expect(data).toEqual({ connectAwsAccount: { account: { id: `aws:${roleArn}`, ...account } } });
    expect(session).toEqual({ user, accounts: [{ provider: 'aws', ...account }] });
  });

  it('changes nothing when AWS refuses the role', async () => {
    const { errors, session } = await execute(
      connect,
      { ...everything, user: { sub: 'ada' } },
      { roles: {}, variables: { roleArn } },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'AWS_ROLE_REFUSED' } }]);
    expect(session.accounts).toEqual(everything.accounts);
  });

  it('takes an account out of the session', async () => {
    const { data, session } = await execute(disconnect, everything, {
      variables: { id: 'gcp:john@example.com' },
    });
    const left = [{ id: 'azure:t1' }, { id: 'aws:arn:aws:iam::1:role/R' }];
    expect(data).toEqual({ disconnectAccount: { id: 'gcp:john@example.com', accounts: left } });
    expect(session.accounts).toHaveLength(2);
    expect(session.user).toEqual(everything.user);
  });

  it.each<[string, string, GatewaySession]>([
    ['UNAUTHENTICATED', 'azure:t1', {}],
    ['ACCOUNT_NOT_FOUND', 'azure:other', everything],
  ])('answers %s for %s of another session', async (code, id, session) => {
    const { errors } = await execute(disconnect, session, { variables: { id } });
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });
});

describe('the tokens of a Google account', () => {
  it('are those that it has when it is asked for', async () => {
    const { data } = await execute(accountsQuery, everything, {
      tokens: { 'gcp:john@example.com': { access_token: 'fresh', refresh_token: 'rotated' } },
    });
    expect(data?.accounts).toMatchObject([{}, { accessToken: 'fresh', refreshToken: 'rotated' }, {}]);
  });

  it('fail alone, with the path of their account', async () => {
    const { data, errors } = await execute(accountsQuery, everything, {
      tokens: { 'gcp:john@example.com': new GatewayError('REAUTH_REQUIRED', 'sign in again') },
    });
    expect(data?.accounts).toMatchObject([{}, { accessToken: null, refreshToken: null }, {}]);
    expect(errors?.map(({ path }) => path)).toEqual([
      ['accounts', 1, 'accessToken'],
      ['accounts', 1, 'refreshToken'],
    ]);
  });
});
