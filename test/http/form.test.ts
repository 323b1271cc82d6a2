import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const json = { 'content-type': 'application/json' };

describe('requests of an ordinary kind', () => {
  let gateway: TestGateway;
  let browser: Browser;
  beforeAll(async () => {
    gateway = await startGateway();
    browser = await gateway.browserWith({ user: { name: 'Ada' } });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each(['/', '/api/user', '/graphql', '/getAToken', '/icon.svg'])(
    'OPTIONS %s tells its methods',
    async (path) => {
      const answer = await browser.fetch(path, { method: 'OPTIONS' });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('allow')).toBe(
        path === '/graphql' ? 'HEAD, GET, POST, OPTIONS' : 'HEAD, GET, OPTIONS',
      );
    },
  );

  it('GraphQL over GET needs a header that no foreign form can send', async () => {
    const path = `/graphql?query=${encodeURIComponent('{ me { name } }')}`;
    const refused = await browser.fetch(path);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_REQUEST', requestId: refused.headers.get('x-request-id') } }],
    });
    const answered = await browser.fetch(path, { headers: { 'apollo-require-preflight': '1' } });
    expect(await answered.json()).toEqual({ data: { me: { name: 'Ada' } } });
  });

  it('an answer carries the request id that a proxy gave, and its own where that is no id', async () => {
    const given = await browser.fetch('/api/user', { headers: { 'x-request-id': 'proxy-1.2_3' } });
    expect(given.headers.get('x-request-id')).toBe('proxy-1.2_3');
    const forged = await browser.fetch('/api/user', { headers: { 'x-request-id': 'a b{"level"' } });
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('pages of other origins', () => {
  it.each([
    ['the listed front end', 'https://app.example', true],
    ['FRONTEND_URL', 'https://front.gateway.example', true],
    ['the public URL itself', 'https://gateway.example', true],
    ['a stranger', 'https://evil.example', false],
    ['a look-alike', 'https://app.example.evil.example', false],
    ['another port', 'https://app.example:8443', false],
    ['another scheme', 'http://app.example', false],
    ['null', 'null', false],
  ])('%s', async (_title, origin, allowed) => {
    await using gateway = await startGateway({
      env: {
        CORS_ORIGINS: 'https://app.example',
        FRONTEND_URL: 'https://front.gateway.example/app',
        APP_BASE_URL: 'https://gateway.example',
      },
    });
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    for (const init of [{ headers: { origin } }, { method: 'OPTIONS', headers }]) {
      const answer = await fetch(`${gateway.url}/graphql?query={__typename}`, init);
      expect(answer.headers.get('access-control-allow-origin')).toBe(allowed ? origin : null);
      expect(answer.headers.get('access-control-allow-credentials')).toBe(allowed ? 'true' : null);
      expect(answer.headers.get('vary')).toContain('Origin');
    }
  });
});

describe('logout', () => {
  it.each(['REST', 'GraphQL'])(
    'over %s deletes the record, expires the cookie, and the old cookie is signed out',
    async (face) => {
      await using gateway = await startGateway();
      const browser = await gateway.browserWith({
        user: { name: 'Ada' },
        accounts: [{ provider: 'azure', tenantId: 't' }],
      });
      const cookie = `mcm_session=${await browser.cookie('mcm_session')}`;
      const answer =
        face === 'REST'
          ? await browser.fetch('/api/logout')
          : await browser.fetch('/graphql', {
              method: 'POST',
              headers: json,
              body: '{"query":"mutation { a: logout { message } b: logout { message } }"}',
            });
      expect(answer.status).toBe(200);
      expect(answer.headers.getSetCookie()).toEqual([
        expect.stringMatching(
          /^mcm_session=; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax$/,
        ),
      ]);
      expect(await answer.text()).toContain('Wylogowano');
      expect(await browser.cookie('mcm_session')).toBeUndefined();
      const old = { headers: { cookie } };
      expect(await (await fetch(`${gateway.url}/api/user`, old)).json()).toEqual({ logged_in: false });
      expect(await (await fetch(`${gateway.url}/api/accounts`, old)).json()).toEqual([]);
    },
  );
});

it('the process and its readiness can be asked', async () => {
  await using gateway = await startGateway();
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
});
