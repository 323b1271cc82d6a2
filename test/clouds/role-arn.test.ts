import { expect, it } from 'vitest';
import { parseRoleArn } from '../../src/clouds/aws/role-arn.ts';

const start = 'arn:aws:iam::987654321098:role/';

it.each([
  ['a role', `${start}MultiCloudManagerRole`],
  ['one of China', 'arn:aws-cn:iam::987654321098:role/Reader'],
  ['one of GovCloud', 'arn:aws-us-gov:iam::987654321098:role/Reader'],
  ['an account with leading zeros', 'arn:aws:iam::000000000001:role/Reader'],
  ['a path', `${start}teams/cloud/Reader`],
  ['a path of every printable character', `${start}!"#$%&'()*+,-.:;<=>?@[\\]^_\`{|}~/Reader`],
  ['the longest path', `${start}${'p'.repeat(510)}/Reader`],
  ['the shortest name', `${start}x`],
  ['the longest name', `${start}${'x'.repeat(64)}`],
  ['a name of every character', `${start}aZ09_+=,.@-`],
])('takes %s as it is', (_title, arn) => {
  expect(parseRoleArn(arn)).toBe(arn);
});

it.each([
  ['an empty path segment', `${start}/Reader`],
  ['a path that is one character too long', `${start}${'p'.repeat(511)}/Reader`],
  ['a long path of short segments', `${start}${'p/'.repeat(256)}Reader`],
  ['a name that is one character too long', `${start}${'x'.repeat(65)}`],
  ['a slash at the end', `${start}Reader/`],
  ['a region', 'arn:aws:iam:us-east-1:987654321098:role/Reader'],
  ['upper case', `${start}Reader`.toUpperCase()],
  ['a query', `${start}Reader?x=y`],
  ['an escape', `${start}Rea%64er`],
  ['a backtracking trap', `${start}${'a'.repeat(2000)}!`],
])('refuses %s', (_title, arn) => {
  expect(() => parseRoleArn(arn)).toThrow(
    expect.objectContaining({
      code: 'AWS_ROLE_INVALID',
      message: expect.stringContaining(start.slice(0, 13)),
    }),
  );
});

it('does not repeat in its message what it refuses', () => {
  expect(() => parseRoleArn('<script>')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('<script>') }),
  );
});
