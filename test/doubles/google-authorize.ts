import { randomUUID } from 'node:crypto';
import type { GoogleDoubleState } from './google-double.ts';
import type { GoogleGrant, GoogleGrants } from './google-grants.ts';
import type { Answer } from './https-server.ts';
import { oauthError } from './oauth-error.ts';

/** What a code stands for: the person at the time it was given, and what has to come with it. */
export type GoogleCode = {
  readonly grant: GoogleGrant;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string;
  /** A refresh token goes with it. */
  readonly offline: boolean;
  used: boolean;
};

/**
 * The authorize endpoint, which asks nobody anything: whoever comes is `state.person` and goes straight back with
 * a code, which is put into `codes`.
 *
 * As at Google, only `access_type=offline` brings a refresh token, and after a person's first consent only
 * together with `prompt=consent` (developers.google.com/identity/protocols/oauth2/web-server, "offline access").
 */
export function createGoogleAuthorize(
  state: GoogleDoubleState,
  grants: GoogleGrants,
  codes: Map<string, GoogleCode>,
) {
  const consented = new Set<string>();

  return (query: URLSearchParams): Answer => {
    const asked = (name: string): string => query.get(name) ?? '';
    const redirectUri = asked('redirect_uri');
    if (new Set(query.keys()).size !== query.size)
      return oauthError('invalid_request', 'a parameter is repeated');
    if (asked('client_id') !== state.clientId) return oauthError('invalid_client', 'unknown client');
    if (!URL.canParse(redirectUri) || new URL(redirectUri).pathname !== '/google/callback')
      return oauthError('redirect_uri_mismatch', 'not a redirect URI of this client');
    if (asked('code_challenge') === '' || asked('code_challenge_method') !== 'S256')
      return oauthError('invalid_request', 'PKCE with S256 is needed');
    if (asked('nonce') === '' || asked('state') === '' || asked('response_type') !== 'code')
      return oauthError('invalid_request', 'response_type=code, state and nonce are needed');
    if (!asked('scope').split(' ').includes('openid'))
      return oauthError('invalid_scope', 'the scope has to hold openid');

    const offline = asked('access_type') === 'offline';
    const consents = asked('prompt').split(' ').includes('consent');
    const code = grants.issue(`4/0canary-${randomUUID()}`);
    codes.set(code, {
      grant: grants.start(state.person, asked('scope')),
      redirectUri,
      challenge: asked('code_challenge'),
      nonce: asked('nonce'),
      offline: offline && (consents || !consented.has(state.person.sub)),
      used: false,
    });
    if (offline) consented.add(state.person.sub);
    const back = new URL(redirectUri);
    back.search = new URLSearchParams({ code, state: asked('state') }).toString();
    return { status: 302, location: back.href };
  };
}
