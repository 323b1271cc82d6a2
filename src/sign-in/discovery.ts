import { allowInsecureRequests, type Configuration } from 'openid-client';
import type { SignInProvider } from '../clouds/cloud.ts';
import { GatewayError } from '../errors.ts';
import { isSecureUrl } from '../loopback.ts';

/** How long a provider's metadata is used before it is read again, in milliseconds. */
const freshMillis = 3_600_000;

const known = new WeakMap<SignInProvider, { configuration: Promise<Configuration>; readAt: number }>();

/**
 * The provider's metadata and keys (OpenID Connect Discovery 1.0), read once an hour. What was read before stands
 * when it cannot be read again; a first reading that fails is not remembered, so that the next sign-in asks again.
 *
 * @throws GatewayError SIGN_IN_FAILED when the provider cannot be reached
 */
export async function discovered(provider: SignInProvider): Promise<Configuration> {
  const before = known.get(provider);
  if (before && Date.now() - before.readAt < freshMillis) return before.configuration;
  const configuration = provider
    .watch({ cloud: provider.provider, operation: 'discover' }, async () =>
      withCheckedEndpoints(await provider.openid()),
    )
    .catch((cause: unknown) => {
      if (before) return before.configuration;
      known.delete(provider);
      throw new GatewayError(
        'SIGN_IN_FAILED',
        `${provider.label} sign-in cannot be reached; try again later, and check its settings if that does not help`,
        { cause },
      );
    });
  known.set(provider, { configuration, readAt: Date.now() });
  return configuration;
}

/**
 * openid-client wants https everywhere. A provider on this machine may show its sign-in pages over plain http, so
 * that a browser opens them without a certificate; codes, tokens and keys still go over TLS then, and no endpoint
 * is on another machine without it.
 */
function withCheckedEndpoints(configuration: Configuration): Configuration {
  const { authorization_endpoint, token_endpoint, jwks_uri } = configuration.serverMetadata();
  for (const url of [authorization_endpoint, token_endpoint, jwks_uri]) {
    if (url === undefined || !isSecureUrl(url)) throw new Error('the metadata names an endpoint without TLS');
  }
  const isSecret = [token_endpoint, jwks_uri].every((url) => url?.startsWith('https:'));
  if (isSecret && authorization_endpoint?.startsWith('http:')) allowInsecureRequests(configuration);
  return configuration;
}
