import * as client from 'openid-client';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { createBrowser, REDIRECT_URI, type Visit } from './support.ts';

/** The tenant of the documentation's own example. */
export const JOHN_TENANT = '12345678-1234-1234-1234-123456789012';

const SCOPE = 'openid profile email offline_access https://management.azure.com/.default';

/** What openid-client learns about one tenant. The http authorization endpoint needs allowInsecureRequests. */
export async function discover({ env }: Sandbox, tenantId: string): Promise<client.Configuration> {
  const issuer = new URL(`${env.AZURE_AUTHORITY_HOST}/${tenantId}/v2.0`);
  return client.discovery(issuer, env.AZURE_CLIENT_ID, env.AZURE_CLIENT_SECRET, undefined, {
    execute: [client.allowInsecureRequests],
  });
}

/** The discovery document read plainly: openid-client takes a template issuer from Microsoft's own host only. */
export async function readDiscovery({ env }: Sandbox, authority: string): Promise<client.ServerMetadata> {
  const url = `${env.AZURE_AUTHORITY_HOST}/${authority}/v2.0/.well-known/openid-configuration`;
  return Object(await (await fetch(url)).json());
}

/** An openid-client configuration from a discovery document. */
export function configure({ env }: Sandbox, metadata: client.ServerMetadata): client.Configuration {
  const config = new client.Configuration(metadata, env.AZURE_CLIENT_ID, env.AZURE_CLIENT_SECRET);
  client.allowInsecureRequests(config);
  return config;
}

/** A sign-in as far as the app's first redirect; `extra` changes its parameters. */
export async function startFlow(config: client.Configuration, extra: Record<string, string> = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...extra,
  });
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce } };
}

/** Opens the sign-in page in a new browser and presses one of its buttons. */
export async function pressOn(url: URL, name: 'persona' | 'cancel', value: string): Promise<Visit> {
  const browser = createBrowser();
  return browser.press(await browser.open(url), { name, value });
}

/** A whole sign-in at one tenant with openid-client. */
export async function signIn(
  sandbox: Sandbox,
  persona: string,
  tenantId: string,
  extra: Record<string, string> = {},
) {
  const config = await discover(sandbox, tenantId);
  const { url, checks } = await startFlow(config, extra);
  const back = await pressOn(url, 'persona', persona);
  const tokens = await client.authorizationCodeGrant(config, back.url, checks);
  return { config, back, tokens };
}

/** Asks a token endpoint as the app, with no library between. */
export function askToken(
  { env }: Sandbox,
  authority: string,
  parameters: Record<string, string>,
): Promise<Response> {
  return fetch(`${env.AZURE_AUTHORITY_HOST}/${authority}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: env.AZURE_CLIENT_ID,
      client_secret: env.AZURE_CLIENT_SECRET,
      ...parameters,
    }),
  });
}
