import { allowInsecureRequests, customFetch, discovery, enableNonRepudiationChecks } from 'openid-client';
import type { GoogleConfig } from '../../config.ts';
import type { WatchUpstream } from '../../upstream.ts';
import { textOrNull } from '../claims.ts';
import type { SignInOffer, SignInProvider, UnverifiedClaims } from '../cloud.ts';
import { openidFetch } from '../openid-fetch.ts';
import type { GcpAccount } from './account.ts';

export const googleOffer: SignInOffer = {
  provider: 'gcp',
  label: 'Google',
  loginPath: '/api/login/google',
  callbackPath: '/google/callback',
  settings: ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
};

const offline = {
  scope: 'openid email profile https://www.googleapis.com/auth/cloud-platform',
  access_type: 'offline',
};

/** How long Google may take for an answer, in seconds. */
const timeoutSeconds = 10;

/**
 * Sign-in with Google (developers.google.com/identity/openid-connect/openid-connect), offline, so that the access
 * token can be renewed (developers.google.com/identity/protocols/oauth2/web-server#offline).
 */
export function googleSignIn(config: GoogleConfig, watch: WatchUpstream): SignInProvider<GcpAccount> {
  return {
    ...googleOffer,
    watch,
    openid: () => discoverGoogle(config),
    authorizationParameters: (connected) => ({
      ...offline,
      prompt: promptFor(connected),
    }),
    consentParameters: ({ email }) => ({ ...offline, prompt: 'consent', login_hint: email }),
    refusal,
    async accountOf(claims, tokens) {
      return {
        provider: 'gcp',
        email: String(claims.email),
        displayName: textOrNull(claims.name),
        ...tokens,
      };
    },
  };
}

/** Plain http only for an issuer on this machine, which the configuration has seen to. */
function discoverGoogle({ issuer, clientId, clientSecret }: GoogleConfig) {
  return discovery(new URL(issuer), clientId, clientSecret, undefined, {
    execute: [enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [allowInsecureRequests] : [])],
    timeout: timeoutSeconds,
    [customFetch]: openidFetch,
  });
}

/**
 * Google sends a refresh token only where consent is given, and consent is a nuisance: it is asked for only when an
 * account is without one. Whoever chooses another account than those connected is asked afterwards, if need be.
 */
function promptFor(connected: readonly GcpAccount[]): string {
  const isHeld = connected.length > 0 && connected.every((account) => account.refresh_token);
  return isHeld ? 'select_account' : 'consent';
}

const refusal = ({ email }: UnverifiedClaims): string | undefined =>
  textOrNull(email) === null
    ? 'the token names no e-mail address (email); sign in with an account that has one'
    : undefined;
