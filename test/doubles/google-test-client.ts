import tls from 'node:tls';
import * as openid from 'openid-client';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type GoogleDouble, startGoogleDouble } from './google-double.ts';

export const redirectUri = 'http://localhost:5000/google/callback';

/** A Google double and an openid-client of it, which is what is asked whether the double is a provider at all. */
export type GoogleTestClient = AsyncDisposable & {
  google: GoogleDouble;
  configuration: openid.Configuration;
  /** The request of a sign-in; `changed` goes over what is right, where `''` leaves a parameter out. */
  authorizationUrl(changed?: Record<string, string>): Promise<URL>;
  /** Goes there as `google.person` and comes back with a code. */
  callback(changed?: Record<string, string>): Promise<URL>;
  exchange(callback: URL): Promise<Tokens>;
  /** A whole sign-in. */
  signIn(changed?: Record<string, string>): Promise<Tokens>;
  refresh(refreshToken: string | undefined): Promise<Tokens>;
};

export type Tokens = openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers;

const verifier = 'a-code-verifier-of-43-characters-or-more-0123456789';
const checks = { pkceCodeVerifier: verifier, expectedState: 'state', expectedNonce: 'nonce' };

/** With another `authentication` the client shows its secret in another way; with `clientSecret`, another secret. */
export async function startGoogleTestClient(
  options: { authentication?: (secret: string) => openid.ClientAuth; clientSecret?: string } = {},
): Promise<GoogleTestClient> {
  const { authentication = openid.ClientSecretPost } = options;
  await using started = new AsyncDisposableStack();
  const folder = started.use(createTemporaryFolder());
  const google = started.use(await startGoogleDouble({ folder: folder.path }));
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), google.certificate]);
  const configuration = await openid.discovery(
    new URL(google.env.GOOGLE_ISSUER ?? ''),
    google.clientId,
    undefined,
    authentication(options.clientSecret ?? google.clientSecret),
    { execute: [openid.enableNonRepudiationChecks] },
  );

  const client = {
    google,
    configuration,
    async authorizationUrl(changed: Record<string, string> = {}) {
      const asked = {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        access_type: 'offline',
        prompt: 'consent',
        state: 'state',
        nonce: 'nonce',
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      const url = openid.buildAuthorizationUrl(configuration, asked);
      for (const [name, value] of Object.entries(changed)) {
        if (value === '') url.searchParams.delete(name);
        else url.searchParams.set(name, value);
      }
      return url;
    },
    async callback(changed: Record<string, string> = {}) {
      const answer = await fetch(await client.authorizationUrl(changed), { redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? '');
    },
    exchange: (callback: URL) => openid.authorizationCodeGrant(configuration, callback, checks),
    signIn: async (changed: Record<string, string> = {}) => client.exchange(await client.callback(changed)),
    refresh: (refreshToken = '') => openid.refreshTokenGrant(configuration, refreshToken),
  };
  const owned = started.move();
  return { ...client, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
