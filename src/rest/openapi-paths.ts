import { openapiPath } from './api-links.ts';
import { azureCodes } from './openapi-failures.ts';
import { header } from './openapi-headers.ts';
import { answer, type Operation } from './openapi-operation.ts';
import { signInOperations } from './openapi-sign-ins.ts';
import type { RestPath } from './routes.ts';

/** The example of the documentation, as its sandbox plays it. */
const john = {
  tenantId: '12345678-1234-1234-1234-123456789012',
  production: 'abcd1234-5678-90ab-cdef-1234567890ab',
  roleArn: 'arn:aws:iam::987654321098:role/MultiCloudManagerRole',
  externalId: 'mcm-0123456789abcdef0123456789abcdef',
};

const ofEveryAccountRead = ['SESSION_STORE_UNAVAILABLE', 'CONFLICT'] as const;

const restOperations: Record<RestPath, Operation> = {
  '/api/user': {
    method: 'GET',
    operationId: 'getUser',
    tag: 'Session',
    summary: 'Who is signed in',
    description: 'Never 401: nobody being signed in is an answer too.',
    answers: {
      200: answer('CurrentUser', 'Who is signed in, or that nobody is.', {
        'Somebody is signed in': { logged_in: true, name: 'John Doe' },
        'Their provider gave no name': { logged_in: true, name: null },
        'Nobody is': { logged_in: false },
      }),
    },
    refusals: ['SESSION_STORE_UNAVAILABLE'],
    session: 'optional',
  },
  '/api/accounts': {
    method: 'GET',
    operationId: 'getAccounts',
    tag: 'Accounts',
    summary: 'The connected accounts',
    description:
      'A bare array, empty where nobody is signed in. Tokens of Google are refreshed on the way when they are due.',
    answers: {
      200: answer('CloudAccounts', 'The accounts of this session.', {
        'One account of each cloud': [
          {
            provider: 'azure',
            tenantId: john.tenantId,
            displayName: 'John Doe',
            subscriptions: [john.production],
          },
          {
            provider: 'gcp',
            email: 'john.doe@example.com',
            displayName: 'John Doe',
            access_token: 'ya29.a0Af…',
            refresh_token: '1//0g…',
          },
          {
            provider: 'aws',
            displayName: 'AWS Account (987654321098)',
            roleArn: john.roleArn,
            externalId: john.externalId,
            accountId: '987654321098',
          },
        ],
        'Nobody is signed in': [],
      }),
    },
    refusals: ofEveryAccountRead,
    session: 'optional',
  },
  '/api/subscriptions': {
    method: 'GET',
    operationId: 'getSubscriptions',
    tag: 'Accounts',
    summary: 'The Azure subscriptions of all connected tenants',
    description:
      'Asks Azure, so it takes as long as Azure does. One tenant that fails fails all of it, with 500 and the tenant in the message; over GraphQL the others go on.',
    answers: {
      200: answer('AzureSubscriptions', 'The subscriptions; none where nobody is signed in.', {
        'One subscription': {
          value: [
            {
              provider: 'azure',
              tenantId: john.tenantId,
              subscriptionId: john.production,
              displayName: 'Production Subscription',
            },
          ],
        },
        'Nobody is signed in': { value: [] },
      }),
    },
    refusals: [...azureCodes, 'SESSION_STORE_UNAVAILABLE'],
    session: 'optional',
  },
  '/api/logout': {
    method: 'GET',
    operationId: 'logout',
    tag: 'Session',
    summary: 'Sign out',
    description:
      'Deletes the session and takes its cookie; also works where nobody is signed in. HEAD signs out as well. Pages of other origins cannot call it.',
    answers: {
      200: {
        ...answer('LoggedOut', 'Signed out.', { 'Signed out': { message: 'Wylogowano' } }),
        headers: { 'Set-Cookie': header('Set-Cookie-Expired') },
      },
    },
    refusals: ['FORBIDDEN_ORIGIN', 'LOGOUT_INCOMPLETE'],
    session: 'optional',
  },
  '/api/account/aws/config': {
    method: 'GET',
    operationId: 'getAwsConfig',
    tag: 'AWS',
    summary: 'What the trust policy of an AWS role has to name',
    description:
      'The role must allow `sts:AssumeRole` to `awsAccountId`, on the condition that `sts:ExternalId` is `externalId`. Where the operator has set one external id for everybody (`AWS_EXTERNAL_ID`), nobody has to be signed in.',
    answers: {
      200: answer('AwsTrust', 'The two values.', {
        'Somebody is signed in': { awsAccountId: '123456789012', externalId: john.externalId },
      }),
    },
    refusals: ['UNAUTHENTICATED', 'NOT_FOUND', 'SESSION_STORE_UNAVAILABLE'],
    session: 'required',
  },
  '/api/account/aws/add': {
    method: 'POST',
    operationId: 'addAwsAccount',
    tag: 'AWS',
    summary: 'Connect an AWS role',
    description:
      'The gateway assumes the role, and sees that nobody can without the external id. The same role again takes the place of the one that is there. Pages of other origins cannot call it. Where the operator has set `AWS_EXTERNAL_ID`, nobody has to be signed in, and the answer starts a session.',
    requestBody: {
      required: true,
      description: 'JSON in UTF-8, at most 100 kB, as it is or compressed (`gzip`, `deflate`, `br`).',
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/AwsRole' },
          examples: { role: { summary: 'A role', value: { roleArn: john.roleArn } } },
        },
      },
    },
    answers: {
      201: {
        ...answer('AwsAdded', 'Connected; it is among the accounts now.', {
          Connected: { message: 'Konto AWS 987654321098 pomyślnie dodane.' },
        }),
        headers: { 'Set-Cookie': header('Set-Cookie-Session') },
      },
    },
    refusals: [
      'UNAUTHENTICATED',
      'FORBIDDEN_ORIGIN',
      'NOT_FOUND',
      'PAYLOAD_TOO_LARGE',
      'AWS_ROLE_INVALID',
      'AWS_ROLE_REFUSED',
      'AWS_TRUST_TOO_OPEN',
      'AWS_UNAVAILABLE',
      'SESSION_STORE_UNAVAILABLE',
      'CONFLICT',
    ],
    session: 'required',
  },
};

const probe = { method: 'GET', tag: 'Operations', refusals: [], session: 'ignored', isProbe: true } as const;

const otherOperations: Record<string, Operation> = {
  '/healthz': {
    ...probe,
    operationId: 'getHealth',
    summary: 'Whether the process lives',
    description: 'Asks nothing of anybody.',
    answers: { 200: answer('Health', 'It does.', { Alive: { status: 'ok' } }) },
  },
  '/readyz': {
    ...probe,
    operationId: 'getReadiness',
    summary: 'Whether requests can be sent here',
    description: 'The session store answers, and the gateway is not about to stop.',
    answers: {
      200: answer('Ready', 'They can.', { Ready: { status: 'ready' } }),
      503: answer('NotReady', 'They are to be sent elsewhere.', { Stopping: { status: 'draining' } }),
    },
  },
  [openapiPath]: {
    method: 'GET',
    operationId: 'getOpenApi',
    tag: 'Operations',
    summary: 'This description',
    description: 'An OpenAPI 3.1 document, the same for everybody; it reads no session.',
    answers: { 200: answer('OpenApi', 'The document.') },
    refusals: [],
    session: 'ignored',
  },
};

/** Every path that the description has, and what there is to say of it. */
export const operations: Record<string, Operation> = {
  ...restOperations,
  ...signInOperations,
  ...otherOperations,
};
