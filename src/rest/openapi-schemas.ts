import { clouds } from '../clouds/clouds.ts';
import { allCodes } from './openapi-failures.ts';

type Schema = Readonly<Record<string, unknown>>;

const text = (description: string, more: Schema = {}): Schema => ({ type: 'string', description, ...more });
const textOrNull = (description: string): Schema => ({ type: ['string', 'null'], description });
const accountNumber = '^[0-9]{12}$';
const roleArn = '^arn:(aws|aws-cn|aws-us-gov):iam::[0-9]{12}:role/[!-~]+$';

/** An object of exactly these keys, all of them there. */
const exactly = (description: string, properties: Record<string, Schema>): Schema => ({
  type: 'object',
  description,
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
});

/** What the keys of accounts mean, in any cloud. */
const accountKeys: Record<string, Schema> = {
  displayName: textOrNull('For people to read.'),
  tenantId: text('The Microsoft Entra tenant.'),
  subscriptions: {
    type: 'array',
    description:
      'Ids of the subscriptions that there were at sign-in; `/api/subscriptions` has the live ones.',
    items: text('The id of a subscription.'),
  },
  email: text('The Google account.'),
  access_token: textOrNull(
    'Good for Google Cloud; refreshed when it is due. Null where this gateway shows no tokens, or the account has to be signed in to again.',
  ),
  refresh_token: textOrNull('As `access_token`; null too where Google gave none.'),
  roleArn: text('The IAM role that is assumed.', { pattern: roleArn }),
  externalId: text('What the trust policy of the role demands.'),
  accountId: text('The AWS account of the role.', { pattern: accountNumber }),
};

/** One account as `GET /api/accounts` shows it: exactly the keys that its cloud says. */
const accountSchema = ({ provider, restKeys }: (typeof clouds)[number]): Schema =>
  exactly(
    `A connected account of the cloud \`${provider}\`.`,
    Object.fromEntries(
      restKeys.map((key) => [
        key,
        key === 'provider' ? { const: provider, description: 'The cloud.' } : (accountKeys[key] ?? {}),
      ]),
    ),
  );

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const bodies = {
  CurrentUser: {
    description: 'Who is signed in in this browser.',
    oneOf: [
      exactly('Somebody is.', {
        logged_in: { const: true },
        name: textOrNull('Null for somebody whose provider gave no name.'),
      }),
      exactly('Nobody is.', { logged_in: { const: false } }),
    ],
  },
  CloudAccount: {
    description: 'One connected account.',
    oneOf: clouds.map(({ typeName }) => ref(typeName)),
    discriminator: {
      propertyName: 'provider',
      mapping: Object.fromEntries(clouds.map(({ provider, typeName }) => [provider, ref(typeName).$ref])),
    },
  },
  CloudAccounts: {
    type: 'array',
    description: 'In the order in which they were connected.',
    items: ref('CloudAccount'),
  },
  AzureSubscription: exactly(
    'A subscription, as Azure listed it, at most AZURE_CACHE_SECONDS ago while Azure answers.',
    {
      provider: { const: 'azure', description: 'The cloud.' },
      tenantId: text('The tenant that it is in.'),
      subscriptionId: text('Its id, which is not always a UUID.'),
      displayName: textOrNull('For people to read.'),
    },
  ),
  AzureSubscriptions: exactly('Of all connected tenants, in the order of the accounts.', {
    value: { type: 'array', items: ref('AzureSubscription') },
  }),
  LoggedOut: exactly('The session is gone.', { message: { const: 'Wylogowano' } }),
  AwsTrust: exactly('What the trust policy of a role has to name, so that this user can connect it.', {
    awsAccountId: text('The AWS account of the gateway, as principal.', { pattern: accountNumber }),
    externalId: text("This user's own value of `sts:ExternalId`; it stays the same."),
  }),
  AwsRole: {
    type: 'object',
    description: 'The role to connect; anything else in the body is ignored.',
    required: ['roleArn'],
    properties: { roleArn: text('Its ARN, without spaces.', { pattern: roleArn, maxLength: 2048 }) },
  },
  AwsAdded: exactly('The role is connected.', { message: text('For people to read, in Polish.') }),
  Health: exactly('The process lives.', { status: { const: 'ok' } }),
  Ready: exactly('Requests can be sent here.', { status: { const: 'ready' } }),
  NotReady: exactly('Requests are to be sent elsewhere.', {
    status: { enum: ['draining', 'session store unavailable'] },
  }),
  ErrorCode: { type: 'string', description: 'For programs; it stays the same.', enum: allCodes },
  Error: {
    ...exactly('Every refusal and failure.', {
      error: text('For people: what failed, and what to do.'),
      code: ref('ErrorCode'),
      requestId: text('Finds the request in the log of the gateway; as `X-Request-Id`.'),
    }),
    examples: [
      {
        error: 'Nobody is signed in; sign in first',
        code: 'UNAUTHENTICATED',
        requestId: '6d9f2c0e-3b5a-4a53-9a43-2f3f6f1e8a11',
      },
    ],
  },
  OpenApi: {
    type: 'object',
    description: 'An OpenAPI document (spec.openapis.org/oas/v3.1).',
    required: ['openapi', 'info', 'servers', 'paths', 'components'],
    properties: { openapi: { type: 'string', pattern: '^3\\.1\\.' } },
  },
} satisfies Record<string, Schema>;

export type SchemaName = keyof typeof bodies;

/** The bodies of this API, by name, and the accounts of each cloud. */
export const schemas: Readonly<Record<string, Schema>> = {
  ...bodies,
  ...Object.fromEntries(clouds.map((cloud) => [cloud.typeName, accountSchema(cloud)])),
};
