import { Provider } from 'oidc-provider';
import type { Person } from '../people.ts';
import {
  type AppRegistration,
  clientMetadata,
  commonSettings,
  registerQueryMode,
  settle,
  UNUSED_FEATURES,
} from '../provider-settings.ts';
import type { SigningKey } from '../signing-key.ts';
import { asEntraError } from './entra-errors.ts';
import { CLAIMS_BY_SCOPE, idTokenClaims, pairwiseSubject } from './id-token-claims.ts';
import { ENTRA_PATHS } from './paths.ts';
import { ACCESS_TOKEN_SECONDS, resourceOf, resourceServer } from './resource-scopes.ts';

/** The response mode of the sandbox's own sign-in: `query` without the `iss` parameter. */
export const QUERY_WITHOUT_ISS = 'query_without_iss';

const DAY_SECONDS = 24 * 60 * 60;

/**
 * The OpenID provider of one tenant, to which the pretend app registration is known; its `callback()` answers the
 * token endpoint and the sign-in once a person is chosen.
 *
 * Its issuer is https while the sign-in comes over http. The library takes scheme and host of its redirects and
 * the cookies' `Secure` from each request, so nothing has to be bent.
 */
export function createTenantProvider(options: {
  tenantId: string;
  origin: string;
  app: AppRegistration;
  signingKey: SigningKey;
  findPerson: (id: string) => Person | undefined;
}): Provider {
  const { tenantId, origin, app, signingKey, findPerson } = options;
  const provider = new Provider(`${origin}/${tenantId}${ENTRA_PATHS.issuer}`, {
    ...commonSettings(signingKey),
    clients: [clientMetadata(app, ['authorization_code', 'refresh_token', 'client_credentials'])],
    routes: {
      authorization: `/${tenantId}${ENTRA_PATHS.continue}`,
      token: `/${tenantId}${ENTRA_PATHS.token}`,
    },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: CLAIMS_BY_SCOPE,
    findAccount: (_ctx, id) => {
      const person = findPerson(id);
      return person && { accountId: id, claims: () => ({ sub: id, ...idTokenClaims(person) }) };
    },
    pairwiseIdentifier: (_ctx, id, { clientId }) => pairwiseSubject(id, clientId),
    interactions: { url: (_ctx, { uid }) => `/${tenantId}${ENTRA_PATHS.finish}/${uid}` },
    pkce: { required: () => true },
    features: {
      ...UNUSED_FEATURES,
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: ({ oidc }, _client, oneOf) => oneOf?.[0] ?? resourceOf(textOf(oidc.params?.scope)),
        getResourceServerInfo: (_ctx, resource) => resourceServer(resource),
        useGrantedResource: () => true,
      },
    },
    rotateRefreshToken: true,
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 600,
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      Grant: 90 * DAY_SECONDS,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 90 * DAY_SECONDS,
      Session: DAY_SECONDS,
    },
  });

  settle(provider);
  // Entra sends no `iss` (RFC 9207), and with the template issuer of `organizations` it could not match.
  registerQueryMode(provider, QUERY_WITHOUT_ISS, ({ iss: _iss, ...payload }) => payload);
  provider.use(async (ctx, next) => {
    await next();
    const error = asEntraError(ctx.body);
    if (error !== undefined) ctx.body = error;
  });
  return provider;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
