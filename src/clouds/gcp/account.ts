/** A connected Google account, as the session keeps it. The names of the tokens are those of the original. */
export type GcpAccount = {
  provider: 'gcp';
  email: string;
  displayName?: string | null;
  access_token?: string | null;
  refresh_token?: string | null;
};

export const gcpAccountId = (account: GcpAccount): string => `gcp:${account.email}`;
