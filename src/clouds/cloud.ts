import type { Configuration, IDToken } from 'openid-client';
import { type AwsAccount, awsAccountId } from './aws/account.ts';
import { type AzureAccount, azureAccountId } from './azure/account.ts';
import { type GcpAccount, gcpAccountId } from './gcp/account.ts';

/** One connected account of any cloud. */
export type CloudAccount = AzureAccount | GcpAccount | AwsAccount;

/** What names an account for good: the same tenant, e-mail or role is the same account. */
export function accountId(account: CloudAccount): string {
  switch (account.provider) {
    case 'azure':
      return azureAccountId(account);
    case 'gcp':
      return gcpAccountId(account);
    case 'aws':
      return awsAccountId(account);
  }
}

/** The accounts with `account` put in: in the place of the same account where there is one, at the end otherwise. */
export function withAccount(accounts: readonly CloudAccount[], account: CloudAccount): CloudAccount[] {
  const id = accountId(account);
  const at = accounts.findIndex((candidate) => accountId(candidate) === id);
  return at === -1 ? [...accounts, account] : accounts.with(at, account);
}

/** The claims of a validated ID token. */
export type Claims = IDToken;

/** Claims that are looked at only to say what is wrong with them. */
export type UnverifiedClaims = Readonly<Record<string, unknown>>;

/** What is known of a cloud's sign-in also where it is not configured. */
export type SignInOffer = {
  provider: CloudAccount['provider'];
  /** What people call it: "Microsoft". */
  label: string;
  loginPath: string;
  /** Where the provider sends the browser back to; registered with the provider under the public URL. */
  callbackPath: string;
  /** The settings that it takes to offer it. */
  settings: readonly string[];
};

/** How people sign in with a cloud that has an OpenID provider. One file of the cloud's folder makes it. */
export type SignInProvider = SignInOffer & {
  /** The provider's metadata and this client's credentials; asked for at each sign-in, so that it may be renewed. */
  openid(): Promise<Configuration>;
  /**
   * Parameters of the authorization request beside those of the flow itself, given the accounts that the session
   * has already: linking a second account of the same provider has to ask which one is meant.
   */
  authorizationParameters(accounts: readonly CloudAccount[]): Record<string, string>;
  /** Why these claims can sign nobody in, for people; undefined when nothing is wrong with them. */
  refusal(claims: UnverifiedClaims): string | undefined;
  /**
   * The account that a finished sign-in connects, when there is no refusal.
   */
  accountOf(claims: Claims): Promise<CloudAccount>;
};
