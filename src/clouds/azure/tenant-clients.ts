import type { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import type { AzureConfig } from '../../config.ts';
import { BadListing } from './bad-listing.ts';
import { shareConnections } from './connections.ts';
import type { AzureEndpoints } from './endpoints.ts';
import { listings } from './listing.ts';
import {
  endWith,
  keepToListing,
  keepToResourceManager,
  limitAnswers,
  type Policy,
  repeatWhenReset,
} from './request-policies.ts';
import { retryAtOf } from './retry-after.ts';
import type { AzureSdk } from './sdk.ts';

/** How many tenants keep their client; the one longest unused goes first. */
const mostClients = 500;

/** The longest answers that are read, in bytes: of Resource Manager, a page of some thousand subscriptions. */
const mostPageBytes = 5_000_000;
const mostTokenBytes = 1_000_000;

/**
 * How the authority answered the last request for a token. The SDK's own errors do not tell a refusal from an outage.
 * `retryAt`: when it wants to be asked again, in milliseconds since 1970.
 */
export type AuthorityAnswer = 'no answer' | BadListing | { status: number; retryAt: number | undefined };

export type TenantClient = { client: SubscriptionClient; authority?: AuthorityAnswer };

/**
 * One credential and one client per tenant: the credential holds the tenant's token cache, so that a token is
 * fetched once an hour and not once a request.
 */
export function createTenantClients(config: AzureConfig, endpoints: AzureEndpoints) {
  const tenants = new Map<string, TenantClient>();
  const connections = shareConnections();

  function createClient(tenantId: string, sdk: AzureSdk): TenantClient {
    const { ClientSecretCredential, SubscriptionClient } = sdk;
    const credential = new ClientSecretCredential(tenantId, config.clientId, config.clientSecret, {
      authorityHost: endpoints.authorityHost,
      disableInstanceDiscovery: !endpoints.knownAuthority,
      ...noSecondThoughts,
      additionalPolicies: [
        {
          policy: noteAuthority((answer) => Object.assign(tenant, { authority: answer })),
          position: 'perCall',
        },
        ...nextToTheWire(connections, limitAnswers(mostTokenBytes)),
      ],
    });
    const client = new SubscriptionClient(credential, {
      endpoint: endpoints.resourceManager,
      credentials: { scopes: [endpoints.resourceManagerScope] },
      ...noSecondThoughts,
      additionalPolicies: [
        { policy: keepToResourceManager(endpoints.resourceManager), position: 'perCall' },
        { policy: keepToListing, position: 'perCall' },
        { policy: repeatWhenReset, position: 'perCall' },
        ...nextToTheWire(connections, limitAnswers(mostPageBytes)),
      ],
    });
    const tenant: TenantClient = { client };
    return tenant;
  }

  return {
    /** @throws Error when the SDK refuses the tenant's id */
    of(tenantId: string, sdk: AzureSdk): TenantClient {
      const tenant = tenants.get(tenantId) ?? createClient(tenantId, sdk);
      tenants.delete(tenantId);
      tenants.set(tenantId, tenant);
      const [oldest] = tenants.keys();
      if (tenants.size > mostClients && oldest !== undefined) tenants.delete(oldest);
      return tenant;
    },

    /**
     * The next listing starts afresh. After a failure the SDK's credential answers by itself for a minute (MSAL's
     * throttling), and waits for a request that hangs; either would outlast the failure.
     */
    forget(tenantId: string): void {
      tenants.delete(tenantId);
    },
  };
}

/** Behind the SDK's own policies. */
const nextToTheWire = (...policies: Policy[]) =>
  policies.map((policy) => ({ policy, position: 'perRetry' as const }));

/** Neither a retry, whose waits know no deadline, nor a redirect: Azure sends none, and a circle of them is long. */
const noSecondThoughts = { retryOptions: { maxRetries: 0 }, redirectOptions: { maxRetries: 0 } };

/** Notes how the authority answers, and ends the requests to it with the listing that made them. */
const noteAuthority = (note: (answer: AuthorityAnswer) => void): Policy => ({
  name: 'noteAuthority',
  async sendRequest(request, next) {
    const listing = listings.getStore();
    if (listing) endWith(request, listing.deadline);
    note('no answer');
    try {
      const response = await next(request);
      note({ status: response.status, retryAt: retryAtOf(response.headers.get('retry-after')) });
      return response;
    } catch (error) {
      if (error instanceof BadListing) note(error);
      else if (isUnparsed(error)) note({ status: error.statusCode, retryAt: undefined });
      throw error;
    }
  },
});

/** The SDK's error for an answer that came and is not JSON. */
const isUnparsed = (error: unknown): error is Error & { statusCode: number } =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
