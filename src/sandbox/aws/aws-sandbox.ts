import type { EndpointGate } from '../endpoint-gate.ts';
import type { Handler } from '../exchange.ts';
import { createAccessKeys, createUniqueId } from './access-keys.ts';
import { createAssumeRole } from './assume-role.ts';
import { createStandardRoles, type SandboxRole } from './roles.ts';
import { type AwsRequest, createSts } from './sts.ts';

/** The environment variables that point a gateway at the pretend AWS (contract, section 4). */
export type AwsEnvironment = Record<
  | 'AWS_ACCOUNT_ID'
  | 'AWS_REGION'
  | 'AWS_ACCESS_KEY_ID'
  | 'AWS_SECRET_ACCESS_KEY'
  | 'AWS_SESSION_TOKEN'
  | 'AWS_ENDPOINT_URL_STS',
  string
>;

/** The pretend AWS without its server. */
export type AwsSandbox = {
  env: AwsEnvironment;
  sts: Handler;
  /** The calls so far, oldest first. */
  requests: AwsRequest[];
  addRole(role: SandboxRole): void;
};

const GATEWAY_ACCOUNT = '123456789012';

/**
 * AWS STS at `origin`, the gateway's user in it, and the roles of `roles.ts`. `constantExternalId` is the one id of
 * a gateway that shows every user the same.
 */
export function createAwsSandbox(options: {
  origin: string;
  gate: EndpointGate;
  constantExternalId: string | undefined;
}): AwsSandbox {
  const { origin, gate, constantExternalId } = options;
  const gateway = {
    account: GATEWAY_ACCOUNT,
    arn: `arn:aws:iam::${GATEWAY_ACCOUNT}:user/multi-cloud-gateway`,
    userId: createUniqueId('AIDA', 17),
  };
  const keys = createAccessKeys();
  const { accessKeyId, secretAccessKey } = keys.createLasting(gateway);
  const assumeRole = createAssumeRole(keys, gateway.arn);
  for (const role of createStandardRoles(constantExternalId)) assumeRole.addRole(role);
  const requests: AwsRequest[] = [];

  return {
    env: {
      AWS_ACCOUNT_ID: GATEWAY_ACCOUNT,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      // Empty, so that one left over in the environment is not sent with these keys.
      AWS_SESSION_TOKEN: '',
      AWS_ENDPOINT_URL_STS: origin,
    },
    sts: createSts({ keys, assumeRole, gate, requests }),
    requests,
    addRole: assumeRole.addRole,
  };
}
