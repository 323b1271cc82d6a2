import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../../support/browser.ts';
import { type RequestParts, type SentAnswer, sendRequest } from '../../support/send-request.ts';
import { sessionId } from '../../support/session-cookie.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { addPath, type BadRequest, post } from './bad-request.ts';
import { badGraphqlRequests } from './graphql-requests.ts';
import { badCookies, oddGraphqlRequests, oddRequests } from './odd-requests.ts';
import { badRestRequests } from './rest-requests.ts';

const isGraphql = (path: string) => /^\/graphql([/?]|$)/i.test(path);

/** Pages, frames of a stack, and paths of files: what tells a stranger how the gateway is made. */
const tellTale = /<html|<!doctype|<pre|\n\s*at |\\n\s*at |node_modules|file:\/\/|\.[jt]s:\d+|\/src\//i;

const ada = { iss: 'https://issuer.example', sub: 'ada', name: 'Ada' };

const badRequests = [...badRestRequests, ...badGraphqlRequests];

it('has a bad request of every kind, each once', () => {
  const sent = badRequests.map(({ path, parts }) =>
    JSON.stringify([path, parts?.method, parts?.headers, parts?.chunked, parts?.body?.toString('latin1')]),
  );
  expect(new Set(sent).size).toBe(badRequests.length);
  expect(badRequests.length).toBeGreaterThan(400);
});

describe.each(['signed in', 'signed out'] as const)('%s', (who) => {
  let gateway: TestGateway;
  let browser: Browser;
  const me = who === 'signed in' ? { loggedIn: true, name: 'Ada' } : { loggedIn: false, name: null };
  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(async () => {
    browser = who === 'signed in' ? await gateway.browserWith({ user: ada }) : gateway.browser();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  async function send(path: string, parts: RequestParts = {}): Promise<SentAnswer> {
    const cookie = await browser.jar.getCookieString(gateway.url);
    const headers = { ...(cookie === '' ? {} : { cookie }), ...parts.headers };
    return sendRequest(gateway.url, path, { ...parts, headers });
  }

  const whoIsThere = async () => (await browser.graphql('{ me { loggedIn name } }')).data?.me;

  function expectRefusal(answer: SentAnswer, { path, parts, status, code }: Omit<BadRequest, 'title'>): void {
    expect({ status: answer.status, code: codeOf(answer.text) }).toEqual({ status, code });
    expect(answer.headers['content-type']).toMatch(
      isGraphql(path)
        ? /^application\/(graphql-response\+)?json; charset=utf-8$/
        : /^application\/json; charset=utf-8$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['set-cookie']).toBeUndefined();
    if (status === 405) expect(answer.headers.allow).toBe(allowed({ path, parts }));
    const requestId = answer.headers['x-request-id'];
    expect(requestId).toMatch(/^[\w-]{36}$/);
    const told = JSON.parse(answer.text);
    if (!isGraphql(path)) {
      expect(told).toEqual({ error: expect.any(String), code, requestId });
    } else {
      expect(told.data ?? null).toBeNull();
      for (const error of told.errors)
        expect(error).toMatchObject({ message: expect.any(String), extensions: { code, requestId } });
    }
    expect(answer.text).not.toMatch(tellTale);
  }

  it.each(badRequests)('$status $code, $title', async (row) => {
    const { path, parts } = row;
    const refusal = who === 'signed out' ? (row.signedOut ?? row) : row;
    expectRefusal(await send(path, parts), { path, parts, status: refusal.status, code: refusal.code });
    expect(await whoIsThere()).toEqual(me);
  });

  it.each(oddRequests)('answered like $like, $title', async ({ path, parts, like }) => {
    const [answer, plain] = [await send(path, parts), await send(like)];
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(plain.text);
    expect(answer.headers['content-type']).toBe(plain.headers['content-type']);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(await whoIsThere()).toEqual(me);
  });

  it.each(oddGraphqlRequests)('answered by GraphQL as ever, %s', async (_title, parts) => {
    const answer = await send('/graphql', parts);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({ data: { me } });
    expect(await whoIsThere()).toEqual(me);
  });

  it('a cookie that names no session signs nobody in', async () => {
    const sid = sessionId(await browser.cookie('mcm_session')) || 'A'.repeat(32);
    for (const [title, cookie] of badCookies(sid)) {
      const read = await send('/api/user', { headers: { cookie } });
      expect({ title, told: read.text }).toEqual({ title, told: '{"logged_in":false}' });
      expect(read.headers['set-cookie'], title).toBeUndefined();
      const change = await send(addPath, post('{"roleArn": "x"}', { cookie }));
      expectRefusal(change, { path: addPath, status: 401, code: 'UNAUTHENTICATED' });
    }
    expect(await whoIsThere()).toEqual(me);
  });

  it('a client that wants only what is not there gets nothing, as HTTP has it', async () => {
    for (const path of ['/', '/api/user', '/healthz']) {
      const answer = await send(path, { headers: { 'if-none-match': '*' } }); // RFC 9110, section 13.1.2
      expect({ path, status: answer.status, text: answer.text }).toEqual({ path, status: 304, text: '' });
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });

  it('no failure of these was the gateway’s own', () => {
    expect(gateway.log.entries().filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});

/** The methods that a path takes; GraphQL takes GET too, but not for a mutation. */
function allowed({ path, parts }: Pick<BadRequest, 'path' | 'parts'>): string {
  if (path === addPath) return 'POST, OPTIONS';
  if (!isGraphql(path)) return 'HEAD, GET, OPTIONS';
  return (parts?.method ?? 'GET') === 'GET' ? 'POST' : 'HEAD, GET, POST, OPTIONS';
}

/** The code where its face has it; what was answered where there is none. */
function codeOf(text: string): unknown {
  try {
    const told = JSON.parse(text);
    return told.code ?? told.errors?.[0]?.extensions?.code ?? text;
  } catch {
    return text.slice(0, 200);
  }
}
