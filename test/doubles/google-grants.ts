import { randomUUID } from 'node:crypto';
import type { GoogleDoubleState, GooglePerson } from './google-double.ts';

/** One consent: the family of every token that descends from one sign-in. */
export type GoogleGrant = {
  readonly person: GooglePerson;
  readonly scope: string;
  /** Its access token, the latest. */
  accessToken: string | undefined;
  revoked: boolean;
};

export type GoogleGrants = ReturnType<typeof createGoogleGrants>;

/**
 * The grants of the double, and refresh tokens that can be used once (RFC 9700, section 4.14.2): whoever comes
 * with a spent one, or its rightful owner with the one after, is a thief, so that the whole family dies.
 */
export function createGoogleGrants(state: GoogleDoubleState) {
  const refreshTokens = new Map<string, { grant: GoogleGrant; spent: boolean }>();
  const issue = (secret: string): string => {
    state.secrets.push(secret);
    return secret;
  };
  const endAccess = ({ accessToken }: GoogleGrant): void => {
    const ended = accessToken === undefined ? undefined : state.accessTokens.get(accessToken);
    if (ended) ended.endsAt = 0;
  };
  const revoke = (grant: GoogleGrant): void => {
    grant.revoked = true;
    endAccess(grant);
  };

  return {
    issue,
    revoke,

    start: (person: GooglePerson, scope: string): GoogleGrant => ({
      person,
      scope,
      accessToken: undefined,
      revoked: false,
    }),

    /** A new access token, which ends the one before. */
    accessToken(grant: GoogleGrant, lifetimeSeconds = 3599): string {
      endAccess(grant);
      grant.accessToken = issue(`ya29.canary-${randomUUID()}`);
      const { email, sub } = grant.person;
      const endsAt = Date.now() + lifetimeSeconds * 1000;
      state.accessTokens.set(grant.accessToken, { owner: email ?? sub, endsAt });
      return grant.accessToken;
    },

    /** With a slash, as Google's have. */
    refreshToken(grant: GoogleGrant): string {
      const token = issue(`1//canary-${randomUUID()}`);
      refreshTokens.set(token, { grant, spent: false });
      return token;
    },

    /** Whose token that is, while it can still be used; it is not spent by being looked at. */
    peek(token: string): GoogleGrant | undefined {
      const known = refreshTokens.get(token);
      return known && !known.spent && !known.grant.revoked ? known.grant : undefined;
    },

    /** Spends a refresh token; undefined when it is unknown, dead or, which is counted and punished, spent before. */
    spend(token: string): GoogleGrant | undefined {
      const known = refreshTokens.get(token);
      if (!known) return undefined;
      if (known.spent) {
        state.reuses += 1;
        revoke(known.grant);
      }
      if (known.grant.revoked) return undefined;
      known.spent = true;
      return known.grant;
    },
  };
}
