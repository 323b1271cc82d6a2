import { GraphQLScalarType } from 'graphql';
import { DateTimeISOResolver } from 'graphql-scalars';
import { accountId, type CloudAccount } from '../clouds/cloud.ts';
import type { Resolvers } from './generated/resolver-types.ts';

const accountTypes = { azure: 'AzureAccount', gcp: 'GcpAccount', aws: 'AwsAccount' } as const;
const accountType = (account: CloudAccount) => accountTypes[account.provider];

/** The library's scalar under the schema's name and description; its own would be the ones on the wire. */
const dateTime = new GraphQLScalarType({
  ...DateTimeISOResolver.toConfig(),
  name: 'DateTime',
  description: 'An instant in UTC, written as in ISO 8601: 2026-01-31T12:00:00.000Z.',
});

/** The fields that every account answers in the same way. */
const connectedAccount = { id: accountId };

/** The schema's fields as the viewer answers them; a field that is missing here is read off the object itself. */
export const resolvers: Resolvers = {
  DateTime: dateTime,

  Query: {
    me: (_root, _args, { viewer }) => viewer.me(),
    accounts: (_root, _args, { viewer }) => [...viewer.accounts()],
    azureSubscriptions: (_root, _args, { viewer }) => viewer.azureSubscriptions(),
  },

  Mutation: {
    logout: (_root, _args, { viewer }) => viewer.logout(),
  },

  CloudAccount: { __resolveType: accountType },
  ConnectedAccount: { __resolveType: accountType },

  AzureAccount: {
    ...connectedAccount,
    subscriptions: (account) => account.subscriptions ?? [],
    subscriptionDetails: (account, _args, { viewer }) => viewer.subscriptionsOf(account),
  },
  GcpAccount: {
    ...connectedAccount,
    accessToken: (account) => account.access_token ?? null,
    refreshToken: (account) => account.refresh_token ?? null,
  },
  AwsAccount: connectedAccount,

  AzureSubscription: {
    id: ({ tenantId, subscriptionId }) => `azure:${tenantId}/${subscriptionId}`,
  },
};
