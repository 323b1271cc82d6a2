import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { sendRequest } from '../support/send-request.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const frontEnd = 'http://localhost:3000';
const evil = 'https://evil.example';
const ada = { iss: 'https://issuer.example', sub: 'ada', name: 'Ada' };

/** What a browser says of the page that calls; GATEWAY is the gateway's own origin. */
type Caller = [who: string, headers: Record<string, string>];

const trusted: Caller[] = [
  ['a client that is no browser', {}],
  ['a front end', { origin: frontEnd, 'sec-fetch-site': 'same-site' }],
  ['a front end of another site', { origin: frontEnd, 'sec-fetch-site': 'cross-site' }],
  ["the gateway's own page", { origin: 'GATEWAY', 'sec-fetch-site': 'same-origin' }],
  ['a link of a front end', { referer: `${frontEnd}/page?a=b`, 'sec-fetch-site': 'same-site' }],
  ["a link of the gateway's own page, which hides", { 'sec-fetch-site': 'same-origin' }],
  ['an address that was typed, or a bookmark', { 'sec-fetch-site': 'none' }],
];

const foreign: Caller[] = [
  ['another site', { origin: evil, 'sec-fetch-site': 'cross-site' }],
  ['another site, in an old browser', { origin: evil }],
  ['another port of the same host', { origin: 'http://localhost:3001', 'sec-fetch-site': 'same-site' }],
  ['another scheme', { origin: 'https://localhost:3000', 'sec-fetch-site': 'cross-site' }],
  ['a page without an origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['an empty origin', { origin: '' }],
  ['an origin with a path', { origin: `${frontEnd}/` }],
  ['two origins', { origin: `${frontEnd} ${evil}` }],
  ['an origin that begins alike', { origin: `${frontEnd}.evil.example` }],
  ['another site, whatever it refers to', { origin: evil, referer: `${frontEnd}/` }],
  ['a link or an image of another site', { referer: `${evil}/`, 'sec-fetch-site': 'cross-site' }],
  ['a link of another site, in an old browser', { referer: `${evil}/` }],
  ['a link of another site, which hides', { 'sec-fetch-site': 'cross-site' }],
  ['a link of another port, which hides', { 'sec-fetch-site': 'same-site' }],
  ['a link of a front end that went by another site', { referer: frontEnd, 'sec-fetch-site': 'cross-site' }],
  ['a referrer that is no URL', { referer: 'about:client' }],
  ['a referrer with the front end for a user', { referer: `http://localhost:3000@evil.example/` }],
];

const body = (json: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(json),
});

/** The calls that change something; `done` is how each is answered where it may. */
const calls: { name: string; path: string; parts: Parameters<typeof sendRequest>[2]; done: string }[] = [
  { name: 'GET /api/logout', path: '/api/logout', parts: {}, done: 'Wylogowano' },
  { name: 'HEAD /api/logout', path: '/api/logout', parts: { method: 'HEAD' }, done: '' },
  {
    name: 'POST /api/account/aws/add',
    path: '/api/account/aws/add',
    parts: body({ roleArn: 'x' }),
    done: 'ARN',
  },
  {
    name: 'a mutation',
    path: '/graphql',
    parts: body({ query: 'mutation { logout { message } }' }),
    done: 'Wylogowano',
  },
  {
    name: 'one mutation of several operations',
    path: '/graphql',
    parts: body({ query: 'query A { me { name } } mutation B { logout { message } }', operationName: 'B' }),
    done: 'Wylogowano',
  },
];

describe.each(calls)('$name', ({ path, parts, done }) => {
  let gateway: TestGateway;
  let browser: Browser;
  beforeAll(async () => {
    gateway = await startGateway();
    browser = await gateway.browserWith({ user: ada });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  async function sentBy(headers: Record<string, string>) {
    const cookie = await browser.jar.getCookieString(gateway.url);
    const own = Object.entries(headers).map(([name, value]) => [name, value.replace('GATEWAY', gateway.url)]);
    return sendRequest(gateway.url, path, {
      ...parts,
      headers: { cookie, ...parts?.headers, ...Object.fromEntries(own) },
    });
  }

  it.each(foreign)('of %s is refused, and changes nothing', async (_who, headers) => {
    const answer = await sentBy(headers);
    expect(answer.status).toBe(403);
    if (parts?.method !== 'HEAD') expect(answer.text).toContain('FORBIDDEN_ORIGIN');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'Ada' });
  });

  it.each(trusted)('of %s is answered', async (_who, headers) => {
    browser = await gateway.browserWith({ user: ada });
    const answer = await sentBy(headers);
    expect(answer.text).toContain(done);
    expect(answer.text).not.toContain('FORBIDDEN_ORIGIN');
    expect(answer.status).not.toBe(403);
    const signsOut = !path.includes('aws');
    expect(await browser.json('/api/user')).toMatchObject({ logged_in: !signsOut });
  });
});

describe('a sign-in', () => {
  const start = async (headers: Record<string, string>) => {
    await using gateway = await startGateway();
    return (await sendRequest(gateway.url, '/api/login/azure', { headers })).status;
  };

  it('is started by any link', async () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-dest': 'document',
      'sec-fetch-mode': 'navigate',
    };
    expect(await start(link)).toBe(302);
    expect(await start({})).toBe(302);
  });

  it.each(['image', 'iframe', 'empty', 'script', 'object'])(
    'is not loaded into another page as %s',
    async (dest) => {
      expect(
        await start({ 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': dest, referer: `${evil}/` }),
      ).toBe(403);
    },
  );
});

describe('forwarded headers', () => {
  const forged = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '203.0.113.9',
    forwarded: 'host=evil.example;proto=https',
  };

  it('of anybody make no other gateway of this one', async () => {
    await using gateway = await startGateway();
    const login = await sendRequest(gateway.url, '/api/login/azure', { headers: forged });
    expect(decodeURIComponent(String(login.headers.location))).toContain(
      `redirect_uri=${gateway.url}/getAToken`,
    );
    const logout = { headers: { ...forged, origin: 'https://evil.example' } };
    expect((await sendRequest(gateway.url, '/api/logout', logout)).status).toBe(403);
  });

  it('of a listed proxy name the client, and never the gateway', async () => {
    await using gateway = await startGateway({ env: { TRUST_PROXY: '127.0.0.1,::1', RATE_LIMIT: 'on' } });
    const left = async (client: string) => {
      const answer = await sendRequest(gateway.url, '/api/user', {
        headers: { ...forged, 'x-forwarded-for': client },
      });
      return /"client";r=(\d+)/.exec(String(answer.headers.ratelimit))?.[1];
    };
    expect(await left('203.0.113.9')).toBe('2999');
    expect(await left('203.0.113.9')).toBe('2998');
    expect(await left('203.0.113.10')).toBe('2999');
    const logout = { headers: { ...forged, origin: 'https://evil.example' } };
    expect((await sendRequest(gateway.url, '/api/logout', logout)).status).toBe(403);
  });

  it('of one that is not listed name nobody', async () => {
    await using gateway = await startGateway({ env: { TRUST_PROXY: '192.0.2.1', RATE_LIMIT: 'on' } });
    const left = async (client: string) =>
      String(
        (await sendRequest(gateway.url, '/api/user', { headers: { 'x-forwarded-for': client } })).headers
          .ratelimit,
      );
    expect(await left('203.0.113.9')).toContain('r=2999');
    expect(await left('203.0.113.10')).toContain('r=2998');
  });
});
