import { randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { createOidcStorage } from '../oidc-storage.ts';
import type { Person } from '../people.ts';
import type { SigningKey } from '../signing-key.ts';
import { grantEverything } from './consent.ts';
import { asEntraError } from './entra-errors.ts';
import { CLAIMS_BY_SCOPE, idTokenClaims } from './id-token-claims.ts';
import { ENTRA_PATHS } from './paths.ts';
import { isLoopbackRedirectUri } from './redirect-uri.ts';
import { ACCESS_TOKEN_SECONDS, resourceOf, resourceServer } from './resource-scopes.ts';

/** The pretend app registration, known to every tenant. */
export type AppRegistration = { clientId: string; clientSecret: string };

/** The response mode of the sandbox's own sign-in: `query` without the `iss` parameter. */
export const QUERY_WITHOUT_ISS = 'query_without_iss';

const DAY_SECONDS = 24 * 60 * 60;

/**
 * The OpenID provider of one tenant; its `callback()` answers the token endpoint and the sign-in once a person is
 * chosen.
 *
 * Its issuer is https while the sign-in comes over http. The library takes scheme and host of its redirects and
 * the cookies' `Secure` from each request, so nothing has to be bent. Everything it would otherwise warn about on
 * the console (keys, storage, lifetimes, pages, CORS) is set here.
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
    adapter: createOidcStorage(),
    jwks: { keys: [signingKey.privateJwk] },
    clients: [
      {
        client_id: app.clientId,
        client_secret: app.clientSecret,
        client_name: 'Multi-cloud session gateway',
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        redirect_uris: ['http://localhost/'],
        response_types: ['code'],
        // Accepts client_secret_basic as well.
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    routes: {
      authorization: `/${tenantId}${ENTRA_PATHS.continue}`,
      token: `/${tenantId}${ENTRA_PATHS.token}`,
    },
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: { session: 'sandbox_session', interaction: 'sandbox_interaction', resume: 'sandbox_resume' },
      // A path that is never asked for: the browser does not send the session back, so nobody stays signed in
      // here and a second sign-in as somebody else never meets the first one.
      long: { httpOnly: true, sameSite: 'lax', path: '/nobody-stays-signed-in' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: CLAIMS_BY_SCOPE,
    conformIdTokenClaims: false,
    findAccount: (_ctx, id) => {
      const person = findPerson(id);
      return person && { accountId: id, claims: () => idTokenClaims(person, app.clientId) };
    },
    loadExistingGrant: grantEverything,
    interactions: { url: (_ctx, { uid }) => `/${tenantId}${ENTRA_PATHS.finish}/${uid}` },
    pkce: { required: () => true },
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: ({ oidc }, _client, oneOf) => oneOf?.[0] ?? resourceOf(textOf(oidc.params?.scope)),
        getResourceServerInfo: (_ctx, resource) => resourceServer(resource),
        useGrantedResource: () => true,
      },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    clientBasedCORS: () => false,
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
    renderError: (ctx, out) => {
      ctx.type = 'text/plain';
      ctx.body = `${out.error}: ${out.error_description ?? ''}`;
    },
  });

  // Errors reach the caller in the answer; Koa would print those it calls unexpected.
  provider.silent = true;
  provider.Client.prototype.redirectUriAllowed = isLoopbackRedirectUri;
  // Entra sends no `iss` (RFC 9207), and with the template issuer of `organizations` it could not match.
  provider.registerResponseMode(QUERY_WITHOUT_ISS, (ctx, redirectUri, { iss: _iss, ...payload }) => {
    const location = new URL(redirectUri);
    for (const [name, value] of Object.entries(payload)) location.searchParams.set(name, String(value));
    ctx.status = 303;
    ctx.redirect(location.href);
  });
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
