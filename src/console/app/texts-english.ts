import type { FailureKind } from './failures.ts';

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** Everything that the page says, in English. Errors of the gateway are in English already. */
export const english = {
  language: 'Language',
  product: 'Multi-cloud session gateway',
  skip: 'Skip to content',
  providers: { azure: 'Microsoft Azure', gcp: 'Google Cloud', aws: 'Amazon Web Services' } as Record<
    string,
    string
  >,

  reading: 'Reading your session…',
  signingOut: 'Signing out…',
  ended: 'Your session has ended. Sign in again to go on.',
  mayBeSignedIn: 'You may still be signed in.',
  tryAgain: 'Try again',
  requestId: 'Request ID',

  title: 'One session for all your clouds',
  lead: 'Sign in once and see your connected cloud accounts, with the subscriptions of every Azure tenant. The gateway keeps the session on the server; GraphQL and the original REST paths answer from the same one.',
  signInWith: (provider: string) => `Sign in with ${provider}`,
  noSignIn: 'This gateway offers no sign-in: its operator has configured none.',
  signInFailed: 'The sign-in did not succeed',
  backTo: (host: string) => `Back to ${host}`,

  signedIn: 'Signed in',
  validUntil: 'Session valid until',
  signOut: 'Sign out',
  accounts: 'Connected accounts',
  noAccounts: 'No cloud account is connected to this session.',
  accountOf: (provider: string) => `${provider} account`,
  tenantId: 'Tenant ID',
  email: 'E-mail',
  accountId: 'Account ID',
  roleArn: 'Role ARN',

  disconnect: 'Disconnect',
  disconnectQuestion: 'Disconnect?',
  disconnecting: 'Disconnecting…',
  disconnected: 'Account disconnected.',
  disconnectedUnread: 'The account is disconnected; reload the page to see that.',
  yes: 'Yes',
  no: 'No',

  subscriptionsOf: (name: string | null | undefined, tenantId: string) =>
    `Subscriptions of ${name ? `${name}, ` : ''}tenant ${tenantId}`,
  loadingSubscriptions: 'Loading subscriptions…',
  subscriptionsLoaded: 'Subscriptions updated.',
  subscriptionsFailed: (failed: number, asked: number) =>
    `The subscriptions of ${failed} of ${asked} tenants could not be listed; each says why.`,
  retry: 'Retry',
  subscriptionCount: (count: number) => plural(count, 'subscription', 'subscriptions'),
  found: (found: number, all: string) => `${found} of ${all}`,
  searchSubscriptions: 'Search subscriptions',
  nameOrId: 'Name or ID',
  name: 'Name',
  subscriptionId: 'Subscription ID',
  state: 'State',
  unnamed: 'Unnamed',
  unknownState: 'Unknown',
  states: {} as Record<string, string>,

  connectAnother: 'Connect another account',
  signInWithOne: 'Sign in with',
  withRole: 'with an IAM role',
  readingTrust: 'Reading what AWS has to trust…',
  trustLead:
    'In AWS, give the role a trust policy that lets this account assume it, and only with this external ID.',
  awsAccountId: 'AWS account ID',
  externalId: 'External ID',
  trustPolicy: 'Trust policy',
  copy: 'Copy',
  copied: 'Copied.',
  selected: 'Selected; copy it with your keyboard.',
  connectRole: 'Connect role',
  connectedUnread: 'The role is connected; reload the page to see it.',
  connectingRole: 'Connecting… The gateway asks AWS whether it may assume this role.',

  endpoint: 'GraphQL endpoint',
  playground: 'GraphQL playground',
  restPaths: 'REST paths',

  failures: {
    unreachable: 'The gateway cannot be reached. Check the network connection.',
    late: 'The gateway took too long to answer.',
    unreadable: "The gateway's answer cannot be read.",
    refused: 'The gateway, or something before it, refused the request.',
    notListed: "The gateway did not list this account's subscriptions.",
    sessionLimit: 'This session has reached its time limit.',
  } satisfies Record<FailureKind, string> as Record<FailureKind, string>,
  /** What the gateway's codes mean; empty where its own message can be shown as it is. */
  codes: {} as Record<string, string>,
};

/** What a language has to say. */
export type Texts = typeof english;
