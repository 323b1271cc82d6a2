import { AsyncLocalStorage } from 'node:async_hooks';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { ClientSecretCredential } from '@azure/identity';
import type { AzureConfig } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import type { AzureEndpoints } from './endpoints.ts';

/** How many tenants keep their client; the one longest unused goes first. */
const mostClients = 500;

/**
 * One credential and one client per tenant: the credential holds the tenant's token cache, so that a token is
 * fetched once an hour and not once a request.
 */
export function createTenantClients(config: AzureConfig, endpoints: AzureEndpoints) {
  const clients = new Map<string, SubscriptionClient>();
  const listingSignal = new AsyncLocalStorage<AbortSignal>();

  function createClient(tenantId: string): SubscriptionClient {
    const credential = new ClientSecretCredential(tenantId, config.clientId, config.clientSecret, {
      authorityHost: endpoints.authorityHost,
      disableInstanceDiscovery: !endpoints.knownAuthority,
      retryOptions: { maxRetries: 0 },
    });
    const client = new SubscriptionClient(credential, {
      endpoint: endpoints.resourceManager,
      credentials: { scopes: [endpoints.resourceManagerScope] },
      retryOptions: { maxRetries: 0 },
    });
    client.pipeline.addPolicy({
      name: 'keepToResourceManager',
      sendRequest(request, next) {
        assertSameOrigin(request.url, endpoints.resourceManager, tenantId);
        const signal = listingSignal.getStore();
        if (signal && !request.abortSignal) request.abortSignal = signal;
        return next(request);
      },
    });
    return client;
  }

  return {
    of(tenantId: string): SubscriptionClient {
      const client = clients.get(tenantId) ?? createClient(tenantId);
      clients.delete(tenantId);
      clients.set(tenantId, client);
      const [oldest] = clients.keys();
      if (clients.size > mostClients && oldest !== undefined) clients.delete(oldest);
      return client;
    },

    /** Runs `work` so that all its requests end with `signal`; the SDK hands a signal to the first page only. */
    withSignal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
      return listingSignal.run(signal, work);
    },
  };
}

/** The SDK follows `nextLink` wherever it points, with the token: whoever writes one must not collect tokens. */
function assertSameOrigin(url: string, resourceManager: string, tenantId: string): void {
  if (new URL(url).origin === new URL(resourceManager).origin) return;
  throw new GatewayError('AZURE_BAD_RESPONSE', "Azure's list of subscriptions continues on another host", {
    details: { tenantId },
  });
}
