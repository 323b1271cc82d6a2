import { GatewayError } from '../errors.ts';
import { aws } from './aws/cloud.ts';
import { azure } from './azure/cloud.ts';
import type { Account, Cloud } from './cloud.ts';
import { google } from './gcp/cloud.ts';
import type { AccountTokens } from './tokens.ts';

/** Every cloud that this product knows. Another one is a folder beside these, and its name here. */
export const clouds = [azure, google, aws] as const;

type AccountOf<C> = C extends Cloud<infer A, string> ? A : never;

/** One connected account of any cloud. */
export type CloudAccount = AccountOf<(typeof clouds)[number]>;

/** The cloud that an account is in. */
export function cloudOf(account: CloudAccount): (typeof clouds)[number] {
  const found = byProvider.get(account.provider);
  if (!found) throw new Error('An account is in no known cloud');
  return found;
}

const byProvider = new Map<string, (typeof clouds)[number]>(clouds.map((cloud) => [cloud.provider, cloud]));

/** The id of an account: stable, and says what it names, as in `azure:<tenantId>`. */
export function accountId(account: CloudAccount): string {
  const name: unknown = Reflect.get(account, cloudOf(account).namedBy);
  return `${account.provider}:${name}`;
}

/** Accounts that one session holds at most: each is read and written with it, and asked for what it lists. */
export const mostAccounts = 100;

/**
 * The accounts with `account` put in: in the place of the same account where there is one, at the end otherwise.
 * A refresh token that a provider did not send again is kept: Google sends one with the first consent only. Not so
 * when the account has come to be another person's, as an e-mail address may.
 *
 * @throws GatewayError BAD_REQUEST for one account too many
 */
export function withAccount(accounts: readonly CloudAccount[], account: CloudAccount): CloudAccount[] {
  const at = accounts.findIndex(isNamed(accountId(account)));
  const before = accounts[at];
  if (before) return accounts.with(at, keepingRefreshToken(before, account));
  if (accounts.length >= mostAccounts)
    throw new GatewayError(
      'BAD_REQUEST',
      `A session holds at most ${mostAccounts} accounts; disconnect one first`,
    );
  return [...accounts, account];
}

/** The accounts without the one that has this id. */
export function withoutAccount(accounts: readonly CloudAccount[], id: string): CloudAccount[] {
  return accounts.filter((account) => !isNamed(id)(account));
}

/**
 * The accounts with these tokens in the one that still holds the refresh token they were got with. Dead ones only
 * where the access token is the same too: a sign-in meanwhile may have kept the refresh token and brought a good one.
 */
export function withTokens(
  accounts: readonly CloudAccount[],
  id: string,
  used: AccountTokens,
  tokens: AccountTokens,
): CloudAccount[] {
  return accounts.map((account) => {
    const { access_token, refresh_token }: Account = account;
    const isSame =
      refresh_token === used.refresh_token && (!tokens.reauth_required || access_token === used.access_token);
    return isNamed(id)(account) && isSame ? { ...account, ...tokens } : account;
  });
}

/** The account with this id. */
export function findAccount(accounts: readonly CloudAccount[], id: string): CloudAccount | undefined {
  return accounts.find(isNamed(id));
}

/** An account as it may be passed around: nobody can leak what it does not hold. Of one account it is always the same. */
export function withoutTokens<A extends Account>(account: A): A {
  return bareAccount(account) as A;
}

/** And all of a session; of one list it is always the same. */
export const allWithoutTokens = madeOnce((accounts: readonly CloudAccount[]): readonly CloudAccount[] =>
  Object.freeze(accounts.map(withoutTokens)),
);

const tokenNames = new Set(['access_token', 'refresh_token']);
const bareAccount = madeOnce((account: Account) => {
  const shown = Object.entries(account).filter(([name]) => !tokenNames.has(name));
  return Object.freeze(Object.fromEntries(shown));
});

function madeOnce<K extends object, V>(make: (from: K) => V): (from: K) => V {
  const made = new WeakMap<K, V>();
  return (from) => {
    const before = made.get(from);
    if (before) return before;
    const first = make(from);
    made.set(from, first);
    return first;
  };
}

const isNamed = (id: string) => (account: CloudAccount) => accountId(account) === id;

function keepingRefreshToken<A extends Account>(before: Account, account: A): A {
  const isSamePerson = before.subject === account.subject;
  const { refresh_token: held } = before;
  return held && isSamePerson && account.refresh_token === null
    ? { ...account, refresh_token: held }
    : account;
}
