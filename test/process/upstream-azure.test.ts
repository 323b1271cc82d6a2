import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { ada, twoPages } from '../doubles/azure-double.ts';
import {
  brokenOff,
  dripping,
  drippingHeaders,
  floodOfHeaders,
  gigabyteOf,
  gzipBombOf,
  type OddAnswer,
  textOf,
} from '../doubles/odd-answers.ts';
import { subscriptionsOf } from '../doubles/resource-manager-double.ts';
import { Browser } from '../support/browser.ts';
import { peakMemoryBytes } from './peak-memory.ts';
import { returning } from './returning.ts';
import { useCloudsGateway } from './trusted-clouds.ts';

const running = useCloudsGateway({ TOKEN_EXPOSURE: 'none', AZURE_TIMEOUT_MS: '2500' });

let browser: Browser;
beforeAll(async () => {
  browser = new Browser(running.url);
  await browser.visit('/api/login/azure');
});

/** Forgets the tokens that the gateway's app holds, and nothing else. */
async function restart(): Promise<void> {
  await running.restart();
  browser = await returning(browser, running.url);
}

type Refusal = { code: string; message: string; retryAfterSeconds?: number };

/** What both faces say of a listing that fails, asked one after the other; throws unless both do. */
async function refusals(): Promise<Refusal[]> {
  const answer = await browser.fetch('/api/subscriptions');
  const rest = (await answer.json()) as { code: string; error: string };
  if (answer.status !== 500) throw new Error(`REST answered ${answer.status}`);
  const { data, errors } = await browser.graphql('{ me { loggedIn } azureSubscriptions { id } }');
  expect(data).toEqual({ me: { loggedIn: true }, azureSubscriptions: null });
  const [error] = errors ?? [];
  if (!error) throw new Error('GraphQL gave no error');
  return [
    { code: rest.code, message: rest.error },
    { ...error.extensions, code: String(error.extensions.code), message: error.message },
  ];
}

const codes = async (): Promise<string[]> => (await refusals()).map(({ code }) => code);

async function expectToList(count = 2): Promise<void> {
  const answer = await browser.fetch('/api/subscriptions');
  const { value } = (await answer.json()) as { value: { subscriptionId: string }[] };
  const expected = subscriptionsOf(ada.tid, count).map(({ subscriptionId }) => subscriptionId);
  expect(value.map(({ subscriptionId }) => subscriptionId)).toEqual(expected);
}

const isLeftOpen = Symbol('left open');
/** How the first connection with an odd answer ended; it has to have by the time the gateway has answered. */
const endOf = ({ ended }: OddAnswer) => Promise.race([ended, delay(1000, isLeftOpen)]);

const list = '{"value":[]}';
const token = '{"token_type":"Bearer","expires_in":3600,"access_token":"canary"}';

/** What is read to its end by who trusts the other side; none of it may be, nor may it be kept. */
const huge: [string, (text: string) => OddAnswer][] = [
  ['a gigabyte as announced', (text) => gigabyteOf(text, { isDeclared: true })],
  ['a gigabyte that was not announced', (text) => gigabyteOf(text, { isDeclared: false })],
  ['a gigabyte packed into a megabyte', gzipBombOf],
  ['headers without end', floodOfHeaders],
];
const slow: [string, (text: string) => OddAnswer][] = [
  ['one byte a second', dripping],
  ['one byte of a header a second', drippingHeaders],
];
const malformed: [string, (text: string) => OddAnswer][] = [
  ['an answer that breaks off', brokenOff],
  ['half of the JSON', (text) => textOf(text.slice(0, text.length / 2))],
  ['a page of HTML', () => textOf('<!doctype html><h1>Welcome</h1>', 'text/html')],
  ['a number', () => textOf('5')],
  ['nothing', () => textOf('')],
];

test('a token that Resource Manager refuses is used once more at the most', async () => {
  await expectToList();
  running.azure.applicationTokens.clear();
  const answer = await browser.fetch('/api/subscriptions');
  expect(await answer.json()).toMatchObject({ code: 'AZURE_AUTHENTICATION_FAILED' });
  await expectToList();
});

