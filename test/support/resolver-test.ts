import type { AwsRoles } from '../../src/clouds/aws/roles.ts';
import type { Account } from '../../src/clouds/cloud.ts';
import { accountId, findAccount } from '../../src/clouds/clouds.ts';
import type { AccountTokens } from '../../src/clouds/tokens.ts';
import { type ErrorCode, GatewayError } from '../../src/errors.ts';
import { withRequest } from '../../src/graphql/error-format.ts';
import { createGraphqlServer } from '../../src/graphql/server.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import { createViewer } from '../../src/viewer.ts';
import type { GraphqlAnswer } from './browser.ts';
import { createMemoryLog } from './memory-log.ts';

export type ResolverTestOptions = {
  /** What Azure lists, by tenant id; a GatewayError is thrown instead. Tenants that are not named have nothing. */
  subscriptions?: Record<string, ListedSubscription[] | GatewayError>;
  /** The tenants whose list is an older one, by id, and the code of the failure behind that. */
  stale?: Record<string, ErrorCode>;
  /** The AWS account behind each role that may be assumed; a GatewayError is thrown instead. AWS is off without it. */
  roles?: Record<string, string | GatewayError>;
  /** The tokens that an account has when it is looked at, by account id; a GatewayError is thrown instead. */
  tokens?: Record<string, AccountTokens | GatewayError>;
  tokenExposure?: 'full' | 'none';
  expiresAt?: Date;
  variables?: Record<string, unknown>;
};

/** A subscription, as short as a test wants to write it. */
export type ListedSubscription = { subscriptionId: string; displayName?: string; state?: string };

/** When every list of a test was complete. */
export const listedAt = new Date('2026-01-31T12:00:00.000Z');

const optionNames = ['subscriptions', 'stale', 'roles', 'tokens', 'tokenExposure', 'expiresAt', 'variables'];

/**
 * Runs an operation on the real schema and resolvers against a session literal, without HTTP:
 *
 *     const { data } = await execute('{ me { name } }', { user: { name: 'Ada' } });
 *     expect(data).toEqual({ me: { name: 'Ada' } });
 *
 * @throws Error for an option or a tenant that the session knows nothing of: the test would pass on empty lists
 */
export async function execute(
  query: string,
  session: GatewaySession = {},
  options: ResolverTestOptions = {},
): Promise<GraphqlAnswer & { session: GatewaySession }> {
  assertMeant(session, options);
  const graphql = createGraphqlServer({
    introspection: true,
    isForeign: () => false,
    log: createMemoryLog().log,
  });
  let held = session;
  const viewer = createViewer({
    session: {
      data: () => held,
      expiresAt: () => options.expiresAt,
      async start(started) {
        held = started;
      },
      async update(change) {
        held = change(held);
        return true;
      },
      async end() {
        held = {};
      },
    },
    azure: {
      async list(tenantId, { refresh = false } = {}) {
        const listed = options.subscriptions?.[tenantId] ?? [];
        if (listed instanceof GatewayError) throw listed;
        const subscriptions = listed.map((subscription) => ({
          provider: 'azure' as const,
          tenantId,
          displayName: null,
          state: null,
          asOf: listedAt,
          ...subscription,
        }));
        const code = options.stale?.[tenantId];
        if (code && refresh) throw new GatewayError(code, 'Listing failed', { details: { tenantId } });
        return { subscriptions, asOf: listedAt, ...(code && { stale: { code } }) };
      },
    },
    aws: options.roles && rolesOf(options.roles),
    async freshTokens(account) {
      const held: Account = account;
      const tokens = options.tokens?.[accountId(account)] ?? held;
      if (tokens instanceof GatewayError) throw tokens;
      return tokens;
    },
    tokenExposure: options.tokenExposure ?? 'full',
  });
  const { body } = await withRequest({ requestId: 'resolver-test', codes: new Set() }, () =>
    graphql.executeOperation({ query, variables: options.variables ?? {} }, { contextValue: { viewer } }),
  );
  if (body.kind !== 'single') throw new Error('an incremental answer');
  return { ...(JSON.parse(JSON.stringify(body.singleResult)) as GraphqlAnswer), session: held };
}

/** AWS as the roles of a test make it; the external id of `{ sub: 'ada' }` is `mcm-ada`. */
const rolesOf = (roles: Record<string, string | GatewayError>): AwsRoles => ({
  awsAccountId: '123456789012',
  openToAnybody: false,
  externalIdOf: ({ sub }) => (typeof sub === 'string' ? `mcm-${sub}` : undefined),
  async verified(roleArn, externalId) {
    const accountId = roles[roleArn] ?? new GatewayError('AWS_ROLE_REFUSED', 'no such role');
    if (accountId instanceof GatewayError) throw accountId;
    return { provider: 'aws', displayName: `AWS Account (${accountId})`, roleArn, externalId, accountId };
  },
});

function assertMeant(session: GatewaySession, options: ResolverTestOptions): void {
  const unknown = Object.keys(options).filter((name) => !optionNames.includes(name));
  if (unknown.length > 0)
    throw new Error(`execute knows no option ${unknown}; it has ${optionNames.join(', ')}`);
  assertTokensMeant(session, options.tokens ?? {});
  const tenants = (session.accounts ?? []).flatMap((account) =>
    account.provider === 'azure' ? [account.tenantId] : [],
  );
  const foreign = Object.keys({ ...options.subscriptions, ...options.stale }).filter(
    (tenantId) => !tenants.includes(tenantId),
  );
  if (foreign.length > 0) throw new Error(`No Azure account of the session has the tenant ${foreign}`);
}

/** Tokens of no account of the session, or of one that was connected without any, would never be looked at. */
function assertTokensMeant(session: GatewaySession, tokens: Record<string, unknown>): void {
  for (const id of Object.keys(tokens)) {
    const account = findAccount(session.accounts ?? [], id);
    if (!account || !('access_token' in account))
      throw new Error(`No account of the session has the id ${id} and an access_token to be refreshed`);
  }
}
