import { standsForAnyTenant } from './directory.ts';
import { ENTRA_PATHS } from './paths.ts';

/**
 * The discovery document of an authority, as Entra's. At `organizations` and `common` the issuer is a template
 * with a literal `{tenantid}`, to be filled with the ID token's `tid`. As with Entra, neither PKCE nor the `iss`
 * response parameter is advertised, though PKCE works (and is asked for here).
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc
 */
export function discoveryDocument(
  authority: string,
  origins: { identity: string; signIn: string },
): Record<string, unknown> {
  const base = `${origins.identity}/${authority}`;
  const issuerTenant = standsForAnyTenant(authority) ? '{tenantid}' : authority;
  return {
    issuer: `${origins.identity}/${issuerTenant}${ENTRA_PATHS.issuer}`,
    // Plain http, so that a browser shows no certificate warning.
    authorization_endpoint: `${origins.signIn}/${authority}${ENTRA_PATHS.authorize}`,
    token_endpoint: base + ENTRA_PATHS.token,
    jwks_uri: base + ENTRA_PATHS.keys,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'nonce',
      'tid',
      'oid',
      'ver',
      'name',
      'preferred_username',
      'email',
    ],
    request_uri_parameter_supported: false,
  };
}
