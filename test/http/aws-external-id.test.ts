import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { addRole, connectRole, faces, shownExternalId, standardRole } from '../support/connect-role.ts';
import { startBeside } from '../support/start-beside.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

/** The secret that `startGateway` signs with. */
const usualSecret = 'a secret of the tests with 32 characters or more';
const ada = { iss: 'https://login.example/one/v2.0', sub: 'ada', name: 'Ada' };

describe('the external id of a user', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  async function signedIn(persona: string, loginPath?: string): Promise<Browser> {
    const browser = gateway.browser();
    await browser.signIn(persona, loginPath);
    return browser;
  }

  it('is the same in every session of theirs, and after further sign-ins in it', async () => {
    const [one, two] = [await signedIn('john'), await signedIn('john')];
    const id = await shownExternalId(one);
    expect(id).toMatch(/^mcm-[0-9a-f]{32}$/);
    expect(await shownExternalId(two)).toBe(id);
    await two.signIn('nameless');
    await addRole(two, { roleArn: standardRole });
    expect(await shownExternalId(two)).toBe(id);
    await two.fetch('/api/logout');
    expect(await shownExternalId(two)).toBeUndefined();
    await two.signIn('john');
    expect(await shownExternalId(two)).toBe(id);
  });

  it('is the same on another gateway, whose session secret and store are others', async () => {
    await using second = await startBeside(gateway);
    const elsewhere = second.browser();
    await elsewhere.signIn('john');
    expect(await shownExternalId(elsewhere)).toBe(await shownExternalId(await signedIn('john')));
  });

  it('survives that the session secret is rotated', async () => {
    await using rotated = await startGateway({
      env: { SESSION_SECRET: `${'a new secret '.repeat(3)},${usualSecret}` },
    });
    const [before, after] = [
      await gateway.browserWith({ user: ada }),
      await rotated.browserWith({ user: ada }),
    ];
    expect(await shownExternalId(after)).toMatch(/^mcm-/);
    expect(await shownExternalId(after)).toBe(await shownExternalId(before));
  });

  it('is another for each person, and for the same subject at another issuer', async () => {
    const browsers = await Promise.all([
      signedIn('john'),
      signedIn('many'),
      signedIn('nameless'),
      gateway.browserWith({ user: ada }),
      gateway.browserWith({ user: { ...ada, sub: 'bob' } }),
      gateway.browserWith({ user: { ...ada, iss: 'https://login.example/two/v2.0' } }),
    ]);
    const ids = await Promise.all(browsers.map(shownExternalId));
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(browsers.length);
  });

  it.each([
    ['externalId', { externalId: 'evil' }],
    ['ExternalId', { ExternalId: 'evil' }],
    ['external_id', { external_id: 'evil' }],
    ['a user', { user: { iss: 'evil', sub: 'evil' } }],
    ['an account', { account: { externalId: 'evil' }, accountId: '666666666666', displayName: 'evil' }],
  ])('is not taken from a request that brings %s', async (_title, extra) => {
    const browser = await signedIn('john');
    const externalId = await shownExternalId(browser);
    gateway.sandbox.awsRequests.splice(0);
    const answer = await addRole(browser, { roleArn: standardRole, ...extra });
    expect(answer.status).toBe(201);
    const accounts = await browser.json<unknown[]>('/api/accounts?externalId=evil');
    expect(accounts).toContainEqual(expect.objectContaining({ externalId, accountId: '987654321098' }));
    expect(gateway.sandbox.awsRequests[0]).toMatchObject({ externalId });
    expect(JSON.stringify([accounts, gateway.sandbox.awsRequests])).not.toContain('evil');
  });

  it('is no argument of GraphQL', async () => {
    const browser = await signedIn('john');
    const query = `mutation { connectAwsAccount(roleArn: "${standardRole}", externalId: "evil") { account { id } } }`;
    const { errors } = await browser.graphql(query);
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  it.each(faces)(
    'keeps everybody else out of a role that trusts it, who knows the ARN and the id (%s)',
    async (face) => {
      const john = await signedIn('john');
      const johns = await shownExternalId(john);
      const roleArn = `arn:aws:iam::555566667777:role/OnlyJohns${face}`;
      gateway.sandbox.addAwsRole({ arn: roleArn, trusts: (externalId) => externalId === johns });
      const other = await signedIn('many');
      const refused = await connectRole(other, roleArn, face);
      expect(refused).toMatchObject({ status: face === 'REST' ? 403 : 200, code: 'AWS_ROLE_REFUSED' });
      expect(refused.message).not.toContain(johns);
      expect((await addRole(other, { roleArn, externalId: johns })).status).toBe(403);
      expect(await other.json('/api/accounts')).toMatchObject([{ provider: 'azure' }]);
      expect(await connectRole(john, roleArn, face)).toMatchObject({ code: undefined });
    },
  );
});
