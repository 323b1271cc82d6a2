import * as client from 'openid-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { pressOn } from './entra-flow.ts';
import { comeBack, discoverGoogle, signInWithGoogle, startGoogleFlow } from './google-flow.ts';
import { startTrustedSandbox } from './support.ts';

// Each test has a sandbox of its own, as Google remembers who consented.
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startTrustedSandbox();
});
afterEach(() => sandbox.close());

const OFFLINE = { access_type: 'offline' };
const OFFLINE_WITH_CONSENT = { access_type: 'offline', prompt: 'select_account consent' };

async function refreshTokenOf(persona: string, extra: Record<string, string>): Promise<string | undefined> {
  return (await signInWithGoogle(sandbox, persona, extra)).tokens.refresh_token;
}

describe('Google gives a refresh token', () => {
  test('for offline access the first time a person meets the app, not the second', async () => {
    expect(await refreshTokenOf('john', OFFLINE)).toMatch(/^1\/\//);
    expect(await refreshTokenOf('john', OFFLINE)).toBeUndefined();
    expect(await refreshTokenOf('jane', OFFLINE)).toMatch(/^1\/\//);
  });

  test('for offline access whenever the app asks for consent again', async () => {
    const first = await refreshTokenOf('john', OFFLINE);
    const second = await refreshTokenOf('john', OFFLINE_WITH_CONSENT);
    expect(second).toMatch(/^1\/\//);
    expect(second).not.toBe(first);
  });

  test('never for online access', async () => {
    expect(await refreshTokenOf('john', {})).toBeUndefined();
    expect(await refreshTokenOf('jane', { access_type: 'online', prompt: 'consent' })).toBeUndefined();
  });

  test('never to an app that a person denies offline access', async () => {
    expect(await refreshTokenOf('noconsent', OFFLINE)).toBeUndefined();
    expect(await refreshTokenOf('noconsent', OFFLINE_WITH_CONSENT)).toBeUndefined();
  });

  test('still the first time after a sign-in that was cancelled', async () => {
    await pressOn((await startGoogleFlow(sandbox, OFFLINE)).url, 'cancel', '1');
    expect(await refreshTokenOf('john', OFFLINE)).toMatch(/^1\/\//);
  });
});

describe('refreshing at Google', () => {
  test('brings another access token each time, and the refresh token stays', async () => {
    const { config, tokens } = await signInWithGoogle(sandbox, 'john', OFFLINE);
    const accessTokens = new Set([tokens.access_token]);
    for (let round = 0; round < 3; round++) {
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
      accessTokens.add(refreshed.access_token);
      expect(refreshed.refresh_token).toBeUndefined();
      expect(refreshed.expires_in).toBe(3599);
      expect(refreshed.scope).toBe(tokens.scope);
      expect(refreshed.claims()?.sub).toBe(tokens.claims()?.sub);
    }
    expect(accessTokens.size).toBe(4);
    expect(sandbox.calls.count('google.token.refresh_token')).toBe(3);
  });

  test('goes on with an older refresh token after a newer one was given', async () => {
    const { config, tokens } = await signInWithGoogle(sandbox, 'john', OFFLINE);
    await signInWithGoogle(sandbox, 'john', OFFLINE_WITH_CONSENT);
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).resolves.toBeDefined();
  });

  test('ends when the sign-in is revoked, as by a code that is used twice', async () => {
    const { config, checks, back } = await comeBack(sandbox, 'john', OFFLINE);
    const tokens = await client.authorizationCodeGrant(config, back, checks);
    await expect(client.authorizationCodeGrant(config, back, checks)).rejects.toThrow();
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      status: 400,
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    });
  });

  test('is refused for what never was a refresh token', async () => {
    const config = await discoverGoogle(sandbox);
    await expect(client.refreshTokenGrant(config, 'made-up')).rejects.toMatchObject({
      status: 400,
      error: 'invalid_grant',
      error_description: 'Bad Request',
    });
  });

  test('fails as a test tells it to', async () => {
    const { config, tokens } = await signInWithGoogle(sandbox, 'john', OFFLINE);
    const body = { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' };
    sandbox.faults.set('google.token.refresh_token', { status: 400, body }, { times: 1 });
    const refresh = () => client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    await expect(refresh()).rejects.toMatchObject(body);
    await expect(refresh()).resolves.toBeDefined();
  });
});
