import type { SandboxTenant } from '../people.ts';

const PAGE_SIZE = 50;

/**
 * One page of a tenant's subscriptions in Azure Resource Manager's form. `nextLink` is absolute, on `origin`, and
 * carries the place to go on from; undefined when the request's own place is none.
 */
export function subscriptionPage(
  tenant: SandboxTenant,
  requested: URL,
  origin: string,
): Record<string, unknown> | undefined {
  const start = parseSkipToken(requested.searchParams.get('$skiptoken'));
  if (start === undefined) return undefined;
  const end = start + PAGE_SIZE;
  const value = tenant.subscriptions.slice(start, end).map(({ id, displayName, state = 'Enabled' }) => ({
    id: `/subscriptions/${id}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: id,
    tenantId: tenant.id,
    displayName,
    state,
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  }));
  return {
    value,
    count: { type: 'Total', value: tenant.subscriptions.length },
    ...(end < tenant.subscriptions.length ? { nextLink: nextLink(requested, origin, end) } : {}),
  };
}

function nextLink(requested: URL, origin: string, start: number): string {
  const link = new URL('/subscriptions', origin);
  link.searchParams.set('api-version', requested.searchParams.get('api-version') ?? '');
  link.searchParams.set('$skiptoken', Buffer.from(`from:${start}`).toString('base64url'));
  return link.href;
}

function parseSkipToken(token: string | null): number | undefined {
  if (token === null) return 0;
  const start = /^from:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  return start === undefined ? undefined : Number(start);
}
