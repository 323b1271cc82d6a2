import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { addRole, connectRole, faces, standardRole } from '../support/connect-role.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const constant = 'multi-cloud-manager-app-v1-secret';
const env = { AWS_EXTERNAL_ID: constant };

const providersOf = async (browser: Browser) =>
  (await browser.json<{ provider: string }[]>('/api/accounts')).map(({ provider }) => provider);

describe('with AWS_EXTERNAL_ID, as in the original application', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ env });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('the gateway warns at start', () => {
    expect(gateway.log.entries()).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: expect.stringMatching(/^AWS_EXTERNAL_ID is set: /) }),
    );
  });

  it('everybody is shown the constant, signed in or not, without getting a session for it', async () => {
    const [anonymous, john, unknown] = [
      gateway.browser(),
      gateway.browser(),
      await gateway.browserWith({ user: { name: 'X' } }),
    ];
    await john.signIn('john');
    for (const browser of [anonymous, john, unknown])
      expect(await browser.json('/api/account/aws/config')).toEqual({
        awsAccountId: '123456789012',
        externalId: constant,
      });
    expect(await anonymous.cookie('mcm_session')).toBeUndefined();
  });

  it('somebody who has not signed in connects a role, and gets a session for it', async () => {
    const browser = gateway.browser();
    const answer = await addRole(browser, { roleArn: standardRole });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^mcm_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'Konto AWS' });
    expect(await browser.json('/api/accounts')).toEqual([
      {
        provider: 'aws',
        displayName: 'AWS Account (987654321098)',
        roleArn: standardRole,
        externalId: constant,
        accountId: '987654321098',
      },
    ]);
    await browser.fetch('/api/logout');
    expect(await browser.json('/api/user')).toEqual({ logged_in: false });
    expect(await browser.json('/api/accounts')).toEqual([]);
  });

  it('the same over GraphQL, also with several in one operation, and the answer knows who is there', async () => {
    const browser = gateway.browser();
    const query = `mutation {
      a: connectAwsAccount(roleArn: "${standardRole}") { account { externalId } }
      b: connectAwsAccount(roleArn: "${standardRole}") { account { externalId } }
    }`;
    const { data } = await browser.graphql(query);
    const connected = { account: { externalId: constant } };
    expect(data).toEqual({ a: connected, b: connected });
    expect((await browser.graphql('{ me { loggedIn name email } accounts { __typename } }')).data).toEqual({
      me: { loggedIn: true, name: 'Konto AWS', email: null },
      accounts: [{ __typename: 'AwsAccount' }],
    });
  });

  it.each(faces)('a role that is refused starts no session (%s)', async (face) => {
    const browser = gateway.browser();
    for (const [name, code] of [
      ['Unknown', 'AWS_ROLE_REFUSED'],
      ['TooOpen', 'AWS_TRUST_TOO_OPEN'],
      ['', 'AWS_ROLE_INVALID'],
    ])
      expect(await connectRole(browser, `arn:aws:iam::987654321098:role/${name}`, face)).toMatchObject({
        code,
      });
    expect(await browser.cookie('mcm_session')).toBeUndefined();
    expect(await browser.json('/api/user')).toEqual({ logged_in: false });
  });

  it('a later sign-in keeps the role and names the person, under a new id: its cookie may have been planted', async () => {
    const browser = gateway.browser();
    await addRole(browser, { roleArn: standardRole });
    const planted = gateway.browser();
    await planted.jar.setCookie(`mcm_session=${await browser.cookie('mcm_session')}`, gateway.url);
    await browser.signIn('john');
    expect(await planted.json('/api/user')).toEqual({ logged_in: false });
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
    expect(await providersOf(browser)).toEqual(['aws', 'azure']);
    await browser.signIn('nameless');
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
  });

  it.each(faces)(
    'a role that is connected after signing in leaves the person who they are (%s)',
    async (face) => {
      const browser = gateway.browser();
      await browser.signIn('john');
      const id = await browser.cookie('mcm_session');
      expect(await connectRole(browser, standardRole, face)).toMatchObject({ code: undefined });
      expect(await browser.cookie('mcm_session')).toBe(id);
      expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
      expect(await providersOf(browser)).toEqual(['azure', 'aws']);
    },
  );

  it('a sign-in under way keeps the role that is connected meanwhile', async () => {
    const browser = gateway.browser();
    await addRole(browser, { roleArn: standardRole });
    const callback = await browser.authorize('john');
    gateway.sandbox.addAwsRole({ arn: `${standardRole}2`, trusts: (id) => id === constant });
    gateway.sandbox.calls.reset();
    gateway.sandbox.faults.set('azure.token.authorization_code', { delayMs: 500 }, { times: 1 });
    const signingIn = browser.fetch(callback);
    await expect.poll(() => gateway.sandbox.calls.count('azure.token.authorization_code')).toBe(1);
    await addRole(browser, { roleArn: `${standardRole}2` });
    expect((await signingIn).status).toBe(302);
    expect(await providersOf(browser)).toEqual(['aws', 'aws', 'azure']);
  });

  it('a sign-in under way loses to a logout', async () => {
    const browser = gateway.browser();
    await addRole(browser, { roleArn: standardRole });
    const callback = await browser.authorize('john');
    gateway.sandbox.calls.reset();
    gateway.sandbox.faults.set('azure.token.authorization_code', { delayMs: 500 }, { times: 1 });
    const signingIn = browser.fetch(callback);
    await expect.poll(() => gateway.sandbox.calls.count('azure.token.authorization_code')).toBe(1);
    await browser.fetch('/api/logout');
    expect((await signingIn).status).toBe(401);
    expect(await browser.json('/api/user')).toEqual({ logged_in: false });
  });

  it('a role and a logout in one operation leave nobody signed in', async () => {
    const browser = gateway.browser();
    const connect = `connectAwsAccount(roleArn: "${standardRole}") { account { id } }`;
    const { errors } = await browser.graphql(`mutation { ${connect} logout { message } }`);
    expect(errors).toBeUndefined();
    expect(await browser.json('/api/user')).toEqual({ logged_in: false });
  });

  it('a logout and then a role in one operation begin another session', async () => {
    const browser = gateway.browser();
    await browser.signIn('john');
    const connect = `connectAwsAccount(roleArn: "${standardRole}") { account { id } }`;
    const { errors } = await browser.graphql(`mutation { logout { message } ${connect} }`);
    expect(errors).toBeUndefined();
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'Konto AWS' });
    expect(await providersOf(browser)).toEqual(['aws']);
  });

  it('a role of a browser whose session has ended starts another, with nothing of the old one', async () => {
    const browser = gateway.browser();
    await browser.signIn('john');
    const old = `mcm_session=${await browser.cookie('mcm_session')}`;
    await browser.fetch('/api/logout');
    const answer = await browser.fetch('/api/account/aws/add', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: old },
      body: JSON.stringify({ roleArn: standardRole }),
    });
    expect(answer.status).toBe(201);
    expect(`mcm_session=${await browser.cookie('mcm_session')}`).not.toBe(old);
    expect(await providersOf(browser)).toEqual(['aws']);
    expect(await browser.json('/api/user', { headers: { cookie: old } })).toEqual({ logged_in: false });
  });

  it('a logout of a session that is but a role wins over a role under way', async () => {
    const browser = gateway.browser();
    await addRole(browser, { roleArn: standardRole });
    gateway.sandbox.calls.reset();
    gateway.sandbox.faults.set('aws.sts.AssumeRole', { delayMs: 2_000 }, { times: 2 });
    const late = faces.map((face) => connectRole(browser, standardRole, face));
    await expect.poll(() => gateway.sandbox.calls.count('aws.sts.AssumeRole')).toBe(2);
    await browser.fetch('/api/logout');
    expect((await Promise.all(late)).map(({ code }) => code)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    expect(await browser.cookie('mcm_session')).toBeUndefined();
    expect(await browser.json('/api/accounts')).toEqual([]);
  });
});

it('without AWS_EXTERNAL_ID there is no such warning', async () => {
  await using gateway = await startGateway();
  expect(gateway.log.text()).not.toContain('AWS_EXTERNAL_ID');
});
