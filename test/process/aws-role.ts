import type { StsDouble } from '../doubles/sts-double.ts';
import type { Browser, GraphqlAnswer } from '../support/browser.ts';

export const roleArn = 'arn:aws:iam::987654321098:role/MultiCloudManagerRole';

/** Makes the STS double's role trust what the gateway tells this browser's user to put into its policy. */
export async function trustGateway(sts: StsDouble, browser: Browser): Promise<string> {
  const { externalId } = await browser.json<{ externalId: string }>('/api/account/aws/config');
  sts.roles.set(roleArn, { externalId });
  return externalId;
}

/** Connects the role over GraphQL. */
export const connectRole = (browser: Browser): Promise<GraphqlAnswer> =>
  browser.graphql(
    'mutation ($roleArn: String!) { connectAwsAccount(roleArn: $roleArn) { account { id accountId } } }',
    { roleArn },
  );

/** Connects the role over REST. */
export const addRole = (browser: Browser): Promise<Response> =>
  browser.fetch('/api/account/aws/add', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ roleArn }),
  });
