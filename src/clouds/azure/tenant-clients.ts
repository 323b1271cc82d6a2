import { AsyncLocalStorage } from 'node:async_hooks';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { ClientSecretCredential } from '@azure/identity';
import type { AzureConfig } from '../../config.ts';
import type { AzureEndpoints } from './endpoints.ts';
import { BadListing } from './listing-errors.ts';

/** How many tenants keep their client; the one longest unused goes first. */
const mostClients = 500;

/** What the requests of one listing share. */
export type Listing = {
  signal: AbortSignal;
  /**
   * How the authority answered the last request to it: the SDK's own errors do not tell a refusal from an outage.
   * Undefined: it was not asked, because the token is cached.
   */
  authority?: 'no answer' | number;
};

export type TenantClients = ReturnType<typeof createTenantClients>;

/** The policy type of the Azure pipeline, which the SDK does not export by itself. */
type Policy = Parameters<SubscriptionClient['pipeline']['addPolicy']>[0];

/**
 * One credential and one client per tenant: the credential holds the tenant's token cache, so that a token is
 * fetched once an hour and not once a request.
 */
export function createTenantClients(config: AzureConfig, endpoints: AzureEndpoints) {
  const clients = new Map<string, SubscriptionClient>();
  const listings = new AsyncLocalStorage<Listing>();

  /** The listing that a request belongs to; the request ends with it. */
  function joinListing(request: Parameters<Policy['sendRequest']>[0]): Listing | undefined {
    const listing = listings.getStore();
    if (listing && !request.abortSignal) request.abortSignal = listing.signal;
    return listing;
  }

  /** Ends the requests to the authority with their listing, and notes how it answered. */
  const watchAuthority: Policy = {
    name: 'watchAuthority',
    async sendRequest(request, next) {
      const listing = joinListing(request);
      if (!listing) return next(request);
      listing.authority = 'no answer';
      const response = await next(request);
      listing.authority = response.status;
      return response;
    },
  };

  /**
   * The SDK hands a listing's signal to the first page only, and follows `nextLink` wherever it points, with the
   * token: whoever writes one must not collect tokens.
   */
  const keepToResourceManager: Policy = {
    name: 'keepToResourceManager',
    sendRequest(request, next) {
      assertSameOrigin(request.url, endpoints.resourceManager);
      joinListing(request);
      return next(request);
    },
  };

  function createClient(tenantId: string): SubscriptionClient {
    const credential = new ClientSecretCredential(tenantId, config.clientId, config.clientSecret, {
      authorityHost: endpoints.authorityHost,
      disableInstanceDiscovery: !endpoints.knownAuthority,
      retryOptions: { maxRetries: 0 },
      additionalPolicies: [{ policy: watchAuthority, position: 'perCall' }],
    });
    const client = new SubscriptionClient(credential, {
      endpoint: endpoints.resourceManager,
      credentials: { scopes: [endpoints.resourceManagerScope] },
      retryOptions: { maxRetries: 0 },
    });
    client.pipeline.addPolicy(keepToResourceManager);
    client.pipeline.addPolicy(repeatWhenReset);
    return client;
  }

  return {
    /** @throws Error when the SDK refuses the tenant's id */
    of(tenantId: string): SubscriptionClient {
      const client = clients.get(tenantId) ?? createClient(tenantId);
      clients.delete(tenantId);
      clients.set(tenantId, client);
      const [oldest] = clients.keys();
      if (clients.size > mostClients && oldest !== undefined) clients.delete(oldest);
      return client;
    },

    /**
     * The next listing starts afresh. After a failure the SDK's credential answers by itself for a minute (MSAL's
     * throttling), and waits for a request that hangs; either would outlast the failure.
     */
    forget(tenantId: string): void {
      clients.delete(tenantId);
    },

    /** Runs `work` so that all its requests belong to `listing`. */
    during<T>(listing: Listing, work: () => Promise<T>): Promise<T> {
      return listings.run(listing, work);
    },
  };
}

/**
 * A server may close a connection that stood idle at the moment in which a request is sent over it. Reading can be
 * asked again; more than once would be a retry of its own, for which there is no time.
 */
const repeatWhenReset: Policy = {
  name: 'repeatWhenReset',
  sendRequest: (request, next) =>
    next(request).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') return next(request);
      throw error;
    }),
};

function assertSameOrigin(url: string, resourceManager: string): void {
  if (new URL(url).origin !== new URL(resourceManager).origin)
    throw new BadListing('the list goes on at another host');
}
