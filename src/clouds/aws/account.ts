/** A connected AWS role, as the session keeps it. It has no tokens: the role is assumed when it is needed. */
export type AwsAccount = {
  provider: 'aws';
  roleArn: string;
  displayName?: string | null;
  externalId: string;
  accountId: string;
};
