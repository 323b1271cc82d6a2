/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The clouds. Lower-case, because these are the values that the original REST API documents. */
export type CloudProvider =
  /** Amazon Web Services */
  | 'aws'
  /** Microsoft Azure */
  | 'azure'
  /** Google Cloud Platform */
  | 'gcp';

export type ConsoleQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleQuery = { me: { __typename: 'CurrentUser', loggedIn: boolean, name: string | null, email: string | null, sessionExpiresAt: string | null }, accounts: Array<
    | { __typename: 'AwsAccount', id: string, provider: CloudProvider, displayName: string | null, roleArn: string, accountId: string }
    | { __typename: 'AzureAccount', id: string, provider: CloudProvider, displayName: string | null, tenantId: string }
    | { __typename: 'GcpAccount', id: string, provider: CloudProvider, displayName: string | null, email: string | null }
  > };

export type ConsoleSubscriptionsQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleSubscriptionsQuery = { me: { __typename: 'CurrentUser', loggedIn: boolean, name: string | null, email: string | null, sessionExpiresAt: string | null }, accounts: Array<
    | { __typename: 'AwsAccount', id: string }
    | { __typename: 'AzureAccount', id: string, subscriptionDetails: Array<{ __typename: 'AzureSubscription', id: string, subscriptionId: string, displayName: string | null, state: string | null }> | null }
    | { __typename: 'GcpAccount', id: string }
  > };

export type ConsoleConnectAwsMutationVariables = Exact<{
  roleArn: string;
}>;


export type ConsoleConnectAwsMutation = { connectAwsAccount: { __typename: 'ConnectAwsAccountPayload', account: { __typename: 'AwsAccount', id: string } } };

export type ConsoleDisconnectMutationVariables = Exact<{
  id: string | number;
}>;


export type ConsoleDisconnectMutation = { disconnectAccount: { __typename: 'DisconnectAccountPayload', id: string } };

export type ConsoleLogoutMutationVariables = Exact<{ [key: string]: never; }>;


export type ConsoleLogoutMutation = { logout: { __typename: 'LogoutPayload', message: string } };


export const ConsoleDocument = {"__meta__":{"hash":"sha256:3df4a71eb72006b71978abe4c492c8228baae171cc0effe3d5e262f272f1162f"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Console"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"loggedIn"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"sessionExpiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"accounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConnectedAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AzureAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenantId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GcpAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"email"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AwsAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"roleArn"}},{"kind":"Field","name":{"kind":"Name","value":"accountId"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleQuery, ConsoleQueryVariables>;
export const ConsoleSubscriptionsDocument = {"__meta__":{"hash":"sha256:5b721cd5c7dc24b6574affae4f9a0e90515740599ee926f261c6e0efca954c61"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsoleSubscriptions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"loggedIn"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"sessionExpiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"accounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConnectedAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AzureAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriptionDetails"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"subscriptionId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"state"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleSubscriptionsQuery, ConsoleSubscriptionsQueryVariables>;
export const ConsoleConnectAwsDocument = {"__meta__":{"hash":"sha256:03a78d33ca5f1e0122ae04e2fcde1a734a8485a02bdd76a78db84d2845348b32"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsoleConnectAws"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"roleArn"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"connectAwsAccount"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"roleArn"},"value":{"kind":"Variable","name":{"kind":"Name","value":"roleArn"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<ConsoleConnectAwsMutation, ConsoleConnectAwsMutationVariables>;
export const ConsoleDisconnectDocument = {"__meta__":{"hash":"sha256:3ed5b60f03e5564678ea389faee408a5f7f2b7845ec6a7128aea4de6001358c4"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsoleDisconnect"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disconnectAccount"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]} as unknown as DocumentNode<ConsoleDisconnectMutation, ConsoleDisconnectMutationVariables>;
export const ConsoleLogoutDocument = {"__meta__":{"hash":"sha256:ac0d064c1e806ec07f9ef96d9b869f6cefaf076a3fb34c75455512db4fea5640"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConsoleLogout"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"logout"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<ConsoleLogoutMutation, ConsoleLogoutMutationVariables>;