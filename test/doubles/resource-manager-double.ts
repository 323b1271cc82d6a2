import type { AzureDoubleState } from './azure-double.ts';
import type { Answer, Cut, Question } from './https-server.ts';

const refused = (status: number, code: string): Answer => ({
  status,
  body: { error: { code, message: `The double refused: ${code}` } },
});

/** The subscriptions of a tenant, or so many of them. */
export const subscriptionsOf = (tenant: string, count = 2, from = 0) =>
  Array.from({ length: count }, (_, at) => {
    const index = from + at;
    const subscriptionId = `${tenant.slice(0, 8)}-0000-4000-8000-${String(index).padStart(12, '0')}`;
    return {
      id: `/subscriptions/${subscriptionId}`,
      subscriptionId,
      tenantId: tenant,
      displayName: ['Production', 'Development'][index] ?? `Subscription ${index}`,
      state: 'Enabled',
    };
  });

/**
 * `GET /subscriptions` of Azure Resource Manager
 * (learn.microsoft.com/rest/api/resources/subscriptions/list): for the bearers of an application's token, pages
 * joined by `nextLink`; two with a subscription each, unless told otherwise.
 */
export function createResourceManagerDouble(state: AzureDoubleState) {
  return async ({ method, url, authorization }: Question): Promise<Answer | Cut> => {
    const tenant = state.applicationTokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
    const page = url.searchParams.get('$skiptoken') ?? '1';
    state.requests.push({ endpoint: 'subscriptions', authority: tenant ?? '', values: { page } });
    const failure = state.failing.get('subscriptions');
    if (failure) return failure;
    if (method !== 'GET' || url.pathname !== '/subscriptions') return refused(404, 'NotFound');
    if (!url.searchParams.has('api-version')) return refused(400, 'MissingApiVersionParameter');
    if (tenant === undefined) return refused(401, 'InvalidAuthenticationToken');
    await state.beforeListing();

    const { pages, perPage } = state.listed;
    const value = subscriptionsOf(tenant, perPage, (Number(page) - 1) * perPage);
    if (Number(page) >= pages) return { status: 200, body: { value } };
    const nextLink = new URL(url);
    nextLink.searchParams.set('$skiptoken', String(Number(page) + 1));
    return { status: 200, body: { value, nextLink: nextLink.href } };
  };
}
