import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import {
  assume,
  assumedIdentity,
  denied,
  EXTERNAL_ID,
  GATEWAY_ARN,
  gatewayKey,
  identityOf,
  ROLE,
  refusal,
  TOO_OPEN,
  UNKNOWN_ROLE,
  whoAmI,
} from './sts-client.ts';
import { startTrustedSandbox } from './support.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startTrustedSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.calls.reset();
  sandbox.faults.clear();
  sandbox.awsRequests.length = 0;
});

describe('a role', () => {
  test('is assumed with the right external id, and its temporary credentials say who they are', async () => {
    const { Credentials, AssumedRoleUser } = await assume(sandbox, ROLE, {
      ExternalId: EXTERNAL_ID,
      RoleSessionName: 'john@example.com',
    });
    const arn = 'arn:aws:sts::987654321098:assumed-role/MultiCloudManagerRole/john@example.com';
    expect(AssumedRoleUser).toEqual({
      Arn: arn,
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:john@example\.com$/),
    });
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(Credentials?.Expiration).toBeInstanceOf(Date);

    expect(await whoAmI(sandbox, { credentials: identityOf(Credentials) })).toMatchObject({
      Account: '987654321098',
      Arn: arn,
      UserId: AssumedRoleUser?.AssumedRoleId,
    });
  });

  test.each([
    { why: 'with another external id', roleArn: ROLE, ExternalId: 'somebody-else' },
    { why: 'with a longer external id', roleArn: ROLE, ExternalId: `${EXTERNAL_ID}0` },
    { why: 'without an external id', roleArn: ROLE },
    { why: 'that does not exist', roleArn: UNKNOWN_ROLE, ExternalId: EXTERNAL_ID },
  ])('is refused $why, always in the same words', async ({ roleArn, ...options }) => {
    await expect(assume(sandbox, roleArn, options)).rejects.toMatchObject(denied(roleArn));
  });

  test.each([{}, { ExternalId: EXTERNAL_ID }, { ExternalId: 'anything' }])(
    'that is too open is assumed with %o',
    async (options) => {
      const { AssumedRoleUser } = await assume(sandbox, TOO_OPEN, options);
      expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::987654321098:assumed-role/TooOpen/session');
    },
  );

  test('trusts the gateway’s user alone, not who has assumed a role already', async () => {
    const credentials = await assumedIdentity(sandbox);
    const callerArn = 'arn:aws:sts::987654321098:assumed-role/MultiCloudManagerRole/session';
    await expect(assume(sandbox, TOO_OPEN, { credentials })).rejects.toMatchObject(
      denied(TOO_OPEN, callerArn),
    );
  });

  test('can be added that trusts one external id; its path is no part of the session’s ARN', async () => {
    const arn = 'arn:aws:iam::111122223333:role/some/path/Reader';
    sandbox.addAwsRole({ arn, trusts: (externalId) => externalId === 'just-this' });
    const { AssumedRoleUser } = await assume(sandbox, arn, { ExternalId: 'just-this' });
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/Reader/session');
    await expect(assume(sandbox, arn, { ExternalId: EXTERNAL_ID })).rejects.toMatchObject(denied(arn));
  });

  test('cannot be added twice, nor with an ARN that is none', () => {
    const trusts = () => true;
    expect(() => sandbox.addAwsRole({ arn: ROLE, trusts })).toThrow('already');
    expect(() => sandbox.addAwsRole({ arn: 'arn:aws:iam::1:role/x', trusts })).toThrow('not the ARN');
  });

  test('trusts the one constant external id of a gateway that has one, and none of the others', async () => {
    await using constant = await startTrustedSandbox({ awsExternalId: 'the-constant-id' });
    expect(await assume(constant, ROLE, { ExternalId: 'the-constant-id' })).toHaveProperty('Credentials');
    await expect(assume(constant, ROLE, { ExternalId: EXTERNAL_ID })).rejects.toMatchObject(denied(ROLE));
    await expect(assume(constant, ROLE)).rejects.toMatchObject(denied(ROLE));
  });
});

