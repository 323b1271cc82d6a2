import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { cloudsThatSignIn } from './clouds-that-sign-in.ts';

describe.each(cloudsThatSignIn)('signing in with $provider', (cloud) => {
  const { loginPath, people, accounts } = cloud;
  let gateway: TestGateway;
  let now: number;
  beforeAll(async () => {
    gateway = await startGateway({ now: () => now });
  });
  beforeEach(() => {
    now = Date.now();
    gateway.sandbox.calls.reset();
    gateway.sandbox.faults.clear();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('asks the provider with PKCE, state and nonce, for the scopes of its cloud', async () => {
    const { headers } = await gateway.browser().fetch(loginPath);
    const asked = Object.fromEntries(new URL(headers.get('location') ?? '').searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      response_mode: 'query',
      scope: cloud.scope,
      code_challenge_method: 'S256',
      redirect_uri: `${gateway.url}${cloud.callbackPath}`,
    });
    for (const name of ['code_challenge', 'state', 'nonce']) expect(asked[name]).toMatch(/^[\w-]{43}$/);
  });

  it('ends on the console, signed in, with the account', async () => {
    const browser = gateway.browser();
    const answer = await browser.signIn(people[0], loginPath);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(`${gateway.url}/`);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
    expect(await browser.json('/api/accounts')).toMatchObject([accounts[0]]);
  });

  it('gives a signed-out session a new id, and the old id is dead at once', async () => {
    const browser = await gateway.browserWith({ accounts: [{ provider: 'azure', tenantId: 'before' }] });
    const before = await browser.cookie('mcm_session');
    await browser.signIn(people[0], loginPath);
    expect(await browser.cookie('mcm_session')).not.toBe(before);
    expect(await browser.json('/api/accounts')).toMatchObject([{ tenantId: 'before' }, accounts[0]]);
    const headers = { cookie: `mcm_session=${before}` };
    expect(await (await fetch(`${gateway.url}/api/accounts`, { headers })).json()).toEqual([]);
  });

  it('links a further account to the session, keeping the user, the id and the other accounts', async () => {
    const browser = gateway.browser();
    await browser.signIn(people[0], loginPath);
    const id = await browser.cookie('mcm_session');
    await browser.signIn(people[1], loginPath);
    await browser.signIn(people[0], loginPath);
    expect(await browser.cookie('mcm_session')).toBe(id);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
    expect(await browser.json('/api/accounts')).toMatchObject(accounts);
  });

  it('lets two tabs of one browser sign in side by side, in either order', async () => {
    const browser = gateway.browser();
    const [first, second] = [
      await browser.authorize(people[0], loginPath),
      await browser.authorize(people[1], loginPath),
    ];
    expect((await browser.fetch(second)).status).toBe(302);
    expect((await browser.fetch(first)).status).toBe(302);
    expect(await browser.json('/api/accounts')).toHaveLength(2);
  });

  it('says so when the person cancels, and signs nobody in', async () => {
    const browser = gateway.browser();
    const answer = await browser.signIn('cancel', loginPath);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({
      code: 'SIGN_IN_FAILED',
      error: expect.stringContaining('access_denied'),
    });
    expect(await browser.json('/api/user')).toEqual({ logged_in: false });
  });

  it('says so when the provider cannot be reached, and recovers with it', async () => {
    await using other = await startGateway();
    other.sandbox.faults.set(`${cloud.endpoints}.discovery`, { status: 503 }, { times: 1 });
    const browser = other.browser();
    const answer = await browser.fetch(loginPath);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect((await browser.signIn(people[0], loginPath)).status).toBe(302);
  });

  describe('a callback that is not ours is refused before the token endpoint is called', () => {
    let signedIn: Browser;
    beforeAll(async () => {
      now = Date.now();
      signedIn = gateway.browser();
      await signedIn.signIn(people[0], loginPath);
    });

    async function expectRefused(browser: Browser, callback: string) {
      const before = tokenCalls();
      const session = await browser.cookie('mcm_session');
      const answer = await browser.fetch(callback);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toEqual({
        error: expect.stringContaining('start it again'),
        code: 'OAUTH_STATE_INVALID',
        requestId: answer.headers.get('x-request-id'),
      });
      expect(tokenCalls()).toBe(before);
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
      await signedIn.fetch(loginPath);
      await expectRefused(signedIn, `${cloud.callbackPath}${query}`);
      expect(await signedIn.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
    });

    it('a state that was used before', async () => {
      const browser = gateway.browser();
      const callback = await browser.authorize(people[0], loginPath);
      expect((await browser.fetch(callback)).status).toBe(302);
      await expectRefused(browser, callback);
      expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
    });

    it('the state of another browser, which can still finish itself', async () => {
      const attacker = gateway.browser();
      const callback = await attacker.authorize(people[1], loginPath);
      await signedIn.fetch(loginPath); // the victim has a sign-in of its own under way
      await expectRefused(signedIn, callback);
      await expectRefused(gateway.browser(), callback);
      expect(await signedIn.json('/api/accounts')).toHaveLength(1);
      expect((await attacker.fetch(callback)).status).toBe(302);
    });

    it.each(cloudsThatSignIn.filter(({ provider }) => provider !== cloud.provider))(
      'the state of a sign-in with $provider, which can still finish there',
      async (other) => {
        const browser = gateway.browser();
        const callback = new URL(await browser.authorize(other.people[0], other.loginPath));
        gateway.sandbox.calls.reset();
        await expectRefused(browser, `${cloud.callbackPath}${callback.search}`);
        expect(gateway.sandbox.calls.count(`${other.endpoints}.token.authorization_code`)).toBe(0);
        expect((await browser.fetch(callback.href)).status).toBe(302);
      },
    );

    it('a sign-in that took longer than ten minutes', async () => {
      const browser = gateway.browser();
      const callback = await browser.authorize(people[0], loginPath);
      now += 601_000;
      await expectRefused(browser, callback);
    });

    it('one callback twice at the same moment: a single one wins', async () => {
      const browser = gateway.browser();
      const callback = await browser.authorize(people[0], loginPath);
      const answers = await Promise.all(Array.from({ length: 8 }, () => browser.fetch(callback)));
      expect(answers.map(({ status }) => status).sort()).toEqual([302, 400, 400, 400, 400, 400, 400, 400]);
      expect(tokenCalls()).toBe(1);
    });
  });

  describe('a callback with our state and a bad answer signs nobody in', () => {
    it('a code that the provider did not give', async () => {
      const browser = gateway.browser();
      const callback = new URL(await browser.authorize(people[0], loginPath));
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
      const browser = gateway.browser();
      const { faults } = gateway.sandbox;
      faults.set(tokenEndpoint, { status: 500, body: { error: 'server_error' } });
      expect((await browser.signIn(people[0], loginPath)).status).toBe(401);
      faults.set(tokenEndpoint, { cut: true });
      expect((await browser.signIn(people[0], loginPath)).status).toBe(401);
      expect(await browser.json('/api/user')).toEqual({ logged_in: false });
      faults.clear();
      expect((await browser.signIn(people[0], loginPath)).status).toBe(302);
    });
  });

  it('loses to a logout that comes while an account is being linked', async () => {
    const browser = gateway.browser();
    await browser.signIn(people[0], loginPath);
    const callback = await browser.authorize(people[1], loginPath);
    const cookie = `mcm_session=${await browser.cookie('mcm_session')}`;
    gateway.sandbox.faults.set(tokenEndpoint, { delayMs: 500 });
    const linking = browser.fetch(callback);
    await expect.poll(tokenCalls).toBe(2);
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

  const tokenEndpoint = `${cloud.endpoints}.token.authorization_code` as const;
  const tokenCalls = () => gateway.sandbox.calls.count(tokenEndpoint);
});
