import type { Configuration, IDToken } from 'openid-client';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { WatchUpstream } from '../upstream.ts';
import type { AwsRoles } from './aws/roles.ts';
import type { AzureSubscriptions } from './azure/subscriptions.ts';
import type { CloudAccount } from './clouds.ts';
import type { AccountTokens } from './tokens.ts';

/** What the accounts of all clouds have in common, as the session keeps them. */
export type Account = AccountTokens & { provider: string; displayName?: string | null };

/** A cloud: what its accounts are, and how it is opened. Its folder makes it, `clouds.ts` lists it. */
export type Cloud<A extends Account, TypeName extends string> = {
  provider: A['provider'];
  /** The type of its accounts in the GraphQL schema. */
  typeName: TypeName;
  /** The property that names an account for good: the same tenant, e-mail or role is the same account. */
  namedBy: keyof A & string;
  /** The properties that `GET /api/accounts` shows; whatever else an account holds stays inside. */
  restKeys: readonly (keyof A & string)[];
  /** How people sign in with it; absent for a cloud that is connected in another way. */
  signIn?: SignInOffer;
  /** What it brings where it is configured; undefined where it is not. */
  open(config: Config, surroundings: Surroundings): OpenCloud | undefined;
};

/** What a cloud is given beside its configuration; `now` in milliseconds since 1970, the system's clock without it. */
export type Surroundings = { log: Log; watch: WatchUpstream; now?: () => number };

/** What a configured cloud can do. */
export type OpenCloud = {
  signIn?: SignInProvider;
  subscriptions?: AzureSubscriptions;
  roles?: AwsRoles;
};

/** The claims of a validated ID token. */
export type Claims = IDToken;

/** Claims that are looked at only to say what is wrong with them. */
export type UnverifiedClaims = Readonly<Record<string, unknown>>;

/** What is known of a cloud's sign-in also where it is not configured. */
export type SignInOffer = {
  provider: string;
  /** What people call it: "Microsoft". */
  label: string;
  loginPath: string;
  /** Where the provider sends the browser back to; registered with the provider under the public URL. */
  callbackPath: string;
  /** The settings that it takes to offer it. */
  settings: readonly string[];
};

/** How people sign in with a cloud that has an OpenID provider. One file of the cloud's folder makes it. */
export type SignInProvider<A extends Account = CloudAccount> = SignInOffer & {
  watch: WatchUpstream;
  /**
   * The provider's metadata and this client's credentials; asked for at each sign-in, so that it may be renewed. It
   * has a timeout, and `openidFetch` to fetch with, which hold for all that is asked of the provider.
   */
  openid(): Promise<Configuration>;
  /**
   * Parameters of the authorization request beside those of the flow itself, given the session's accounts of this
   * cloud: linking a second one has to ask which one is meant.
   */
  authorizationParameters(connected: readonly A[]): Record<string, string>;
  /**
   * What to ask with once more when a sign-in has left this account without a refresh token; absent where that
   * does not help.
   */
  consentParameters?(account: A): Record<string, string>;
  /** Why these claims can sign nobody in, for people; undefined when nothing is wrong with them. */
  refusal(claims: UnverifiedClaims): string | undefined;
  /** The account that a finished sign-in connects, when there is no refusal. */
  accountOf(claims: Claims, tokens: AccountTokens): Promise<A>;
};
