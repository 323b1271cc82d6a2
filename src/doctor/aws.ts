import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { createStsClient, stsEndpoint } from '../clouds/aws/sts-client.ts';
import { beforeEnd } from '../clouds/deadline.ts';
import type { AwsConfig } from '../config.ts';
import { type Check, notConfigured, type Problem } from './check.ts';
import { causesOf, networkProblem } from './failures.ts';

/** How long one call may take, in milliseconds. */
const callMillis = 4_000;

const keyPage = 'console.aws.amazon.com/iam > Users > Security credentials > Access keys';

/** Whether AWS takes the gateway's credentials, and whose they are (docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). */
export const awsCheck: Check = {
  title: 'AWS',
  async run(patient, signal) {
    const { aws } = patient.config;
    if (!aws) return notConfigured(['AWS_ACCOUNT_ID']);
    const url = stsEndpoint(aws);
    const sts = createStsClient(aws, { callMillis, maxAttempts: 1 });
    try {
      const { Account = 'none' } = await beforeEnd(
        signal,
        sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
      );
      const looked = `${url} knows the credentials`;
      if (Account === aws.accountId) return { looked: `${looked}: account ${Account}` };
      const problem = `they belong to account ${Account}, and AWS_ACCOUNT_ID is ${aws.accountId}`;
      const mend = `set AWS_ACCOUNT_ID=${Account}, or the credentials of an IAM user or role of ${aws.accountId}: the trust policies of people's roles name that account`;
      return { looked, faults: [{ problem, mend }] };
    } catch (error) {
      const asked = { url, settings: 'AWS_REGION and AWS_ENDPOINT_URL_STS' };
      const fault = refusal(error, aws) ?? networkProblem(error, asked, patient) ?? unknown(error, url);
      return { looked: url, faults: [fault] };
    } finally {
      sts.destroy();
    }
  },
};

/** What STS says of credentials (docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html). */
function refusal(error: unknown, { region, credentials }: AwsConfig): Problem | undefined {
  const names = causesOf(error).map(({ name }) => name);
  const is = (...any: string[]) => any.some((name) => names.includes(name));
  const isSkewed = causesOf(error).some(({ message }) => /Signature (expired|not yet current)/.test(message));
  if (isSkewed || is('RequestTimeTooSkewed', 'RequestExpired')) {
    return {
      problem: 'AWS refuses the signature: the clock of this machine is off',
      mend: 'set it, and have it kept right: timedatectl set-ntp true (a container has the clock of its host)',
    };
  }
  if (is('CredentialsProviderError')) {
    return {
      problem: 'there are no AWS credentials',
      mend: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine a role (EC2 instance profile, ECS task role, EKS pod identity)',
    };
  }
  if (is('ExpiredToken', 'ExpiredTokenException')) {
    return {
      problem: 'AWS refuses the credentials: they have expired',
      mend: 'get new temporary ones with their AWS_SESSION_TOKEN; for a server use those of a role, which renew themselves',
    };
  }
  if (is('SignatureDoesNotMatch')) {
    return {
      problem: 'AWS refuses the credentials: the secret does not belong to the access key',
      mend: `copy AWS_SECRET_ACCESS_KEY anew, or make another key: ${keyPage}`,
    };
  }
  if (is('InvalidClientTokenId', 'UnrecognizedClientException', 'InvalidAccessKeyId')) {
    const token =
      credentials && !credentials.sessionToken ? ' and AWS_SESSION_TOKEN for a temporary key (ASIA…)' : '';
    return {
      problem: 'AWS refuses the credentials: it knows no such access key',
      mend: `check AWS_ACCESS_KEY_ID${token}: ${keyPage}; and that region ${region} is enabled in the account`,
    };
  }
  if (is('AccessDenied', 'AccessDeniedException')) {
    return {
      problem: 'AWS refuses the call (AccessDenied)',
      mend: 'have the policy of the organisation or of the endpoint allow sts:GetCallerIdentity and sts:AssumeRole',
    };
  }
  return undefined;
}

const unknown = (error: unknown, url: string): Problem => ({
  problem: `${url} did not answer as STS does (${causesOf(error)[0]?.name.slice(0, 60) ?? 'unknown'})`,
  mend: 'check AWS_REGION and AWS_ENDPOINT_URL_STS',
});
