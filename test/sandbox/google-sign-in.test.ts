import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GOOGLE_PEOPLE } from '../../src/sandbox/people.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { discover, JOHN_TENANT, pressOn, startFlow } from './entra-flow.ts';
import { comeBack, discoverGoogle, signInWithGoogle, startGoogleFlow } from './google-flow.ts';
import { createBrowser, REDIRECT_URI, startTrustedSandbox } from './support.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startTrustedSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.calls.reset();
  sandbox.faults.clear();
});

describe('signing in with Google', () => {
  test('openid-client signs John Doe in and gets the claims of a Google ID token', async () => {
    const { tokens } = await signInWithGoogle(sandbox, 'john');
    expect(tokens.claims()).toMatchObject({
      iss: sandbox.env.GOOGLE_ISSUER,
      aud: sandbox.env.GOOGLE_CLIENT_ID,
      sub: expect.stringMatching(/^\d{21}$/),
      email: 'john.doe@example.com',
      email_verified: true,
      name: 'John Doe',
      given_name: 'John',
      family_name: 'Doe',
    });
    expect(tokens.expires_in).toBe(3599);
    expect(tokens.access_token).toMatch(/^ya29\./);
    expect(sandbox.calls.count('google.discovery')).toBe(1);
    expect(sandbox.calls.count('google.authorize')).toBe(1);
    expect(sandbox.calls.count('google.token.authorization_code')).toBe(1);
    expect(sandbox.calls.count('azure.token.authorization_code')).toBe(0);
  });

  test('the signature verifies against the published keys, which are not those of Azure', async () => {
    const { tokens } = await signInWithGoogle(sandbox, 'john');
    const googleKeys = createRemoteJWKSet(new URL('/oauth2/v3/certs', sandbox.env.GOOGLE_ISSUER));
    const azureKeys = createRemoteJWKSet(
      new URL('/organizations/discovery/v2.0/keys', sandbox.env.AZURE_AUTHORITY_HOST),
    );
    await expect(jwtVerify(tokens.id_token ?? '', googleKeys)).resolves.toBeDefined();
    await expect(jwtVerify(tokens.id_token ?? '', azureKeys)).rejects.toThrow();
    expect(sandbox.calls.count('google.keys')).toBe(1);
  });

  test('two people of one e-mail address are two accounts, each the same at every sign-in', async () => {
    const signIns = ['john', 'johnny', 'john'].map((persona) => signInWithGoogle(sandbox, persona));
    const [john, johnny, again] = (await Promise.all(signIns)).map(({ tokens }) => tokens.claims());
    expect(johnny?.email).toBe(john?.email);
    expect(johnny?.sub).not.toBe(john?.sub);
    expect(again?.sub).toBe(john?.sub);
  });

  test('who gives no e-mail address has no e-mail claims', async () => {
    const { tokens } = await signInWithGoogle(sandbox, 'noemail');
    expect(tokens.claims()).toMatchObject({ name: 'Noel NoEmail' });
    expect(tokens.claims()).not.toHaveProperty('email');
    expect(tokens.claims()).not.toHaveProperty('email_verified');
  });

  test('who has no name has no name claims', async () => {
    const { tokens } = await signInWithGoogle(sandbox, 'nameless');
    expect(tokens.claims()).toMatchObject({ email: 'nameless@example.com' });
    expect(tokens.claims()).not.toHaveProperty('name');
    expect(tokens.claims()).not.toHaveProperty('given_name');
  });

  test('the browser comes back with the parameters that Google adds', async () => {
    const { back } = await comeBack(sandbox, 'john', { access_type: 'offline', prompt: 'consent' });
    expect(back.searchParams.get('iss')).toBe(sandbox.env.GOOGLE_ISSUER);
    expect(back.searchParams.get('code')).toMatch(/^4\/0A/);
    expect(back.searchParams.get('authuser')).toBe('0');
    expect(back.searchParams.get('scope')).not.toContain('offline_access');
  });

  test('scopes are granted by their long names', async () => {
    const { tokens } = await signInWithGoogle(sandbox, 'john', { access_type: 'offline', prompt: 'consent' });
    expect(new Set(tokens.scope?.split(' '))).toEqual(
      new Set([
        'openid',
        'https://www.googleapis.com/auth/userinfo.email',
        'https://www.googleapis.com/auth/userinfo.profile',
        'https://www.googleapis.com/auth/cloud-platform',
      ]),
    );
  });

  test('a person whom a test adds can sign in, and no two have one id', async () => {
    const zoe = { id: 'zoe', name: 'Zoë', email: 'zoe@example.org', description: 'Added' };
    sandbox.addGooglePerson(zoe);
    expect(() => sandbox.addGooglePerson(zoe)).toThrow('zoe');
    const { tokens } = await signInWithGoogle(sandbox, 'zoe');
    expect(tokens.claims()).toMatchObject({ name: 'Zoë', given_name: 'Zoë' });
    expect(tokens.claims()).not.toHaveProperty('family_name');
  });
});

test('one browser signs in with Microsoft and Google at the same time, though they share its cookies', async () => {
  const browser = createBrowser();
  const flows = [await startGoogleFlow(sandbox), await startFlow(await discover(sandbox, JOHN_TENANT))];
  const pages = await Promise.all(flows.map(({ url }) => browser.open(url)));
  const visits = await Promise.all(
    pages.map((page) => browser.press(page, { name: 'persona', value: 'john' })),
  );
  for (const { url } of visits) expect(url.searchParams.get('code')).toBeTruthy();
});

