import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const john = '12345678-1234-1234-1234-123456789012';

describe('signing in with Microsoft', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('ends on the console, signed in, with the account of the documentation', async () => {
    const browser = gateway.browser();
    const answer = await browser.signIn('john');
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(`${gateway.url}/`);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
    expect(await browser.json('/api/accounts')).toEqual([
      {
        provider: 'azure',
        tenantId: john,
        displayName: 'John Doe',
        subscriptions: [expect.any(String), expect.any(String)],
      },
    ]);
    const { value } = await browser.json<{ value: { displayName: string }[] }>('/api/subscriptions');
    expect(value.map(({ displayName }) => displayName)).toEqual([
      'Production Subscription',
      'Development Subscription',
    ]);
  });

  it('sets one HttpOnly, SameSite=Lax session cookie without Domain', async () => {
    const answer = await gateway.browser().signIn('john');
    const cookies = answer.headers.getSetCookie().filter((cookie) => cookie.startsWith('mcm_session='));
    expect(cookies).toEqual([expect.stringMatching(/^mcm_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/)]);
  });

  it('keeps the stored subscriptions empty, and still signs in, when Azure cannot be reached', async () => {
    gateway.sandbox.faults.set('arm.subscriptions', { cut: true }, { times: 2 });
    const browser = gateway.browser();
    expect((await browser.signIn('john')).status).toBe(302);
    expect(await browser.json('/api/accounts')).toMatchObject([{ tenantId: john, subscriptions: [] }]);
    expect(await browser.json('/api/subscriptions')).toMatchObject({ value: [{}, {}] });
  });

  it('answers name null for a person without a name', async () => {
    const browser = gateway.browser();
    await browser.signIn('nameless');
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: null });
  });

  it('gives anonymous readers no cookie', async () => {
    for (const path of ['/', '/api/user', '/api/accounts', '/api/subscriptions', '/api/logout', '/healthz']) {
      const { headers } = await fetch(`${gateway.url}${path}`);
      expect(headers.getSetCookie(), path).toEqual([]);
    }
  });
});

it('uses Secure cookies with the __Host- prefix when the public URL is https', async () => {
  await using gateway = await startGateway({ env: { APP_BASE_URL: 'https://gateway.example' } });
  const browser = gateway.browser();
  const { headers } = await browser.fetch('/api/login/azure');
  expect(headers.getSetCookie()[0]).toMatch(
    /^__Host-mcm_sign_in=[\w-]{32}; Max-Age=600; Path=\/; .*; HttpOnly; Secure; SameSite=Lax$/,
  );
  expect(new URL(headers.get('location') ?? '').searchParams.get('redirect_uri')).toBe(
    'https://gateway.example/getAToken',
  );
});
