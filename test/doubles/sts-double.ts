import type { WriteAnswer } from './https-server.ts';
import { createStsAnswers } from './sts-answers.ts';
import { startStsServer } from './sts-server.ts';

/** A request that the double received. */
export type StsReceived = {
  action: string;
  roleArn: string | undefined;
  externalId: string | undefined;
  /** From the Authorization header: whose the request is, and for which region it was signed. */
  accessKeyId: string | undefined;
  region: string | undefined;
  /** `x-amz-security-token` came with it. */
  hasSecurityToken: boolean;
};

/**
 * What a role's trust policy says of the external id: that very one; `any`, but one there has to be; or
 * `none needed`, with which every other is as good.
 */
export type StsRole = { externalId: string | 'any' | 'none needed' };

/**
 * An error of the service with that code; an answer that is written by hand; the end of the connection; or no answer
 * until the double is gone.
 */
export type StsFailure = { status: number; code: string } | { write: WriteAnswer } | 'cut' | 'hang';

/** What the parts of the double share, and what a test may change between two requests. */
export type StsDoubleState = {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly requests: StsReceived[];
  /** Every key and token that was given out: none of them belongs into a log, and each holds "canary". */
  readonly secrets: string[];
  /** The roles that the gateway's own user may assume, by ARN; all others are refused. */
  readonly roles: Map<string, StsRole>;
  failure: StsFailure | undefined;
};

export type StsDouble = StsDoubleState &
  AsyncDisposable & {
    /** The variables that point a gateway at this double; nothing else does. */
    env: Record<string, string>;
  };

/**
 * An AWS STS on loopback, by hand, sharing nothing with the product's sandbox: AssumeRole and GetCallerIdentity of
 * the Query protocol (docs.aws.amazon.com/STS/latest/APIReference), over plain http, which the SDK accepts. It
 * believes every signature, but knows whose access keys there are.
 */
export async function startStsDouble(): Promise<StsDouble> {
  const state: StsDoubleState = {
    accountId: '210987654321',
    accessKeyId: 'AKIAcanary0000000000',
    requests: [],
    secrets: [],
    roles: new Map(),
    failure: undefined,
  };
  const server = await startStsServer(createStsAnswers(state));
  return Object.assign(state, {
    env: {
      AWS_ACCOUNT_ID: state.accountId,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: state.accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'canary-aws-secret-access-key',
      AWS_ENDPOINT_URL_STS: server.origin,
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}
