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
    "query Console {\n  me {\n    loggedIn\n    name\n    email\n    sessionExpiresAt\n  }\n  accounts {\n    ... on ConnectedAccount {\n      id\n      provider\n      displayName\n    }\n    ... on AzureAccount {\n      tenantId\n    }\n    ... on GcpAccount {\n      email\n    }\n    ... on AwsAccount {\n      roleArn\n      accountId\n    }\n  }\n}\n\nquery ConsoleSubscriptions {\n  me {\n    loggedIn\n    name\n    email\n    sessionExpiresAt\n  }\n  accounts {\n    ... on ConnectedAccount {\n      id\n    }\n    ... on AzureAccount {\n      subscriptionDetails {\n        id\n        subscriptionId\n        displayName\n        state\n      }\n    }\n  }\n}\n\nmutation ConsoleConnectAws($roleArn: String!) {\n  connectAwsAccount(roleArn: $roleArn) {\n    account {\n      id\n    }\n  }\n}\n\nmutation ConsoleDisconnect($id: ID!) {\n  disconnectAccount(id: $id) {\n    id\n  }\n}\n\nmutation ConsoleLogout {\n  logout {\n    message\n  }\n}": typeof types.ConsoleDocument,
};
const documents: Documents = {
    "query Console {\n  me {\n    loggedIn\n    name\n    email\n    sessionExpiresAt\n  }\n  accounts {\n    ... on ConnectedAccount {\n      id\n      provider\n      displayName\n    }\n    ... on AzureAccount {\n      tenantId\n    }\n    ... on GcpAccount {\n      email\n    }\n    ... on AwsAccount {\n      roleArn\n      accountId\n    }\n  }\n}\n\nquery ConsoleSubscriptions {\n  me {\n    loggedIn\n    name\n    email\n    sessionExpiresAt\n  }\n  accounts {\n    ... on ConnectedAccount {\n      id\n    }\n    ... on AzureAccount {\n      subscriptionDetails {\n        id\n        subscriptionId\n        displayName\n        state\n      }\n    }\n  }\n}\n\nmutation ConsoleConnectAws($roleArn: String!) {\n  connectAwsAccount(roleArn: $roleArn) {\n    account {\n      id\n    }\n  }\n}\n\nmutation ConsoleDisconnect($id: ID!) {\n  disconnectAccount(id: $id) {\n    id\n  }\n}\n\nmutation ConsoleLogout {\n  logout {\n    message\n  }\n}": types.ConsoleDocument,
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
export function graphql(source: "query Console {\n  me {\n    loggedIn\n    name\n    email\n    sessionExpiresAt\n  }\n  accounts {\n    ... on ConnectedAccount {\n      id\n      provider\n      displayName\n    }\n    ... on AzureAccount {\n      tenantId\n    }\n    ... on GcpAccount {\n      email\n    }\n    ... on AwsAccount {\n      roleArn\n      accountId\n    }\n  }\n}\n\nquery ConsoleSubscriptions {\n  me {\n    loggedIn\n    name\n    email\n    sessionExpiresAt\n  }\n  accounts {\n    ... on ConnectedAccount {\n      id\n    }\n    ... on AzureAccount {\n      subscriptionDetails {\n        id\n        subscriptionId\n        displayName\n        state\n      }\n    }\n  }\n}\n\nmutation ConsoleConnectAws($roleArn: String!) {\n  connectAwsAccount(roleArn: $roleArn) {\n    account {\n      id\n    }\n  }\n}\n\nmutation ConsoleDisconnect($id: ID!) {\n  disconnectAccount(id: $id) {\n    id\n  }\n}\n\nmutation ConsoleLogout {\n  logout {\n    message\n  }\n}"): (typeof documents)["query Console {\n  me {\n    loggedIn\n    name\n    email\n    sessionExpiresAt\n  }\n  accounts {\n    ... on ConnectedAccount {\n      id\n      provider\n      displayName\n    }\n    ... on AzureAccount {\n      tenantId\n    }\n    ... on GcpAccount {\n      email\n    }\n    ... on AwsAccount {\n      roleArn\n      accountId\n    }\n  }\n}\n\nquery ConsoleSubscriptions {\n  me {\n    loggedIn\n    name\n    email\n    sessionExpiresAt\n  }\n  accounts {\n    ... on ConnectedAccount {\n      id\n    }\n    ... on AzureAccount {\n      subscriptionDetails {\n        id\n        subscriptionId\n        displayName\n        state\n      }\n    }\n  }\n}\n\nmutation ConsoleConnectAws($roleArn: String!) {\n  connectAwsAccount(roleArn: $roleArn) {\n    account {\n      id\n    }\n  }\n}\n\nmutation ConsoleDisconnect($id: ID!) {\n  disconnectAccount(id: $id) {\n    id\n  }\n}\n\nmutation ConsoleLogout {\n  logout {\n    message\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;