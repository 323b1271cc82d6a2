import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGoogleProvider } from './google-provider.ts';
import { createHold } from './hold.ts';
import { type Answer, type Cut, createTlsIdentity, startHttpsServer } from './https-server.ts';
import { createIdTokenSigner, type TokenFlaw } from './id-token.ts';

/** Who comes back from the sign-in; `emailVerified` is true where it is not said. */
export type GooglePerson = { sub: string; email?: string; name?: string; emailVerified?: boolean };

/** A call that the double received, with its query or form. */
export type GoogleReceived = {
  endpoint: 'discovery' | 'certs' | 'authorize' | 'token';
  values: Record<string, string>;
};

/**
 * How a refresh fails: with that answer, or with none (`cut`), the token being good afterwards; with the token
 * spent and its successor lost on the way (`lost answer`); or because the person took the access back, for good
 * (`invalid_grant`).
 */
export type RefreshFailure = { status: number; body: unknown } | 'cut' | 'lost answer' | 'invalid_grant';

/** What the parts of the double share, and what a test may change between two requests. */
export type GoogleDoubleState = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly requests: GoogleReceived[];
  /** Every code and token that was given out: none of them belongs into a log. */
  readonly secrets: string[];
  /** Every access token, whose it is (e-mail, else `sub`), and until when, in milliseconds since 1970. */
  readonly accessTokens: Map<string, { owner: string; endsAt: number }>;
  /** How many refreshes were asked for, whatever came of them. */
  refreshCalls: number;
  /** How often a spent refresh token came back; its whole family died of it. */
  reuses: number;
  /** Read when the browser comes: another person may sign in before this one's code is exchanged. */
  person: GooglePerson;
  /** What is wrong with ID tokens from now on. */
  flaw: TokenFlaw | undefined;
  /** Lifetime of access tokens; undefined: not said, and an hour. */
  expiresInSeconds: { first: number | undefined; refreshed: number | undefined };
  /** The first grant holds no refresh token, as when the person had consented before. */
  omitRefreshToken: boolean;
  refreshFailure: RefreshFailure | undefined;
  /** Endpoints that answer so, whatever they are asked. */
  readonly failing: Map<GoogleReceived['endpoint'], Answer | Cut>;
  /** Awaited before a refresh is decided upon. */
  beforeRefresh(): Promise<void>;
};

export type GoogleDouble = GoogleDoubleState &
  AsyncDisposable & {
    /** The variables that point a gateway at this double; nothing else does. */
    env: Record<string, string>;
    /** PEM, for a process that follows redirects to the double as a browser does. */
    certificate: string;
    /** Token to owner, of those that a Google API would take now: the latest of each sign-in that goes on. */
    liveAccessTokens(): Map<string, string>;
    /** Keeps the next refreshes waiting: `arrived` resolves with the first one, `release` lets all go on. */
    holdRefreshes(): { arrived: Promise<void>; release(): void };
  };

export const hedy: GooglePerson = {
  sub: '108000000000000000001',
  email: 'hedy@gmail.example',
  name: 'Hedy Lamarr',
};

const noWait = async (): Promise<void> => {};

/** The controls as a test finds them at its start, and no record of anything. */
const initialState = (): GoogleDoubleState => ({
  clientId: '1234567890-double.apps.googleusercontent.com',
  clientSecret: 'canary-google-client-secret',
  requests: [],
  secrets: [],
  accessTokens: new Map(),
  refreshCalls: 0,
  reuses: 0,
  person: hedy,
  flaw: undefined,
  expiresInSeconds: { first: 3599, refreshed: 3599 },
  omitRefreshToken: false,
  refreshFailure: undefined,
  failing: new Map(),
  beforeRefresh: noWait,
});

/**
 * A Google-like OpenID provider on loopback, by hand, sharing nothing with the product's sandbox. It is stricter
 * than Google: a refresh token can be used once, and a refresh ends the access token before.
 * Its certificate is written into `folder`, together with `alsoTrusted` (PEM): a process has one
 * NODE_EXTRA_CA_CERTS for all its clouds.
 */
export async function startGoogleDouble(options: {
  folder: string;
  alsoTrusted?: string;
}): Promise<GoogleDouble> {
  const { folder, alsoTrusted = '' } = options;
  const state = initialState();
  const [tls, signer] = await Promise.all([createTlsIdentity(), createIdTokenSigner()]);
  const server = await startHttpsServer(tls, createGoogleProvider(state, signer));
  const certificateFile = join(folder, 'google-double.pem');
  writeFileSync(certificateFile, [tls.cert, alsoTrusted].join('\n'));

  return Object.assign(state, {
    certificate: tls.cert,
    env: {
      GOOGLE_CLIENT_ID: state.clientId,
      GOOGLE_CLIENT_SECRET: state.clientSecret,
      GOOGLE_ISSUER: server.origin,
      NODE_EXTRA_CA_CERTS: certificateFile,
    },
    liveAccessTokens() {
      const live = [...state.accessTokens].filter(([, { endsAt }]) => endsAt > Date.now());
      return new Map(live.map(([token, { owner }]) => [token, owner]));
    },
    holdRefreshes() {
      const { arrived, wait, release } = createHold();
      state.beforeRefresh = wait;
      return {
        arrived,
        release() {
          state.beforeRefresh = noWait;
          release();
        },
      };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}
