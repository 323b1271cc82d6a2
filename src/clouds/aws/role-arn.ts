import { GatewayError } from '../../errors.ts';

/**
 * The ARN of an IAM role, with nothing before or after it: partition, account, an optional path of at most 512
 * characters, and a name of at most 64 (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
 * It is checked before AWS sees it: it becomes part of an id, and of a request signed by the gateway.
 */
const roleArn = /^arn:(?:aws|aws-cn|aws-us-gov):iam::\d{12}:role\/(?<path>(?:[!-.0-~]+\/)*)[\w+=,.@-]{1,64}$/;
const longestPath = 512;
const longestArn = 2048;

/** @throws GatewayError AWS_ROLE_INVALID for anything but the ARN of an IAM role */
export function parseRoleArn(value: string): string {
  const found = value.length <= longestArn ? roleArn.exec(value) : null;
  if (!found || (found.groups?.path ?? '').length >= longestPath) {
    throw new GatewayError(
      'AWS_ROLE_INVALID',
      'roleArn must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/MultiCloudManagerRole, without spaces',
    );
  }
  return value;
}
