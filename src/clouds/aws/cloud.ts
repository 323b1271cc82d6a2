import type { Cloud } from '../cloud.ts';
import type { AwsAccount } from './account.ts';
import { createAwsRoles } from './roles.ts';

/** Amazon Web Services: nobody signs in with it; a signed-in person connects an IAM role that trusts the gateway. */
export const aws: Cloud<AwsAccount, 'AwsAccount'> = {
  provider: 'aws',
  typeName: 'AwsAccount',
  namedBy: 'roleArn',
  restKeys: ['provider', 'displayName', 'roleArn', 'externalId', 'accountId'],
  open: ({ aws: config }, { watch }) => config && { roles: createAwsRoles(config, watch) },
};
