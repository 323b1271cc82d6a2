import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSessionStore, type SessionStore } from '../../src/session/session-store.ts';
import type { Browser } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const tokenCalls = (gateway: TestGateway) => gateway.sandbox.calls.count('azure.token.authorization_code');

describe('a callback that is not ours is refused before the token endpoint is called', () => {
  let gateway: TestGateway;
  let signedIn: Browser;
  beforeAll(async () => {
    gateway = await startGateway();
    signedIn = gateway.browser();
    await signedIn.signIn('john');
  });
  beforeEach(() => gateway.sandbox.calls.reset());
  afterAll(() => gateway[Symbol.asyncDispose]());

  async function expectRefused(browser: Browser, callback: string) {
    const before = tokenCalls(gateway);
    const session = await browser.cookie('mcm_session');
    const answer = await browser.fetch(callback);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      error: expect.stringContaining('start it again'),
      code: 'OAUTH_STATE_INVALID',
      requestId: answer.headers.get('x-request-id'),
    });
    expect(tokenCalls(gateway)).toBe(before);
    expect(await browser.cookie('mcm_session')).toBe(session);
  }

  it.each([
    ['no state', '?code=abc'],
    ['an empty state', '?code=abc&state='],
    ['two states', '?code=abc&state=a&state=b'],
    ['a wrong state', '?code=abc&state=wrong'],
    ['a huge state', `?code=abc&state=${'a'.repeat(5000)}`],
    ['nothing at all', ''],
    ['an error and no state', '?error=access_denied'],
  ])('%s', async (_title, query) => {
    await signedIn.fetch('/api/login/azure');
    await expectRefused(signedIn, `/getAToken${query}`);
    expect(await signedIn.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  });

  it('a state that was used before', async () => {
    const browser = gateway.browser();
    const callback = await browser.authorize('john');
    expect((await browser.fetch(callback)).status).toBe(302);
    await expectRefused(browser, callback);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  });

  it('the state of another browser, which can still finish itself', async () => {
    const attacker = gateway.browser();
    const callback = await attacker.authorize('nameless');
    await signedIn.fetch('/api/login/azure'); // the victim has a sign-in of its own under way
    await expectRefused(signedIn, callback);
    await expectRefused(gateway.browser(), callback);
    expect(await signedIn.json('/api/accounts')).toHaveLength(1);
    expect((await attacker.fetch(callback)).status).toBe(302);
  });

  it('one callback twice at the same moment: a single one wins', async () => {
    const browser = gateway.browser();
    const callback = await browser.authorize('john');
    const answers = await Promise.all(Array.from({ length: 8 }, () => browser.fetch(callback)));
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 400, 400, 400, 400, 400, 400, 400]);
    expect(tokenCalls(gateway)).toBe(1);
  });
});

describe('a callback with our state and a bad answer signs nobody in', () => {
  it('a code that the provider did not give', async () => {
    await using gateway = await startGateway();
    const browser = gateway.browser();
    const callback = new URL(await browser.authorize('john'));
    callback.searchParams.set('code', 'canary-forged-code');
    const answer = await browser.fetch(callback.href);
    expect(answer.status).toBe(401);
    const body = await answer.text();
    expect(JSON.parse(body)).toMatchObject({
      code: 'SIGN_IN_FAILED',
      error: expect.stringContaining('invalid_grant'),
    });
    expect(body).not.toContain('canary');
    expect(await browser.json('/api/user')).toEqual({ logged_in: false });
    expect(gateway.log.text()).not.toContain('canary');
  });

  it('a token endpoint that fails', async () => {
    await using gateway = await startGateway();
    const browser = gateway.browser();
    gateway.sandbox.faults.set('azure.token.authorization_code', {
      status: 500,
      body: { error: 'server_error' },
    });
    expect((await browser.signIn('john')).status).toBe(401);
    gateway.sandbox.faults.set('azure.token.authorization_code', { cut: true });
    expect((await browser.signIn('john')).status).toBe(401);
    gateway.sandbox.faults.clear();
    expect((await browser.signIn('john')).status).toBe(302);
  });
});

it('a sign-in that took longer than ten minutes is refused', async () => {
  let now = Date.now();
  await using gateway = await startGateway({ now: () => now });
  const browser = gateway.browser();
  const callback = await browser.authorize('john');
  now += 601_000;
  const answer = await browser.fetch(callback);
  expect(answer.status).toBe(400);
});

describe('logout wins', () => {
  it('over a link that is on its way', async () => {
    await using gateway = await startGateway();
    const browser = gateway.browser();
    await browser.signIn('john');
    const callback = await browser.authorize('nameless');
    const cookie = `mcm_session=${await browser.cookie('mcm_session')}`;
    gateway.sandbox.faults.set('azure.token.authorization_code', { delayMs: 500 });
    const linking = browser.fetch(callback);
    await expect.poll(() => gateway.sandbox.calls.count('azure.token.authorization_code')).toBe(2);
    await browser.fetch('/api/logout');

    const answer = await linking;
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({
      code: 'SIGN_IN_FAILED',
      error: expect.stringContaining('signed out'),
    });
    expect(await browser.json('/api/user')).toEqual({ logged_in: false });
    expect(await (await fetch(`${gateway.url}/api/user`, { headers: { cookie } })).json()).toEqual({
      logged_in: false,
    });
  });
});

describe('when the store fails', () => {
  it('starting a session writes it once, and a failure sets no cookie', async () => {
    using folder = createTemporaryFolder();
    const lmdb = await openSessionStore({ kind: 'lmdb', path: folder.path });
    let failing = false;
    const created: string[] = [];
    const store: SessionStore = {
      ...lmdb,
      async create(key, value, expiresAt) {
        if (key.startsWith('session:')) created.push(key);
        if (failing) throw new Error('no space left');
        return lmdb.create(key, value, expiresAt);
      },
    };
    await using gateway = await startGateway({ store });
    const browser = gateway.browser();
    const callback = await browser.authorize('john');
    failing = true;
    const answer = await browser.fetch(callback);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await answer.json()).toMatchObject({ code: 'SESSION_STORE_UNAVAILABLE' });
    failing = false;
    expect(await browser.json('/api/user')).toEqual({ logged_in: false });

    created.length = 0;
    expect((await browser.signIn('john')).status).toBe(302);
    expect(created).toHaveLength(1);
  });
});
