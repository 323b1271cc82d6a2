import type { AzureSubscription } from '../../src/clouds/azure/subscriptions.ts';
import { GatewayError } from '../../src/errors.ts';
import { withRequestId } from '../../src/graphql/error-format.ts';
import { createGraphqlServer } from '../../src/graphql/server.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import { createViewer } from '../../src/viewer.ts';
import type { GraphqlAnswer } from './browser.ts';
import { createMemoryLog } from './memory-log.ts';

export type ResolverTestOptions = {
  /** What Azure lists, by tenant id; a GatewayError is thrown instead. Tenants that are not named have nothing. */
  subscriptions?: Record<string, AzureSubscription[] | GatewayError>;
  tokenExposure?: 'full' | 'none';
  expiresAt?: Date;
};

/**
 * Runs an operation on the real schema and resolvers against a session literal, without HTTP:
 *
 *     const { data } = await execute('{ me { name } }', { user: { name: 'Ada' } });
 *     expect(data).toEqual({ me: { name: 'Ada' } });
 */
export async function execute(
  query: string,
  session: GatewaySession = {},
  options: ResolverTestOptions = {},
): Promise<GraphqlAnswer & { session: GatewaySession }> {
  const graphql = createGraphqlServer({ introspection: true, log: createMemoryLog().log });
  let held = session;
  const viewer = createViewer({
    session: {
      data: () => held,
      expiresAt: () => options.expiresAt,
      async end() {
        held = {};
      },
    },
    azure: {
      async list(tenantId) {
        const listed = options.subscriptions?.[tenantId] ?? [];
        if (listed instanceof GatewayError) throw listed;
        return listed;
      },
    },
    tokenExposure: options.tokenExposure ?? 'full',
  });
  const requestId = 'resolver-test';
  const { body } = await withRequestId(requestId, () =>
    graphql.executeOperation({ query }, { contextValue: { viewer, requestId } }),
  );
  if (body.kind !== 'single') throw new Error('an incremental answer');
  return { ...(JSON.parse(JSON.stringify(body.singleResult)) as GraphqlAnswer), session: held };
}