describe('AssumeRole names every parameter at fault', () => {
  const member = (name: string, rule: string) => new RegExp(`at '${name}' failed .* Member must ${rule}`);

  test.each([
    ['no role', undefined, {}, member('roleArn', 'not be null')],
    ['a short role', 'arn:aws:iam', {}, member('roleArn', 'have length greater than or equal to 20')],
    ['a long role', `${ROLE}${'x'.repeat(2_048)}`, {}, member('roleArn', 'have length less .* 2048')],
    ['a role that is no ARN', 'MultiCloudManagerRole', {}, /^MultiCloudManagerRole is invalid$/],
    [
      'a short session name',
      ROLE,
      { RoleSessionName: 'x' },
      member('roleSessionName', 'have length greater'),
    ],
    ['a session name in XML', ROLE, { RoleSessionName: '<&"\'>' }, /Value '<&"'>' at 'roleSessionName'/],
    [
      'a short duration',
      ROLE,
      { DurationSeconds: 899 },
      member('durationSeconds', 'have value greater .* 900'),
    ],
    [
      'a long duration',
      ROLE,
      { DurationSeconds: 43_201 },
      member('durationSeconds', 'have value less .* 43200'),
    ],
    ['a short external id', ROLE, { ExternalId: 'x' }, member('externalId', 'have length greater .* 2')],
    ['a long external id', ROLE, { ExternalId: 'x'.repeat(1_225) }, member('externalId', 'have length less')],
    ['an external id with a space', ROLE, { ExternalId: 'a b' }, member('externalId', 'satisfy regular')],
  ])('%s', async (_case, roleArn, options, message) => {
    const error = refusal(400, 'ValidationError', expect.stringMatching(message));
    await expect(assume(sandbox, roleArn, options)).rejects.toMatchObject(error);
  });

  test('two at once', async () => {
    const error = refusal(400, 'ValidationError', expect.stringContaining('2 validation errors detected: '));
    await expect(assume(sandbox, 'x', { ExternalId: 'x' })).rejects.toMatchObject(error);
  });
});

describe('the Query protocol', () => {
  function post(form: Record<string, string>): Promise<Response> {
    return fetch(sandbox.env.AWS_ENDPOINT_URL_STS, { method: 'POST', body: new URLSearchParams(form) });
  }

  test('errors are XML, and what they repeat is escaped', async () => {
    const response = await post({ Action: '<Do>&"\u0000', Version: '2011-06-15' });
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/xml']);
    expect(await response.text()).toBe(
      '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
        '<Code>InvalidAction</Code><Message>Could not find operation &lt;Do&gt;&amp;&quot;\ufffd for version 2011-06-15' +
        `</Message></Error><RequestId>${response.headers.get('x-amzn-requestid')}</RequestId></ErrorResponse>`,
    );
  });

  test.each([
    [{}, 'MissingAction'],
    [{ Action: 'GetSessionToken', Version: '2011-06-15' }, 'InvalidAction'],
    [{ Action: 'AssumeRole' }, 'InvalidAction'],
    [{ Action: 'AssumeRole', Version: '2010-05-08' }, 'InvalidAction'],
  ])('%o is answered with %s', async (form: Record<string, string>, code) => {
    const response = await post(form);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(`<Code>${code}</Code>`);
  });
});

describe('for tests of the gateway', () => {
  test('every call is counted, and what it asked for is kept in order', async () => {
    const credentials = await assumedIdentity(sandbox);
    await whoAmI(sandbox, { credentials });
    await expect(assume(sandbox, UNKNOWN_ROLE)).rejects.toThrow();
    expect(sandbox.calls.count('aws.sts.AssumeRole')).toBe(2);
    expect(sandbox.calls.count('aws.sts.GetCallerIdentity')).toBe(1);
    expect(sandbox.awsRequests).toEqual([
      { action: 'AssumeRole', roleArn: ROLE, externalId: EXTERNAL_ID },
      { action: 'GetCallerIdentity' },
      { action: 'AssumeRole', roleArn: UNKNOWN_ROLE },
    ]);
  });

  test('a failing STS is a 5xx to the SDK, which tries again', async () => {
    sandbox.faults.set('aws.sts.GetCallerIdentity', { status: 503 });
    await expect(whoAmI(sandbox, { maxAttempts: 2 })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 503, attempts: 2 },
    });
    sandbox.faults.set('aws.sts.GetCallerIdentity', { status: 503 }, { times: 1 });
    expect(await whoAmI(sandbox, { maxAttempts: 2 })).toMatchObject({ Arn: GATEWAY_ARN });
    expect(sandbox.calls.count('aws.sts.GetCallerIdentity')).toBe(4);
  });

  test('a connection that is cut is a TimeoutError to the SDK', async () => {
    sandbox.faults.set('aws.sts.AssumeRole', { cut: true });
    await expect(assume(sandbox, TOO_OPEN)).rejects.toMatchObject({
      name: 'TimeoutError',
      code: 'ECONNRESET',
    });
    expect(sandbox.calls.count('aws.sts.AssumeRole')).toBe(1);
  });

  test('an answer that comes late comes as always, or can be given up', async () => {
    sandbox.faults.set('aws.sts.GetCallerIdentity', { delayMs: 20 }, { times: 1 });
    expect(await whoAmI(sandbox)).toMatchObject({ Arn: GATEWAY_ARN });

    sandbox.faults.set('aws.sts.GetCallerIdentity', { delayMs: 60_000 });
    const abortSignal = AbortSignal.timeout(50);
    const pending = whoAmI(sandbox, { abortSignal });
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('the keys are new in every sandbox', async () => {
    await using other = await startTrustedSandbox();
    expect(other.env.AWS_ACCESS_KEY_ID).not.toBe(sandbox.env.AWS_ACCESS_KEY_ID);
    await expect(whoAmI(other, { credentials: gatewayKey(sandbox) })).rejects.toMatchObject(
      refusal(403, 'InvalidClientTokenId'),
    );
  });
});
