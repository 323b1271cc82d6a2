import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SandboxRole } from '../../src/sandbox/aws/roles.ts';
import type { Fault } from '../../src/sandbox/endpoint-gate.ts';
import type { Browser } from '../support/browser.ts';
import { connectRole, type Face, faces, standardRole } from '../support/connect-role.ts';
import { startBeside } from '../support/start-beside.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const role = (name: string) => `arn:aws:iam::987654321098:role/${name}`;
const secretCanary = 'canary-of-temporary-credentials';
const truncated = `<AssumeRoleResponse><AssumeRoleResult><Credentials><SecretAccessKey>${secretCanary}`;

/** What STS knows of the gateway's own identity, and no answer may tell. */
const ownIdentity = /multi-cloud-gateway|AKIA|ASIA|canary|sts\.AssumeRole|127\.0\.0\.1/;

const furtherRoles: SandboxRole[] = [
  { arn: role('NoIdAtAll'), trusts: (externalId) => externalId === undefined },
  {
    arn: role('BrokenForTheProbe'),
    trusts(externalId) {
      if (externalId === undefined) throw new Error('the sandbox answers 500');
      return true;
    },
  },
];

describe('a role that is not connected', () => {
  let gateway: TestGateway;
  let browser: Browser;
  beforeAll(async () => {
    gateway = await startGateway();
    for (const added of furtherRoles) gateway.sandbox.addAwsRole(added);
  });
  beforeEach(async () => {
    browser = gateway.browser();
    await browser.signIn('john');
    expect(await connectRole(browser, standardRole, 'REST')).toMatchObject({ status: 201 });
  });
  afterEach(() => gateway.sandbox.faults.clear());
  afterAll(() => gateway[Symbol.asyncDispose]());

  const accountsBefore = [{ provider: 'azure' }, { provider: 'aws', roleArn: standardRole }];

  async function expectRefusal(face: Face, roleArn: string, status: number, code: string): Promise<void> {
    const refused = await connectRole(browser, roleArn, face);
    expect(refused).toMatchObject({ status: face === 'REST' ? status : 200, code });
    expect(refused.message).not.toMatch(ownIdentity);
    gateway.sandbox.faults.clear();
    expect(await browser.json('/api/accounts')).toMatchObject(accountsBefore);
    const { data } = await browser.graphql('{ me { name } accounts { __typename } }');
    expect(data).toEqual({
      me: { name: 'John Doe' },
      accounts: [{ __typename: 'AzureAccount' }, { __typename: 'AwsAccount' }],
    });
  }

  describe.each(faces)('over %s', (face) => {
    it('because it can be assumed without an external id too', async () => {
      await expectRefusal(face, role('TooOpen'), 403, 'AWS_TRUST_TOO_OPEN');
    });

    it.each(['Unknown', 'multicloudmanagerrole', 'MultiCloudManagerRole2', 'path/MultiCloudManagerRole'])(
      'because AWS knows no role %s',
      async (name) => {
        await expectRefusal(face, role(name), 403, 'AWS_ROLE_REFUSED');
      },
    );

    it('because it can be assumed without an external id only', async () => {
      await expectRefusal(face, role('NoIdAtAll'), 403, 'AWS_ROLE_REFUSED');
    });

    it('because AWS fails to say whether it can be assumed without one', async () => {
      await expectRefusal(face, role('BrokenForTheProbe'), 502, 'AWS_UNAVAILABLE');
    });
  });

  it.each<[string, Fault]>([
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['429', { status: 429 }],
    ['a bare 403', { status: 403 }],
    ['a bare 400', { status: 400 }],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
    ['404 of a proxy', { status: 404, body: '<html>', headers: { 'content-type': 'text/html' } }],
    ['a broken connection', { cut: true }],
    ['an empty object', { status: 200, body: {} }],
    ['nothing that is meant', { status: 200, body: null }],
    ['broken XML', { status: 200, body: truncated, headers: { 'content-type': 'text/xml' } }],
  ])('because AWS answers %s', async (_title, fault) => {
    gateway.sandbox.faults.set('aws.sts.AssumeRole', fault);
    await expectRefusal('REST', standardRole, 502, 'AWS_UNAVAILABLE');
    gateway.sandbox.faults.set('aws.sts.GetCallerIdentity', fault);
    await expectRefusal('GraphQL', standardRole, 502, 'AWS_UNAVAILABLE');
    expect(gateway.log.text()).not.toContain(secretCanary);
  });

  it.each(faces)(
    'is connected at the second attempt of one request, when AWS stumbles once (%s)',
    async (face) => {
      for (const fault of [{ status: 500 }, { cut: true as const }]) {
        gateway.sandbox.faults.set('aws.sts.AssumeRole', fault, { times: 1 });
        expect(await connectRole(browser, standardRole, face)).toMatchObject({ code: undefined });
      }
    },
  );
});

describe('a gateway whose own AWS keys are wrong', () => {
  it.each<[string, Record<string, string>]>([
    ['its secret', { AWS_SECRET_ACCESS_KEY: 'canary-wrong-secret' }],
    ['its id', { AWS_ACCESS_KEY_ID: 'AKIAcanary0000000000' }],
    ['a session token that is not theirs', { AWS_SESSION_TOKEN: 'canary-token' }],
  ])('says that its operator has to check them: %s', async (_title, env) => {
    await using gateway = await startGateway();
    await using other = await startBeside(gateway, env);
    const browser = other.browser();
    await browser.signIn('john');
    for (const face of faces) {
      const refused = await connectRole(browser, standardRole, face);
      expect(refused).toMatchObject({ status: face === 'REST' ? 502 : 200, code: 'AWS_UNAVAILABLE' });
      expect(refused.message).toContain('operator');
      expect(refused.message).not.toMatch(ownIdentity);
    }
    expect(await browser.json('/api/accounts')).toMatchObject([{ provider: 'azure' }]);
    expect(other.log.text()).not.toMatch(/canary-wrong-secret|canary-token/);
  });
});

it('AWS out of reach is 502, and the rest of the session works', async () => {
  await using gateway = await startGateway();
  await using other = await startBeside(gateway, { AWS_ENDPOINT_URL_STS: 'https://127.0.0.1:1' });
  const browser = other.browser();
  await browser.signIn('john');
  for (const face of faces)
    expect(await connectRole(browser, standardRole, face)).toMatchObject({ code: 'AWS_UNAVAILABLE' });
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
});
