import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import {
  assume,
  assumedIdentity,
  EXTERNAL_ID,
  GATEWAY_ARN,
  gatewayKey,
  identityOf,
  ROLE,
  refusal,
  type SignedRequest,
  UNKNOWN_ROLE,
  whoAmI,
} from './sts-client.ts';
import { startTrustedSandbox } from './support.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startTrustedSandbox();
});
afterAll(() => sandbox.close());
afterEach(() => vi.useRealTimers());

describe('the signature', () => {
  test('of the gateway’s own key is accepted, whatever the region', async () => {
    const gateway = { Account: '123456789012', Arn: GATEWAY_ARN, UserId: expect.stringMatching(/^AIDA/) };
    expect(await whoAmI(sandbox)).toMatchObject(gateway);
    expect(await whoAmI(sandbox, { region: 'ap-southeast-2' })).toMatchObject(gateway);
  });

  test('with another secret does not match', async () => {
    const credentials = { ...gatewayKey(sandbox), secretAccessKey: 'not-the-secret' };
    await expect(whoAmI(sandbox, { credentials })).rejects.toMatchObject(
      refusal(403, 'SignatureDoesNotMatch'),
    );
  });

  test('of an unknown key is invalid', async () => {
    const credentials = { ...gatewayKey(sandbox), accessKeyId: 'AKIAIOSFODNN7EXAMPLE' };
    await expect(whoAmI(sandbox, { credentials })).rejects.toMatchObject(
      refusal(403, 'InvalidClientTokenId'),
    );
  });

  test.each([
    {
      what: 'body',
      tamper: (request: SignedRequest) => {
        request.body = request.body.replace('Unknown', 'TooOpen');
      },
    },
    {
      what: 'signed header',
      tamper: (request: SignedRequest) => {
        request.headers['x-amz-content-sha256'] = '0'.repeat(64);
      },
    },
    {
      what: 'date of the scope',
      tamper: ({ headers }: SignedRequest) => {
        headers.authorization = headers.authorization?.replace(/\/\d{8}\//, '/20150830/') ?? '';
      },
    },
    {
      what: 'service of the scope',
      tamper: ({ headers }: SignedRequest) => {
        headers.authorization = headers.authorization?.replace('/sts/', '/iam/') ?? '';
      },
    },
    {
      what: 'list of signed headers',
      tamper: ({ headers }: SignedRequest) => {
        headers.authorization = headers.authorization?.replace(';host;', ';') ?? '';
      },
    },
    {
      what: 'set of headers, a session token added,',
      tamper: ({ headers }: SignedRequest) => {
        headers['x-amz-security-token'] = 'another';
      },
    },
  ])('covers the request: its $what cannot be changed on the way', async ({ tamper }) => {
    await expect(assume(sandbox, UNKNOWN_ROLE, { tamper })).rejects.toMatchObject(
      refusal(403, 'SignatureDoesNotMatch'),
    );
  });

  test('is refused when it is missing, incomplete or undated', async () => {
    const unsigned = ({ headers }: SignedRequest) => {
      delete headers.authorization;
    };
    await expect(whoAmI(sandbox, { tamper: unsigned })).rejects.toMatchObject(
      refusal(403, 'MissingAuthenticationToken'),
    );
    const incomplete = ({ headers }: SignedRequest) => {
      headers.authorization = 'AWS4-HMAC-SHA256 Credential=x';
    };
    await expect(whoAmI(sandbox, { tamper: incomplete })).rejects.toMatchObject(
      refusal(400, 'IncompleteSignature'),
    );
    const undated = ({ headers }: SignedRequest) => {
      headers['x-amz-date'] = 'today';
    };
    await expect(whoAmI(sandbox, { tamper: undated })).rejects.toMatchObject(
      refusal(400, 'IncompleteSignature'),
    );
  });

  test.each([
    { minutes: -6, message: 'Signature expired' },
    { minutes: 6, message: 'Signature not yet current' },
  ])('is refused when it was made $minutes minutes from now', async ({ minutes, message }) => {
    await expect(whoAmI(sandbox, { systemClockOffset: minutes * 60_000 })).rejects.toMatchObject(
      refusal(403, 'SignatureDoesNotMatch', expect.stringContaining(message)),
    );
  });

  test('is accepted when it was made four minutes from now', async () => {
    for (const minutes of [-4, 4]) {
      expect(await whoAmI(sandbox, { systemClockOffset: minutes * 60_000 })).toMatchObject({
        Arn: GATEWAY_ARN,
      });
    }
  });
});

describe('temporary credentials', () => {
  test('do not count without their session token, or with another', async () => {
    const { accessKeyId, secretAccessKey } = await assumedIdentity(sandbox);
    const { sessionToken: anotherToken } = await assumedIdentity(sandbox);
    for (const token of [{}, { sessionToken: anotherToken ?? '' }]) {
      await expect(
        whoAmI(sandbox, { credentials: { accessKeyId, secretAccessKey, ...token } }),
      ).rejects.toMatchObject(refusal(403, 'InvalidClientTokenId'));
    }
  });

  test('end after the duration that was asked for', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2031-01-31T12:00:00Z') });
    const { Credentials } = await assume(sandbox, ROLE, { ExternalId: EXTERNAL_ID, DurationSeconds: 900 });
    expect(Credentials?.Expiration).toEqual(new Date('2031-01-31T12:15:00Z'));
    const credentials = identityOf(Credentials);

    vi.setSystemTime('2031-01-31T12:14:59Z');
    expect(await whoAmI(sandbox, { credentials })).toMatchObject({ Account: '987654321098' });
    vi.setSystemTime('2031-01-31T12:15:00Z');
    await expect(whoAmI(sandbox, { credentials })).rejects.toMatchObject(refusal(403, 'ExpiredToken'));
  });
});
