import * as openid from 'openid-client';
import type { Account, Claims, SignInProvider, UnverifiedClaims } from '../clouds/cloud.ts';
import { accountId, type CloudAccount, findAccount, withAccount } from '../clouds/clouds.ts';
import { changeAccounts } from '../clouds/session-accounts.ts';
import { type GrantedTokens, tokensOf } from '../clouds/tokens.ts';
import { GatewayError } from '../errors.ts';
import type { BrowserSession } from '../session/browser-session.ts';
import { isFromSignIn, isSignedIn } from '../session/session-data.ts';
import { discovered } from './discovery.ts';
import type { PendingSignIn, PendingSignIns } from './pending.ts';

/** The tokens and claims of a finished flow. */
type Grant = { claims: Claims; tokens: GrantedTokens & { subject: string } };

/**
 * First half of the OpenID Connect authorization code flow (OpenID Connect Core, section 3.1, with PKCE,
 * RFC 7636): record the flow, and return the URL at the provider that the browser goes to.
 */
export async function beginSignIn(options: {
  provider: SignInProvider;
  pending: PendingSignIns;
  /** Parameters of the authorization request beside those of the flow itself. */
  parameters: Record<string, string>;
  binding: string;
  redirectUri: string;
  landing: string;
}): Promise<string> {
  const { provider, pending, parameters, binding, redirectUri, landing } = options;
  const configuration = await discovered(provider);
  const asksConsent = (parameters.prompt ?? '').split(' ').includes('consent');
  const flow = await pending.start(
    { provider: provider.provider, redirectUri, landing, asksConsent },
    binding,
  );
  const url = openid.buildAuthorizationUrl(configuration, {
    ...parameters,
    redirect_uri: redirectUri,
    response_mode: 'query',
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(flow.codeVerifier),
    code_challenge_method: 'S256',
  });
  return url.href;
}

/**
 * Second half: exchange the code, check the tokens, put the account into the session. Resolves when the session is
 * committed; with the parameters to ask once more with, where the account is left without a refresh token that
 * consent would bring.
 */
export async function finishSignIn(options: {
  provider: SignInProvider;
  flow: PendingSignIn;
  state: string;
  query: string;
  session: BrowserSession;
  now: () => number;
}): Promise<Record<string, string> | undefined> {
  const { provider, flow, state, query, session, now } = options;
  const grant = await exchangeCode({ provider, flow, state, query, now });
  const account = await provider.accountOf(grant.claims, grant.tokens);
  await connect(session, grant, account);
  const connected: Account | undefined = findAccount(session.data().accounts ?? [], accountId(account));
  const isComplete = connected?.refresh_token !== null || flow.asksConsent;
  return isComplete ? undefined : provider.consentParameters?.(account);
}

async function exchangeCode(options: {
  provider: SignInProvider;
  flow: PendingSignIn;
  state: string;
  query: string;
  now: () => number;
}): Promise<Grant> {
  const { provider, flow, state, query, now } = options;
  const configuration = await discovered(provider);
  const tokens = await provider
    .watch({ cloud: provider.provider, operation: 'exchange code' }, () =>
      openid.authorizationCodeGrant(configuration, new URL(`${flow.redirectUri}?${query}`), {
        pkceCodeVerifier: flow.codeVerifier,
        expectedState: state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      }),
    )
    .catch((cause: unknown) => {
      throw failedSignIn(provider, claimsOf(cause), cause);
    });
  const claims = tokens.claims();
  if (!claims || provider.refusal(claims) !== undefined) throw failedSignIn(provider, claims);
  return { claims, tokens: { ...tokensOf(tokens, now()), subject: claims.sub } };
}

/** Says what is wrong with the claims, where that is it; otherwise what went wrong on the way. */
function failedSignIn(
  provider: SignInProvider,
  claims: UnverifiedClaims | undefined,
  cause?: unknown,
): GatewayError {
  const why = (claims && provider.refusal(claims)) ?? reason(cause);
  return new GatewayError('SIGN_IN_FAILED', `${provider.label} did not sign you in: ${why}`, { cause });
}

/** The claims of a token that openid-client refused: it hangs them on the cause of its error. */
function claimsOf(error: unknown): UnverifiedClaims | undefined {
  if (!(error instanceof Error)) return undefined;
  const { cause } = error;
  if (typeof cause !== 'object' || cause === null || !('claims' in cause)) return claimsOf(cause);
  return typeof cause.claims === 'object' && cause.claims !== null ? { ...cause.claims } : undefined;
}

/**
 * The first sign-in sets the user and a new session id; a later one links its account and keeps both. A session that
 * began with a connected role, and no sign-in, gets a new id too: whoever planted its cookie in this browser (session
 * fixation, CWE-384) must not be signed in along.
 */
async function connect(session: BrowserSession, grant: Grant, account: CloudAccount): Promise<void> {
  const signedOut = () => new GatewayError('SIGN_IN_FAILED', 'You were signed out meanwhile; sign in again');
  if (!isFromSignIn(session.data())) {
    // Read again: a role may have been connected meanwhile, or the session ended.
    if (isSignedIn(session.data()) && !(await session.update((data) => data))) throw signedOut();
    const accounts = withAccount(session.data().accounts ?? [], account);
    await session.start({ user: grant.claims, access_token: grant.tokens.access_token, accounts });
    return;
  }
  const linked = await session.update((data) =>
    changeAccounts(data, (accounts) => withAccount(accounts, account)),
  );
  // Starting a session now would undo a logout that came meanwhile.
  if (!linked) throw signedOut();
}

/** The provider's own error code where it gave one (RFC 6749, section 4.1.2.1); never its free text or a token. */
function reason(error: unknown): string {
  if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError) {
    const code = knownErrors.has(error.error) ? error.error : 'an error';
    return code === 'access_denied'
      ? 'the sign-in was cancelled or refused (access_denied)'
      : `it answered ${code}`;
  }
  return 'its answer could not be verified; start the sign-in again';
}

/** The codes of RFC 6749 (4.1.2.1, 5.2), OpenID Connect Core (3.1.2.6), and of Google and Entra: nothing else is repeated. */
const knownErrors = new Set(
  `invalid_request unauthorized_client access_denied unsupported_response_type invalid_scope
   server_error temporarily_unavailable invalid_client invalid_grant unsupported_grant_type
   interaction_required login_required account_selection_required consent_required
   redirect_uri_mismatch org_internal admin_policy_enforced disallowed_useragent
   invalid_tenant invalid_resource`.split(/\s+/),
);