describe("Google's page", () => {
  test('lists everybody, with plain buttons', async () => {
    const page = await createBrowser().open((await startGoogleFlow(sandbox)).url);
    expect(page.url.protocol).toBe('http:');
    expect(page.text).toContain('<h1>Sign in with Google</h1>');
    for (const { id } of GOOGLE_PEOPLE) expect(page.text).toContain(`<button name="persona" value="${id}">`);
    expect(page.text).not.toContain('<script');
  });

  test('sends the browser back with access_denied and the state on Cancel', async () => {
    const { url, checks } = await startGoogleFlow(sandbox);
    const back = await pressOn(url, 'cancel', '1');
    expect(back.url.searchParams.get('error')).toBe('access_denied');
    expect(back.url.searchParams.get('state')).toBe(checks.expectedState);
  });

  test('is not shown with prompt=none: login_required, as nobody stays signed in', async () => {
    const { url, checks } = await startGoogleFlow(sandbox, { prompt: 'none' });
    const back = await createBrowser().open(url);
    expect(back.status).toBe(0);
    expect(back.url.searchParams.get('error')).toBe('login_required');
    expect(back.url.searchParams.get('state')).toBe(checks.expectedState);
  });

  test.each([
    ['an unknown client', { client_id: 'somebody-else' }, 'invalid_client'],
    ['a redirect to another machine', { redirect_uri: 'https://attacker.example/' }, 'redirect_uri_mismatch'],
    ['an unknown scope', { scope: 'openid offline_access' }, 'invalid_scope'],
    ['an unknown access type', { access_type: 'always' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'login' }, 'invalid_request'],
    ['none with another prompt', { prompt: 'none consent' }, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['a plain code challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
  ])('refuses %s with a page, never with a redirect', async (_what, wrong, reason) => {
    const { url } = await startGoogleFlow(sandbox, wrong);
    const page = await createBrowser().open(url);
    expect(page.status).toBe(400);
    expect(page.text).toContain(reason);
  });

  test('knows nobody of another name', async () => {
    const browser = createBrowser();
    const page = await browser.open((await startGoogleFlow(sandbox)).url);
    const forged = { ...page, text: page.text.replace('value="john"', 'value="mallory"') };
    expect((await browser.press(forged, { name: 'persona', value: 'mallory' })).status).toBe(400);
  });
});

describe('the token endpoint of Google', () => {
  test('takes a code without PKCE', async () => {
    const { config, url, checks } = await startGoogleFlow(sandbox);
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    const back = await pressOn(url, 'persona', 'jane');
    const { expectedState, expectedNonce } = checks;
    const tokens = await client.authorizationCodeGrant(config, back.url, { expectedState, expectedNonce });
    expect(tokens.claims()?.email).toBe('jane.roe@example.org');
  });

  test('takes a code only with the verifier of its challenge', async () => {
    const { config, checks, back } = await comeBack(sandbox, 'john');
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    await expect(
      client.authorizationCodeGrant(config, back, { ...checks, pkceCodeVerifier }),
    ).rejects.toMatchObject({ error: 'invalid_grant', error_description: 'Bad Request' });
  });

  test('takes a code once', async () => {
    const { config, checks, back } = await comeBack(sandbox, 'john');
    await client.authorizationCodeGrant(config, back, checks);
    await expect(client.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({
      status: 400,
      error: 'invalid_grant',
      error_description: 'Bad Request',
    });
    expect(sandbox.calls.count('google.token.authorization_code')).toBe(2);
  });

  test('takes a code only with the redirect URI it was sent to', async () => {
    const { config, checks, back } = await comeBack(sandbox, 'john');
    const elsewhere = new URL(`${REDIRECT_URI}/elsewhere${back.search}`);
    await expect(client.authorizationCodeGrant(config, elsewhere, checks)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test.each([
    ['in the body', client.ClientSecretPost],
    ['in the Authorization header', client.ClientSecretBasic],
  ])('refuses a wrong secret %s', async (_where, authentication) => {
    const { config, checks, back } = await comeBack(sandbox, 'john');
    const { GOOGLE_CLIENT_ID } = sandbox.env;
    const wrong = new client.Configuration(
      config.serverMetadata(),
      GOOGLE_CLIENT_ID,
      undefined,
      authentication('wrong'),
    );
    client.allowInsecureRequests(wrong);
    const refused = client.authorizationCodeGrant(wrong, back, checks);
    await expect(refused).rejects.toMatchObject({ status: 401 });
    await expect(client.authorizationCodeGrant(config, back, checks)).resolves.toBeDefined();
  });

  test('names a wrong secret invalid_client', async () => {
    const config = await discoverGoogle(sandbox, 'wrong');
    await expect(client.refreshTokenGrant(config, '1//anything')).rejects.toMatchObject({
      status: 401,
      error: 'invalid_client',
      error_description: 'Unauthorized',
    });
  });
});

describe('faults at Google', () => {
  test('a token endpoint that fails is answered as told, then all is well', async () => {
    sandbox.faults.set(
      'google.token.authorization_code',
      { status: 503, body: { error: 'backend' } },
      { times: 1 },
    );
    await expect(signInWithGoogle(sandbox, 'john')).rejects.toThrow();
    await expect(signInWithGoogle(sandbox, 'john')).resolves.toBeDefined();
    expect(sandbox.calls.count('google.token.authorization_code')).toBe(2);
  });

  test('discovery, keys and the page can break off too', async () => {
    const { url } = await startGoogleFlow(sandbox);
    for (const name of ['google.discovery', 'google.keys', 'google.authorize'] as const) {
      sandbox.faults.set(name, { cut: true });
    }
    await expect(discoverGoogle(sandbox)).rejects.toThrow();
    await expect(fetch(new URL('/oauth2/v3/certs', sandbox.env.GOOGLE_ISSUER))).rejects.toThrow();
    await expect(createBrowser().open(url)).rejects.toThrow();
  });
});
