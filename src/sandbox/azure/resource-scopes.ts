import type { ResourceServer } from 'oidc-provider';

/** A scope that names an API by its URL, `https://management.azure.com/.default` for one. */
const RESOURCE_SCOPE = /^(https:\/\/[^\s]+)\/(?:\.default|user_impersonation)$/;

/** An hour and a bit less, as Entra answers when asked for nothing else. */
export const ACCESS_TOKEN_SECONDS = 3599;

/** The API that a request's scopes name: the first, as Entra gives a token for one API at a time. */
export function resourceOf(scope: string | undefined): string | undefined {
  for (const name of scope?.split(' ') ?? []) {
    const resource = RESOURCE_SCOPE.exec(name)?.[1];
    if (resource !== undefined) return resource;
  }
  return undefined;
}

/** What may be asked of an API. Every https URL is an API here: public, usgov and china have different ones. */
export function resourceServer(resource: string): ResourceServer {
  return {
    scope: `${resource}/.default ${resource}/user_impersonation`,
    audience: resource,
    accessTokenTTL: ACCESS_TOKEN_SECONDS,
    accessTokenFormat: 'opaque',
  };
}
