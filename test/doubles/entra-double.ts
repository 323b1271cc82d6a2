import { randomUUID } from 'node:crypto';
import type { AzureDoubleState } from './azure-double.ts';
import type { Answer, Cut, Question } from './https-server.ts';
import type { IdTokenSigner } from './id-token.ts';
import { s256 } from './pkce.ts';

type Code = { redirectUri: string; challenge: string; nonce: string; tenant: string };

const invalid = (error: string, description: string): Answer => ({
  status: 400,
  body: { error, error_description: description },
});

/**
 * The OpenID provider: the first path segment is the authority, a tenant's id or
 * domain name, or `organizations`. Nobody is asked
 * anything: whoever comes to the authorize endpoint is `state.person` and goes straight back with a code.
 */
export function createEntraDouble(state: AzureDoubleState, signer: IdTokenSigner) {
  const codes = new Map<string, Code>();
  const issue = (secret: string): string => {
    state.secrets.push(secret);
    return secret;
  };

  return async ({ method, url, form }: Question): Promise<Answer | Cut> => {
    const [, authority = '', ...rest] = url.pathname.split('/');
    const base = `${url.origin}/${authority}`;
    const endpoint = endpoints[`${method} ${rest.join('/')}`];
    if (endpoint === undefined) return { status: 404, body: { error: 'not_found', path: url.pathname } };
    const values = endpoint === 'token' ? form : url.searchParams;
    state.requests.push({ endpoint, authority, values: Object.fromEntries(values) });
    const isApplication = form.get('grant_type') === 'client_credentials';
    const failure = state.failing.get(endpoint) ?? (isApplication && state.failing.get('application token'));
    if (failure) return failure;
    if (isApplication) await state.beforeApplicationToken();
    switch (endpoint) {
      case 'discovery':
        return { status: 200, body: metadata(base, url.origin, issuerTenant(authority)) };
      case 'keys':
        return { status: 200, body: signer.keys };
      case 'authorize':
        return authorize(url.searchParams, authority);
      case 'token':
        return token(form, authority, url.origin);
    }
  };

  /** `organizations` has no issuer of its own: the document holds a template, each token its tenant's issuer. */
  function issuerTenant(authority: string): string {
    if (authority === 'organizations') return '{tenantid}';
    return authority.includes('.') ? state.homeTenant : authority;
  }

  function authorize(query: URLSearchParams, authority: string): Answer {
    const redirectUri = query.get('redirect_uri');
    if (query.get('client_id') !== state.clientId || !redirectUri?.endsWith('/getAToken')) {
      return invalid('invalid_request', 'unknown client or redirect_uri');
    }
    const challenge = query.get('code_challenge');
    if (!challenge || query.get('code_challenge_method') !== 'S256')
      return invalid('invalid_request', 'PKCE with S256 is needed');
    const [nonce, given] = [query.get('nonce'), query.get('state')];
    if (!nonce || !given || query.get('response_type') !== 'code')
      return invalid('invalid_request', 'response_type=code, state and nonce are needed');

    const code = issue(`code-${randomUUID()}`);
    codes.set(code, { redirectUri, challenge, nonce, tenant: authority });
    const back = new URL(redirectUri);
    back.search = new URLSearchParams({ code, state: given }).toString();
    return { status: 302, location: back.href };
  }

  async function token(form: URLSearchParams, authority: string, origin: string): Promise<Answer> {
    if (form.get('client_id') !== state.clientId || form.get('client_secret') !== state.clientSecret)
      return invalid('invalid_client', 'AADSTS7000215: Invalid client secret provided.');
    const accessToken = issue(`access-${randomUUID()}`);
    const answer = { token_type: 'Bearer', expires_in: 3600, access_token: accessToken };
    if (form.get('grant_type') === 'client_credentials') {
      if (form.get('scope') !== 'https://management.azure.com/.default')
        return invalid('invalid_scope', 'not a scope of Resource Manager');
      state.applicationTokens.set(accessToken, authority);
      return { status: 200, body: answer };
    }
    if (form.get('grant_type') !== 'authorization_code')
      return invalid('unsupported_grant_type', `${form.get('grant_type')}`);

    const key = form.get('code') ?? '';
    const code = codes.get(key);
    codes.delete(key);
    if (!code || code.tenant !== authority || code.redirectUri !== form.get('redirect_uri'))
      return invalid('invalid_grant', 'the code is not for this authority and redirect_uri, or used');
    if (code.challenge !== s256(form.get('code_verifier') ?? ''))
      return invalid('invalid_grant', 'code_verifier does not match');
    const { tid, name, email } = state.person;
    const iss = `${origin}/${tid}/v2.0`;
    const claims = { iss, aud: state.clientId, sub: `sub-${email}`, nonce: code.nonce, tid, name, email };
    return {
      status: 200,
      body: { ...answer, id_token: issue(await signer.sign(claims, state.flaw)) },
    };
  }
}

const endpoints: Record<string, 'discovery' | 'keys' | 'authorize' | 'token'> = {
  'GET v2.0/.well-known/openid-configuration': 'discovery',
  'GET discovery/v2.0/keys': 'keys',
  'GET oauth2/v2.0/authorize': 'authorize',
  'POST oauth2/v2.0/token': 'token',
};

const metadata = (base: string, origin: string, tenant: string) => ({
  issuer: `${origin}/${tenant}/v2.0`,
  authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
  token_endpoint: `${base}/oauth2/v2.0/token`,
  jwks_uri: `${base}/discovery/v2.0/keys`,
  response_types_supported: ['code'],
  subject_types_supported: ['pairwise'],
  id_token_signing_alg_values_supported: ['RS256'],
  token_endpoint_auth_methods_supported: ['client_secret_post'],
});
