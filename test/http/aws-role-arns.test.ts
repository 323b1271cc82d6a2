import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { addRole, connectRole, faces } from '../support/connect-role.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const start = 'arn:aws:iam::987654321098:role/';
const arn = `${start}MultiCloudManagerRole`;

describe('the ARN of a role', () => {
  let gateway: TestGateway;
  let browser: Browser;
  beforeAll(async () => {
    gateway = await startGateway();
    browser = gateway.browser();
    await browser.signIn('john');
  });
  beforeEach(() => gateway.sandbox.calls.reset());
  afterAll(() => gateway[Symbol.asyncDispose]());

  const callsOfAws = () => gateway.sandbox.calls.count('aws.sts.AssumeRole');

  async function expectUntouched(): Promise<void> {
    expect(callsOfAws()).toBe(0);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
    expect(await browser.json('/api/accounts')).toMatchObject([{ provider: 'azure' }]);
  }

  it.each([
    ['is no ARN', 'MultiCloudManagerRole'],
    ['is cut off', 'arn:aws:iam::987654321098'],
    ['is of another service', 'arn:aws:s3:::bucket'],
    ['is of STS', 'arn:aws:sts::987654321098:role/MultiCloudManagerRole'],
    ['is of a user', 'arn:aws:iam::987654321098:user/john'],
    ['is of a whole account', 'arn:aws:iam::987654321098:root'],
    ['is of an assumed role', 'arn:aws:sts::987654321098:assumed-role/MultiCloudManagerRole/session'],
    ['is of an instance profile', 'arn:aws:iam::987654321098:instance-profile/Role'],
    ['has no account', 'arn:aws:iam:::role/MultiCloudManagerRole'],
    ['has an account of 11 digits', 'arn:aws:iam::98765432109:role/MultiCloudManagerRole'],
    ['has an account of 13 digits', 'arn:aws:iam::9876543210987:role/MultiCloudManagerRole'],
    ['has an account of AWS itself', 'arn:aws:iam::aws:role/MultiCloudManagerRole'],
    ['has a wildcard', 'arn:aws:iam::*:role/MultiCloudManagerRole'],
    ['has a wildcard for a name', `${start}*`],
    ['has a partition that nobody knows', 'arn:aws-iso:iam::987654321098:role/MultiCloudManagerRole'],
    ['has no partition', 'arn::iam::987654321098:role/MultiCloudManagerRole'],
    ['has a region', 'arn:aws:iam:us-east-1:987654321098:role/MultiCloudManagerRole'],
    ['is in upper case', arn.toUpperCase()],
    ['has 10 kB', `${start}${'x'.repeat(10_000)}`],
    ['has 10 kB of path', `${start}${'p/'.repeat(5_000)}Role`],
    ['ends in a line break', `${arn}\n`],
    ['ends in CRLF', `${arn}\r\n`],
    ['carries a header', `${arn}\r\nX-Evil: 1`],
    ['is the second line', `evil\n${arn}`],
    ['is the first of two lines', `${arn}\n${arn}`],
    ['begins with a space', ` ${arn}`],
    ['ends with a space', `${arn} `],
    ['has a space inside', `${start}Multi Cloud`],
    ['has a tab', `${arn}\t`],
    ['has a NUL', `${arn}\0`],
    ['has a NUL inside its path', `${start}a\0b/Role`],
    ['has a no-break space', `${arn}\u00a0`],
    ['has a byte order mark', `\ufeff${arn}`],
    ['has a letter of no width', `${start}Multi\u200bCloud`],
    ['has a Cyrillic letter', 'arn:аws:iam::987654321098:role/MultiCloudManagerRole'],
    ['has a Cyrillic letter in its name', `${start}MultiСloudManagerRole`],
    ['has Arabic digits', 'arn:aws:iam::٩٨٧٦٥٤٣٢١٠٩٨:role/MultiCloudManagerRole'],
    ['has full-width letters', `${start}Ｒｏｌｅ`],
    ['has a full-width slash', 'arn:aws:iam::987654321098:role／MultiCloudManagerRole'],
    ['has letters beyond ASCII', `${start}Zażółć`],
    ['has half a character', `${start}\ud800`],
    ['is the start of a role', start],
    ['has no slash', 'arn:aws:iam::987654321098:role'],
    ['has a name of 65 characters', `${start}${'x'.repeat(65)}`],
    ['has a path of 600 characters', `${start}${'p'.repeat(600)}/Role`],
    ['has an empty path segment', `${start}/Role`],
    ['has an empty path segment inside', `${start}a//Role`],
    ['ends with a slash', `${arn}/`],
    ['brings parameters', `${arn}&ExternalId=evil`],
    ['brings markup', `${start}<script>`],
  ])('%s: refused before AWS is asked', async (_title, roleArn) => {
    for (const face of faces) {
      const refused = await connectRole(browser, roleArn, face);
      expect(refused).toMatchObject({ status: face === 'REST' ? 400 : 200, code: 'AWS_ROLE_INVALID' });
    }
    await expectUntouched();
  });

  it.each<[string, unknown]>([
    ['empty', ''],
    ['a number', 7],
    ['a boolean', true],
    ['an object', { arn }],
    ['an object with a toString', { toString: arn, length: 3 }],
    ['a list', [arn]],
    ['an empty list', []],
    ['null', null],
    ['missing', undefined],
  ])('%s: refused as no role at all', async (_title, roleArn) => {
    const answer = await addRole(browser, { roleArn });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 'BAD_REQUEST',
      error: expect.stringContaining('roleArn'),
    });
    const query = 'mutation ($roleArn: String!) { connectAwsAccount(roleArn: $roleArn) { account { id } } }';
    const { data, errors } = await browser.graphql(query, { roleArn });
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([
      { extensions: { code: roleArn === '' ? 'AWS_ROLE_INVALID' : 'BAD_USER_INPUT' } },
    ]);
    await expectUntouched();
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a form', `roleArn=${arn}`],
    ['two objects', `{"roleArn":"${arn}"}{"roleArn":"${arn}"}`],
    ['null', 'null'],
    ['a list', '[]'],
    ['a list of roles', `[{"roleArn":"${arn}"}]`],
    ['a text', '"x"'],
    ['a bare ARN', JSON.stringify(arn)],
    ['a number', '7'],
    ['an empty object', '{}'],
    ['another spelling', `{"rolearn":"${arn}","role_arn":"${arn}","RoleArn":"${arn}"}`],
    ['a prototype', `{"__proto__":{"roleArn":"${arn}"}}`],
    ['a deep nest', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ])('not there in a body that is %s', async (_title, body) => {
    const answer = await browser.fetch('/api/account/aws/add', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'BAD_REQUEST', error: expect.any(String) });
    await expectUntouched();
  });

  it.each([
    ['in China', 'arn:aws-cn:iam::987654321098:role/Unknown'],
    ['in GovCloud', 'arn:aws-us-gov:iam::987654321098:role/Unknown'],
    ['with a path', `${start}teams/cloud/Unknown`],
    ['with a path of 512 characters', `${start}${'p'.repeat(510)}/Unknown`],
    ['with marks in its path', `${start}a&b=c%41?d#e+f'"<>/Unknown`],
    ['with a name of 64 characters', `${start}${'x'.repeat(64)}`],
    ['with every mark in its name', `${start}x_+=,.@-`],
  ])('%s: AWS is asked for that very role', async (_title, roleArn) => {
    gateway.sandbox.awsRequests.splice(0);
    for (const face of faces) {
      const refused = await connectRole(browser, roleArn, face);
      expect(refused).toMatchObject({ status: face === 'REST' ? 403 : 200, code: 'AWS_ROLE_REFUSED' });
    }
    expect(gateway.sandbox.awsRequests).toMatchObject([{ roleArn }, { roleArn }]);
    expect(callsOfAws()).toBe(2);
  });
});
