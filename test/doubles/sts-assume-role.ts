import { randomBytes } from 'node:crypto';
import type { StsCaller } from './sts-answers.ts';
import type { StsDoubleState, StsRole } from './sts-double.ts';
import type { StsAnswer } from './sts-server.ts';
import { stsError, stsResult } from './sts-xml.ts';

/** The forms that STS holds parameters to (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). */
const forms: Record<string, RegExp> = {
  RoleArn: /^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  RoleSessionName: /^[\w+=,.@-]{2,64}$/,
  ExternalId: /^[\w+=,.@:/-]{2,1224}$/,
  DurationSeconds: /^(9\d\d|[1-9]\d{3}|[1-3]\d{4}|4[0-2]\d{3}|43[01]\d\d|43200)$/,
};

/** AssumeRole: refused alike for a role that is not there, and for the wrong external id; STS tells neither apart. */
export function assumeRole(options: {
  state: StsDoubleState;
  callers: Map<string, StsCaller>;
  caller: StsCaller;
  form: URLSearchParams;
}): StsAnswer {
  const { state, callers, caller, form } = options;
  const roleArn = form.get('RoleArn') ?? '';
  const sessionName = form.get('RoleSessionName') ?? '';
  const given = { RoleArn: roleArn, RoleSessionName: sessionName, ...Object.fromEntries(form) };
  const malformed = Object.entries(given).find(([name, value]) => !(forms[name]?.test(value) ?? true));
  if (malformed)
    return stsError(
      400,
      'ValidationError',
      `1 validation error detected: Value at '${malformed[0]}' is not valid`,
    );
  const role = state.roles.get(roleArn);
  if (!role || !isTrusted(role, form.get('ExternalId') ?? undefined)) {
    const refusal = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    return stsError(403, 'AccessDenied', refusal);
  }

  const credentials = {
    AccessKeyId: `ASIAcanary${randomBytes(5).toString('hex').toUpperCase()}`,
    SecretAccessKey: `canary/${randomBytes(24).toString('base64')}`,
    SessionToken: `canary//${randomBytes(96).toString('base64')}==`,
  };
  state.secrets.push(...Object.values(credentials));
  const [, account = '', name = ''] = /^arn:aws:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  const arn = `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}`;
  const userId = `AROADOUBLE:${sessionName}`;
  callers.set(credentials.AccessKeyId, { userId, arn, account, sessionToken: credentials.SessionToken });

  const expiration = Date.now() + Number(form.get('DurationSeconds') ?? 3600) * 1000;
  return stsResult('AssumeRole', {
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    Credentials: { ...credentials, Expiration: new Date(expiration).toISOString() },
  });
}

function isTrusted({ externalId }: StsRole, given: string | undefined): boolean {
  if (externalId === 'none needed') return true;
  return externalId === 'any' ? given !== undefined : given === externalId;
}
