import { type AccessKeys, createUniqueId, type Principal } from './access-keys.ts';
import { readAssumeRole } from './assume-role-parameters.ts';
import { parseRoleArn, type SandboxRole } from './roles.ts';
import { StsError } from './sts-error.ts';
import type { XmlContent } from './xml.ts';

/** The role table and the action that reads it. */
export type AssumeRole = {
  /** Throws for an ARN that is none or is there already: a mistake of a test. */
  addRole(role: SandboxRole): void;
  /** Answers with temporary credentials or throws an {@link StsError}. */
  answer(form: URLSearchParams, caller: Principal): XmlContent;
};

/**
 * The action AssumeRole, without a role yet. `trustedArn` is the one caller whom the roles trust.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function createAssumeRole(keys: AccessKeys, trustedArn: string): AssumeRole {
  const roles = new Map<string, { role: SandboxRole; uniqueId: string }>();

  return {
    addRole(role) {
      if (parseRoleArn(role.arn) === undefined) throw new Error(`${role.arn} is not the ARN of a role`);
      if (roles.has(role.arn)) throw new Error(`The sandbox has a role ${role.arn} already`);
      roles.set(role.arn, { role, uniqueId: createUniqueId('AROA', 17) });
    },
    answer(form, caller) {
      const { roleArn, arnFields, sessionName, durationSeconds, externalId } = readAssumeRole(form);
      const found = roles.get(roleArn);
      // One answer for all three, so that nobody learns which roles there are, or which would trust another id.
      if (found === undefined || caller.arn !== trustedArn || !found.role.trusts(externalId)) {
        throw new StsError(
          403,
          'AccessDenied',
          `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        );
      }
      const { partition, account, name } = arnFields;
      const arn = `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`;
      const userId = `${found.uniqueId}:${sessionName}`;
      const key = keys.createTemporary({ account, arn, userId }, durationSeconds);
      return {
        Credentials: {
          AccessKeyId: key.accessKeyId,
          SecretAccessKey: key.secretAccessKey,
          SessionToken: key.sessionToken,
          Expiration: key.expiresAt.toISOString().replace(/\.\d+/, ''),
        },
        AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
      };
    },
  };
}
