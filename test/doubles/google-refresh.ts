import type { GoogleDoubleState } from './google-double.ts';
import type { GoogleGrant, GoogleGrants } from './google-grants.ts';
import type { Answer, Cut } from './https-server.ts';
import { oauthError } from './oauth-error.ts';

const dead = oauthError('invalid_grant', 'Token has been expired or revoked.');

/** The `refresh_token` grant (RFC 6749, section 6): every answer holds the next refresh token. */
export function createGoogleRefresh(state: GoogleDoubleState, grants: GoogleGrants) {
  return async (
    refreshToken: string,
    idToken: (grant: GoogleGrant) => Promise<string>,
  ): Promise<Answer | Cut> => {
    state.refreshCalls += 1;
    await state.beforeRefresh();
    const failure = state.refreshFailure;
    if (failure === 'cut' || typeof failure === 'object') return failure;
    if (failure === 'invalid_grant') {
      const grant = grants.peek(refreshToken);
      if (grant) grants.revoke(grant);
    }

    const grant = grants.spend(refreshToken);
    if (!grant) return dead;
    const lifetimeSeconds = state.expiresInSeconds.refreshed;
    const body = {
      token_type: 'Bearer',
      scope: grant.scope,
      expires_in: lifetimeSeconds,
      access_token: grants.accessToken(grant, lifetimeSeconds),
      refresh_token: grants.refreshToken(grant),
      id_token: await idToken(grant),
    };
    return failure === 'lost answer' ? 'cut' : { status: 200, body };
  };
}
