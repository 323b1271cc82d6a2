import { AssumeRoleCommand, type Credentials, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsConfig } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import type { WatchUpstream } from '../../upstream.ts';
import { beforeEnd, endOf } from '../deadline.ts';
import type { AwsAccount } from './account.ts';
import { externalIdOf } from './external-id.ts';
import { parseRoleArn } from './role-arn.ts';
import { createStsClient } from './sts-client.ts';
import { isRefusal, roleError } from './sts-errors.ts';

export type AwsRoles = {
  /** The account that a role's trust policy has to name. */
  awsAccountId: string;
  /** Whether somebody who has not signed in may connect a role: only with one external id for everybody. */
  openToAnybody: boolean;
  /** The external id of a user; undefined for one whose sign-in does not say who they are. */
  externalIdOf(user: Readonly<Record<string, unknown>>): string | undefined;
  /**
   * The account of a role that the gateway may assume, with this external id and not without.
   *
   * @param gone ends the verification when nobody waits for it any more
   * @throws GatewayError AWS_ROLE_INVALID, AWS_ROLE_REFUSED, AWS_TRUST_TOO_OPEN or AWS_UNAVAILABLE; the reason of `gone`
   */
  verified(roleArn: string, externalId: string, gone?: AbortSignal): Promise<AwsAccount>;
};

/** What the customer's CloudTrail shows as the session name. */
const sessionName = 'multi-cloud-session-gateway';

/** The shortest life that AWS gives to temporary credentials, in seconds; they are thrown away at once. */
const credentialSeconds = 900;

/** Deadline of the whole verification, and of one call in it, in milliseconds. */
const deadlineMillis = 10_000;
const callMillis = 5_000;

/** IAM roles, verified through AWS STS (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). */
export function createAwsRoles(config: AwsConfig, watch: WatchUpstream): AwsRoles {
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

  async function verifiedAccount(
    roleArn: string,
    externalId: string,
    abortSignal: AbortSignal,
  ): Promise<string> {
    const credentials = await assume(roleArn, externalId, abortSignal);
    const [accountId] = await Promise.all([
      accountBehind(credentials, abortSignal),
      refuseOpenTrust(roleArn, abortSignal),
    ]);
    return accountId;
  }

  return {
    awsAccountId: config.accountId,
    openToAnybody: config.externalId !== undefined,
    externalIdOf: (user) => externalIdOf(user, config),

    async verified(value, externalId, gone) {
      const roleArn = parseRoleArn(value);
      const end = endOf(deadlineMillis, gone);
      return watch({ cloud: 'aws', operation: 'assume role' }, async () => {
        try {
          // The SDK's search for credentials of its own takes no signal.
          const accountId = await beforeEnd(end, verifiedAccount(roleArn, externalId, end));
          const displayName = `AWS Account (${accountId})`;
          return { provider: 'aws', displayName, roleArn, externalId, accountId };
        } catch (error) {
          throw gone?.aborted ? gone.reason : roleError(error);
        }
      });
    },
  };
}
