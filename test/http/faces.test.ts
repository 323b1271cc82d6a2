import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from '../../src/sandbox/people.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

type LegacyAccount = { tenantId: string; displayName: string; subscriptions: string[] };
type LegacySubscription = { tenantId: string; subscriptionId: string; displayName: string };

const question = `{
  me { loggedIn name email sessionExpiresAt }
  accounts {
    __typename
    ... on ConnectedAccount { id provider displayName }
    ... on AzureAccount { tenantId subscriptions }
  }
  azureSubscriptions { id provider tenantId subscriptionId displayName state }
}`;

describe('GraphQL and REST give the same answer', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ env: { AZURE_TIMEOUT_MS: '2000' } });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each(PEOPLE.map(({ id }) => id))('for %s', async (persona) => {
    const browser = gateway.browser();
    await browser.signIn(persona);

    const { data, errors } = await browser.graphql(question);
    const user = await browser.json('/api/user');
    const accounts = await browser.json<LegacyAccount[]>('/api/accounts');
    const listing = await browser.fetch('/api/subscriptions');
    const listed = (await listing.json()) as { value?: LegacySubscription[]; error?: string; code?: string };

    const me = data?.me as { loggedIn: boolean; name: string | null };
    expect(user).toEqual({ logged_in: me.loggedIn, name: me.name });
    expect(me.loggedIn).toBe(true);

    expect(data?.accounts).toEqual(
      accounts.map((account) => ({
        __typename: 'AzureAccount',
        id: `azure:${account.tenantId}`,
        ...account,
      })),
    );

    if (listing.status === 200) {
      expect(errors).toBeUndefined();
      expect(data?.azureSubscriptions).toEqual(
        listed.value?.map((row) => ({
          id: `azure:${row.tenantId}/${row.subscriptionId}`,
          state: 'Enabled',
          ...row,
        })),
      );
    } else {
      expect(listing.status).toBe(500);
      expect(data?.azureSubscriptions).toBeNull();
      expect(errors?.map(({ message, path }) => ({ message, path }))).toEqual([
        { message: listed.error, path: ['azureSubscriptions'] },
      ]);
      expect(errors?.[0]?.extensions).toMatchObject({ code: listed.code, tenantId: accounts[0]?.tenantId });
    }
  });

  it('for nobody', async () => {
    const browser = gateway.browser();
    const { data } = await browser.graphql(question);
    expect(data).toEqual({
      me: { loggedIn: false, name: null, email: null, sessionExpiresAt: null },
      accounts: [],
      azureSubscriptions: [],
    });
    expect(await browser.json('/api/user')).toEqual({ logged_in: false });
    expect(await browser.json('/api/accounts')).toEqual([]);
    expect(await browser.json('/api/subscriptions')).toEqual({ value: [] });
  });
});
