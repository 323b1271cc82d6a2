/** What a tab starts with; `variables` is JSON. */
export type Example = { query: string; variables?: string };

const sandboxRole = 'arn:aws:iam::987654321098:role/MultiCloudManagerRole';

const me = `# Who is signed in in this browser.
# Also answers when nobody is.
#
# Ctrl-Enter runs an operation,
# Ctrl-Space completes a field. The book
# on the left documents every field.

query Me {
  me {
    loggedIn
    name
    email
    sessionExpiresAt
  }
}
`;

const accounts = `# The connected accounts of all clouds;
# none when nobody is signed in. What all
# have is in ConnectedAccount, what only
# one cloud has is in its own type.

query Accounts {
  accounts {
    __typename
    ... on ConnectedAccount {
      id
      provider
      displayName
    }
    ... on AzureAccount {
      tenantId
      subscriptions
    }
    ... on GcpAccount {
      email
    }
    ... on AwsAccount {
      roleArn
      accountId
    }
  }
}
`;

const azureSubscriptions = `# The subscriptions of all Azure tenants,
# asked of Azure now. When a tenant fails
# this is null, and an error names it.

query AzureSubscriptions {
  azureSubscriptions {
    id
    tenantId
    subscriptionId
    displayName
    state
  }
}
`;

const connectAwsAccount = `# Connects an AWS role; sign in before.
# The role in the variables below is the
# sandbox's: where this gateway talks to
# AWS itself, put in one of your own.

mutation ConnectAwsAccount($roleArn: String!) {
  connectAwsAccount(roleArn: $roleArn) {
    account {
      id
      displayName
      accountId
    }
  }
}
`;

const disconnectAccount = `# Takes an account out of the session.
# The variables below hold its id, as
# the query Accounts gives it. The user
# stays signed in.

mutation DisconnectAccount($id: ID!) {
  disconnectAccount(id: $id) {
    id
    accounts {
      ... on ConnectedAccount {
        id
      }
    }
  }
}
`;

const logout = `# Ends the session. The answers in all
# tabs are cleared. Also answers when
# nobody is signed in.

mutation Logout {
  logout {
    message
  }
}
`;

const variablesOf = (variables: Record<string, string>): string => JSON.stringify(variables, null, 2);

/** The tabs of a first visit: each operation of the schema once. Tokens are asked for by none of them. */
export const examples: Example[] = [
  { query: me },
  { query: accounts },
  { query: azureSubscriptions },
  { query: connectAwsAccount, variables: variablesOf({ roleArn: sandboxRole }) },
  { query: disconnectAccount, variables: variablesOf({ id: `aws:${sandboxRole}` }) },
  { query: logout },
];
