import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { ClientSecretCredential } from '@azure/identity';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PEOPLE, SANDBOX_TENANTS } from '../../src/sandbox/people.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startTrustedSandbox } from './support.ts';

const ARM_SCOPE = 'https://management.azure.com/.default';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startTrustedSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.calls.reset();
  sandbox.faults.clear();
});

function tenantOf(persona: string): string {
  return PEOPLE.find(({ id }) => id === persona)?.tenantId ?? persona;
}

function createCredential(
  tenantId: string,
  secret = sandbox.env.AZURE_CLIENT_SECRET,
): ClientSecretCredential {
  return new ClientSecretCredential(tenantId, sandbox.env.AZURE_CLIENT_ID, secret, {
    authorityHost: sandbox.env.AZURE_AUTHORITY_HOST,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  });
}

async function listSubscriptions(
  persona: string,
  options: { abortSignal?: AbortSignal; maxRetries?: number } = {},
): Promise<string[]> {
  const { maxRetries = 0, ...operation } = options;
  const client = new SubscriptionClient(createCredential(tenantOf(persona)), {
    endpoint: sandbox.env.AZURE_RESOURCE_MANAGER_ENDPOINT,
    credentials: { scopes: [ARM_SCOPE] },
    retryOptions: { maxRetries },
  });
  const names: string[] = [];
  for await (const { displayName } of client.subscriptions.list(operation)) names.push(displayName ?? '');
  return names;
}

async function appToken(tenantId: string): Promise<string> {
  return (await createCredential(tenantId).getToken(ARM_SCOPE)).token;
}

function getSubscriptions(
  headers: Record<string, string>,
  query = '?api-version=2022-12-01',
): Promise<Response> {
  return fetch(`${sandbox.env.AZURE_RESOURCE_MANAGER_ENDPOINT}/subscriptions${query}`, { headers });
}

describe('listing subscriptions with the Azure SDK', () => {
  test("gives John's two", async () => {
    expect(await listSubscriptions('john')).toEqual(['Production Subscription', 'Development Subscription']);
    expect(sandbox.calls.count('azure.token.client_credentials')).toBe(1);
    expect(sandbox.calls.count('arm.subscriptions')).toBe(1);
  });

  test('gives 120 on three pages, each once and in order', async () => {
    const names = await listSubscriptions('many');
    expect(names).toHaveLength(120);
    expect(new Set(names).size).toBe(120);
    expect([names[0], names[119]]).toEqual(['Team 001', 'Team 120']);
    expect(sandbox.calls.count('arm.subscriptions')).toBe(3);
  });

  test('is forbidden in the denied tenant', async () => {
    await expect(listSubscriptions('denied')).rejects.toMatchObject({
      statusCode: 403,
      code: 'AuthorizationFailed',
    });
  });

  test('is throttled in the throttled tenant, with the wait in Retry-After', async () => {
    await expect(listSubscriptions('throttled')).rejects.toMatchObject({
      statusCode: 429,
      code: 'TooManyRequests',
    });
    const authorization = `Bearer ${await appToken(tenantOf('throttled'))}`;
    expect((await getSubscriptions({ authorization })).headers.get('retry-after')).toBe('372');
  });

  test('can be given up on in the slow tenant', async () => {
    const started = Date.now();
    await expect(listSubscriptions('slow', { abortSignal: AbortSignal.timeout(300) })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(Date.now() - started).toBeLessThan(4_000);
  });

  test('takes five seconds in the slow tenant', { timeout: 10_000 }, async () => {
    const started = Date.now();
    expect(await listSubscriptions('slow')).toHaveLength(2);
    expect(Date.now() - started).toBeGreaterThanOrEqual(4_990);
  });

  // MSAL keeps the reason of a failed discovery to itself; a discovery that answers 500 looks the same.
  test('fails to authenticate for an unknown tenant', async () => {
    await expect(listSubscriptions('99999999-0000-4000-8000-000000000000')).rejects.toMatchObject({
      name: 'CredentialUnavailableError',
      message: expect.stringContaining('endpoints_resolution_error'),
    });
  });

  test('fails to authenticate with a wrong secret, the AADSTS code in the message', async () => {
    await expect(createCredential(tenantOf('john'), 'wrong').getToken(ARM_SCOPE)).rejects.toMatchObject({
      name: 'AuthenticationRequiredError',
      message: expect.stringMatching(/^invalid_client: .*AADSTS7000215/),
    });
  });

  test('gives the subscriptions of a tenant that a test adds', async () => {
    const id = '88888888-8888-4888-8888-888888888888';
    sandbox.addTenant({ id, subscriptions: [{ id: 'a1', displayName: 'Old', state: 'Disabled' }] });
    expect(await listSubscriptions(id)).toEqual(['Old']);
  });
});

describe('Azure Resource Manager itself', () => {
  test('answers the documented fields', async () => {
    const tenantId = tenantOf('john');
    const response = await getSubscriptions({ authorization: `Bearer ${await appToken(tenantId)}` });
    const { value, count } = Object(await response.json());
    const [subscription] = SANDBOX_TENANTS[0]?.subscriptions ?? [];
    expect(count).toEqual({ type: 'Total', value: 2 });
    expect(value[0]).toMatchObject({
      id: `/subscriptions/${subscription?.id}`,
      subscriptionId: subscription?.id,
      tenantId,
      displayName: 'Production Subscription',
      state: 'Enabled',
    });
  });

  test.each([
    ['no token', {}],
    ['an unknown token', { authorization: 'Bearer made-up' }],
  ])('refuses %s', async (_what, headers) => {
    const response = await getSubscriptions(headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer authorization_uri="https:/);
    expect(await response.json()).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } });
  });

  test('refuses a request without api-version', async () => {
    const response = await getSubscriptions({}, '');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'MissingApiVersionParameter' } });
  });

  test('answers 404 in its own form elsewhere', async () => {
    const response = await fetch(
      `${sandbox.env.AZURE_RESOURCE_MANAGER_ENDPOINT}/tenants?api-version=2022-12-01`,
    );
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'NotFound' } });
  });
});

describe('faults', () => {
  test('a status is answered as often as told, then all is well', async () => {
    const body = { error: { code: 'InternalServerError', message: 'told to' } };
    sandbox.faults.set('arm.subscriptions', { status: 500, body }, { times: 1 });
    await expect(listSubscriptions('john')).rejects.toMatchObject({
      statusCode: 500,
      code: 'InternalServerError',
    });
    expect(await listSubscriptions('john')).toHaveLength(2);
    expect(sandbox.calls.count('arm.subscriptions')).toBe(2);
  });

  test('a delay comes before the usual answer', async () => {
    sandbox.faults.set('azure.token.client_credentials', { delayMs: 200 });
    const started = Date.now();
    await appToken(tenantOf('john'));
    expect(Date.now() - started).toBeGreaterThanOrEqual(195);
  });

  test('a cut breaks the connection before any answer', async () => {
    sandbox.faults.set('arm.subscriptions', { cut: true });
    await expect(getSubscriptions({})).rejects.toThrow('fetch failed');
    sandbox.faults.clear();
    expect((await getSubscriptions({})).status).toBe(401);
  });
});
