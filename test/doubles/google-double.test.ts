import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { expect, test } from 'vitest';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { hedy, startGoogleDouble } from './google-double.ts';
import { redirectUri, startGoogleTestClient } from './google-test-client.ts';
import { openidTokenFlaws } from './id-token.ts';

test.each([
  ['client_secret_post', openid.ClientSecretPost],
  ['client_secret_basic', openid.ClientSecretBasic],
])('the double signs a person in with %s', async (_, authentication) => {
  await using client = await startGoogleTestClient({ authentication });
  const tokens = await client.signIn();
  expect(tokens.claims()).toMatchObject({
    iss: client.google.env.GOOGLE_ISSUER,
    aud: client.google.clientId,
    sub: hedy.sub,
    email: hedy.email,
    email_verified: true,
    name: hedy.name,
  });
  expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3599, scope: 'openid email profile' });
  expect(client.google.liveAccessTokens()).toEqual(new Map([[tokens.access_token, hedy.email]]));
  expect(client.google.requests.map(({ endpoint }) => endpoint)).toEqual([
    ...['discovery', 'authorize', 'token', 'certs'],
  ]);
});

test.each([openid.ClientSecretPost, openid.ClientSecretBasic])(
  'the double refuses a client with another secret: %o',
  async (authentication) => {
    await using client = await startGoogleTestClient({ authentication, clientSecret: 'wrong' });
    await expect(client.signIn()).rejects.toMatchObject({ status: 401 });
    expect(client.google.accessTokens.size).toBe(0);
  },
);

test.each([
  ['&client_secret=canary-google-client-secret', 401, 'invalid_client'],
  ['&client_id=another', 401, 'invalid_client'],
  ['&grant_type=refresh_token', 400, 'invalid_request'],
  ['&scope=openid', 400, 'unsupported_grant_type'],
])('the double refuses a client that authenticates with Basic and adds %s', async (more, status, error) => {
  await using client = await startGoogleTestClient();
  const { google } = client;
  const answer = await fetch(`${google.env.GOOGLE_ISSUER}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${google.clientId}:${google.clientSecret}`)}` },
    body: new URLSearchParams(`grant_type=password${more}`),
  });
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status, body: { error } });
});

test('the double takes a code once, and takes back what came of it when it comes again', async () => {
  await using client = await startGoogleTestClient();
  const callback = await client.callback();
  const tokens = await client.exchange(callback);
  await expect(client.exchange(callback)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(client.google.liveAccessTokens().size).toBe(0);
  await expect(client.refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
});

test.each([
  [{ code_challenge: 'b'.repeat(43) }, redirectUri],
  [{ redirect_uri: 'http://localhost:5001/google/callback' }, redirectUri],
])('the double refuses a code that was asked for with %o', async (changed, ownUri) => {
  await using client = await startGoogleTestClient();
  const { search } = await client.callback(changed);
  const callback = new URL(`${ownUri}${search}`);
  await expect(client.exchange(callback)).rejects.toMatchObject({ error: 'invalid_grant' });
});

test.each([
  ...['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'nonce', 'code_challenge'].map(
    (name) => [name, ''],
  ),
  ['redirect_uri', 'http://localhost:5000/getAToken'],
  ['scope', 'email profile'],
  ['code_challenge_method', 'plain'],
])('the double sends nobody back who comes with %s=%s', async (name, value) => {
  await using client = await startGoogleTestClient();
  const url = await client.authorizationUrl({ [name]: value });
  const answer = await fetch(url, { redirect: 'manual' });
  expect(answer.status).toBe(400);
  expect(client.google.secrets).toEqual([]);
});

test('the double sends nobody back who comes with a parameter twice', async () => {
  await using client = await startGoogleTestClient();
  const url = await client.authorizationUrl();
  url.searchParams.append('state', 'another');
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(400);
});

test('a code is for the person who came for it, whoever comes meanwhile', async () => {
  await using client = await startGoogleTestClient();
  const hedys = await client.callback();
  client.google.person = { sub: '2', email: 'mary@gmail.example' };
  const marys = await client.callback();
  expect((await client.exchange(hedys)).claims()).toMatchObject({ sub: hedy.sub, email: hedy.email });
  const claims = (await client.exchange(marys)).claims();
  expect(claims).toMatchObject({ sub: '2', email: 'mary@gmail.example' });
  expect(claims).not.toHaveProperty('name');
  expect([...client.google.liveAccessTokens().values()]).toEqual([hedy.email, 'mary@gmail.example']);
});

test('the ID token says what the scope asks for, and nothing that the person has not', async () => {
  await using client = await startGoogleTestClient();
  expect((await client.signIn({ scope: 'openid' })).claims()).not.toHaveProperty('email');
  client.google.person = { ...hedy, emailVerified: false };
  expect((await client.signIn()).claims()).toMatchObject({ email_verified: false });
  client.google.person = { sub: 'without-email' };
  const tokens = await client.signIn();
  expect(tokens.claims()).not.toHaveProperty('email');
  expect(client.google.liveAccessTokens().get(tokens.access_token)).toBe('without-email');
});

test.each(openidTokenFlaws)('openid-client refuses the ID token with %s', async (flaw) => {
  await using client = await startGoogleTestClient();
  client.google.flaw = flaw;
  await expect(client.signIn()).rejects.toThrow();
  client.google.flaw = undefined;
  await expect(client.signIn()).resolves.toBeDefined();
});

test('every code and token that was given out is recorded', async () => {
  await using client = await startGoogleTestClient();
  const callback = await client.callback();
  const first = await client.exchange(callback);
  const second = await client.refresh(first.refresh_token);
  const given = [first, second].flatMap((tokens) => [
    tokens.access_token,
    tokens.refresh_token,
    tokens.id_token,
  ]);
  expect(client.google.secrets.toSorted()).toEqual([callback.searchParams.get('code'), ...given].toSorted());
});

test('its certificate file holds the other certificates that the same process trusts', async () => {
  using folder = createTemporaryFolder();
  await using google = await startGoogleDouble({ folder: folder.path, alsoTrusted: 'PEM of another double' });
  expect(google.env.NODE_EXTRA_CA_CERTS).toBe(join(folder.path, 'google-double.pem'));
  const trusted = readFileSync(join(folder.path, 'google-double.pem'), 'utf8');
  expect(trusted).toContain('PEM of another double');
  expect(trusted).toContain(google.certificate);
});
