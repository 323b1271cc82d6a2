import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

/** Sends one request line as it stands, which no client would, and gives back all that is answered. */
async function rawRequest(port: number, requestLine: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`${requestLine}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

const json = { 'content-type': 'application/json' };

describe('every refusal is JSON with a code, and loses nothing', () => {
  let gateway: TestGateway;
  let browser: Browser;
  beforeAll(async () => {
    gateway = await startGateway();
    browser = await gateway.browserWith({ user: { name: 'Ada' } });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each<[string, string, RequestInit, number, string]>([
    ['an unknown path', '/nothing/here', {}, 404, 'NOT_FOUND'],
    ['an unknown API path', '/api/nothing', {}, 404, 'NOT_FOUND'],
    ['a file of the source', '/console.ts', {}, 404, 'NOT_FOUND'],
    ['a cloud that is not there', '/api/login/other', {}, 404, 'NOT_FOUND'],
    ['a wrong method', '/api/user', { method: 'POST' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a wrong method of logout', '/api/logout', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a wrong method of sign-in', '/api/login/azure', { method: 'POST' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a wrong method of the callback', '/getAToken', { method: 'PUT' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a wrong method of GraphQL', '/graphql', { method: 'PUT' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a bad escape', '/api/%E0%A4%A', {}, 400, 'BAD_REQUEST'],
    ['a wrong method of the console', '/console.css', { method: 'POST' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a precondition on the console', '/console.css', { headers: { 'if-match': '"x"' } }, 400, 'BAD_REQUEST'],
    [
      'a form',
      '/graphql',
      { method: 'POST', body: new URLSearchParams({ query: '{me{name}}' }) },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a body that is no JSON', '/graphql', { method: 'POST', headers: json, body: '{' }, 400, 'BAD_REQUEST'],
    [
      'a body too large',
      '/graphql',
      { method: 'POST', headers: json, body: `"${'x'.repeat(110_000)}"` },
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    [
      'another charset',
      '/graphql',
      { method: 'POST', headers: { 'content-type': 'application/json; charset=iso-8859-1' }, body: '{}' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'another encoding',
      '/graphql',
      { method: 'POST', headers: { ...json, 'content-encoding': 'x-none' }, body: '{}' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  ])('%s', async (_title, path, init, status, code) => {
    const answer = await browser.fetch(path, init);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/^HEAD, GET, /);
    const requestId = answer.headers.get('x-request-id');
    expect(await answer.json()).toEqual(
      path === '/graphql'
        ? { errors: [{ message: expect.any(String), extensions: { code, requestId } }] }
        : { error: expect.any(String), code, requestId },
    );
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'Ada' });
  });

  it('GraphQL refuses what is no operation with its own codes', async () => {
    expect((await browser.graphql('{')).errors).toMatchObject([
      { extensions: { code: 'GRAPHQL_PARSE_FAILED', requestId: expect.any(String) } },
    ]);
    expect((await browser.graphql('{ nothing }')).errors).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    expect((await browser.graphql('query A { me { name } } query B { me { name } }')).errors).toMatchObject([
      { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } },
    ]);
  });

  it('GraphQL refuses subscriptions and persisted queries by name', async () => {
    expect((await browser.graphql('subscription { me }')).errors).toMatchObject([
      {
        extensions: { code: expect.stringMatching(/OPERATION_RESOLUTION_FAILURE|GRAPHQL_VALIDATION_FAILED/) },
      },
    ]);
    const body = JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } } });
    const answer = await browser.json('/graphql', { method: 'POST', headers: json, body });
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }] });
  });

  it.each(['/', '/api/user', '/graphql', '/getAToken', '/console.js'])(
    'OPTIONS %s tells its methods',
    async (path) => {
      const answer = await browser.fetch(path, { method: 'OPTIONS' });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('allow')).toBe(
        path === '/graphql' ? 'HEAD, GET, POST, OPTIONS' : 'HEAD, GET, OPTIONS',
      );
    },
  );

  it.each(['http://[/', 'foo://bar', '*', 'https://[::1]:x/getAToken'])(
    'a request for %s is 400, in form',
    async (target) => {
      const { port } = new URL(gateway.url);
      const answer = await rawRequest(Number(port), `GET ${target} HTTP/1.1`);
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer).toMatch(/\r\nCache-Control: no-store\r\n/);
      expect(answer).toContain('"code":"BAD_REQUEST"');
    },
  );

  it('a request in absolute form is answered as its path', async () => {
    const { port, host } = new URL(gateway.url);
    expect(await rawRequest(Number(port), `GET http://${host}/api/user HTTP/1.1`)).toContain(
      '{"logged_in":false}',
    );
  });

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
    ['FRONTEND_URL', 'https://front.example', true],
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
        FRONTEND_URL: 'https://front.example/app',
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
