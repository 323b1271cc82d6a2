import { CLAIMS_BY_SCOPE } from './id-token-claims.ts';
import { GOOGLE_PATHS } from './paths.ts';

/**
 * The discovery document, as Google's. As with Google, the `iss` response parameter is sent but not advertised.
 *
 * @see https://accounts.google.com/.well-known/openid-configuration
 */
export function discoveryDocument(origins: { identity: string; signIn: string }): Record<string, unknown> {
  return {
    issuer: origins.identity,
    // Plain http, so that a browser shows no certificate warning.
    authorization_endpoint: origins.signIn + GOOGLE_PATHS.authorize,
    token_endpoint: origins.identity + GOOGLE_PATHS.token,
    jwks_uri: origins.identity + GOOGLE_PATHS.keys,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: ['aud', 'exp', 'iat', 'iss', ...Object.values(CLAIMS_BY_SCOPE).flat()],
    code_challenge_methods_supported: ['S256'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
  };
}
