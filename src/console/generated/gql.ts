/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Console {\n  me { loggedIn name email sessionExpiresAt }\n  accounts {\n    ... on ConnectedAccount { __typename id provider displayName }\n    ... on AzureAccount { tenantId }\n    ... on GcpAccount { email }\n    ... on AwsAccount { roleArn accountId }\n  }\n}": typeof types.ConsoleDocument,
    "query ConsoleSubscriptions {\n  me { loggedIn sessionExpiresAt }\n  accounts {\n    ... on ConnectedAccount { __typename id }\n    ... on AzureAccount { subscriptionDetails { id subscriptionId displayName state } }\n  }\n}": typeof types.ConsoleSubscriptionsDocument,
    "mutation ConsoleConnectAws($roleArn: String!) {\n  connectAwsAccount(roleArn: $roleArn) { account { id } }\n}": typeof types.ConsoleConnectAwsDocument,
    "mutation ConsoleDisconnect($id: ID!) {\n  disconnectAccount(id: $id) { id }\n}": typeof types.ConsoleDisconnectDocument,
    "mutation ConsoleLogout { logout { message } }": typeof types.ConsoleLogoutDocument,
};
const documents: Documents = {
    "query Console {\n  me { loggedIn name email sessionExpiresAt }\n  accounts {\n    ... on ConnectedAccount { __typename id provider displayName }\n    ... on AzureAccount { tenantId }\n    ... on GcpAccount { email }\n    ... on AwsAccount { roleArn accountId }\n  }\n}": types.ConsoleDocument,
    "query ConsoleSubscriptions {\n  me { loggedIn sessionExpiresAt }\n  accounts {\n    ... on ConnectedAccount { __typename id }\n    ... on AzureAccount { subscriptionDetails { id subscriptionId displayName state } }\n  }\n}": types.ConsoleSubscriptionsDocument,
    "mutation ConsoleConnectAws($roleArn: String!) {\n  connectAwsAccount(roleArn: $roleArn) { account { id } }\n}": types.ConsoleConnectAwsDocument,
    "mutation ConsoleDisconnect($id: ID!) {\n  disconnectAccount(id: $id) { id }\n}": types.ConsoleDisconnectDocument,
    "mutation ConsoleLogout { logout { message } }": types.ConsoleLogoutDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Console {\n  me { loggedIn name email sessionExpiresAt }\n  accounts {\n    ... on ConnectedAccount { __typename id provider displayName }\n    ... on AzureAccount { tenantId }\n    ... on GcpAccount { email }\n    ... on AwsAccount { roleArn accountId }\n  }\n}"): (typeof documents)["query Console {\n  me { loggedIn name email sessionExpiresAt }\n  accounts {\n    ... on ConnectedAccount { __typename id provider displayName }\n    ... on AzureAccount { tenantId }\n    ... on GcpAccount { email }\n    ... on AwsAccount { roleArn accountId }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ConsoleSubscriptions {\n  me { loggedIn sessionExpiresAt }\n  accounts {\n    ... on ConnectedAccount { __typename id }\n    ... on AzureAccount { subscriptionDetails { id subscriptionId displayName state } }\n  }\n}"): (typeof documents)["query ConsoleSubscriptions {\n  me { loggedIn sessionExpiresAt }\n  accounts {\n    ... on ConnectedAccount { __typename id }\n    ... on AzureAccount { subscriptionDetails { id subscriptionId displayName state } }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ConsoleConnectAws($roleArn: String!) {\n  connectAwsAccount(roleArn: $roleArn) { account { id } }\n}"): (typeof documents)["mutation ConsoleConnectAws($roleArn: String!) {\n  connectAwsAccount(roleArn: $roleArn) { account { id } }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ConsoleDisconnect($id: ID!) {\n  disconnectAccount(id: $id) { id }\n}"): (typeof documents)["mutation ConsoleDisconnect($id: ID!) {\n  disconnectAccount(id: $id) { id }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ConsoleLogout { logout { message } }"): (typeof documents)["mutation ConsoleLogout { logout { message } }"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;