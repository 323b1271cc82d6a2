import type { AzureDoubleState } from './azure-double.ts';
import type { Answer, Cut, Question } from './https-server.ts';

const refused = (status: number, code: string): Answer => ({
  status,
  body: { error: { code, message: `The double refused: ${code}` } },
});

/** The subscriptions of a tenant: two, on a page each. */
export const subscriptionsOf = (tenant: string) =>
  ['Production', 'Development'].map((displayName, index) => ({
    id: `/subscriptions/${tenant.slice(0, 8)}-0000-4000-8000-00000000000${index}`,
    subscriptionId: `${tenant.slice(0, 8)}-0000-4000-8000-00000000000${index}`,
    tenantId: tenant,
    displayName,
    state: 'Enabled',
  }));

/**
 * `GET /subscriptions` of Azure Resource Manager
 * (learn.microsoft.com/rest/api/resources/subscriptions/list): for the bearers of an application's token, two
 * pages joined by `nextLink`.
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

    const [first, second] = subscriptionsOf(tenant);
    if (page === '2') return { status: 200, body: { value: [second] } };
    const nextLink = new URL(url);
    nextLink.searchParams.set('$skiptoken', '2');
    return { status: 200, body: { value: [first], nextLink: nextLink.href } };
  };
}
