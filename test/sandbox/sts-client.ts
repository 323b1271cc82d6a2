import {
  AssumeRoleCommand,
  type Credentials,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** The sandbox's two roles, and one it does not have. */
export const ROLE = 'arn:aws:iam::987654321098:role/MultiCloudManagerRole';
export const TOO_OPEN = 'arn:aws:iam::987654321098:role/TooOpen';
export const UNKNOWN_ROLE = 'arn:aws:iam::987654321098:role/Unknown';

/** An external id of the shape that {@link ROLE} trusts. */
export const EXTERNAL_ID = `mcm-${'0123456789abcdef'.repeat(2)}`;

/** The caller when nothing has been assumed. */
export const GATEWAY_ARN = 'arn:aws:iam::123456789012:user/multi-cloud-gateway';

/** A key as the SDK takes it. */
export type Identity = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** A request as it goes out, signed. */
export type SignedRequest = { headers: Record<string, string>; body: string };

/** By default the gateway's own key and one attempt. */
export type CallOptions = {
  credentials?: Identity;
  maxAttempts?: number;
  region?: string;
  systemClockOffset?: number;
  abortSignal?: AbortSignal;
  /** Changes the request after it has been signed. */
  tamper?: (request: SignedRequest) => void;
};

/** What AssumeRole is asked for, beside the role. */
export type AssumeOptions = { ExternalId?: string; RoleSessionName?: string; DurationSeconds?: number };

/** The gateway's own key. */
export function gatewayKey({ env }: Sandbox): Identity {
  return { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY };
}

/** Asks a sandbox's STS, with AWS's own SDK, whose the key is. */
export function whoAmI(sandbox: Sandbox, options: CallOptions = {}) {
  return call(sandbox, options, (client, sending) => client.send(new GetCallerIdentityCommand({}), sending));
}

/** Asks a sandbox's STS, with AWS's own SDK, for a role. */
export function assume(
  sandbox: Sandbox,
  RoleArn: string | undefined,
  options: CallOptions & AssumeOptions = {},
) {
  const { ExternalId, RoleSessionName = 'session', DurationSeconds, ...callOptions } = options;
  const command = new AssumeRoleCommand({ RoleArn, ExternalId, RoleSessionName, DurationSeconds });
  return call(sandbox, callOptions, (client, sending) => client.send(command, sending));
}

/** Temporary credentials as a key. */
export function identityOf(credentials: Credentials | undefined): Identity {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** The key of somebody who has assumed {@link ROLE} as `session`. */
export async function assumedIdentity(sandbox: Sandbox): Promise<Identity> {
  return identityOf((await assume(sandbox, ROLE, { ExternalId: EXTERNAL_ID })).Credentials);
}

/** What the SDK throws for an answer of AWS with this status and code. */
export function refusal(httpStatusCode: number, name: string, message: unknown = expect.any(String)) {
  return { name, message, $metadata: { httpStatusCode, requestId: expect.any(String) } };
}

/** What the SDK throws when a role does not let the caller assume it, for whatever reason. */
export function denied(roleArn: string, callerArn = GATEWAY_ARN) {
  const message = `User: ${callerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
  return refusal(403, 'AccessDenied', message);
}

async function call<Output>(
  sandbox: Sandbox,
  { tamper, abortSignal, ...config }: CallOptions,
  send: (client: STSClient, options: { abortSignal?: AbortSignal }) => Promise<Output>,
): Promise<Output> {
  const client = new STSClient({
    region: sandbox.env.AWS_REGION,
    endpoint: sandbox.env.AWS_ENDPOINT_URL_STS,
    credentials: gatewayKey(sandbox),
    maxAttempts: 1,
    ...config,
  });
  client.middlewareStack.add(
    (next) => (args) => {
      tamper?.(args.request as SignedRequest);
      return next(args);
    },
    { step: 'deserialize' },
  );
  try {
    return await send(client, abortSignal ? { abortSignal } : {});
  } finally {
    client.destroy();
  }
}
