import * as openid from 'openid-client';
import type { SignInProvider } from '../clouds/cloud.ts';
import { openidFetch } from '../clouds/openid-fetch.ts';
import type { TokenAnswer } from '../clouds/tokens.ts';
import { discovered } from './discovery.ts';

/**
 * New tokens for a refresh token (RFC 6749, section 6), of the person `subject`.
 *
 * The ID token that may come along is left out before openid-client looks at it: to fail on it, or on the keys to
 * verify it, would lose tokens for which the refresh token is spent already. What it is read for comes over TLS from
 * the token endpoint: it has to name the same person (OpenID Connect Core, section 12.2).
 *
 * @throws openid-client's errors; GatewayError SIGN_IN_FAILED when the provider cannot be reached
 */
export async function refreshGrant(
  provider: SignInProvider,
  refreshToken: string,
  subject: string | undefined,
): Promise<TokenAnswer> {
  const configuration = withoutIdTokens(await discovered(provider), (idToken) => {
    const other = subjectOf(idToken);
    if (other !== undefined && subject !== undefined && other !== subject)
      throw new Error('the refreshed tokens are of another person');
  });
  return provider.watch({ cloud: provider.provider, operation: 'refresh tokens' }, () =>
    openid.refreshTokenGrant(configuration, refreshToken),
  );
}

/** Whether an error is the provider's own word that the refresh token is dead (RFC 6749, section 5.2). */
export const isDeadToken = (error: unknown): boolean =>
  error instanceof openid.ResponseBodyError && error.status === 400 && error.error === 'invalid_grant';

function withoutIdTokens(
  configuration: openid.Configuration,
  look: (idToken: unknown) => void,
): openid.Configuration {
  const client = configuration.clientMetadata();
  const same = new openid.Configuration(configuration.serverMetadata(), client.client_id, client);
  same.timeout = configuration.timeout;
  same[openid.customFetch] = leavingOutIdToken(configuration[openid.customFetch] ?? openidFetch, look);
  // The configuration that this is a copy of has http endpoints on this machine alone.
  if (same.serverMetadata().token_endpoint?.startsWith('http:')) openid.allowInsecureRequests(same);
  return same;
}

const leavingOutIdToken =
  (ask: openid.CustomFetch, look: (idToken: unknown) => void): openid.CustomFetch =>
  async (url, options) => {
    const response = await ask(url, options);
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    if (typeof body !== 'object' || body === null || !('id_token' in body)) return response;
    const { id_token, ...rest } = body;
    look(id_token);
    return Response.json(rest, { status: response.status });
  };

/** The `sub` in a JWT; undefined for anything that cannot be read. */
function subjectOf(idToken: unknown): string | undefined {
  try {
    const payload = Buffer.from(String(idToken).split('.')[1] ?? '', 'base64url');
    const { sub } = JSON.parse(payload.toString());
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}