test.each([
  ['an id without end', { subscriptionId: 'a'.repeat(65) }],
  ['an id that is a path', { subscriptionId: '../../secrets' }],
  ['a name without end', { subscriptionId: 'a', displayName: 'a'.repeat(1001) }],
])('a subscription with %s is AZURE_BAD_RESPONSE', async (_what, item) => {
  running.azure.failing.set('subscriptions', { status: 200, body: { value: [item] } });
  expect(await codes()).toEqual(['AZURE_BAD_RESPONSE', 'AZURE_BAD_RESPONSE']);
  running.azure.failing.clear();
  await expectToList();
});

test('a sign-in to a tenant with a great many subscriptions keeps a thousand of their ids', async () => {
  running.azure.listed = { pages: 3, perPage: 500 };
  const visitor = new Browser(running.url);
  await visitor.visit('/api/login/azure');
  const accounts = await visitor.json<{ subscriptions: string[] }[]>('/api/accounts');
  expect(accounts[0]?.subscriptions).toHaveLength(1000);
  running.azure.listed = twoPages;
});

describe.each([
  ['Resource Manager', 'subscriptions', list],
  ['the token endpoint', 'application token', token],
] as const)('when %s answers', (_title, endpoint, text) => {
  const needsToken = endpoint === 'application token';

  test.each(huge)('%s, its connection is closed, and nothing of it kept', async (_what, odd) => {
    if (needsToken) await restart();
    const answer = odd(text);
    running.azure.failing.set(endpoint, answer);
    const before = peakMemoryBytes(running.pid);
    expect(await codes()).toEqual(['AZURE_BAD_RESPONSE', 'AZURE_BAD_RESPONSE']);
    expect(await endOf(answer)).toBe('closed by the client');
    expect(peakMemoryBytes(running.pid) - before).toBeLessThan(100_000_000);
    running.azure.failing.clear();
    await expectToList();
  });

  test.each(slow)('%s, the deadline ends it', async (_what, odd) => {
    if (needsToken) await restart();
    const answer = odd(text);
    running.azure.failing.set(endpoint, answer);
    expect(await codes()).toEqual(['AZURE_TIMEOUT', 'AZURE_TIMEOUT']);
    expect(await endOf(answer)).toBe('closed by the client');
    running.azure.failing.clear();
    await expectToList();
  });

  test.each(malformed)('%s, it is AZURE_BAD_RESPONSE until it is mended', async (_what, odd) => {
    if (needsToken) await restart();
    running.azure.failing.set(endpoint, odd(text));
    expect(await codes()).toEqual(['AZURE_BAD_RESPONSE', 'AZURE_BAD_RESPONSE']);
    running.azure.failing.clear();
    await expectToList();
  });

  test('503 with no JSON at all, it is AZURE_UNAVAILABLE', async () => {
    if (needsToken) await restart();
    running.azure.failing.set(endpoint, {
      status: 503,
      write(response) {
        response.writeHead(503, { 'content-type': 'application/json' }).end('{"busy');
      },
    });
    expect(await codes()).toEqual(['AZURE_UNAVAILABLE', 'AZURE_UNAVAILABLE']);
    running.azure.failing.clear();
    await expectToList();
  });

  test('429 with a long Retry-After, both faces are told at once', async () => {
    if (needsToken) await restart();
    const body = { error: 'temporarily_unavailable', error_description: 'AADSTS90055: too many requests' };
    running.azure.failing.set(endpoint, { status: 429, headers: { 'retry-after': '372' }, body });
    const [rest, graphql] = await refusals();
    expect(rest).toMatchObject({
      code: 'AZURE_THROTTLED',
      message: expect.stringMatching('in 37[0-2] seconds'),
    });
    expect(graphql).toMatchObject({ code: 'AZURE_THROTTLED', retryAfterSeconds: expect.any(Number) });
    expect(graphql?.retryAfterSeconds).toBeGreaterThan(365);
    running.azure.failing.clear();
    await restart();
    await expectToList();
  });
});

test("a gigabyte as the authority's metadata is not kept either", async () => {
  await restart();
  const answer = gigabyteOf('{"token_endpoint":"https://localhost"}', { isDeclared: false });
  running.azure.failing.set('discovery', answer);
  const before = peakMemoryBytes(running.pid);
  expect(await codes()).toEqual(['AZURE_BAD_RESPONSE', 'AZURE_BAD_RESPONSE']);
  expect(await endOf(answer)).toBe('closed by the client');
  expect(peakMemoryBytes(running.pid) - before).toBeLessThan(100_000_000);
  running.azure.failing.clear();
  await expectToList();
});
