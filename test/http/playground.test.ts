import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { testSecret } from '../support/sealing.ts';
import { type SentAnswer, sendRequest } from '../support/send-request.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

/** What Chromium sends where somebody has typed an address. */
const chromium =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7';

const isPage = ({ status, headers, text }: SentAnswer): boolean =>
  status === 200 &&
  headers['content-type'] === 'text/html; charset=utf-8' &&
  text.startsWith('<!doctype html>');

describe('GET /graphql', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ env: { RATE_LIMIT: 'on' } });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const get = (accept: string | undefined, path = '/graphql', method = 'GET') =>
    sendRequest(gateway.url, path, { method, headers: accept === undefined ? {} : { accept } });

  it.each([
    ['Chromium', chromium],
    ['Firefox', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
    ['who takes nothing but pages', 'text/html'],
    ['who would rather have a page', 'application/json;q=0.9, text/html'],
  ])('is the playground to %s', async (_who, accept) => {
    const answer = await get(accept);
    expect(isPage(answer)).toBe(true);
    expect(answer.text).toContain('<title>GraphQL playground');
    expect(answer.headers.vary).toMatch(/\bAccept\b/);
  });

  it.each([
    ['anything, as curl and fetch do', '*/*'],
    ['JSON', 'application/json'],
    ["GraphQL's own type", 'application/graphql-response+json'],
    ['what Apollo Client takes', 'application/graphql-response+json,application/json;q=0.9'],
    ['JSON rather than a page', 'text/html;q=0.5, application/json'],
    ['nothing in particular', undefined],
  ])('is a GraphQL request of whoever takes %s', async (_what, accept) => {
    const answer = await get(accept);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toMatch(/json/);
    expect(answer.headers.vary).toMatch(/\bAccept\b/);
    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it.each(['query=%7Bme%7BloggedIn%7D%7D', 'documentId=abc', 'extensions=%7B%7D'])(
    'is a GraphQL request also of a browser, with %s in the address',
    async (parameters) => {
      const answer = await get(chromium, `/graphql?${parameters}`);
      expect(isPage(answer)).toBe(false);
      expect(JSON.parse(answer.text)).toHaveProperty('errors');
    },
  );

  it('answers a query to a browser that could not have been sent by a foreign form', async () => {
    const answer = await sendRequest(gateway.url, '/graphql?query=%7Bme%7BloggedIn%7D%7D', {
      headers: { accept: chromium, 'apollo-require-preflight': '1' },
    });
    expect(JSON.parse(answer.text)).toEqual({ data: { me: { loggedIn: false } } });
  });

  it('has the playground for a page of an address with other parameters', async () => {
    expect(isPage(await get(chromium, '/graphql?from=console'))).toBe(true);
  });

  it('answers HEAD as GET, without the page', async () => {
    const [head, page] = [await get(chromium, '/graphql', 'HEAD'), await get(chromium)];
    expect(head.text).toBe('');
    expect(head.status).toBe(200);
    for (const name of ['content-type', 'content-length', 'vary', 'content-security-policy'])
      expect(head.headers[name]).toBe(page.headers[name]);
  });

  it('keeps the page out of caches and to what the gateway serves, and gives no cookie', async () => {
    const { headers, text } = await get(chromium);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe|data:|nonce/);
    expect(headers['set-cookie']).toBeUndefined();
    expect(text).not.toMatch(/<style|\sstyle=|<script(?![^>]* src="\/assets\/)/);
  });

  it('counts the page as one request of its client', async () => {
    const left = async () =>
      Number(/"client";r=(\d+)/.exec(String((await get(chromium)).headers.ratelimit))?.[1]);
    const before = await left();
    expect(await left()).toBe(before - 1);
  });
});

it('POST is never the playground', async () => {
  await using gateway = await startGateway();
  const answer = await sendRequest(gateway.url, '/graphql', {
    method: 'POST',
    headers: { accept: chromium, 'content-type': 'application/json' },
    body: '{"query":"{ me { loggedIn } }"}',
  });
  expect(JSON.parse(answer.text)).toEqual({ data: { me: { loggedIn: false } } });
});

it('GRAPHQL_IDE=off leaves a GraphQL endpoint to browsers too', async () => {
  await using gateway = await startGateway({ env: { GRAPHQL_IDE: 'off' } });
  const answer = await sendRequest(gateway.url, '/graphql', { headers: { accept: chromium } });
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
});

it.each([
  ['off in production', {}, false],
  ['on in production where it is asked for', { GRAPHQL_IDE: 'on' }, true],
])('the playground is %s', (_title, chosen, expected) => {
  const config = readConfig({
    NODE_ENV: 'production',
    GOOGLE_CLIENT_ID: 'id',
    GOOGLE_CLIENT_SECRET: 'secret',
    SESSION_SECRET: testSecret,
    TOKEN_EXPOSURE: 'none',
    ...chosen,
  });
  expect(config.graphqlIde).toBe(expected);
});
