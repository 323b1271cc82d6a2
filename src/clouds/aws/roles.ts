import type { AwsConfig } from '../../config.ts';
import type { WatchUpstream } from '../../upstream.ts';
import { beforeEnd, endOf } from '../deadline.ts';
import type { AwsAccount } from './account.ts';
import { externalIdOf } from './external-id.ts';
import { parseRoleArn } from './role-arn.ts';
import { roleError } from './sts-errors.ts';

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

/** Deadline of the whole verification, in milliseconds. */
const deadlineMillis = 10_000;

/** IAM roles, verified through AWS STS (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). */
export function createAwsRoles(config: AwsConfig, watch: WatchUpstream): AwsRoles {
  /** The SDK is loaded when it is needed: it takes as long as the rest of the start. */
  const verification = () =>
    import('./role-verification.ts').then(({ createRoleVerification }) => createRoleVerification(config));
  let loading: ReturnType<typeof verification> | undefined;
  const loaded = () => {
    loading ??= verification();
    return loading;
  };

  return {
    awsAccountId: config.accountId,
    openToAnybody: config.externalId !== undefined,
    externalIdOf(user) {
      void loaded().catch(() => undefined); // whoever asks is about to connect a role
      return externalIdOf(user, config);
    },

    async verified(value, externalId, gone) {
      const roleArn = parseRoleArn(value);
      const end = endOf(deadlineMillis, gone);
      return watch({ cloud: 'aws', operation: 'assume role' }, async () => {
        try {
          // The SDK's search for credentials of its own takes no signal.
          const accountId = await beforeEnd(
            end,
            loaded().then((verify) => verify(roleArn, externalId, end)),
          );
          const displayName = `AWS Account (${accountId})`;
          return { provider: 'aws', displayName, roleArn, externalId, accountId };
        } catch (error) {
          throw gone?.aborted ? gone.reason : roleError(error);
        }
      });
    },
  };
}
