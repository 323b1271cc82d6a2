import type { Subscription } from '@azure/arm-resources-subscriptions';
import type { AzureConfig } from '../../config.ts';
import type { WatchUpstream } from '../../upstream.ts';
import { beforeEnd } from '../deadline.ts';
import { BadListing } from './bad-listing.ts';
import { azureEndpoints } from './endpoints.ts';
import { createListing, listings } from './listing.ts';
import { azureError } from './listing-errors.ts';
import { type AuthorityAnswer, createTenantClients, type TenantClient } from './tenant-clients.ts';

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
   * @param gone ends the listing when nobody wants it any more
   * @throws GatewayError with an AZURE_* code and the tenant, at the latest at the deadline; the reason of `gone`
   */
  list(tenantId: string, gone?: AbortSignal): Promise<AzureSubscription[]>;
};

/** More than any tenant has. */
const mostSubscriptions = 20_000;

/** Subscription ids are GUIDs; an id of any length would be kept in sessions. */
const subscriptionIdForm = /^[\w-]{1,64}$/;
const longestText = 1000;

/** Lists subscriptions through the Azure SDK, as the app's service principal. */
export function createAzureSubscriptions(config: AzureConfig, watch: WatchUpstream): AzureSubscriptions {
  const { timeoutMs } = config;
  const clients = createTenantClients(config, azureEndpoints(config));

  async function list(tenantId: string, gone: AbortSignal | undefined): Promise<AzureSubscription[]> {
    const listing = createListing(timeoutMs, gone);
    let tenant: TenantClient | undefined;
    try {
      tenant = clients.of(tenantId);
      const { client } = tenant;
      return await beforeEnd(
        listing.signal,
        listings.run(listing, () => listAll(client, tenantId)),
      );
    } catch (error) {
      if (gone?.aborted) throw gone.reason;
      const authority = tenant?.authority;
      if (authorityFailed(authority) || isUnauthorized(error)) clients.forget(tenantId);
      throw azureError(error, { tenantId, timeoutMs, isLate: listing.deadline.aborted, authority });
    }
  }

  return {
    list: (tenantId, gone) =>
      watch({ cloud: 'azure', operation: 'list subscriptions' }, () => list(tenantId, gone)),
  };
}

async function listAll(client: TenantClient['client'], tenantId: string): Promise<AzureSubscription[]> {
  const found: AzureSubscription[] = [];
  for await (const page of client.subscriptions.list().byPage()) {
    if (found.length + page.length > mostSubscriptions)
      throw new BadListing(`the list has more than ${mostSubscriptions} subscriptions`);
    for (const item of page) found.push(subscriptionOf(item, tenantId));
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
    !subscriptionIdForm.test(subscriptionId) ||
    !isTextOrNull(displayName) ||
    !isTextOrNull(state)
  ) {
    throw new BadListing('the list holds something that is not a subscription');
  }
  return { provider: 'azure', tenantId, subscriptionId, displayName, state };
}

const isTextOrNull = (value: unknown): value is string | null =>
  value === null || (typeof value === 'string' && value.length <= longestText);

/** The token is no good any more; the next listing gets another. */
const isUnauthorized = (error: unknown): boolean =>
  error instanceof Error && 'statusCode' in error && error.statusCode === 401;

/** Throttling is left to the credential, which keeps to the authority's Retry-After. */
function authorityFailed(answer: AuthorityAnswer | undefined): boolean {
  if (answer === undefined || answer === 'no answer' || answer instanceof BadListing)
    return answer !== undefined;
  return answer.status >= 400 && answer.status !== 429;
}
