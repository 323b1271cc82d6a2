import type { Account } from './cloud.ts';
import { accountId, type CloudAccount, findAccount } from './clouds.ts';

/** The part of a session that accounts are in. */
type HoldsAccounts = { accounts?: readonly CloudAccount[]; access_token?: string | undefined };

/**
 * A session with its accounts changed. The session's own `access_token` is that of the first sign-in's account: it
 * is renewed and replaced with that account's, and goes when the account goes.
 */
export function changeAccounts<S extends HoldsAccounts>(
  session: S,
  change: (accounts: readonly CloudAccount[]) => CloudAccount[],
): S {
  const before = session.accounts ?? [];
  const accounts = change(before);
  const owner = before.find((account) => tokenOf(account) === session.access_token && tokenOf(account));
  if (!owner) return { ...session, accounts };
  const token = tokenOf(findAccount(accounts, accountId(owner)));
  return { ...session, accounts, access_token: token ?? undefined };
}

const tokenOf = (account: Account | undefined): string | null | undefined => account?.access_token;
