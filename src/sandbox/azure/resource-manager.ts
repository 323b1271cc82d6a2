import { randomUUID } from 'node:crypto';
import { type EndpointGate, waitFor } from '../endpoint-gate.ts';
import { type Exchange, type Handler, sendJson } from '../exchange.ts';
import type { SandboxTenant } from '../people.ts';
import {
  sendArmError,
  sendDenied,
  sendInvalidToken,
  sendThrottled,
  sendWrongAudience,
} from './arm-errors.ts';
import type { Directory } from './directory.ts';
import { subscriptionPage } from './subscription-page.ts';

const SLOW_LISTING_MS = 5_000;

/**
 * Azure Resource Manager, as far as listing subscriptions goes. The bearer token decides the tenant, be it the
 * app's own or a person's.
 *
 * @see https://learn.microsoft.com/en-us/rest/api/resources/subscriptions/list
 */
export function createResourceManager(options: {
  directory: Directory;
  origins: { identity: string; resourceManager: string };
  gate: EndpointGate;
}): Handler {
  const { directory, origins, gate } = options;

  return async (exchange) => {
    const { pathname, searchParams } = exchange.url;
    if (pathname !== '/subscriptions' || exchange.request.method !== 'GET') {
      sendArmError(exchange, 404, { code: 'NotFound', message: `The sandbox has nothing at ${pathname}.` });
      return;
    }
    if (!(await gate.admit('arm.subscriptions', exchange))) return;
    if (!searchParams.get('api-version')) {
      const message = 'The api-version query parameter (?api-version=) is required for all requests.';
      sendArmError(exchange, 400, { code: 'MissingApiVersionParameter', message });
      return;
    }
    await list(exchange);
  };

  async function list(exchange: Exchange): Promise<void> {
    const bearer = await readBearer(directory, exchange.request.headers.authorization);
    if (bearer === undefined) sendInvalidToken(exchange, origins.identity);
    else if (!bearer.isForAnApi) sendWrongAudience(exchange);
    else if (bearer.tenant.listing === 'denied') sendDenied(exchange);
    else if (bearer.tenant.listing === 'throttled') sendThrottled(exchange);
    else if (bearer.tenant.listing !== 'slow' || (await waitFor(SLOW_LISTING_MS, exchange))) {
      const page = subscriptionPage(bearer.tenant, exchange.url, origins.resourceManager);
      if (page === undefined) {
        sendArmError(exchange, 400, { code: 'InvalidSkipToken', message: 'The $skiptoken is not valid.' });
      } else {
        sendJson(exchange, 200, page, { 'x-ms-request-id': randomUUID() });
      }
    }
  }
}

/** Finds a token's tenant by asking every tenant's identity provider, since its tokens are opaque. */
async function readBearer(
  directory: Directory,
  authorization: string | undefined,
): Promise<{ tenant: SandboxTenant; isForAnApi: boolean } | undefined> {
  const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return undefined;
  for (const { tenant, provider } of directory.entries()) {
    const found = (await provider.ClientCredentials.find(token)) ?? (await provider.AccessToken.find(token));
    if (found !== undefined) return { tenant, isForAnApi: found.aud !== undefined };
  }
  return undefined;
}
