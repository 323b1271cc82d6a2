/** What a tab starts with; `variables` is JSON. */
export type Example = { query: string; variables?: string };

const sandboxRole = 'arn:aws:iam::987654321098:role/MultiCloudManagerRole';

const me = `# Who is signed in in this browser. Also answers when nobody is.
#
# Ctrl-Enter runs an operation, Ctrl-Space completes a field. The book
# on the left is the documentation of every type and field.

query Me {
  me {
    loggedIn
    name
    email
    sessionExpiresAt
  }
}
`;

const accounts = `# The connected accounts of all clouds; an empty list when nobody is
# signed in. What all have in common is in the interface
# ConnectedAccount, what only one cloud has is in its own type.

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

const azureSubscriptions = `# The subscriptions of all connected Azure tenants, asked of Azure now.
# When a tenant fails the field is null, and an error names the tenant.

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

const connectAwsAccount = `# Connects an AWS role to the session; somebody has to be signed in.
# The role is in the variables below: it is the sandbox's, so where
# this gateway talks to AWS itself put in one of your own.

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

const disconnectAccount = `# Takes an account out of the session. The variables below hold its
# id, as the query Accounts gives it. The user stays signed in.

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

const logout = `# Ends the session: its record is deleted, its cookie expired. The
# answers in all tabs are cleared. Also answers when nobody is signed in.

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
