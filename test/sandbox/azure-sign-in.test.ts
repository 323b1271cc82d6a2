import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PEOPLE } from '../../src/sandbox/people.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { JOHN_TENANT, signIn } from './entra-flow.ts';
import { startTrustedSandbox } from './support.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startTrustedSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.calls.reset());

describe('signing in at one tenant', () => {
  test('openid-client signs John Doe in and gets the claims of an Entra ID token', async () => {
    const { back, tokens } = await signIn(sandbox, 'john', JOHN_TENANT);
    expect(back.url.searchParams.has('iss')).toBe(false);
    expect(tokens.claims()).toMatchObject({
      iss: `${sandbox.env.AZURE_AUTHORITY_HOST}/${JOHN_TENANT}/v2.0`,
      aud: sandbox.env.AZURE_CLIENT_ID,
      tid: JOHN_TENANT,
      sub: expect.stringMatching(/^[\w-]{43}$/),
      oid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'John Doe',
      preferred_username: 'john.doe@example.com',
      email: 'john.doe@example.com',
      ver: '2.0',
    });
    expect(tokens.expires_in).toBeGreaterThan(3500);
    expect(tokens.scope).toContain('https://management.azure.com/.default');
    expect(sandbox.calls.count('azure.discovery')).toBe(1);
    expect(sandbox.calls.count('azure.authorize')).toBe(1);
    expect(sandbox.calls.count('azure.token.authorization_code')).toBe(1);
  });

  test('the nameless person has no name claim', async () => {
    const { tokens } = await signIn(
      sandbox,
      'nameless',
      PEOPLE.find(({ id }) => id === 'nameless')?.tenantId ?? '',
    );
    expect(tokens.claims()).toMatchObject({ email: 'nameless@example.com' });
    expect(tokens.claims()).not.toHaveProperty('name');
  });

  test('the signature verifies against the published keys', async () => {
    const { tokens } = await signIn(sandbox, 'john', JOHN_TENANT);
    const keys = createRemoteJWKSet(
      new URL(`${sandbox.env.AZURE_AUTHORITY_HOST}/${JOHN_TENANT}/discovery/v2.0/keys`),
    );
    await expect(jwtVerify(tokens.id_token ?? '', keys)).resolves.toBeDefined();
  });

  test('a refresh token works once and brings the next one', async () => {
    const { config, tokens } = await signIn(sandbox, 'john', JOHN_TENANT);
    const first = tokens.refresh_token ?? '';
    const refreshed = await client.refreshTokenGrant(config, first);
    expect(refreshed.refresh_token).not.toBe(first);
    await expect(client.refreshTokenGrant(config, first)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(sandbox.calls.count('azure.token.refresh_token')).toBe(2);
  });

  test('there is no refresh token without offline_access', async () => {
    const { tokens } = await signIn(sandbox, 'john', JOHN_TENANT, { scope: 'openid' });
    expect(tokens.refresh_token).toBeUndefined();
    expect(tokens.claims()).not.toHaveProperty('name');
  });
});

test('an unknown tenant is told apart on discovery and on the token endpoint', async () => {
  const base = `${sandbox.env.AZURE_AUTHORITY_HOST}/99999999-0000-4000-8000-000000000000`;
  const discovery = await fetch(`${base}/v2.0/.well-known/openid-configuration`);
  const token = await fetch(`${base}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams() });
  for (const response of [discovery, token]) {
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: 'invalid_tenant',
      error_description: expect.stringContaining('AADSTS90002'),
    });
  }
});

test('a person and a tenant that a test adds can sign in', async () => {
  const tenantId = '77777777-7777-4777-8777-777777777777';
  sandbox.addTenant({ id: tenantId, subscriptions: [] });
  sandbox.addPerson({ id: 'zoe', name: 'Zoë <b>', email: 'zoe@example.org', description: 'Added', tenantId });
  const { tokens } = await signIn(sandbox, 'zoe', tenantId);
  expect(tokens.claims()).toMatchObject({ name: 'Zoë <b>', tid: tenantId });
});
