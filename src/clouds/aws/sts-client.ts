import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type { AwsConfig } from '../../config.ts';
import { limitAnswers } from './answer-limit.ts';

const ignore = () => {};
/** The SDK would write to the console beside the log. */
const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** The STS that is asked: the configured one, or that of the region (docs.aws.amazon.com/general/latest/gr/sts.html). */
export const stsEndpoint = ({ stsEndpoint: configured, region }: AwsConfig): string =>
  configured ?? `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

/**
 * A client of STS with the gateway's own credentials, unless others are given. One call may take `callMillis`, in
 * milliseconds.
 */
export function createStsClient(
  config: AwsConfig,
  options: { callMillis: number; maxAttempts: number; credentials?: STSClientConfig['credentials'] },
): STSClient {
  const { callMillis, maxAttempts, credentials = config.credentials } = options;
  return limitAnswers(
    new STSClient({
      // All of it said here: the SDK would take the endpoint and its kind from further variables and files.
      region: config.region,
      endpoint: stsEndpoint(config),
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      defaultsMode: 'standard',
      authSchemePreference: ['sigv4'],
      maxAttempts,
      requestHandler: {
        connectionTimeout: callMillis,
        requestTimeout: callMillis,
        throwOnRequestTimeout: true,
        logger: silent,
      },
      ...(credentials && { credentials }),
    }),
  );
}
