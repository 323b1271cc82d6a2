import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEOPLE } from '../../src/sandbox/people.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { askToken, configure, JOHN_TENANT, pressOn, readDiscovery, startFlow } from './entra-flow.ts';
import { REDIRECT_URI, startTrustedSandbox } from './support.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startTrustedSandbox();
});
afterAll(() => sandbox.close());

async function codeAtOrganizations(persona: string) {
  const metadata = await readDiscovery(sandbox, 'organizations');
  const { url, checks } = await startFlow(configure(sandbox, metadata));
  const back = await pressOn(url, 'persona', persona);
  const grant = {
    grant_type: 'authorization_code',
    code: back.url.searchParams.get('code') ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: checks.pkceCodeVerifier,
  };
  return { metadata, back, checks, grant };
}

describe('signing in at organizations', () => {
  test('the issuer is a template, and the ID token names the tenant of the person', async () => {
    const { metadata, grant } = await codeAtOrganizations('john');
    expect(metadata.issuer).toBe(`${sandbox.env.AZURE_AUTHORITY_HOST}/{tenantid}/v2.0`);
    expect(metadata).not.toHaveProperty('authorization_response_iss_parameter_supported');
    const { id_token } = Object(await (await askToken(sandbox, 'organizations', grant)).json());
    expect(decodeJwt(id_token)).toMatchObject({
      iss: `${sandbox.env.AZURE_AUTHORITY_HOST}/${JOHN_TENANT}/v2.0`,
      tid: JOHN_TENANT,
    });
  });

  test('openid-client accepts the ID token once the template is filled with its tid', async () => {
    const { metadata, back, checks, grant } = await codeAtOrganizations('many');
    const answer = await askToken(sandbox, 'organizations', grant);
    const tokens = Object(await answer.clone().json());
    const issuer = metadata.issuer.replace('{tenantid}', String(decodeJwt(tokens.id_token).tid));
    const config = configure(sandbox, { ...metadata, issuer });
    config[client.customFetch] = async () => answer;
    const checked = await client.authorizationCodeGrant(config, back.url, checks);
    expect(checked.claims()?.iss).toBe(issuer);
  });

  test('a refresh token is accepted at organizations, common and its own tenant', async () => {
    const { grant } = await codeAtOrganizations('john');
    let { refresh_token } = Object(await (await askToken(sandbox, 'organizations', grant)).json());
    for (const authority of ['organizations', 'common', JOHN_TENANT]) {
      const response = await askToken(sandbox, authority, { grant_type: 'refresh_token', refresh_token });
      expect(response.status).toBe(200);
      ({ refresh_token } = Object(await response.json()));
    }
  });

  test("a code of one tenant is invalid at another tenant's token endpoint", async () => {
    const { grant } = await codeAtOrganizations('john');
    const manyTenant = PEOPLE.find(({ id }) => id === 'many')?.tenantId ?? '';
    const response = await askToken(sandbox, manyTenant, grant);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringMatching(/^AADSTS70000/),
    });
  });

  test('a code works once', async () => {
    const { grant } = await codeAtOrganizations('john');
    expect((await askToken(sandbox, 'organizations', grant)).status).toBe(200);
    expect((await askToken(sandbox, 'organizations', grant)).status).toBe(400);
  });

  test('the app itself has no tenant there', async () => {
    const response = await askToken(sandbox, 'organizations', { grant_type: 'client_credentials' });
    expect(await response.json()).toMatchObject({
      error_description: expect.stringContaining('AADSTS50059'),
    });
  });
});
