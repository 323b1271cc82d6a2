import type { AzureConfig } from '../../config.ts';

/** Where one Azure cloud signs people in, lists their resources, and the scope of a token for that. */
export type AzureEndpoints = {
  authorityHost: string;
  resourceManager: string;
  resourceManagerScope: string;
  /** Microsoft's own authorities are known to the SDK; for another one it must not ask Microsoft about it. */
  knownAuthority: boolean;
};

export const publicAuthority = 'https://login.microsoftonline.com';

/**
 * The endpoints of the national clouds; they belong together, a token of one is worth nothing at another.
 * Source: learn.microsoft.com/entra/identity-platform/authentication-national-cloud and
 * learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure.
 */
const clouds = {
  public: {
    authorityHost: publicAuthority,
    resourceManager: 'https://management.azure.com',
  },
  usgov: {
    authorityHost: 'https://login.microsoftonline.us',
    resourceManager: 'https://management.usgovcloudapi.net',
  },
  china: {
    authorityHost: 'https://login.chinacloudapi.cn',
    resourceManager: 'https://management.chinacloudapi.cn',
  },
} as const;

/**
 * The endpoints that the configuration names. The token scope is always the cloud's: a regional or private
 * Resource Manager endpoint still takes tokens for its cloud's audience.
 */
export function azureEndpoints(config: AzureConfig): AzureEndpoints {
  const cloud = clouds[config.cloud];
  return {
    authorityHost: config.authorityHost ?? cloud.authorityHost,
    resourceManager: config.resourceManagerEndpoint ?? cloud.resourceManager,
    resourceManagerScope: `${cloud.resourceManager}/.default`,
    knownAuthority: config.authorityHost === undefined || config.authorityHost === cloud.authorityHost,
  };
}
