import { Provider } from 'oidc-provider';
import type { GooglePerson } from '../people.ts';
import {
  type AppRegistration,
  clientMetadata,
  commonSettings,
  registerQueryMode,
  settle,
  UNUSED_FEATURES,
} from '../provider-settings.ts';
import type { SigningKey } from '../signing-key.ts';
import { CLAIMS_BY_SCOPE, idTokenClaims, subjectOf } from './id-token-claims.ts';
import { GOOGLE_PATHS } from './paths.ts';
import { ASKABLE_SCOPES, asGoogleScope, OFFLINE_SCOPE } from './scopes.ts';
import { asGoogleAnswer } from './token-answers.ts';
import { useGoogleTokenFormat } from './token-format.ts';

/** The response mode of the sandbox's own sign-in: `query` with the further parameters that Google sends. */
export const GOOGLE_QUERY = 'google_query';

/** An hour and a bit less, as Google answers. */
const ACCESS_TOKEN_SECONDS = 3599;
const DAY_SECONDS = 24 * 60 * 60;

/**
 * Google's OpenID provider; its `callback()` answers the token endpoint and the sign-in once a person is chosen. A
 * code brings a refresh token when its scope has `offline_access`, which is the library's own rule.
 */
export function createGoogleProvider(options: {
  issuer: string;
  app: AppRegistration;
  signingKey: SigningKey;
  findPerson: (id: string) => GooglePerson | undefined;
}): Provider {
  const { issuer, app, signingKey, findPerson } = options;
  const provider = new Provider(issuer, {
    ...commonSettings(signingKey),
    clients: [clientMetadata(app, ['authorization_code', 'refresh_token'])],
    routes: { authorization: GOOGLE_PATHS.continue, token: GOOGLE_PATHS.token },
    scopes: [...ASKABLE_SCOPES, OFFLINE_SCOPE],
    claims: CLAIMS_BY_SCOPE,
    findAccount: (_ctx, id) => {
      const person = findPerson(id);
      return person && { accountId: id, claims: () => ({ sub: id, ...idTokenClaims(person) }) };
    },
    pairwiseIdentifier: (_ctx, id) => subjectOf(id),
    interactions: { url: (_ctx, { uid }) => `${GOOGLE_PATHS.finish}/${uid}` },
    pkce: { required: () => false },
    features: UNUSED_FEATURES,
    rotateRefreshToken: false,
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 600,
      Grant: 180 * DAY_SECONDS,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 180 * DAY_SECONDS,
      Session: DAY_SECONDS,
    },
  });

  settle(provider);
  useGoogleTokenFormat(provider);
  registerQueryMode(provider, GOOGLE_QUERY, (payload, { oidc }) => ({
    ...payload,
    scope: asGoogleScope(String(oidc.params?.scope)),
    authuser: 0,
    prompt: 'consent',
  }));
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'token') ctx.body = asGoogleAnswer(ctx.body, ctx.oidc.params ?? {});
  });
  return provider;
}
