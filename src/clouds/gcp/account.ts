import type { AccountTokens } from '../tokens.ts';

/** A connected Google account, as the session keeps it. */
export type GcpAccount = AccountTokens & {
  provider: 'gcp';
  email: string;
  displayName?: string | null;
};
