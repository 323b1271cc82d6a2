import { randomBytes } from 'node:crypto';
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { grantEverything } from './consent.ts';
import { createOidcStorage } from './oidc-storage.ts';
import { isLoopbackRedirectUri } from './redirect-uri.ts';
import type { SigningKey } from './signing-key.ts';

/** What all identity providers have in common; with it and lifetimes the library warns of nothing on the console. */
export function commonSettings(signingKey: SigningKey) {
  return {
    adapter: createOidcStorage(),
    jwks: { keys: [signingKey.privateJwk] },
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: { session: 'sandbox_session', interaction: 'sandbox_interaction', resume: 'sandbox_resume' },
      // A path that is never asked for: the browser does not send the session back, so nobody stays signed in
      // here and a second sign-in as somebody else never meets the first one.
      long: { httpOnly: true, sameSite: 'lax', path: '/nobody-stays-signed-in' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    conformIdTokenClaims: false,
    // The library sets an ID token's `sub` to the account's id, unless it is pairwise.
    subjectTypes: ['pairwise'],
    loadExistingGrant: grantEverything,
    clientBasedCORS: () => false,
    renderError: (ctx, out) => {
      ctx.type = 'text/plain';
      ctx.body = `${out.error}: ${out.error_description ?? ''}`;
    },
  } satisfies Configuration;
}

/** Features that are on unless told otherwise and that the sandbox has no use for. */
export const UNUSED_FEATURES = {
  devInteractions: { enabled: false },
  dPoP: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  rpInitiatedLogout: { enabled: false },
  userinfo: { enabled: false },
} satisfies Configuration['features'];

/** The pretend app registration. */
export type AppRegistration = { clientId: string; clientSecret: string };

/** The app registration in the library's words. */
export function clientMetadata({ clientId, clientSecret }: AppRegistration, grantTypes: string[]) {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    client_name: 'Multi-cloud session gateway',
    grant_types: grantTypes,
    redirect_uris: ['http://localhost/'],
    response_types: ['code' as const],
    // Accepts client_secret_basic as well.
    token_endpoint_auth_method: 'client_secret_post' as const,
  };
}

/** What is set on a provider after it is made, since its configuration has no place for it. */
export function settle(provider: Provider): void {
  // Errors reach the caller in the answer; Koa would print those it calls unexpected.
  provider.silent = true;
  provider.Client.prototype.redirectUriAllowed = isLoopbackRedirectUri;
}

/** A response mode like `query`, with other parameters than the library's `code`, `state` and `iss`. */
export function registerQueryMode(
  provider: Provider,
  name: string,
  change: (payload: Record<string, unknown>, ctx: KoaContextWithOIDC) => Record<string, unknown>,
): void {
  provider.registerResponseMode(name, (ctx, redirectUri, payload) => {
    const location = new URL(redirectUri);
    for (const [key, value] of Object.entries(change(payload, ctx))) {
      location.searchParams.set(key, String(value));
    }
    ctx.status = 303;
    ctx.redirect(location.href);
  });
}
