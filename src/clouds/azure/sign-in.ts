import { customFetch, discovery, enableNonRepudiationChecks } from 'openid-client';
import type { AzureConfig } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Claims, SignInOffer, SignInProvider } from '../cloud.ts';
import type { AzureAccount } from './account.ts';
import { azureEndpoints } from './endpoints.ts';
import type { AzureSubscriptions } from './subscriptions.ts';

/** Tenant ids and domains as the Azure SDK accepts them; anything else must not reach a URL. */
const tenantPattern = /^[0-9a-zA-Z-.]+$/;
const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The one authority whose `{tenantid}` issuer openid-client handles by itself. */
const publicAuthority = 'https://login.microsoftonline.com';

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
}): SignInProvider {
  const { config, subscriptions, log } = options;
  const endpoints = azureEndpoints(config);

  return {
    ...azureOffer,
    openid: () => discoverEntra(config),
    authorizationParameters: (accounts) => ({
      scope: `openid profile email offline_access ${endpoints.resourceManagerScope}`,
      ...(accounts.some((account) => account.provider === 'azure') && { prompt: 'select_account' }),
    }),
    async accountOf(claims) {
      const tenantId = tenantOf(claims, config.authorityTenant);
      return {
        provider: 'azure',
        tenantId,
        displayName: displayName(claims),
        subscriptions: await listedOrNone(tenantId),
      } satisfies AzureAccount;
    },
  };

  async function listedOrNone(tenantId: string): Promise<string[]> {
    try {
      return (await subscriptions.list(tenantId)).map((subscription) => subscription.subscriptionId);
    } catch (err) {
      log.warn({ err, tenantId }, 'Signed in without subscriptions: listing them failed');
      return [];
    }
  }
}

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
    [customFetch]: (url, { body, ...init }) =>
      fetch(url.replace(`${publicAuthority}${path}`, `${authorityHost}${path}`), {
        ...init,
        body: body ?? null,
      }),
  });
}

/**
 * @throws GatewayError SIGN_IN_FAILED when the token names no tenant, or another than the one signed in to
 */
function tenantOf(claims: Claims, authorityTenant: string): string {
  const tenantId = claims.tid;
  if (typeof tenantId !== 'string' || !tenantPattern.test(tenantId)) {
    throw new GatewayError(
      'SIGN_IN_FAILED',
      'Microsoft signed you in without naming a tenant (no tid claim); sign in with a work or school account',
    );
  }
  if (guidPattern.test(authorityTenant) && tenantId.toLowerCase() !== authorityTenant.toLowerCase()) {
    throw new GatewayError(
      'SIGN_IN_FAILED',
      'The account belongs to another tenant than this gateway signs in to',
    );
  }
  return tenantId;
}

/** The name, else the user name, as the original chose it. */
function displayName(claims: Claims): string {
  for (const claim of [claims.name, claims.preferred_username]) {
    if (typeof claim === 'string' && claim !== '') return claim;
  }
  return 'Azure account';
}
