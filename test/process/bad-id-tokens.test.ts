import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AzureDouble, ada } from '../doubles/azure-double.ts';
import { tokenFlaws } from '../doubles/id-token.ts';
import { Browser } from '../support/browser.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { type AzureGateway, startAzureGateway } from './trusted-azure.ts';

let azure: AzureDouble;
let gateway: GatewayProcess;

/** What AZURE_TENANT_ID may be: one tenant, by id or domain name, or any. */
describe.each([ada.tid, 'contoso.example', 'organizations'])('signing in to %s', (authority) => {
  let started: AzureGateway;
  beforeAll(async () => {
    started = await startAzureGateway(authority);
    ({ azure, gateway } = started);
  });
  afterAll(() => started?.[Symbol.asyncDispose]());
  beforeEach(() => {
    azure.requests.length = 0;
    azure.person = ada;
    azure.flaw = undefined;
  });

  for (const flaw of tokenFlaws) {
    test(`refuses an ID token with ${flaw}, and stays signed out`, async () => {
      azure.flaw = flaw;
      const browser = new Browser(gateway.url);
      const { response } = await browser.visit('/api/login/azure');

      expect(response.status).toBe(401);
      const { code, error } = (await response.json()) as { code: string; error: string };
      expect(code).toBe('SIGN_IN_FAILED');
      if (flaw.includes('tid')) expect(error).toMatch(/tenant/);
      expect(await browser.json('/api/user')).toEqual({ logged_in: false });
      expect(await browser.json('/api/accounts')).toEqual([]);
      expect(await browser.cookie('mcm_session')).toBeUndefined();
      expect(azure.requests.some(({ endpoint }) => endpoint === 'subscriptions')).toBe(false);
    });
  }

  test('a bad token leaves a session that is signed in as it was', async () => {
    const browser = new Browser(gateway.url);
    await browser.visit('/api/login/azure');
    const before = await browser.json('/api/accounts');
    azure.flaw = 'a signature of another key';
    expect((await browser.visit('/api/login/azure')).response.status).toBe(401);
    expect(await browser.json('/api/accounts')).toEqual(before);
  });

  test('none of those tokens, nor any secret, is in what it has written', () => {
    const secrets = [...azure.secrets, azure.clientSecret, started.sessionSecret];
    expect(azure.secrets.length).toBeGreaterThan(tokenFlaws.length);
    const output = gateway.output();
    expect(output).toContain('SIGN_IN_FAILED');
    expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
  });
});
