import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountId } from '../../src/clouds/clouds.ts';
import type { Browser } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { cloudsThatSignIn } from './clouds-that-sign-in.ts';

const hourMillis = 3_600_000;

const tokensOfSomebodyElse = {
  access_token: 'of somebody else',
  refresh_token: 'of somebody else',
  token_type: 'Bearer',
  expires_in: 3600,
  id_token: `e30.${Buffer.from('{"sub":"somebody else"}').toString('base64url')}.e30`,
};

describe.each(cloudsThatSignIn)('the tokens of $provider', (cloud) => {
  const refreshEndpoint = `${cloud.endpoints}.token.refresh_token` as const;
  const refreshCalls = () => gateway.sandbox.calls.count(refreshEndpoint);
  let gateway: TestGateway;
  let now: number;
  let browser: Browser;
  let id: string;
  beforeAll(async () => {
    gateway = await startGateway({ env: { SESSION_IDLE_MINUTES: '600' }, now: () => now });
  });
  beforeEach(async () => {
    now = Date.now();
    gateway.sandbox.faults.clear();
    gateway.sandbox.calls.reset();
    browser = gateway.browser();
    await browser.signIn(cloud.people[0], cloud.loginPath);
    const [account] = (await gateway.sessionOf(browser)).accounts ?? [];
    id = account ? accountId(account) : '';
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const tokens = () => gateway.tokensOf(browser, id);
  const held = async () => (await gateway.sessionOf(browser)).accounts?.[0];

  it('are kept with their expiry, and never shown beside the documented keys', async () => {
    expect(await held()).toMatchObject({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_at: expect.any(Number),
      refresh_at: expect.any(Number),
    });
    const [shown] = await browser.json<object[]>('/api/accounts');
    for (const key of ['expires_at', 'refresh_at', 'reauth_required']) expect(shown).not.toHaveProperty(key);
  });

  it('are used as they are while they are good', async () => {
    const before = await tokens();
    now += 0.9 * hourMillis;
    expect((await tokens()).access_token).toBe(before.access_token);
    expect(refreshCalls()).toBe(0);
  });

  it('are refreshed a little before they expire, and the session keeps the new ones', async () => {
    const before = await tokens();
    now += 0.95 * hourMillis;
    const after = await tokens();
    expect(after.access_token).not.toBe(before.access_token);
    expect(after.expires_at).toBeGreaterThan(now);
    expect(await held()).toMatchObject({
      access_token: after.access_token,
      refresh_token: after.refresh_token,
    });
    expect(await tokens()).toMatchObject({ access_token: after.access_token });
    expect(refreshCalls()).toBe(1);
  });

  it('are refreshed again and again, each time with the token that the last refresh left', async () => {
    const seen = new Set<unknown>();
    for (let hour = 0; hour < 4; hour++) {
      now += hourMillis;
      seen.add((await tokens()).access_token);
    }
    expect(seen.size).toBe(4);
    expect(refreshCalls()).toBe(4);
  });

  it('are refreshed once, however many ask at once', async () => {
    now += hourMillis;
    gateway.sandbox.faults.set(refreshEndpoint, { delayMs: 200 });
    const all = await Promise.all(Array.from({ length: 50 }, tokens));
    expect(new Set(all.map(({ access_token }) => access_token)).size).toBe(1);
    expect(refreshCalls()).toBe(1);
  });

  it("are never another session's, also where it is the same account", async () => {
    const [first, firstId] = [browser, id];
    const second = gateway.browser();
    await second.signIn(cloud.people[0], cloud.loginPath);
    now += hourMillis;
    const [ofFirst, ofSecond] = await Promise.all([
      gateway.tokensOf(first, firstId),
      gateway.tokensOf(second, firstId),
    ]);
    expect(ofFirst.access_token).not.toBe(ofSecond.access_token);
    expect(refreshCalls()).toBe(2);
  });

  it.each([
    ['answers 500', { status: 500, body: { error: 'server_error' } }],
    ['answers 503 with the words of a dead token', { status: 503, body: { error: 'invalid_grant' } }],
    ['answers 400 with another error', { status: 400, body: { error: 'temporarily_unavailable' } }],
    ['answers nonsense', { status: 200, body: { nothing: 'useful' } }],
    ["answers another person's tokens", { status: 200, body: tokensOfSomebodyElse }],
    ['breaks off', { cut: true } as const],
  ])(
    'stay as they are when the provider %s, and are refreshed when it is well again',
    async (_how, fault) => {
      const before = await tokens();
      now += hourMillis;
      gateway.sandbox.faults.set(refreshEndpoint, fault);
      expect(await tokens()).toEqual(before);
      expect(await held()).toMatchObject({ refresh_token: before.refresh_token });
      gateway.sandbox.faults.clear();
      expect((await tokens()).access_token).not.toBe(before.access_token);
    },
  );

  it('are gone when the provider calls the refresh token dead, until another sign-in', async () => {
    await browser.signIn(cloud.people[1], cloud.loginPath);
    now += hourMillis;
    gateway.sandbox.faults.set(
      refreshEndpoint,
      { status: 400, body: { error: 'invalid_grant' } },
      { times: 1 },
    );
    await expect(tokens()).rejects.toMatchObject({ code: 'REAUTH_REQUIRED' });
    await expect(tokens()).rejects.toMatchObject({ code: 'REAUTH_REQUIRED' });
    expect(refreshCalls()).toBe(1);
    const [dead, other] = (await gateway.sessionOf(browser)).accounts ?? [];
    expect(dead).toMatchObject({ access_token: null, refresh_token: null, reauth_required: true });
    expect(other).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) });
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });

    await browser.signIn(cloud.people[0], cloud.loginPath);
    expect(await tokens()).toMatchObject({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
    });
    expect(await held()).not.toHaveProperty('reauth_required');
  });

  it('are not refreshed at every use because the provider gave them an endless life', async () => {
    now += hourMillis;
    const endless = { access_token: 'endless', token_type: 'Bearer', expires_in: 1e308 };
    gateway.sandbox.faults.set(refreshEndpoint, { status: 200, body: endless });
    for (let use = 0; use < 3; use++) expect(await tokens()).toMatchObject({ access_token: 'endless' });
    expect(refreshCalls()).toBe(1);
  });

  it('are not brought back into a session by a refresh that a logout overtakes', async () => {
    now += hourMillis;
    gateway.sandbox.faults.set(refreshEndpoint, { delayMs: 300 });
    const refreshing = tokens();
    await expect.poll(refreshCalls).toBe(1);
    const headers = { cookie: `mcm_session=${await browser.cookie('mcm_session')}` };
    await browser.fetch('/api/logout');
    expect(await refreshing).toEqual({});
    expect(await (await fetch(`${gateway.url}/api/accounts`, { headers })).json()).toEqual([]);
  });

  it('give way to those of a sign-in that comes during a refresh', async () => {
    now += hourMillis;
    gateway.sandbox.faults.set(refreshEndpoint, { delayMs: 500 });
    const refreshing = tokens();
    await expect.poll(refreshCalls).toBe(1);
    await browser.signIn(cloud.people[0], cloud.loginPath);
    const { refresh_token } = Object(await held());
    await refreshing;
    expect(await held()).toMatchObject({ refresh_token });
  });
});
