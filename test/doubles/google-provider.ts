import { clientOf } from './client-authentication.ts';
import { createGoogleAuthorize, type GoogleCode } from './google-authorize.ts';
import type { GoogleDoubleState, GoogleReceived } from './google-double.ts';
import { createGoogleGrants, type GoogleGrant } from './google-grants.ts';
import { createGoogleRefresh } from './google-refresh.ts';
import type { Answer, Cut, Question } from './https-server.ts';
import type { IdTokenSigner } from './id-token.ts';
import { oauthError } from './oauth-error.ts';
import { s256 } from './pkce.ts';

/**
 * Discovery, keys, and the token endpoint of the Google double, at Google's paths
 * (developers.google.com/identity/openid-connect/openid-connect).
 */
export function createGoogleProvider(state: GoogleDoubleState, signer: IdTokenSigner) {
  const codes = new Map<string, GoogleCode>();
  const grants = createGoogleGrants(state);
  const authorize = createGoogleAuthorize(state, grants, codes);
  const refresh = createGoogleRefresh(state, grants);

  return async ({ method, url, form, authorization }: Question): Promise<Answer | Cut> => {
    const endpoint = endpoints[`${method} ${url.pathname}`];
    if (endpoint === undefined) return { status: 404, body: { error: 'not_found', path: url.pathname } };
    const values = endpoint === 'token' ? form : url.searchParams;
    state.requests.push({ endpoint, values: Object.fromEntries(values) });
    const failure = state.failing.get(endpoint);
    if (failure) return failure;
    switch (endpoint) {
      case 'discovery':
        return { status: 200, body: metadata(url.origin) };
      case 'certs':
        return { status: 200, body: signer.keys };
      case 'authorize':
        return authorize(url.searchParams);
      case 'token':
        return token(form, authorization, url.origin);
    }
  };

  async function token(
    form: URLSearchParams,
    authorization: string | undefined,
    issuer: string,
  ): Promise<Answer | Cut> {
    const client = clientOf(form, authorization);
    if (client?.id !== state.clientId || client.secret !== state.clientSecret) {
      const refused = oauthError('invalid_client', 'The provided client secret is invalid.', 401);
      return authorization === undefined ? refused : { ...refused, challenge: 'Basic realm="double"' };
    }
    if (new Set(form.keys()).size !== form.size)
      return oauthError('invalid_request', 'a parameter is repeated');
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return exchange(form, issuer);
      case 'refresh_token':
        return refresh(form.get('refresh_token') ?? '', (grant) => idToken(grant, issuer));
      default:
        return oauthError('unsupported_grant_type', `${form.get('grant_type')}`);
    }
  }

  /** A code that comes twice was stolen: what came of it is taken back (RFC 6749, section 4.1.2). */
  async function exchange(form: URLSearchParams, issuer: string): Promise<Answer> {
    const code = codes.get(form.get('code') ?? '');
    if (!code) return oauthError('invalid_grant', 'Malformed auth code.');
    const { grant } = code;
    if (code.used) {
      grants.revoke(grant);
      return oauthError('invalid_grant', 'the code was used');
    }
    code.used = true;
    if (code.redirectUri !== form.get('redirect_uri'))
      return oauthError('invalid_grant', 'the code is for another redirect_uri');
    if (code.challenge !== s256(form.get('code_verifier') ?? ''))
      return oauthError('invalid_grant', 'Missing or invalid code verifier.');
    const lifetimeSeconds = state.expiresInSeconds.first;
    return {
      status: 200,
      body: {
        token_type: 'Bearer',
        scope: grant.scope,
        expires_in: lifetimeSeconds,
        access_token: grants.accessToken(grant, lifetimeSeconds),
        ...(code.offline && !state.omitRefreshToken && { refresh_token: grants.refreshToken(grant) }),
        id_token: await idToken(grant, issuer, { nonce: code.nonce }),
      },
    };
  }

  /** What the person is asked for by scope, and no more (OpenID Connect Core, section 5.4). */
  async function idToken(grant: GoogleGrant, issuer: string, more: object = {}): Promise<string> {
    const { sub, email, name, emailVerified = true } = grant.person;
    const scopes = grant.scope.split(' ');
    const claims = {
      ...{ iss: issuer, aud: state.clientId, azp: state.clientId, sub },
      ...(email !== undefined && scopes.includes('email') && { email, email_verified: emailVerified }),
      ...(name !== undefined && scopes.includes('profile') && { name }),
      ...more,
    };
    return grants.issue(await signer.sign(claims, state.flaw));
  }
}

const endpoints: Record<string, GoogleReceived['endpoint']> = {
  'GET /.well-known/openid-configuration': 'discovery',
  'GET /oauth2/v3/certs': 'certs',
  'GET /o/oauth2/v2/auth': 'authorize',
  'POST /token': 'token',
};

const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/o/oauth2/v2/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/oauth2/v3/certs`,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  scopes_supported: ['openid', 'email', 'profile'],
  token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
  code_challenge_methods_supported: ['S256'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
});
