import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { addRole, connectRole, faces, shownExternalId, standardRole } from '../support/connect-role.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const account = {
  provider: 'aws',
  displayName: 'AWS Account (987654321098)',
  roleArn: standardRole,
  externalId: expect.stringMatching(/^mcm-[0-9a-f]{32}$/),
  accountId: '987654321098',
};
const mutation = `mutation ($roleArn: String!) {
  connectAwsAccount(roleArn: $roleArn) {
    account { __typename id provider displayName roleArn externalId accountId }
  }
}`;
const isSomebodys = (externalId: string | undefined) => externalId !== undefined;
const awsAccounts = async (browser: Browser) =>
  (await browser.json<{ provider: string }[]>('/api/accounts')).filter(({ provider }) => provider === 'aws');

describe('a signed-in user connects AWS', () => {
  let gateway: TestGateway;
  let browser: Browser;
  beforeAll(async () => {
    gateway = await startGateway();
    gateway.sandbox.addAwsRole({ arn: 'arn:aws:iam::111122223333:role/teams/Reader', trusts: isSomebodys });
    gateway.sandbox.addAwsRole({ arn: 'arn:aws-cn:iam::444455556666:role/Reader', trusts: isSomebodys });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const signedIn = async () => {
    browser = gateway.browser();
    await browser.signIn('john');
    return browser;
  };

  it('with the account and the external id that the configuration names', async () => {
    await signedIn();
    expect(await browser.json('/api/account/aws/config')).toEqual({
      awsAccountId: '123456789012',
      externalId: account.externalId,
    });
  });

  it('over REST, as the original answered it, beside the Azure account', async () => {
    await signedIn();
    const before = await browser.cookie('mcm_session');
    const answer = await addRole(browser, { roleArn: standardRole });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ message: 'Konto AWS 987654321098 pomyślnie dodane.' });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await browser.json('/api/accounts')).toEqual([
      expect.objectContaining({ provider: 'azure' }),
      account,
    ]);
    expect(await awsAccounts(browser)).toMatchObject([{ externalId: await shownExternalId(browser) }]);
    expect(await browser.cookie('mcm_session')).toBe(before);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  });

  it('over GraphQL, with the same account', async () => {
    await signedIn();
    const { data, errors } = await browser.graphql(mutation, { roleArn: standardRole });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      connectAwsAccount: { account: { __typename: 'AwsAccount', id: `aws:${standardRole}`, ...account } },
    });
    expect(await awsAccounts(browser)).toEqual([account]);
  });

  it.each(faces)('twice over %s in the place of the first time, and never two of it', async (face) => {
    await signedIn();
    const other = 'arn:aws:iam::111122223333:role/teams/Reader';
    for (const roleArn of [standardRole, other, standardRole])
      expect(await connectRole(browser, roleArn, face)).toMatchObject({ code: undefined });
    expect(await awsAccounts(browser)).toMatchObject([{ roleArn: standardRole }, { roleArn: other }]);
  });

  it('with several roles at once, and all of them land', async () => {
    await signedIn();
    const roles = [
      standardRole,
      'arn:aws:iam::111122223333:role/teams/Reader',
      'arn:aws-cn:iam::444455556666:role/Reader',
    ];
    const answers = await Promise.all(roles.map((roleArn) => addRole(browser, { roleArn })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const connected = await browser.json<{ roleArn?: string; accountId?: string }[]>('/api/accounts');
    expect(new Set(connected.map(({ roleArn }) => roleArn))).toEqual(new Set([undefined, ...roles]));
    expect(new Set(connected.map(({ accountId }) => accountId))).toEqual(
      new Set([undefined, '987654321098', '111122223333', '444455556666']),
    );
  });

  it('with several mutations of one operation', async () => {
    await signedIn();
    const query = `mutation {
      a: connectAwsAccount(roleArn: "${standardRole}") { account { id } }
      b: connectAwsAccount(roleArn: "arn:aws:iam::111122223333:role/teams/Reader") { account { id } }
      c: connectAwsAccount(roleArn: "${standardRole}") { account { id } }
    }`;
    expect((await browser.graphql(query)).errors).toBeUndefined();
    expect(await awsAccounts(browser)).toHaveLength(2);
  });

  it('once AWS has let the gateway in with the external id, said whose it is, and refused it without', async () => {
    await signedIn();
    const externalId = await shownExternalId(browser);
    gateway.sandbox.awsRequests.splice(0);
    await addRole(browser, { roleArn: standardRole });
    const [first, ...then] = gateway.sandbox.awsRequests;
    expect(first).toEqual({ action: 'AssumeRole', roleArn: standardRole, externalId });
    expect(then).toHaveLength(2);
    expect(then).toContainEqual({ action: 'GetCallerIdentity', roleArn: undefined, externalId: undefined });
    expect(then).toContainEqual({ action: 'AssumeRole', roleArn: standardRole, externalId: undefined });
  });

  it.each(faces)(
    'and the role stays after a further sign-in, until it is disconnected (%s)',
    async (face) => {
      await signedIn();
      await connectRole(browser, standardRole, face);
      await browser.signIn('nameless');
      expect(await awsAccounts(browser)).toEqual([account]);
      const query = 'mutation ($id: ID!) { disconnectAccount(id: $id) { accounts { __typename } } }';
      const { data } = await browser.graphql(query, { id: `aws:${standardRole}` });
      expect(data).toEqual({
        disconnectAccount: { accounts: [{ __typename: 'AzureAccount' }, { __typename: 'AzureAccount' }] },
      });
      expect(await awsAccounts(browser)).toEqual([]);
    },
  );

  it('ten times in one request at the most, since each is three calls to AWS', async () => {
    await signedIn();
    gateway.sandbox.awsRequests.splice(0);
    const connect = `connectAwsAccount(roleArn: "${standardRole}") { account { id } }`;
    const aliases = Array.from({ length: 15 }, (_, i) => `a${i}: ${connect}`);
    const { errors } = await browser.graphql(`mutation { ${aliases.join(' ')} }`);
    expect(errors?.[0]).toMatchObject({ path: ['a10'], extensions: { code: 'BAD_REQUEST' } });
    expect(gateway.sandbox.awsRequests).toHaveLength(30);
    expect(await awsAccounts(browser)).toEqual([account]);
  });
});
