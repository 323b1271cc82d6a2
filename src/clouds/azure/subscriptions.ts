import type { Subscription } from '@azure/arm-resources-subscriptions';
import type { AzureConfig } from '../../config.ts';
import type { ErrorCode } from '../../errors.ts';
import type { WatchUpstream } from '../../upstream.ts';
import type { Surroundings } from '../cloud.ts';
import { beforeEnd } from '../deadline.ts';
import { BadListing } from './bad-listing.ts';
import { azureEndpoints } from './endpoints.ts';
import { createListing, listings } from './listing.ts';
import { azureError } from './listing-errors.ts';
import { loadAzureSdk } from './sdk.ts';
import { createSharedListings } from './shared-listings.ts';
import { type AuthorityAnswer, createTenantClients, type TenantClient } from './tenant-clients.ts';
import { createTurns } from './turns.ts';

/** A subscription as Azure Resource Manager lists it. Many requests share one. */
export type AzureSubscription = Readonly<{
  provider: 'azure';
  tenantId: string;
  subscriptionId: string;
  displayName: string | null;
  /** Enabled, Disabled, Warned, PastDue or Deleted. */
  state: string | null;
  /** When the list that it is in was complete. */
  asOf: Date;
}>;

/** A tenant's list of subscriptions, complete at `asOf`. Many requests share it. */
export type TenantSubscriptions = Readonly<{
  subscriptions: readonly AzureSubscription[];
  asOf: Date;
  /** It is answered only because a later listing failed, with this code. */
  stale?: { code: ErrorCode };
}>;

export type ListOptions = {
  /** Ends the waiting of whoever asks; the listing only when nobody else waits for it. */
  gone?: AbortSignal | undefined;
  /** What was listed before does not do: Azure is asked, and its failure is an error. */
  refresh?: boolean | undefined;
};

export type AzureSubscriptions = {
  /**
   * All subscriptions of a tenant that the gateway's app registration may see, over all pages; listed less than
   * AZURE_CACHE_SECONDS ago, or stale while Azure fails.
   *
   * @throws GatewayError with an AZURE_* code and the tenant, at the latest at the deadline; the reason of `gone`
   */
  list(tenantId: string, options?: ListOptions): Promise<TenantSubscriptions>;
};

/** More than any tenant has. */
const mostSubscriptions = 20_000;

/** Tenants that are listed at the same time. */
const mostListings = 64;

/** Subscription ids are GUIDs; an id of any length would be kept in sessions. */
const subscriptionIdForm = /^[\w-]{1,64}$/;
const longestText = 1000;

/** Lists subscriptions through the Azure SDK, as the app's service principal: once for everybody who asks. */
export function createAzureSubscriptions(
  config: AzureConfig,
  { log, watch, now = Date.now }: Surroundings,
): AzureSubscriptions {
  return createSharedListings({
    listTenant: createListTenant(config, { watch, now }),
    cacheSeconds: config.cacheSeconds,
    log,
    now,
  });
}

/** Asks Azure. A listing that waits for its turn has its deadline all the same. */
function createListTenant(config: AzureConfig, { watch, now }: { watch: WatchUpstream; now: () => number }) {
  const { timeoutMs } = config;
  const clients = createTenantClients(config, azureEndpoints(config));
  const turns = createTurns(mostListings);

  async function list(tenantId: string, abandoned: AbortSignal): Promise<TenantSubscriptions> {
    const sdk = await loadAzureSdk(); // what that takes, once in a process, is not for Azure to answer in
    const listing = createListing(timeoutMs, abandoned);
    let tenant: TenantClient | undefined;
    let isWaiting = true;
    try {
      return await turns.during(listing.signal, () => {
        isWaiting = false;
        return beforeEnd(
          listing.signal,
          listings.run(listing, async () => {
            tenant = clients.of(tenantId, sdk);
            return complete(await listAll(tenant.client, tenantId), now());
          }),
        );
      });
    } catch (error) {
      if (abandoned.aborted) throw abandoned.reason;
      const authority = tenant?.authority;
      if (authorityFailed(authority) || isUnauthorized(error)) clients.forget(tenantId);
      const isLate = listing.deadline.aborted;
      throw azureError(error, { tenantId, timeoutMs, isLate, isWaiting, authority });
    }
  }

  return (tenantId: string, abandoned: AbortSignal) =>
    watch({ cloud: 'azure', operation: 'list subscriptions' }, () => list(tenantId, abandoned));
}

type Listed = Omit<AzureSubscription, 'asOf'>;

async function listAll(client: TenantClient['client'], tenantId: string): Promise<Listed[]> {
  const found: Listed[] = [];
  for await (const page of client.subscriptions.list().byPage()) {
    if (found.length + page.length > mostSubscriptions)
      throw new BadListing(`the list has more than ${mostSubscriptions} subscriptions`);
    for (const item of page) found.push(subscriptionOf(item, tenantId));
  }
  return found;
}

/** Frozen, as nobody who shares it may change it. */
function complete(found: Listed[], at: number): TenantSubscriptions {
  const asOf = new Date(at);
  const subscriptions = Object.freeze(found.map((each) => Object.freeze({ ...each, asOf })));
  return Object.freeze({ subscriptions, asOf });
}

/** What the SDK declares of an item and does not check. */
function subscriptionOf(item: Subscription, tenantId: string): Listed {
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
