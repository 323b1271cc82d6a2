/** A connected Azure tenant, as the session keeps it and `GET /api/accounts` shows it. */
export type AzureAccount = {
  provider: 'azure';
  tenantId: string;
  displayName?: string | null;
  /** Ids of the subscriptions that were listed at sign-in. */
  subscriptions?: string[];
};

export const azureAccountId = (account: AzureAccount): string => `azure:${account.tenantId}`;
