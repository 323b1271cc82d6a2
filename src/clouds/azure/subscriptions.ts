import type { Subscription } from '@azure/arm-resources-subscriptions';
import type { AzureConfig } from '../../config.ts';
import { beforeEnd } from '../deadline.ts';
import { azureEndpoints } from './endpoints.ts';
import { azureError, BadListing } from './listing-errors.ts';
import { createTenantClients, type Listing, type TenantClients } from './tenant-clients.ts';

/** A subscription as Azure Resource Manager lists it. */
export type AzureSubscription = {
  provider: 'azure';
  tenantId: string;
  subscriptionId: string;
  displayName: string | null;
  /** Enabled, Disabled, Warned, PastDue or Deleted. */
  state: string | null;
};

export type AzureSubscriptions = {
  /**
   * All subscriptions of a tenant that the gateway's app registration may see, over all pages.
   *
   * @throws GatewayError with an AZURE_* code and the tenant, at the latest at the deadline
   */
  list(tenantId: string): Promise<AzureSubscription[]>;
};

/** More pages than any tenant has; a listing that never ends is not one. */
const mostPages = 200;

/** Lists subscriptions through the Azure SDK, as the app's service principal. */
export function createAzureSubscriptions(config: AzureConfig): AzureSubscriptions {
  const clients = createTenantClients(config, azureEndpoints(config));

  return {
    async list(tenantId) {
      const listing: Listing = { signal: AbortSignal.timeout(config.timeoutMs) };
      try {
        const client = clients.of(tenantId);
        return await beforeEnd(
          listing.signal,
          clients.during(listing, () => listAll(client, tenantId)),
        );
      } catch (error) {
        if (authorityFailed(listing)) clients.forget(tenantId);
        throw azureError(error, { tenantId, timeoutMs: config.timeoutMs, listing });
      }
    },
  };
}

async function listAll(
  client: ReturnType<TenantClients['of']>,
  tenantId: string,
): Promise<AzureSubscription[]> {
  const found: AzureSubscription[] = [];
  let pages = 0;
  for await (const page of client.subscriptions.list().byPage()) {
    pages += 1;
    if (pages > mostPages) throw new BadListing(`the list has more than ${mostPages} pages`);
    found.push(...page.map((item) => subscriptionOf(item, tenantId)));
  }
  return found;
}

/** What the SDK declares of an item and does not check. */
function subscriptionOf(item: Subscription, tenantId: string): AzureSubscription {
  const {
    subscriptionId,
    displayName = null,
    state = null,
  }: Partial<Record<keyof Subscription, unknown>> = item ?? {};
  if (
    typeof subscriptionId !== 'string' ||
    subscriptionId === '' ||
    !isTextOrNull(displayName) ||
    !isTextOrNull(state)
  ) {
    throw new BadListing('the list holds something that is not a subscription');
  }
  return { provider: 'azure', tenantId, subscriptionId, displayName, state };
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';

/** Throttling is left to the credential, which keeps to the authority's Retry-After. */
const authorityFailed = ({ authority }: Listing): boolean =>
  authority === 'no answer' || (authority !== undefined && authority >= 400 && authority !== 429);
