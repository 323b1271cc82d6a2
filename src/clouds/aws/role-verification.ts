import { AssumeRoleCommand, type Credentials, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsConfig } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import { createStsClient } from './sts-client.ts';
import { isRefusal } from './sts-errors.ts';

/** What the customer's CloudTrail shows as the session name. */
const sessionName = 'multi-cloud-session-gateway';

/** The shortest life that AWS gives to temporary credentials, in seconds; they are thrown away at once. */
const credentialSeconds = 900;

/** Deadline of one call, in milliseconds. */
const callMillis = 5_000;

/**
 * Asks AWS STS whether the gateway may assume a role with this external id and not without, and for the account that
 * the role is in.
 *
 * @throws the SDK's errors; GatewayError AWS_TRUST_TOO_OPEN
 */
export function createRoleVerification(
  config: AwsConfig,
): (roleArn: string, externalId: string, abortSignal: AbortSignal) => Promise<string> {
  const perCall = { callMillis, maxAttempts: 2 };
  const sts = createStsClient(config, perCall);

  async function assume(roleArn: string, externalId: string | undefined, abortSignal: AbortSignal) {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        DurationSeconds: credentialSeconds,
        ExternalId: externalId,
      }),
      { abortSignal },
    );
    return Credentials;
  }

  /** The account that temporary credentials belong to. */
  async function accountBehind(credentials: Credentials | undefined, abortSignal: AbortSignal) {
    const { AccessKeyId, SecretAccessKey, SessionToken } = credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error('STS gave no credentials');
    const credentialsOfRole = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    const assumed = createStsClient(config, { ...perCall, credentials: credentialsOfRole });
    try {
      const { Account } = await assumed.send(new GetCallerIdentityCommand({}), { abortSignal });
      if (!Account || !/^\d{12}$/.test(Account)) throw new Error('STS named no account');
      return Account;
    } finally {
      assumed.destroy();
    }
  }

  /**
   * A role that can be assumed without the external id protects nothing: the next user of this gateway who knows
   * its ARN connects it as well.
   */
  async function refuseOpenTrust(roleArn: string, abortSignal: AbortSignal): Promise<void> {
    const opened = await assume(roleArn, undefined, abortSignal).then(
      () => true,
      (error: unknown) => {
        if (isRefusal(error)) return false;
        throw error;
      },
    );
    if (!opened) return;
    throw new GatewayError(
      'AWS_TRUST_TOO_OPEN',
      'The role can be assumed without an external id too; add the condition StringEquals sts:ExternalId to its trust policy',
    );
  }

  return async (roleArn, externalId, abortSignal) => {
    const credentials = await assume(roleArn, externalId, abortSignal);
    const [accountId] = await Promise.all([
      accountBehind(credentials, abortSignal),
      refuseOpenTrust(roleArn, abortSignal),
    ]);
    return accountId;
  };
}
