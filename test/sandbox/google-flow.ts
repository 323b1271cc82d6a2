import * as client from 'openid-client';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { pressOn, startFlow } from './entra-flow.ts';

/** What the gateway asks Google for. */
export const GOOGLE_SCOPE = 'openid email profile https://www.googleapis.com/auth/cloud-platform';

/** What openid-client learns about Google. The http authorization endpoint needs allowInsecureRequests. */
export async function discoverGoogle(
  { env }: Sandbox,
  secret = env.GOOGLE_CLIENT_SECRET,
): Promise<client.Configuration> {
  return client.discovery(new URL(env.GOOGLE_ISSUER), env.GOOGLE_CLIENT_ID, secret, undefined, {
    execute: [client.allowInsecureRequests],
  });
}

/** A Google sign-in as far as the app's first redirect; `extra` changes its parameters. */
export async function startGoogleFlow(sandbox: Sandbox, extra: Record<string, string> = {}) {
  const config = await discoverGoogle(sandbox);
  return { config, ...(await startFlow(config, { scope: GOOGLE_SCOPE, ...extra })) };
}

/** A Google sign-in as far as the app's redirect URI. */
export async function comeBack(sandbox: Sandbox, persona: string, extra: Record<string, string> = {}) {
  const { config, url, checks } = await startGoogleFlow(sandbox, extra);
  return { config, checks, back: (await pressOn(url, 'persona', persona)).url };
}

/** A whole Google sign-in with openid-client. */
export async function signInWithGoogle(
  sandbox: Sandbox,
  persona: string,
  extra: Record<string, string> = {},
) {
  const { config, checks, back } = await comeBack(sandbox, persona, extra);
  return { config, back, tokens: await client.authorizationCodeGrant(config, back, checks) };
}
