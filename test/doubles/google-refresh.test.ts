import { expect, test } from 'vitest';
import { hedy } from './google-double.ts';
import { startGoogleTestClient } from './google-test-client.ts';

const dead = { status: 400, error: 'invalid_grant' };

test('each refresh answers the next refresh token, and only the latest access token is live', async () => {
  await using client = await startGoogleTestClient();
  const first = await client.signIn();
  const second = await client.refresh(first.refresh_token);
  const third = await client.refresh(second.refresh_token);
  expect(new Set([first, second, third].map((tokens) => tokens.refresh_token)).size).toBe(3);
  expect(client.google.liveAccessTokens()).toEqual(new Map([[third.access_token, hedy.email]]));
  expect(client.google).toMatchObject({ refreshCalls: 2, reuses: 0 });
});

test('a spent refresh token that comes back ends its whole family, and no other', async () => {
  await using client = await startGoogleTestClient();
  const other = await client.signIn();
  const first = await client.signIn();
  const second = await client.refresh(first.refresh_token);
  await expect(client.refresh(first.refresh_token)).rejects.toMatchObject(dead);
  expect(client.google.reuses).toBe(1);
  await expect(client.refresh(second.refresh_token)).rejects.toMatchObject(dead);
  expect(client.google.liveAccessTokens()).toEqual(new Map([[other.access_token, hedy.email]]));
  await expect(client.refresh(other.refresh_token)).resolves.toBeDefined();
  expect(client.google).toMatchObject({ refreshCalls: 4, reuses: 1 });
});

test('of two refreshes at once with one token one is answered, and its answer is worth nothing', async () => {
  await using client = await startGoogleTestClient();
  const { refresh_token } = await client.signIn();
  const answers = await Promise.allSettled([client.refresh(refresh_token), client.refresh(refresh_token)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(client.google).toMatchObject({ refreshCalls: 2, reuses: 1 });
  expect(client.google.liveAccessTokens().size).toBe(0);
});

test('an unknown refresh token is refused and is no reuse', async () => {
  await using client = await startGoogleTestClient();
  await expect(client.refresh('1//unknown')).rejects.toMatchObject(dead);
  expect(client.google.reuses).toBe(0);
});

test.each([
  [{ status: 503, body: { error: 'temporarily_unavailable' } }, { cause: { status: 503 } }],
  [
    { status: 429, body: { error: 'slow_down' } },
    { status: 429, error: 'slow_down' },
  ],
  [{ status: 200, body: 'no token' }, { code: 'OAUTH_INVALID_RESPONSE' }],
  ['cut', { message: 'fetch failed' }],
] as const)(
  'after a refresh that fails with %o the token is as good as before',
  async (failure, expected) => {
    await using client = await startGoogleTestClient();
    const { refresh_token, access_token } = await client.signIn();
    client.google.refreshFailure = failure;
    await expect(client.refresh(refresh_token)).rejects.toMatchObject(expected);
    expect([...client.google.liveAccessTokens().keys()]).toEqual([access_token]);
    client.google.refreshFailure = undefined;
    await expect(client.refresh(refresh_token)).resolves.toMatchObject({ token_type: 'bearer' });
  },
);

test('a lost answer has spent the token: asking again is a reuse', async () => {
  await using client = await startGoogleTestClient();
  const { refresh_token } = await client.signIn();
  client.google.refreshFailure = 'lost answer';
  await expect(client.refresh(refresh_token)).rejects.toThrow('fetch failed');
  client.google.refreshFailure = undefined;
  await expect(client.refresh(refresh_token)).rejects.toMatchObject(dead);
  expect(client.google.reuses).toBe(1);
});

test('access that was taken back stays so, and is no reuse', async () => {
  await using client = await startGoogleTestClient();
  const { refresh_token } = await client.signIn();
  client.google.refreshFailure = 'invalid_grant';
  await expect(client.refresh(refresh_token)).rejects.toMatchObject(dead);
  client.google.refreshFailure = undefined;
  await expect(client.refresh(refresh_token)).rejects.toMatchObject(dead);
  expect(client.google.liveAccessTokens().size).toBe(0);
  expect(client.google.reuses).toBe(0);
});

test('access tokens live as long as is said, the first and the refreshed ones', async () => {
  await using client = await startGoogleTestClient();
  client.google.expiresInSeconds = { first: 0, refreshed: 600 };
  const first = await client.signIn();
  expect(first.expires_in).toBe(0);
  expect(client.google.liveAccessTokens().size).toBe(0);
  const second = await client.refresh(first.refresh_token);
  expect(second.expires_in).toBe(600);
  expect([...client.google.liveAccessTokens().keys()]).toEqual([second.access_token]);
  client.google.expiresInSeconds.refreshed = undefined;
  expect(await client.refresh(second.refresh_token)).not.toHaveProperty('expires_in');
});

test('a held refresh waits, is counted at once, and fails as is said when it goes on', async () => {
  await using client = await startGoogleTestClient();
  const { refresh_token } = await client.signIn();
  const held = client.google.holdRefreshes();
  const refreshed = client.refresh(refresh_token);
  await held.arrived;
  expect(client.google.refreshCalls).toBe(1);
  client.google.refreshFailure = { status: 503, body: { error: 'temporarily_unavailable' } };
  held.release();
  await expect(refreshed).rejects.toMatchObject({ cause: { status: 503 } });
});

test('a refresh token comes with offline access and a consent that is new, or asked for again', async () => {
  await using client = await startGoogleTestClient();
  expect(await client.signIn({ access_type: '', prompt: '' })).not.toHaveProperty('refresh_token');
  expect(await client.signIn({ prompt: '' })).toHaveProperty('refresh_token');
  expect(await client.signIn({ prompt: 'select_account' })).not.toHaveProperty('refresh_token');
  expect(await client.signIn({ prompt: 'select_account consent' })).toHaveProperty('refresh_token');
  client.google.omitRefreshToken = true;
  expect(await client.signIn()).not.toHaveProperty('refresh_token');
});
