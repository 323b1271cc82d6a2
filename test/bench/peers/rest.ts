import type { PeerSession } from './session-data.ts';

const shownKeys: Record<string, readonly string[]> = {
  azure: ['provider', 'tenantId', 'displayName', 'subscriptions'],
  gcp: ['provider', 'email', 'displayName', 'access_token', 'refresh_token'],
  aws: ['provider', 'displayName', 'roleArn', 'externalId', 'accountId'],
};

/** What the original answers to `GET /api/user`. */
export const restUser = ({ user }: PeerSession) =>
  Object.keys(user ?? {}).length > 0 ? { logged_in: true, name: user?.name ?? null } : { logged_in: false };

/** What the original answers to `GET /api/accounts`: the documented keys of each account. */
export const restAccounts = ({ accounts = [] }: PeerSession) =>
  accounts.map((account) =>
    Object.fromEntries(Object.entries(account).filter(([key]) => shownKeys[account.provider]?.includes(key))),
  );
