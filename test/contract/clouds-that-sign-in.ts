import { clouds } from '../../src/clouds/clouds.ts';

/** What a contract suite has to know of a cloud that people sign in with, to try it in the sandbox. */
export type SignInCase = {
  provider: string;
  loginPath: string;
  callbackPath: string;
  /** Of the sandbox's endpoints. */
  endpoints: 'azure' | 'google';
  scope: string;
  /** Two people whose accounts are two, and what `GET /api/accounts` says of them. */
  people: [string, string];
  accounts: [object, object];
};

const cases: Omit<SignInCase, 'loginPath' | 'callbackPath'>[] = [
  {
    provider: 'azure',
    endpoints: 'azure',
    scope: 'openid profile email offline_access https://management.azure.com/.default',
    people: ['john', 'nameless'],
    accounts: [
      { provider: 'azure', tenantId: '12345678-1234-1234-1234-123456789012', displayName: 'John Doe' },
      { provider: 'azure', tenantId: '66666666-6666-4666-8666-666666666666' },
    ],
  },
  {
    provider: 'gcp',
    endpoints: 'google',
    scope: 'openid email profile https://www.googleapis.com/auth/cloud-platform',
    people: ['john', 'jane'],
    accounts: [
      { provider: 'gcp', email: 'john.doe@example.com', displayName: 'John Doe' },
      { provider: 'gcp', email: 'jane.roe@example.org', displayName: 'Jane Roe' },
    ],
  },
];

/** Every cloud that people sign in with. A new one joins here, or no contract suite runs at all. */
export const cloudsThatSignIn: SignInCase[] = clouds.flatMap(({ provider, signIn }) => {
  if (!signIn) return [];
  const known = cases.find((candidate) => candidate.provider === provider);
  if (!known) throw new Error(`The contract suites know nothing of the cloud ${provider}`);
  return [{ ...known, loginPath: signIn.loginPath, callbackPath: signIn.callbackPath }];
});
