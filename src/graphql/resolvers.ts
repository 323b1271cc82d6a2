import { accountId, type CloudAccount, cloudOf, clouds } from '../clouds/clouds.ts';
import { dateTime } from './date-time.ts';
import type { Resolvers } from './generated/resolver-types.ts';

const accountType = (account: CloudAccount) => cloudOf(account).typeName;

/** The fields that the accounts of every cloud answer in the same way. */
const connectedAccount = { id: accountId };
const accountsOfAllClouds = Object.fromEntries(clouds.map(({ typeName }) => [typeName, connectedAccount]));

/** The schema's fields as the viewer answers them; a field that is missing here is read off the object itself. */
export const resolvers: Resolvers = {
  DateTime: dateTime,

  Query: {
    me: (_root, _args, { viewer }) => viewer.me(),
    accounts: (_root, _args, { viewer }) => [...viewer.accounts()],
    azureSubscriptions: (_root, { refresh }, { viewer }) => viewer.azureSubscriptions({ refresh }),
  },

  Mutation: {
    logout: (_root, _args, { viewer }) => viewer.logout(),
    async connectAwsAccount(_root, { roleArn }, { viewer }) {
      return { account: await viewer.connectAwsAccount(roleArn) };
    },
    async disconnectAccount(_root, { id }, { viewer }) {
      await viewer.disconnectAccount(id);
      return { id, accounts: [...viewer.accounts()] };
    },
  },

  CloudAccount: { __resolveType: accountType },
  ConnectedAccount: { __resolveType: accountType },

  ...accountsOfAllClouds,
  AzureAccount: {
    ...connectedAccount,
    subscriptions: (account) => account.subscriptions ?? [],
    async subscriptionDetails(account, { refresh }, { viewer }) {
      return [...(await viewer.subscriptionsOf(account, { refresh }))];
    },
  },
  GcpAccount: {
    ...connectedAccount,
    accessToken: async (account, _args, { viewer }) => (await viewer.tokensOf(account)).access_token,
    refreshToken: async (account, _args, { viewer }) => (await viewer.tokensOf(account)).refresh_token,
  },

  AzureSubscription: {
    id: ({ tenantId, subscriptionId }) => `azure:${tenantId}/${subscriptionId}`,
  },
};
