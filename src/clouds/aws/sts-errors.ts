import { GatewayError } from '../../errors.ts';

/** STS answers an unknown role, one that does not trust the caller and a wrong external id all alike. */
export const isRefusal = (error: unknown): boolean => nameOf(error) === 'AccessDenied';

/** What STS says of the gateway's own credentials; its user can do nothing about them. */
const ownCredentials = [
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
  'CredentialsProviderError',
  'UnrecognizedClientException',
];

/**
 * What the user is told of a failed verification. The SDK's own text names the gateway's IAM user, and stays in
 * the log (docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html).
 */
export function roleError(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const name = nameOf(cause);
  if (isRefusal(cause)) {
    return new GatewayError(
      'AWS_ROLE_REFUSED',
      'AWS did not let the gateway assume this role; check its ARN, and that its trust policy names the AWS account of the gateway and your external id',
      { cause },
    );
  }
  if (name === 'ValidationError') {
    return new GatewayError('AWS_ROLE_INVALID', 'AWS calls this role ARN invalid; check it', { cause });
  }
  return new GatewayError(
    'AWS_UNAVAILABLE',
    ownCredentials.includes(name)
      ? 'AWS does not accept the credentials of this gateway; its operator has to check them'
      : 'AWS did not answer as expected; nothing was changed, try again later',
    { cause },
  );
}

/** The SDK names its errors by AWS's codes. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
