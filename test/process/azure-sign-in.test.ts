import { describe, expect, test } from 'vitest';
import { ada } from '../doubles/azure-double.ts';
import { subscriptionsOf } from '../doubles/resource-manager-double.ts';
import { Browser } from '../support/browser.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { startAzureGateway, useAzureGateway } from './trusted-azure.ts';

const grace = {
  tid: 'cccccccc-3333-4333-8333-333333333333',
  name: 'Grace Hopper',
  email: 'g@fabrikam.example',
};
const idsOf = (tenant: string) => subscriptionsOf(tenant).map(({ subscriptionId }) => subscriptionId);

/** What AZURE_TENANT_ID may be: one tenant, by id or domain name, or any. */
describe.each([ada.tid, 'contoso.example', 'organizations'])(
  'with another Azure, signing in to %s',
  (authority) => {
    const running = useAzureGateway(authority);

    test('signs a person in and lands on the console, with the sandbox off', async () => {
      const browser = new Browser(running.gateway.url);
      const { response, url } = await browser.visit('/api/login/azure');
      expect({ status: response.status, url }).toEqual({ status: 200, url: `${running.gateway.url}/` });
      expect(running.gateway.output()).not.toMatch(/sandbox/i);
    });

    test('answers REST and GraphQL from that sign-in, over all pages of the listing', async () => {
      const browser = new Browser(running.gateway.url);
      await browser.visit('/api/login/azure');

      expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: ada.name });
      expect(await browser.json('/api/accounts')).toEqual([
        { provider: 'azure', tenantId: ada.tid, displayName: ada.name, subscriptions: idsOf(ada.tid) },
      ]);
      expect(await browser.json('/api/subscriptions')).toEqual({
        value: subscriptionsOf(ada.tid).map(({ subscriptionId, displayName }) => ({
          provider: 'azure',
          tenantId: ada.tid,
          subscriptionId,
          displayName,
        })),
      });
      const query = `{ me { loggedIn name email } accounts { ... on ConnectedAccount { id } }
      azureSubscriptions { id displayName state } }`;
      expect(await browser.graphql(query)).toEqual({
        data: {
          me: { loggedIn: true, name: ada.name, email: ada.email },
          accounts: [{ id: `azure:${ada.tid}` }],
          azureSubscriptions: subscriptionsOf(ada.tid).map(({ subscriptionId, displayName, state }) => ({
            id: `azure:${ada.tid}/${subscriptionId}`,
            displayName,
            state,
          })),
        },
      });
      const pages = running.azure.requests.filter(({ endpoint }) => endpoint === 'subscriptions');
      expect(pages.map(({ values }) => values.page)).toEqual(expect.arrayContaining(['1', '2']));
    });

    test("asks for the sign-in scopes and Resource Manager's, with PKCE", async () => {
      await new Browser(running.gateway.url).visit('/api/login/azure');
      const [asked] = running.azure.requests.filter(({ endpoint }) => endpoint === 'authorize');
      expect(asked?.values.scope?.split(' ').toSorted()).toEqual(
        ['openid', 'profile', 'email', 'offline_access', 'https://management.azure.com/.default'].toSorted(),
      );
      expect(asked).toMatchObject({
        authority,
        values: {
          response_type: 'code',
          response_mode: 'query',
          code_challenge_method: 'S256',
          redirect_uri: `${running.gateway.url}/getAToken`,
        },
      });
      expect(running.azure.requests.find(({ endpoint }) => endpoint === 'token')).toMatchObject({
        authority,
        values: { grant_type: 'authorization_code', redirect_uri: `${running.gateway.url}/getAToken` },
      });
    });

    test('a person of another tenant is linked where any tenant may sign in, else refused', async () => {
      const browser = new Browser(running.gateway.url);
      await browser.visit('/api/login/azure');
      running.azure.person = grace;
      const { response } = await browser.visit('/api/login/azure');

      const linked = authority === 'organizations';
      expect(response.status).toBe(linked ? 200 : 401);
      expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: ada.name });
      const tenants = linked ? [ada.tid, grace.tid] : [ada.tid];
      expect(await browser.json('/api/subscriptions')).toMatchObject({
        value: tenants.flatMap((tenant) => idsOf(tenant).map((subscriptionId) => ({ subscriptionId }))),
      });
    });

    test('no code, token or secret is in what it has written', () => {
      const output = running.gateway.output();
      const secrets = [...running.azure.secrets, running.azure.clientSecret, running.sessionSecret];
      expect(running.azure.secrets.length).toBeGreaterThan(5);
      expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
    });
  },
);

test('an Azure whose certificate nobody vouches for signs nobody in, and the gateway lives on', async () => {
  await using trusted = await startAzureGateway('organizations');
  const { NODE_EXTRA_CA_CERTS: _, ...env } = trusted.azure.env;
  using folder = createTemporaryFolder();
  await using distrusting = await startGatewayProcess({
    folder: folder.path,
    env: { ...env, SESSION_SECRET: trusted.sessionSecret },
  });
  const browser = new Browser(distrusting.url);
  const answer = await browser.fetch('/api/login/azure');
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ code: 'SIGN_IN_FAILED' });
  expect(trusted.azure.requests).toEqual([]);
  expect((await browser.fetch('/readyz')).status).toBe(200);
});
