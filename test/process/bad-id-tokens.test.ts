import { describe, expect, test } from 'vitest';
import { ada } from '../doubles/azure-double.ts';
import { tokenFlaws } from '../doubles/id-token.ts';
import { Browser } from '../support/browser.ts';
import { useAzureGateway } from './trusted-azure.ts';

/** What AZURE_TENANT_ID may be: one tenant, by id or domain name, or any. */
describe.each([ada.tid, 'contoso.example', 'organizations'])('signing in to %s', (authority) => {
  const running = useAzureGateway(authority);

  for (const flaw of tokenFlaws) {
    test(`refuses an ID token with ${flaw}, and stays signed out`, async () => {
      running.azure.flaw = flaw;
      const browser = new Browser(running.gateway.url);
      const { response } = await browser.visit('/api/login/azure');

      expect(response.status).toBe(401);
      const { code, error } = (await response.json()) as { code: string; error: string };
      expect(code).toBe('SIGN_IN_FAILED');
      if (flaw.includes('tid')) expect(error).toMatch(/tenant/);
      expect(await browser.json('/api/user')).toEqual({ logged_in: false });
      expect(await browser.json('/api/accounts')).toEqual([]);
      expect(await browser.cookie('mcm_session')).toBeUndefined();
      expect(running.azure.requests.some(({ endpoint }) => endpoint === 'subscriptions')).toBe(false);
    });
  }

  test('a bad token leaves a session that is signed in as it was', async () => {
    const browser = new Browser(running.gateway.url);
    await browser.visit('/api/login/azure');
    const before = await browser.json('/api/accounts');
    running.azure.flaw = 'a signature of another key';
    expect((await browser.visit('/api/login/azure')).response.status).toBe(401);
    expect(await browser.json('/api/accounts')).toEqual(before);
  });

  test('none of those tokens, nor any secret, is in what it has written', () => {
    const secrets = [...running.azure.secrets, running.azure.clientSecret, running.sessionSecret];
    expect(running.azure.secrets.length).toBeGreaterThan(tokenFlaws.length);
    const output = running.gateway.output();
    expect(output).toContain('SIGN_IN_FAILED');
    expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
  });
});
