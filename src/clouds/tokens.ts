/** The OAuth tokens of a connected account, as the session keeps them. The names are those of the original. */
export type AccountTokens = {
  access_token?: string | null | undefined;
  refresh_token?: string | null | undefined;
  /** When the access token expires, in milliseconds since 1970; absent when the provider did not say. */
  expires_at?: number | undefined;
  /** From when on it is refreshed before it is handed out: `expires_at` less a margin. */
  refresh_at?: number | undefined;
  /** Whose they are at the provider: the `sub` of the ID token. */
  subject?: string | undefined;
  /** Set when the provider calls the refresh token dead; only another sign-in with the account helps. */
  reauth_required?: true | undefined;
};

/** Tokens that a provider has just given. */
export type GrantedTokens = AccountTokens & { access_token: string };

/** The part of a token endpoint's answer that is kept (RFC 6749, section 5.1); `expires_in` is in seconds. */
export type TokenAnswer = {
  access_token: string;
  refresh_token?: string | undefined;
  expires_in?: number | undefined;
};

/** A token this close to its end is no good to whoever gets it; milliseconds, less for short-lived ones. */
const marginMillis = (lifetimeMillis: number) => Math.min(300_000, lifetimeMillis / 10);

/** No token lives for longer than a year, whatever is said; and no number of milliseconds becomes infinite. */
const longestLifeMillis = 31_536_000_000;

/** What an account keeps of an answer that came at `now`, in the place of all that it kept before. */
export function tokensOf(answer: TokenAnswer, now: number): GrantedTokens {
  const { access_token, refresh_token = null, expires_in } = answer;
  if (expires_in === undefined) return { ...noTokens, access_token, refresh_token };
  const lifetimeMillis = Math.min(expires_in * 1000, longestLifeMillis);
  const expires_at = now + lifetimeMillis;
  const refresh_at = expires_at - marginMillis(lifetimeMillis);
  return { ...noTokens, access_token, refresh_token, expires_at, refresh_at };
}

const noTokens = {
  access_token: null,
  refresh_token: null,
  expires_at: undefined,
  refresh_at: undefined,
  reauth_required: undefined,
} satisfies AccountTokens;

/** What is left of the tokens of an account whose refresh token is dead. */
export const deadTokens: AccountTokens = { ...noTokens, reauth_required: true };

/** Whether the access token has expired or is about to. */
export const isDue = ({ refresh_at = Number.POSITIVE_INFINITY }: AccountTokens, now: number): boolean =>
  now >= refresh_at;

/** Whether the access token is of no use any more. */
export const isExpired = ({ expires_at = Number.POSITIVE_INFINITY }: AccountTokens, now: number): boolean =>
  now >= expires_at;
