import type { AccountTokens } from '../tokens.ts';

/** A connected Azure tenant, as the session keeps it. Its tokens are the person's own, for Resource Manager. */
export type AzureAccount = AccountTokens & {
  provider: 'azure';
  tenantId: string;
  displayName?: string | null;
  /** Ids of the subscriptions that were listed at sign-in. */
  subscriptions?: string[];
};
