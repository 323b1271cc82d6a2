/** An IAM role of some customer, which trusts the gateway's user and nobody else. */
export type SandboxRole = {
  arn: string;
  /** Its trust policy's condition on `sts:ExternalId`; undefined stands for a caller who sends none. */
  trusts(externalId: string | undefined): boolean;
};

/** What a role's ARN says; `name` is without the path that may stand before it. */
export type RoleArn = { partition: string; account: string; name: string };

/**
 * The roles of a new sandbox (contract, section 7).
 *
 * Nobody is there to write an external id into a trust policy, so the first role stands for a customer who has
 * written whatever id the gateway showed: one of its ids per user, which have a shape, or its one constant id.
 */
export function createStandardRoles(constantExternalId?: string): SandboxRole[] {
  return [
    {
      arn: 'arn:aws:iam::987654321098:role/MultiCloudManagerRole',
      trusts: (externalId = '') =>
        constantExternalId === undefined
          ? /^mcm-[0-9a-f]{32}$/.test(externalId)
          : externalId === constantExternalId,
    },
    { arn: 'arn:aws:iam::987654321098:role/TooOpen', trusts: () => true },
  ];
}

/** Reads a role's ARN, of any AWS partition; undefined when it is none. */
export function parseRoleArn(arn: string): RoleArn | undefined {
  const fields = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/;
  const [, partition, account, name] = fields.exec(arn) ?? [];
  if (partition === undefined || account === undefined || name === undefined) return undefined;
  return { partition, account, name };
}
