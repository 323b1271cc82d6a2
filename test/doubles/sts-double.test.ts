import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { type StsDouble, startStsDouble } from './sts-double.ts';

const ours = 'arn:aws:iam::987654321098:role/ours';
const anyId = 'arn:aws:iam::987654321098:role/path/any';
const open = 'arn:aws:iam::987654321098:role/open';

async function startStsWithRoles(): Promise<StsDouble> {
  const sts = await startStsDouble();
  sts.roles.set(ours, { externalId: 'our-id' });
  sts.roles.set(anyId, { externalId: 'any' });
  sts.roles.set(open, { externalId: 'none needed' });
  return sts;
}

/** The real SDK, asking once. Its credentials are the double's own user, unless others are given. */
function clientOf({ env }: StsDouble, credentials: Partial<Credentials> = {}): STSClient {
  const { AWS_REGION = '', AWS_ENDPOINT_URL_STS = '' } = env;
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = env;
  return new STSClient({
    region: AWS_REGION,
    endpoint: AWS_ENDPOINT_URL_STS,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, ...credentials },
    maxAttempts: 1,
  });
}

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken: string };

const assume = (sts: StsDouble, RoleArn: string, ExternalId?: string) =>
  clientOf(sts).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...(ExternalId && { ExternalId }) }),
  );

test('the double gives credentials out that are canaries, recorded, and of the role', async () => {
  await using sts = await startStsWithRoles();
  const { Credentials: given, AssumedRoleUser } = await assume(sts, ours, 'our-id');
  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::987654321098:assumed-role/ours/session');
  expect(given?.Expiration?.getTime()).toBeGreaterThan(Date.now());
  expect(sts.secrets).toEqual([given?.AccessKeyId, given?.SecretAccessKey, given?.SessionToken]);
  expect(sts.secrets.filter((secret) => !secret.includes('canary'))).toEqual([]);

  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
  expect(await clientOf(sts, credentials).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '987654321098',
    Arn: AssumedRoleUser?.Arn,
  });
  expect(sts.requests).toEqual([
    {
      action: 'AssumeRole',
      roleArn: ours,
      externalId: 'our-id',
      accessKeyId: sts.env.AWS_ACCESS_KEY_ID,
      region: 'eu-central-1',
      hasSecurityToken: false,
    },
    {
      action: 'GetCallerIdentity',
      roleArn: undefined,
      externalId: undefined,
      accessKeyId: credentials.accessKeyId,
      region: 'eu-central-1',
      hasSecurityToken: true,
    },
  ]);
});

test("the double's own user is of its account", async () => {
  await using sts = await startStsWithRoles();
  const identity = await clientOf(sts).send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({ Account: sts.env.AWS_ACCOUNT_ID });
  expect(sts.env.AWS_ACCESS_KEY_ID).toContain('canary');
  expect(sts.env.AWS_SECRET_ACCESS_KEY).toContain('canary');
});

test.each([
  [anyId, 'whatever', 'assumed-role/any/session'],
  [open, undefined, 'assumed-role/open/session'],
  [open, 'whatever', 'assumed-role/open/session'],
])('the double lets %s be assumed with the external id %s', async (role, externalId, ending) => {
  await using sts = await startStsWithRoles();
  const { AssumedRoleUser } = await assume(sts, role, externalId);
  expect(AssumedRoleUser?.Arn).toMatch(new RegExp(`:${ending}$`));
});

test.each([
  [ours, 'another-id'],
  [ours, undefined],
  [anyId, undefined],
  ['arn:aws:iam::987654321098:role/unknown', 'our-id'],
])('the double refuses %s with the external id %s', async (role, externalId) => {
  await using sts = await startStsWithRoles();
  await expect(assume(sts, role, externalId)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(`not authorized to perform: sts:AssumeRole on resource: ${role}`),
    $fault: 'client',
    $metadata: { httpStatusCode: 403, attempts: 1 },
  });
  expect(sts.secrets).toEqual([]);
});

test.each([
  { RoleArn: 'arn:aws:iam::1:role/a-short-account' },
  { RoleArn: 'arn:aws:iam::987654321098:user/<&"no-role">' },
  { RoleSessionName: 'a session' },
  { ExternalId: 'x' },
  { DurationSeconds: 60 },
])('the double refuses %o as malformed', async (changed) => {
  await using sts = await startStsWithRoles();
  const asked = { RoleArn: open, RoleSessionName: 'session', ...changed };
  await expect(clientOf(sts).send(new AssumeRoleCommand(asked))).rejects.toMatchObject({
    name: 'ValidationError',
    $metadata: { httpStatusCode: 400 },
  });
});

test('the double knows neither other access keys nor temporary ones without their token', async () => {
  await using sts = await startStsWithRoles();
  const { Credentials: given } = await assume(sts, open);
  const unknown = [
    { accessKeyId: 'AKIAunknown' },
    { accessKeyId: given?.AccessKeyId ?? '' },
    { sessionToken: 'a token that is not needed' },
  ];
  for (const credentials of unknown) {
    const asked = clientOf(sts, credentials).send(new GetCallerIdentityCommand({}));
    await expect(asked).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  }
});

test('the double answers neither other actions nor unsigned requests', async () => {
  await using sts = await startStsWithRoles();
  const other = clientOf(sts).send(new GetSessionTokenCommand({}));
  await expect(other).rejects.toMatchObject({ name: 'InvalidAction' });
  const unsigned = await fetch(sts.env.AWS_ENDPOINT_URL_STS ?? '', {
    method: 'POST',
    body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }),
  });
  expect(unsigned.status).toBe(403);
  expect(await unsigned.text()).toContain('<Code>MissingAuthenticationToken</Code>');
});

test('what the double repeats of a request is no markup', async () => {
  await using sts = await startStsWithRoles();
  const scope = `${sts.env.AWS_ACCESS_KEY_ID}/20300101/eu-central-1/sts/aws4_request`;
  const answer = await fetch(sts.env.AWS_ENDPOINT_URL_STS ?? '', {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` },
    body: new URLSearchParams({ Action: '<b>&"', Version: '2011-06-15' }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('Could not find operation &#60;b&#62;&#38;&#34; for');
});

test.each([
  [
    { status: 503, code: 'ServiceUnavailable' },
    { name: 'ServiceUnavailable', $fault: 'server' },
  ],
  [
    { status: 400, code: 'Throttling' },
    { name: 'Throttling', $fault: 'client' },
  ],
  [{ status: 403, code: 'RegionDisabledException' }, { name: 'RegionDisabledException' }],
  ['cut', { code: 'ECONNRESET' }],
] as const)('the double fails with %o, records the request, and recovers', async (failure, expected) => {
  await using sts = await startStsWithRoles();
  sts.failure = failure;
  await expect(assume(sts, open)).rejects.toMatchObject(expected);
  sts.failure = undefined;
  await expect(assume(sts, open)).resolves.toBeDefined();
  expect(sts.requests).toHaveLength(2);
});

test('the double hangs until the caller gives up, and can be disposed of while it does', async () => {
  await using sts = await startStsWithRoles();
  sts.failure = 'hang';
  const abort = new AbortController();
  const client = clientOf(sts);
  const asked = client.send(new GetCallerIdentityCommand({}), { abortSignal: abort.signal });
  const left = clientOf(sts).send(new GetCallerIdentityCommand({}));
  await expect.poll(() => sts.requests.length).toBe(2);
  abort.abort();
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  await sts[Symbol.asyncDispose]();
  await expect(left).rejects.toMatchObject({ code: 'ECONNRESET' });
});
