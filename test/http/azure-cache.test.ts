import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE } from '../../src/sandbox/people.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const tenants = Object.fromEntries(PEOPLE.map(({ id, tenantId }) => [id, tenantId]));
const tenant = (persona: string): string => tenants[persona] ?? 'unknown-tenant';
const holding = (...personas: string[]): GatewaySession => ({
  user: { name: 'Ada' },
  accounts: personas.map((persona) => ({ provider: 'azure', tenantId: tenant(persona) })),
});
const question = '{ azureSubscriptions { tenantId displayName asOf } }';
const refreshing = '{ azureSubscriptions(refresh: true) { displayName } }';

type Answer = {
  data: { azureSubscriptions: { tenantId: string; displayName: string; asOf: string }[] | null };
  errors?: { extensions: { code: string } }[];
  extensions?: unknown;
};

let gateway: TestGateway;
let now = Date.now();
/** Until everything that is held is older than that. */
const pass = (seconds: number): void => {
  now += seconds * 1000;
};
beforeAll(async () => {
  gateway = await startGateway({
    env: {
      AZURE_CACHE_SECONDS: '30',
      AZURE_TIMEOUT_MS: '3000',
      SESSION_IDLE_MINUTES: '1000',
      SESSION_ABSOLUTE_HOURS: '100',
    },
    now: () => now,
  });
});
beforeEach(() => {
  pass(2 * 3600);
  gateway.sandbox.calls.reset();
});
afterEach(() => gateway.sandbox.faults.clear());
afterAll(() => gateway[Symbol.asyncDispose]());

const listings = () => gateway.sandbox.calls.count('arm.subscriptions');
const ask = async (personas: string[], query = question): Promise<Answer> =>
  (await (await gateway.browserWith(holding(...personas))).graphql(query)) as unknown as Answer;
/** The names in the lists; the errors where there are none. */
const namesIn = ({ data, errors }: Answer) =>
  data.azureSubscriptions?.map(({ displayName }) => displayName) ?? errors;
const john = ['Production Subscription', 'Development Subscription'];

describe('a tenant', () => {
  it('is listed once for all sessions, and again when the list is too old', async () => {
    const first = await ask(['john']);
    expect(namesIn(first)).toEqual(john);
    expect(first.data.azureSubscriptions?.[0]?.asOf).toBe(new Date(now).toISOString());
    pass(29);
    expect(await ask(['john'])).toEqual(first);
    expect(listings()).toBe(1);
    pass(1);
    expect((await ask(['john'])).data.azureSubscriptions?.[0]?.asOf).toBe(new Date(now).toISOString());
    expect(listings()).toBe(2);
  });

  it('is listed once for sessions that ask at the same time, over both faces', async () => {
    const browser = await gateway.browserWith(holding('many'));
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        if (index % 2 === 0) return namesIn((await browser.graphql(question)) as unknown as Answer);
        const { value } = await browser.json<{ value: { displayName: string }[] }>('/api/subscriptions');
        return value.map(({ displayName }) => displayName);
      }),
    );
    for (const names of answers) expect(names).toHaveLength(120);
    expect(listings()).toBe(3); // its pages
  });

  it('is never answered the list of another', async () => {
    await ask(['many']);
    expect(namesIn(await ask(['john']))).toEqual(john);
    const both = await ask(['nameless', 'john']);
    expect(both.data.azureSubscriptions?.map(({ tenantId }) => tenantId)).toEqual(
      ['nameless', 'john', 'john'].map(tenant),
    );
  });

  it('that hangs holds up no other', async () => {
    const hanging = ask(['slow']);
    expect(namesIn(await ask(['john']))).toEqual(john);
    expect((await hanging).errors).toMatchObject([{ extensions: { code: 'AZURE_TIMEOUT' } }]);
  });

  it('is listed for a sign-in, and not again for the page after it', async () => {
    const browser = gateway.browser();
    await browser.signIn('john');
    expect(namesIn((await browser.graphql(question)) as unknown as Answer)).toEqual(john);
    expect(listings()).toBe(1);
  });
});

it('another gateway, which may be of another Azure cloud, has its own lists', async () => {
  await ask(['john']);
  await using other = await startGateway({ env: { AZURE_CACHE_SECONDS: '30' } });
  other.sandbox.faults.set('arm.subscriptions', { status: 200, body: { value: [] } });
  const browser = await other.browserWith(holding('john'));
  expect(await browser.json('/api/subscriptions')).toEqual({ value: [] });
  expect(namesIn(await ask(['john']))).toEqual(john);
});

