/** A connected AWS role, as the session keeps it. */
export type AwsAccount = {
  provider: 'aws';
  roleArn: string;
  displayName?: string | null;
  externalId: string;
  accountId: string;
};

export const awsAccountId = (account: AwsAccount): string => `aws:${account.roleArn}`;
