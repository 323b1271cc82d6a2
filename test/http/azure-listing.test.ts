import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from '../../src/sandbox/people.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const tenants = Object.fromEntries(PEOPLE.map(({ id, tenantId }) => [id, tenantId]));
const tenant = (persona: string): string => tenants[persona] ?? 'unknown-tenant';
const holding = (...personas: string[]): GatewaySession => ({
  user: { name: 'Ada' },
  accounts: personas.map((persona) => ({ provider: 'azure', tenantId: tenant(persona) })),
});
const question = '{ me { loggedIn } azureSubscriptions { subscriptionId displayName } }';

describe('listing Azure subscriptions', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ env: { AZURE_TIMEOUT_MS: '1500' } });
  });
  afterEach(() => gateway.sandbox.faults.clear());
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('follows all pages', async () => {
    const browser = await gateway.browserWith(holding('many'));
    gateway.sandbox.calls.reset();
    const { data = {} } = (await browser.graphql(question)) as { data?: Record<string, unknown> };
    const names = (data.azureSubscriptions as { displayName: string }[]).map(
      ({ displayName }) => displayName,
    );
    expect(names).toHaveLength(120);
    expect(new Set(names).size).toBe(120);
    expect(gateway.sandbox.calls.count('arm.subscriptions')).toBe(3);
  });

  it('asks for one token per tenant and one listing per request, however many fields want it', async () => {
    const browser = await gateway.browserWith(holding('nameless'));
    gateway.sandbox.calls.reset();
    await browser.graphql(
      '{ azureSubscriptions { id } accounts { ... on AzureAccount { subscriptionDetails { id } } } }',
    );
    await browser.graphql(question);
    expect(gateway.sandbox.calls.count('azure.token.client_credentials')).toBe(1);
    expect(gateway.sandbox.calls.count('arm.subscriptions')).toBe(2);
  });

  it.each([
    ['denied', 'AZURE_FORBIDDEN', 'Reader role'],
    ['throttled', 'AZURE_THROTTLED', 'in 372 seconds'],
    ['slow', 'AZURE_TIMEOUT', 'within 1500 ms'],
    ['nobody', 'AZURE_AUTHENTICATION_FAILED', 'the tenant exists'],
  ])('of %s nulls the field with %s, and REST answers 500', async (persona, code, mend) => {
    const browser = await gateway.browserWith(holding(persona));
    const { data, errors } = await browser.graphql(question);
    expect(data).toEqual({ me: { loggedIn: true }, azureSubscriptions: null });
    expect(errors).toEqual([
      {
        message: expect.stringMatching(new RegExp(`tenant ${tenant(persona)} failed: .*${mend}`)),
        locations: expect.any(Array),
        path: ['azureSubscriptions'],
        extensions: {
          code,
          tenantId: tenant(persona),
          requestId: expect.any(String),
          ...(code === 'AZURE_THROTTLED' && { retryAfterSeconds: 372 }),
        },
      },
    ]);
    const answer = await browser.fetch('/api/subscriptions');
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ error: errors?.[0]?.message, code, requestId: expect.any(String) });
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'Ada' });
  });

  it('asks once more when the connection is reset, and not again after that', async () => {
    const { faults, calls } = gateway.sandbox;
    const browser = await gateway.browserWith(holding('nameless'));
    await browser.graphql(question);
    calls.reset();
    faults.set('arm.subscriptions', { cut: true }, { times: 1 });
    expect((await browser.graphql(question)).errors).toBeUndefined();
    expect(calls.count('arm.subscriptions')).toBe(2);
    faults.set('arm.subscriptions', { cut: true });
    expect((await browser.graphql(question)).errors).toMatchObject([
      { extensions: { code: 'AZURE_UNAVAILABLE' } },
    ]);
    expect(calls.count('arm.subscriptions')).toBe(4);
  });

  it('fails for one tenant alone: the others keep their subscriptionDetails', async () => {
    const browser = await gateway.browserWith(holding('john', 'denied', 'nameless'));
    const { data, errors } = await browser.graphql(
      '{ accounts { ... on AzureAccount { tenantId subscriptionDetails { displayName } } } azureSubscriptions { id } }',
    );
    expect(data).toEqual({
      accounts: [
        {
          tenantId: tenant('john'),
          subscriptionDetails: [
            { displayName: 'Production Subscription' },
            { displayName: 'Development Subscription' },
          ],
        },
        { tenantId: tenant('denied'), subscriptionDetails: null },
        { tenantId: tenant('nameless'), subscriptionDetails: [{ displayName: 'Nameless Subscription' }] },
      ],
      azureSubscriptions: null,
    });
    const failed = errors?.map(({ path, extensions }) => ({
      path,
      code: extensions.code,
      tenantId: extensions.tenantId,
    }));
    expect(failed).toHaveLength(2);
    expect(failed).toContainEqual({
      path: ['accounts', 1, 'subscriptionDetails'],
      code: 'AZURE_FORBIDDEN',
      tenantId: tenant('denied'),
    });
    expect(failed).toContainEqual({
      path: ['azureSubscriptions'],
      code: 'AZURE_FORBIDDEN',
      tenantId: tenant('denied'),
    });
  });

  it.each([
    ['500', { status: 500, body: { error: { code: 'InternalServerError' } } }, 'AZURE_UNAVAILABLE'],
    ['a cut connection', { cut: true } as const, 'AZURE_UNAVAILABLE'],
    ['401', { status: 401, body: {} }, 'AZURE_AUTHENTICATION_FAILED'],
    ['HTML with 200', { status: 200, body: '<html>' }, 'AZURE_BAD_RESPONSE'],
    ['no text as an id', { status: 200, body: { value: [{ subscriptionId: 5 }] } }, 'AZURE_BAD_RESPONSE'],
    ['an empty id', { status: 200, body: { value: [{ subscriptionId: '' }] } }, 'AZURE_BAD_RESPONSE'],
    [
      'no text as a name',
      { status: 200, body: { value: [{ subscriptionId: 's', displayName: { a: 1 } }] } },
      'AZURE_BAD_RESPONSE',
    ],
    ['null as an item', { status: 200, body: { value: [null] } }, 'AZURE_BAD_RESPONSE'],
    ['no list', { status: 200, body: { value: 'none' } }, 'AZURE_BAD_RESPONSE'],
    [
      'a next page elsewhere',
      { status: 200, body: { value: [], nextLink: 'https://127.0.0.2/' } },
      'AZURE_BAD_RESPONSE',
    ],
  ])('answers %s with a code', async (_title, fault, code) => {
    const browser = await gateway.browserWith(holding('john'));
    gateway.sandbox.faults.set('arm.subscriptions', fault);
    const { errors } = await browser.graphql(question);
    expect(errors).toMatchObject([
      { message: expect.stringContaining(tenant('john')), extensions: { code, tenantId: tenant('john') } },
    ]);
    gateway.sandbox.faults.clear();
    expect((await browser.graphql(question)).errors).toBeUndefined();
  });
});

describe('when the authority fails', () => {
  it.each([
    ['cannot be reached', { cut: true } as const, 'AZURE_UNAVAILABLE'],
    ['answers 503', { status: 503 }, 'AZURE_UNAVAILABLE'],
    ['refuses the secret', { status: 401, body: { error: 'invalid_client' } }, 'AZURE_AUTHENTICATION_FAILED'],
    ['never answers', { delayMs: 60_000 }, 'AZURE_TIMEOUT'],
  ])('and %s, the answer says so, and it recovers', async (_title, fault, code) => {
    await using gateway = await startGateway({ env: { AZURE_TIMEOUT_MS: '1500' } });
    const browser = await gateway.browserWith(holding('john'));
    gateway.sandbox.faults.set('azure.token.client_credentials', fault);
    expect((await browser.graphql(question)).errors).toMatchObject([{ extensions: { code } }]);
    gateway.sandbox.faults.clear();
    expect((await browser.graphql(question)).errors).toBeUndefined();
  });
});