describe('while Azure fails', () => {
  const unavailable = { status: 503, body: { error: { code: 'ServiceUnavailable' } } };

  it('an older list is answered, and named beside the data, for the tenants of this request alone', async () => {
    const before = await ask(['john', 'nameless']);
    pass(60);
    gateway.sandbox.faults.set('arm.subscriptions', unavailable);
    const asOf = before.data.azureSubscriptions?.[0]?.asOf;
    const stale = (...personas: string[]) => ({
      azure: {
        stale: personas.map((each) => ({ tenantId: tenant(each), asOf, code: 'AZURE_UNAVAILABLE' })),
      },
    });
    expect(await ask(['john', 'nameless'])).toEqual({ ...before, extensions: stale('john', 'nameless') });
    expect((await ask(['john'])).extensions).toEqual(stale('john'));
    expect(listings()).toBe(4);
    expect(await ask(['john'], '{ me { loggedIn } }')).not.toHaveProperty('extensions');
    gateway.sandbox.faults.clear();
    pass(5);
    expect(await ask(['john'])).not.toHaveProperty('extensions');
    expect(gateway.log.entries().filter(({ msg }) => String(msg).startsWith('Listing failed'))).toMatchObject(
      ['john', 'nameless'].map((each) => ({
        level: 'warn',
        tenantId: tenant(each),
        err: { code: 'AZURE_UNAVAILABLE' },
      })),
    );
  });

  it('REST answers it in its exact shape', async () => {
    const browser = await gateway.browserWith(holding('john'));
    const before = await browser.json<{ value: object[] }>('/api/subscriptions');
    pass(60);
    gateway.sandbox.faults.set('arm.subscriptions', { cut: true });
    const answer = await browser.fetch('/api/subscriptions');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(before);
    expect(before.value.map((each) => Object.keys(each).sort())).toEqual(
      john.map(() => ['displayName', 'provider', 'subscriptionId', 'tenantId']),
    );
  });

  it('also when it only hangs: after the deadline, and then at once', async () => {
    await ask(['john']);
    pass(60);
    gateway.sandbox.faults.set('arm.subscriptions', { delayMs: 60_000 });
    expect(await ask(['john'])).toMatchObject({
      extensions: { azure: { stale: [{ code: 'AZURE_TIMEOUT' }] } },
    });
    expect(namesIn(await ask(['john']))).toEqual(john);
    expect(listings()).toBe(2);
  });

  it('limits the rate, it is left alone for as long as it says', async () => {
    await ask(['john']);
    pass(60);
    gateway.sandbox.faults.set('arm.subscriptions', { status: 429, headers: { 'retry-after': '372' } });
    await ask(['john']);
    pass(360);
    expect(await ask(['john'])).toMatchObject({
      extensions: { azure: { stale: [{ code: 'AZURE_THROTTLED' }] } },
    });
    expect(listings()).toBe(2);
    gateway.sandbox.faults.clear();
    pass(13);
    expect(await ask(['john'])).not.toHaveProperty('extensions');
  });

  it('a list of more than an hour ago is not answered', async () => {
    await ask(['john']);
    pass(3601);
    gateway.sandbox.faults.set('arm.subscriptions', unavailable);
    expect(await ask(['john'])).toMatchObject({
      data: { azureSubscriptions: null },
      errors: [{ extensions: { code: 'AZURE_UNAVAILABLE' } }],
    });
  });

  it.each([
    ['the role', 'arm.subscriptions', { status: 403, body: {} }, 'AZURE_FORBIDDEN'],
    ['the token', 'arm.subscriptions', { status: 401, body: {} }, 'AZURE_AUTHENTICATION_FAILED'],
  ] as const)('a tenant that took %s away is answered no list any more', async (_what, name, fault, code) => {
    await ask(['john']);
    pass(60);
    gateway.sandbox.faults.set(name, fault);
    expect((await ask(['john'])).errors).toMatchObject([{ extensions: { code } }]);
    gateway.sandbox.faults.set(name, unavailable);
    expect((await ask(['john'])).errors).toMatchObject([{ extensions: { code: 'AZURE_UNAVAILABLE' } }]);
  });
});

describe('refresh: true', () => {
  it('asks Azure whatever is held, once for a tenant, and others then have the new list', async () => {
    await ask(['john']);
    const query = `{
      accounts { ... on AzureAccount { subscriptionDetails(refresh: true) { displayName } } }
      azureSubscriptions(refresh: true) { displayName }
    }`;
    expect(namesIn(await ask(['john'], query))).toEqual(john);
    expect(listings()).toBe(2);
    gateway.sandbox.faults.set('arm.subscriptions', { status: 200, body: { value: [] } });
    expect(namesIn(await ask(['john'], refreshing))).toEqual([]);
    expect(namesIn(await ask(['john']))).toEqual([]);
  });

  it('fails when Azure does, for its own field, and the list that is held is answered beside', async () => {
    await ask(['john']);
    gateway.sandbox.faults.set('arm.subscriptions', { status: 503, body: {} });
    expect(
      await ask(
        ['john'],
        '{ fresh: azureSubscriptions(refresh: true) { tenantId } azureSubscriptions { displayName } }',
      ),
    ).toMatchObject({
      data: { fresh: null, azureSubscriptions: john.map((displayName) => ({ displayName })) },
      errors: [{ path: ['fresh'], extensions: { code: 'AZURE_UNAVAILABLE', tenantId: tenant('john') } }],
    });
  });

  it.each(['false', 'null'])('%s is as if nothing was said', async (value) => {
    await ask(['john']);
    expect(namesIn(await ask(['john'], refreshing.replace('true', value)))).toEqual(john);
    expect(listings()).toBe(1);
  });
});

it('without a cache Azure is asked each time, and its failures are answered', async () => {
  await using uncached = await startGateway({ env: { AZURE_CACHE_SECONDS: '0' } });
  const browser = await uncached.browserWith(holding('john'));
  await browser.graphql(question);
  await browser.graphql(question);
  expect(uncached.sandbox.calls.count('arm.subscriptions')).toBe(2);
  uncached.sandbox.faults.set('arm.subscriptions', { status: 503, body: {} });
  expect((await browser.graphql(question)).errors).toMatchObject([
    { extensions: { code: 'AZURE_UNAVAILABLE' } },
  ]);
});
