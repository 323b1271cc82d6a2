import { customFetch, discovery, enableNonRepudiationChecks } from 'openid-client';
import type { AzureConfig } from '../../config.ts';
import { isTenant } from '../../config-values.ts';
import type { Log } from '../../log.ts';
import type { WatchUpstream } from '../../upstream.ts';
import { textOrNull } from '../claims.ts';
import type { Claims, SignInOffer, SignInProvider, UnverifiedClaims } from '../cloud.ts';
import { openidFetch } from '../openid-fetch.ts';
import type { AzureAccount } from './account.ts';
import { azureEndpoints, publicAuthority } from './endpoints.ts';
import { preloadAzureSdk } from './sdk.ts';
import type { AzureSubscriptions } from './subscriptions.ts';

export const azureOffer: SignInOffer = {
  provider: 'azure',
  label: 'Microsoft',
  loginPath: '/api/login/azure',
  callbackPath: '/getAToken',
  settings: ['AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'AZURE_TENANT_ID'],
};

/**
 * Sign-in with Microsoft Entra ID (learn.microsoft.com/entra/identity-platform/v2-protocols-oidc).
 *
 * The subscriptions of the tenant are listed on the way; where that fails the account is connected with none,
 * and the reason is logged.
 */
export function azureSignIn(options: {
  config: AzureConfig;
  subscriptions: AzureSubscriptions;
  log: Log;
  watch: WatchUpstream;
}): SignInProvider<AzureAccount> {
  const { config, subscriptions, log, watch } = options;
  const endpoints = azureEndpoints(config);

  return {
    ...azureOffer,
    watch,
    async openid() {
      const discovered = await discoverEntra(config);
      preloadAzureSdk();
      return discovered;
    },
    authorizationParameters: (connected) => ({
      scope: `openid profile email offline_access ${endpoints.resourceManagerScope}`,
      ...(connected.length > 0 && { prompt: 'select_account' }),
    }),
    refusal: (claims) => tenantRefusal(claims, config.authorityTenant),
    async accountOf(claims, tokens) {
      const tenantId = String(claims.tid);
      return {
        provider: 'azure',
        tenantId,
        displayName: displayName(claims),
        subscriptions: await listedOrNone(tenantId),
        ...tokens,
      };
    },
  };

  async function listedOrNone(tenantId: string): Promise<string[]> {
    try {
      const { subscriptions: listed } = await subscriptions.list(tenantId);
      return listed.slice(0, mostStored).map(({ subscriptionId }) => subscriptionId);
    } catch (err) {
      log.warn({ err, tenantId }, 'Signed in without subscriptions: listing them failed');
      return [];
    }
  }
}

/** How many ids are kept in the session, which every request reads; the live list has them all. */
const mostStored = 1000;

/**
 * Reads the authority's metadata. For `organizations`, `common` and a tenant's domain name Entra publishes
 * another issuer than the URL it is found under, with `{tenantid}` in it for the first two; each token is then
 * checked against the issuer of its own `tid`. openid-client does so for the public authority alone, by the URL
 * it is given, so it is given that URL and the request goes to the configured host: what is believed is what
 * that host answers over TLS, in every cloud.
 */
async function discoverEntra(config: AzureConfig) {
  const { authorityHost } = azureEndpoints(config);
  const path = `/${config.authorityTenant}/v2.0`;
  return discovery(new URL(`${publicAuthority}${path}`), config.clientId, config.clientSecret, undefined, {
    execute: [enableNonRepudiationChecks],
    timeout: Math.ceil(config.timeoutMs / 1000),
    [customFetch]: (url, init) =>
      openidFetch(url.replace(`${publicAuthority}${path}`, `${authorityHost}${path}`), init),
  });
}

/**
 * The tenant has to be there, to be the one that issued the token, and the one signed in to where that is one by
 * its id.
 */
function tenantRefusal(claims: UnverifiedClaims, authorityTenant: string): string | undefined {
  const { tid, iss } = claims;
  if (typeof tid !== 'string' || !isTenant(tid)) {
    return 'the token names no tenant (tid); sign in with a work or school account';
  }
  const issuingTenant = String(iss).split('/').find(isGuid);
  if (issuingTenant !== undefined && !isSameTenant(issuingTenant, tid)) {
    return 'the token names another tenant than the one that issued it';
  }
  if (isGuid(authorityTenant) && !isSameTenant(authorityTenant, tid)) {
    return 'the account belongs to another tenant than this gateway signs in to';
  }
  return undefined;
}

const isGuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
const isSameTenant = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The name, else the user name, as the original chose it. */
const displayName = (claims: Claims): string =>
  textOrNull(claims.name) ?? textOrNull(claims.preferred_username) ?? 'Azure account';
