import { accountId } from '../../src/clouds/clouds.ts';
import type { SampleSession } from './sample-sessions.ts';

export type OperationName = 'me' | 'accounts' | '/api/user' | '/api/accounts';

/** Something that a front end asks for. */
export type Operation = {
  name: OperationName;
  title: string;
  method: 'GET' | 'POST';
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** What the answer has to be for a session; `sessionExpiresAt` is checked apart and left out. */
  expected(session: SampleSession): unknown;
};

/** How Apollo Client names itself in every request. */
const clientLibrary = { name: '@apollo/client', version: '4.3.8' };

/** What a browser's fetch tells of a front end on another origin. */
const origin = { Origin: 'http://localhost:3000' };

function graphql(name: OperationName, query: string, expected: Operation['expected']): Operation {
  const [, operationName] = /^query (\w+)/.exec(query) ?? [];
  return {
    name,
    title: `GraphQL \`${name}\``,
    method: 'POST',
    path: '/graphql',
    // As Apollo Client 4 sends them.
    headers: {
      Accept: 'application/graphql-response+json,application/json;q=0.9',
      'Content-Type': 'application/json',
      ...origin,
    },
    body: JSON.stringify({ operationName, variables: {}, extensions: { clientLibrary }, query }),
    expected,
  };
}

const rest = (path: '/api/user' | '/api/accounts', expected: Operation['expected']): Operation => ({
  name: path,
  title: `\`GET ${path}\``,
  method: 'GET',
  path,
  headers: { Accept: 'application/json', ...origin },
  expected,
});

const me = graphql(
  'me',
  'query Me { me { loggedIn name email sessionExpiresAt } }',
  ({ data: { user } }) => ({
    data: { me: { loggedIn: true, name: user?.name, email: user?.email } },
  }),
);

const typeNames = { azure: 'AzureAccount', gcp: 'GcpAccount', aws: 'AwsAccount' };

const accounts = graphql(
  'accounts',
  `query Accounts {
  accounts {
    __typename
    ... on ConnectedAccount { id provider displayName }
    ... on AzureAccount { tenantId subscriptions }
    ... on GcpAccount { email }
    ... on AwsAccount { roleArn externalId accountId }
  }
}`,
  ({ data }) => ({
    data: {
      accounts: data.accounts?.map((account) => {
        const { access_token, refresh_token, ...shown } = { access_token: '', refresh_token: '', ...account };
        return { __typename: typeNames[account.provider], id: accountId(account), ...shown };
      }),
    },
  }),
);

/** All that is measured, in the order in which it is shown. */
export const operations: readonly Operation[] = [
  me,
  accounts,
  rest('/api/user', ({ data: { user } }) => ({ logged_in: true, name: user?.name })),
  rest('/api/accounts', ({ data }) => data.accounts),
];

/** The operations with these names, in their order. */
export const operationsNamed = (names: readonly OperationName[]): Operation[] =>
  operations.filter(({ name }) => names.includes(name));

/** Whose request it is, and the address that a proxy would name for it. */
export type Client = { cookie: string; address: string };

/** The bytes of a request as they go over a connection. */
export function requestBytes(operation: Operation, port: number, client: Client): Buffer {
  const { method, path, headers, body = '' } = operation;
  const all = {
    Host: `127.0.0.1:${port}`,
    Connection: 'keep-alive',
    ...headers,
    ...(body && { 'Content-Length': Buffer.byteLength(body) }),
    Cookie: client.cookie,
    'X-Forwarded-For': client.address,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
