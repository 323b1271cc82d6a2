import { beforeAll, expect, test } from 'vitest';
import { ada } from '../doubles/azure-double.ts';
import { subscriptionsOf } from '../doubles/resource-manager-double.ts';
import { Browser } from '../support/browser.ts';
import { useCloudsGateway } from './trusted-clouds.ts';

const running = useCloudsGateway({ TOKEN_EXPOSURE: 'none', AZURE_TIMEOUT_MS: '20000' });

let browser: Browser;
beforeAll(async () => {
  browser = new Browser(running.url);
  await browser.visit('/api/login/azure');
});

const pagesAskedFor = () =>
  running.azure.requests.filter(({ endpoint }) => endpoint === 'subscriptions').length;
type Answer = { value?: { subscriptionId: string }[]; code?: string; error?: string };
const list = async () => {
  const answer = await browser.fetch('/api/subscriptions');
  return { status: answer.status, body: (await answer.json()) as Answer };
};
const badResponse = (why: string) => ({
  status: 500,
  body: { code: 'AZURE_BAD_RESPONSE', error: expect.stringContaining(why) },
});

const resourceManager = () => new URL(running.azure.env.AZURE_RESOURCE_MANAGER_ENDPOINT ?? '');
/** A page of another server, which the gateway trusts and which answers. */
const elsewhere = () => `${running.google.env.GOOGLE_ISSUER}/.well-known/openid-configuration`;

test.each([
  ['to another host', elsewhere],
  ['there over plain http', () => elsewhere().replace('https:', 'http:')],
  ['to a host that only looks alike', () => elsewhere().replace('://', `://${resourceManager().host}@`)],
  ['home with a password', () => `https://user:password@${resourceManager().host}/subscriptions?page=2`],
  ['home over plain http', () => `http://${resourceManager().host}/subscriptions?page=2`],
])('a next page that leads %s is not asked for, nor is the token shown there', async (_title, nextLink) => {
  running.azure.failing.set('subscriptions', { status: 200, body: { value: [], nextLink: nextLink() } });
  expect(await list()).toMatchObject(badResponse(''));
  expect(pagesAskedFor()).toBe(1);
  expect(running.google.requests).toEqual([]);
  running.azure.failing.clear();
  expect(await list()).toMatchObject({ status: 200 });
});

test('a list whose next page is itself ends at once', async () => {
  const nextLink = `${resourceManager().origin}/subscriptions?api-version=2022-12-01&page=2`;
  running.azure.failing.set('subscriptions', { status: 200, body: { value: [], nextLink } });
  expect(await list()).toMatchObject(badResponse('comes back'));
  expect(pagesAskedFor()).toBe(2);
});

test('a redirect to another page is not followed', async () => {
  const location = `${resourceManager().origin}/subscriptions?api-version=2022-12-01&page=2`;
  running.azure.failing.set('subscriptions', { status: 307, location });
  expect(await list()).toMatchObject({ status: 500, body: { code: 'AZURE_BAD_RESPONSE' } });
  expect(pagesAskedFor()).toBe(1);
});

test('of ten thousand pages two hundred are read', async () => {
  running.azure.listed = { pages: 10_000, perPage: 1 };
  expect(await list()).toMatchObject(badResponse('more than 200 pages'));
  expect(pagesAskedFor()).toBe(200);
  running.azure.listed = { pages: 200, perPage: 1 };
  const { body } = await list();
  expect(body.value).toHaveLength(200);
});

test('a tenant has twenty thousand subscriptions, and no more', async () => {
  running.azure.listed = { pages: 5, perPage: 4000 };
  const { body } = await list();
  expect(body.value).toHaveLength(20_000);
  expect(body.value?.at(-1)?.subscriptionId).toBe(subscriptionsOf(ada.tid, 1, 19_999)[0]?.subscriptionId);
  running.azure.listed = { pages: 20, perPage: 4000 };
  expect(await list()).toMatchObject(badResponse('more than 20000 subscriptions'));
});

test('pages that are large each, and too much together, are not all read', async () => {
  const padding = 'x'.repeat(4_500_000);
  const body = (page: number) => ({
    value: [],
    padding,
    nextLink: `${resourceManager().origin}/subscriptions?page=${page}`,
  });
  let page = 0;
  running.azure.failing.set('subscriptions', {
    status: 200,
    write(response) {
      page += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body(page)));
    },
  });
  expect(await list()).toMatchObject(badResponse('longer than'));
  expect(pagesAskedFor()).toBe(5);
});

test('of all the requests of a list one is repeated when its connection is reset, and no second one', async () => {
  let asked = 0;
  running.azure.failing.set('subscriptions', {
    status: 200,
    write(response) {
      asked += 1;
      const nextLink = `${resourceManager().origin}/subscriptions?page=${asked}`;
      if (asked % 2 === 1) response.destroy();
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ value: [], nextLink }));
    },
  });
  expect(await list()).toMatchObject({ status: 500, body: { code: 'AZURE_UNAVAILABLE' } });
  expect(asked).toBe(3);
});
