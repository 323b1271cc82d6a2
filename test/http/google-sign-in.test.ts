import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const login = '/api/login/google';

describe('signing in with Google', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  async function promptOf(browser: Browser): Promise<string | null> {
    const { headers } = await browser.fetch(login);
    const { searchParams } = new URL(headers.get('location') ?? '');
    expect(searchParams.get('access_type')).toBe('offline');
    return searchParams.get('prompt');
  }
  const tokensOf = async (browser: Browser) =>
    (await browser.json<{ access_token: string; refresh_token: string | null }[]>('/api/accounts')).map(
      ({ access_token, refresh_token }) => [access_token, refresh_token],
    );

  it('asks for consent only while an account would be left without a refresh token', async () => {
    const browser = gateway.browser();
    expect(await promptOf(browser)).toBe('consent');
    await browser.signIn('john');
    expect(await promptOf(browser)).toBe('consent');
    await browser.signIn('john', login);
    expect(await promptOf(browser)).toBe('select_account');
    await browser.signIn('noconsent', login);
    expect(await promptOf(browser)).toBe('consent');
  });

  it('keeps the refresh token that an answer without one leaves out, and takes the new access token', async () => {
    const browser = gateway.browser();
    await browser.signIn('jane', login);
    const [[accessToken, refreshToken] = []] = await tokensOf(browser);
    await browser.signIn('jane', login);
    const [[newAccessToken, keptRefreshToken] = []] = await tokensOf(browser);
    expect(newAccessToken).not.toBe(accessToken);
    expect(refreshToken).toMatch(/^1\/\//);
    expect(keptRefreshToken).toBe(refreshToken);
  });

  it('never keeps it for somebody else, who has come to have the same e-mail address', async () => {
    const elsewhere = gateway.browser();
    await elsewhere.signIn('johnny', login); // has consented: no further refresh token without being asked again
    const browser = gateway.browser();
    await browser.signIn('john', login);
    await browser.signIn('johnny', login);
    expect(await browser.json('/api/accounts')).toMatchObject([
      { email: 'john.doe@example.com', displayName: 'Johnny Doe', refresh_token: null },
    ]);
  });

  it('asks once more, with consent, for an account that came without a refresh token', async () => {
    await gateway.browser().signIn('jane', login); // has consented: no further refresh token without being asked
    const browser = gateway.browser();
    await browser.signIn('john', login);
    const answer = await browser.signIn('jane', login);
    const again = new URL(answer.headers.get('location') ?? '');
    expect(Object.fromEntries(again.searchParams)).toMatchObject({
      prompt: 'consent',
      login_hint: 'jane.roe@example.org',
      access_type: 'offline',
    });
    expect(await browser.json('/api/accounts')).toMatchObject([{}, { refresh_token: null }]);

    const landing = await browser.signIn('jane', again.href);
    expect(landing.headers.get('location')).toBe(`${gateway.url}/`);
    expect(await browser.json('/api/accounts')).toMatchObject([
      { email: 'john.doe@example.com' },
      { email: 'jane.roe@example.org', refresh_token: expect.stringMatching(/^1\/\//) },
    ]);
  });

  it('asks nobody a third time', async () => {
    const browser = gateway.browser();
    await browser.signIn('john', login);
    const again = (await browser.signIn('noconsent', login)).headers.get('location') ?? '';
    const landing = await browser.signIn('noconsent', again);
    expect(landing.headers.get('location')).toBe(`${gateway.url}/`);
    expect(await browser.json('/api/accounts')).toHaveLength(2);
  });

  it('is content with what it has when the second question is answered with no', async () => {
    const browser = gateway.browser();
    await browser.signIn('john', login);
    const again = (await browser.signIn('noconsent', login)).headers.get('location') ?? '';
    expect((await browser.signIn('cancel', again)).status).toBe(401);
    expect(await browser.json('/api/accounts')).toHaveLength(2);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  });

  it('connects somebody who never consents to offline access, without a refresh token', async () => {
    const browser = gateway.browser();
    expect((await browser.signIn('noconsent', login)).status).toBe(302);
    expect(await browser.json('/api/accounts')).toEqual([
      {
        provider: 'gcp',
        email: 'nora.noconsent@example.com',
        displayName: 'Nora NoConsent',
        access_token: expect.stringMatching(/^ya29\./),
        refresh_token: null,
      },
    ]);
  });

  it('refuses somebody without an e-mail address, and says why', async () => {
    const browser = gateway.browser();
    const answer = await browser.signIn('noemail', login);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({
      code: 'SIGN_IN_FAILED',
      error: expect.stringMatching(/^Google did not sign you in: .*e-mail/),
    });
    expect(await browser.json('/api/user')).toEqual({ logged_in: false });
  });

  it('answers null for the name of somebody without one', async () => {
    const browser = gateway.browser();
    await browser.signIn('nameless', login);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: null });
    expect(await browser.json('/api/accounts')).toMatchObject([{ displayName: null }]);
  });
});

