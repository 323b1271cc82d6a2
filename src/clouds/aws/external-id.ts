import { createHash } from 'node:crypto';
import type { AwsConfig } from '../../config.ts';
import { textOrNull } from '../claims.ts';

/**
 * The external id that a role has to demand before this user may connect it; undefined for somebody of whom no
 * sign-in says who they are.
 *
 * The attack is the confused deputy (docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html): with one id
 * for everybody, whoever knows the ARN of another customer's role connects it through the gateway. So each user
 * has one, made here and never taken from a request. It is no secret: knowing somebody's id does not let another
 * use it. It follows from the user and the gateway's AWS account alone, so that it is the same in every session
 * and survives a change of `SESSION_SECRET`.
 */
export function externalIdOf(
  user: Readonly<Record<string, unknown>>,
  config: Pick<AwsConfig, 'accountId' | 'externalId'>,
): string | undefined {
  if (config.externalId !== undefined) return config.externalId;
  const [iss, sub] = [textOrNull(user.iss), textOrNull(user.sub)];
  if (iss === null || sub === null) return undefined;
  const digest = createHash('sha256').update(JSON.stringify(['aws external id', config.accountId, iss, sub]));
  return `mcm-${digest.digest('hex').slice(0, 32)}`;
}
