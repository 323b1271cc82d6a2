import { assumeRole } from './sts-assume-role.ts';
import type { StsDoubleState } from './sts-double.ts';
import type { StsAnswer, StsQuestion } from './sts-server.ts';
import { stsError, stsResult } from './sts-xml.ts';

/** Whose an access key is. `sessionToken` has to come with a temporary one. */
export type StsCaller = { userId: string; arn: string; account: string; sessionToken?: string };

/** The two actions of the double, and who may call them. */
export function createStsAnswers(state: StsDoubleState) {
  const { accountId, accessKeyId } = state;
  const owner = {
    userId: 'AIDADOUBLE',
    arn: `arn:aws:iam::${accountId}:user/gateway-double`,
    account: accountId,
  };
  const callers = new Map<string, StsCaller>([[accessKeyId, owner]]);

  return ({ method, path, form, headers }: StsQuestion): StsAnswer => {
    const scope = credentialScope(headers.authorization);
    const action = form.get('Action') ?? '';
    state.requests.push({
      action,
      roleArn: form.get('RoleArn') ?? undefined,
      externalId: form.get('ExternalId') ?? undefined,
      accessKeyId: scope?.accessKeyId,
      region: scope?.region,
      hasSecurityToken: headers['x-amz-security-token'] !== undefined,
    });
    if (state.failure === 'cut' || state.failure === 'hang') return state.failure;
    if (state.failure && 'write' in state.failure) return state.failure;
    if (state.failure)
      return stsError(state.failure.status, state.failure.code, 'The double fails as it was told');

    if (method !== 'POST' || path !== '/') return stsError(404, 'InvalidAction', 'STS is asked by POST /');
    if (form.get('Version') !== '2011-06-15')
      return stsError(400, 'InvalidAction', `No such version: ${action}`);
    if (!scope) return stsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
    const caller = callers.get(scope.accessKeyId);
    if (!caller || caller.sessionToken !== headers['x-amz-security-token'])
      return stsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
    if (scope.service !== 'sts')
      return stsError(403, 'SignatureDoesNotMatch', `Credential should be scoped to service: 'sts'.`);

    switch (action) {
      case 'GetCallerIdentity':
        return stsResult(action, { UserId: caller.userId, Account: caller.account, Arn: caller.arn });
      case 'AssumeRole':
        return assumeRole({ state, callers, caller, form });
      default:
        return stsError(400, 'InvalidAction', `Could not find operation ${action} for version 2011-06-15`);
    }
  };
}

type CredentialScope = { accessKeyId: string; region: string; service: string };

/** Whom a request says to be from (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). */
function credentialScope(authorization = ''): CredentialScope | undefined {
  const credential = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request,/;
  const [, accessKeyId, region, service] = credential.exec(authorization) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}