describe('a Google account whose tokens have expired', () => {
  const hourMillis = 3_600_000;
  const question = `{
    me { name }
    accounts { ... on ConnectedAccount { id } ... on GcpAccount { accessToken refreshToken } }
  }`;

  async function signedInAnHourAgo(env: Record<string, string> = {}, persona = 'john') {
    let now = Date.now();
    const gateway = await startGateway({ env: { SESSION_IDLE_MINUTES: '600', ...env }, now: () => now });
    const browser = gateway.browser();
    await browser.signIn('john');
    await browser.signIn(persona, login);
    const [, before] = (await gateway.sessionOf(browser)).accounts ?? [];
    now += hourMillis;
    return { gateway, browser, before: Object(before) };
  }
  const refreshCalls = (gateway: TestGateway) => gateway.sandbox.calls.count('google.token.refresh_token');

  it('gives fresh tokens on both faces, for one call', async () => {
    const { gateway, browser, before } = await signedInAnHourAgo();
    await using _ = gateway;
    const { data } = await browser.graphql(question);
    const [, shown] = await browser.json<{ access_token: string }[]>('/api/accounts');
    expect(data?.accounts).toMatchObject([{}, { accessToken: shown?.access_token }]);
    expect(shown?.access_token).not.toBe(before.access_token);
    expect(refreshCalls(gateway)).toBe(1);
  });

  it('is refreshed by nothing that shows no token', async () => {
    const { gateway, browser } = await signedInAnHourAgo();
    await using _ = gateway;
    await browser.graphql('{ me { name } accounts { ... on ConnectedAccount { id displayName } } }');
    await browser.json('/api/user');
    expect(refreshCalls(gateway)).toBe(0);
  });

  it('is refreshed by nothing at all where tokens are not shown', async () => {
    const { gateway, browser } = await signedInAnHourAgo({ TOKEN_EXPOSURE: 'none' });
    await using _ = gateway;
    expect((await browser.graphql(question)).data?.accounts).toMatchObject([
      {},
      { accessToken: null, refreshToken: null },
    ]);
    expect(await browser.json('/api/accounts')).toMatchObject([
      {},
      { access_token: null, refresh_token: null },
    ]);
    expect(refreshCalls(gateway)).toBe(0);
  });

  it('asks for another sign-in when its refresh token is dead, and the other accounts go on', async () => {
    const { gateway, browser } = await signedInAnHourAgo();
    await using _ = gateway;
    gateway.sandbox.faults.set('google.token.refresh_token', {
      status: 400,
      body: { error: 'invalid_grant' },
    });
    for (const _time of ['first', 'again']) {
      const { data, errors } = await browser.graphql(question);
      expect(data).toMatchObject({ me: { name: 'John Doe' }, accounts: [{}, { accessToken: null }] });
      expect(errors?.map(({ path, extensions: { code } }) => ({ path, code }))).toEqual([
        { path: ['accounts', 1, 'accessToken'], code: 'REAUTH_REQUIRED' },
        { path: ['accounts', 1, 'refreshToken'], code: 'REAUTH_REQUIRED' },
      ]);
    }
    const answer = await browser.fetch('/api/accounts');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject([
      { provider: 'azure' },
      { provider: 'gcp', email: 'john.doe@example.com', access_token: null, refresh_token: null },
    ]);
    expect(refreshCalls(gateway)).toBe(1);
  });

  it('asks for another sign-in when it never had a refresh token', async () => {
    const { gateway, browser } = await signedInAnHourAgo({}, 'noconsent');
    await using _ = gateway;
    const { errors } = await browser.graphql(question);
    expect(errors?.[0]?.extensions.code).toBe('REAUTH_REQUIRED');
    expect(errors?.[0]?.message).toContain('sign in with it again');
    expect(refreshCalls(gateway)).toBe(0);
  });
});
