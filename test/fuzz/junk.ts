import type { SeededRandom } from '../support/seeded-random.ts';
import { anyOf, several } from './chances.ts';

/** Texts that programs have stumbled over. None holds a line break, so that all may stand in a header. */
const oddTexts: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '00',
  '1e309',
  'NaN',
  'null',
  'undefined',
  'true',
  '[object Object]',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '%',
  '%00',
  '%zz',
  '%c0%af',
  '%u0041',
  '\\',
  '"',
  "'",
  "' or 1=1 --",
  '`id`',
  '$(id)',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is to arrive as it stands
  '${jndi:ldap://127.0.0.1/a}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '//evil.example',
  'http://evil.example/',
  'javascript:alert(1)',
  'data:text/plain,x',
  'file:///etc/passwd',
  ';',
  ',',
  ',,,,',
  '=',
  '&',
  '*',
  '*/*',
  '\t',
  '\u00e9\u00ff\u00a0',
  '\u00c3\u00a9\u00e2\u0082\u00ac',
  '\u00ed\u00a0\u0080',
  '18446744073709551616',
  '9007199254740993',
  '-0',
  '1.7976931348623157e308',
  'a'.repeat(300),
  'a'.repeat(5000),
  '['.repeat(500),
  '%25'.repeat(200),
];

/** One of the texts that are known for trouble; one byte per character. */
export const oddText = (random: SeededRandom): string => anyOf(random, oddTexts);

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const letter = (random: SeededRandom): string => letters[random.integer(0, letters.length - 1)] ?? 'x';

/** A name that hardly anything has, and that is one in every language. */
export const word = (random: SeededRandom): string =>
  letter(random) + random.integer(0, 999) + letter(random) + letter(random);

/** Any bytes. */
export const bytes = (random: SeededRandom, least: number, most: number): string =>
  String.fromCharCode(...several(random, least, most, () => random.integer(0, 255)));

const visible = (random: SeededRandom): number =>
  random.pick([random.integer(32, 126), random.integer(32, 126), random.integer(128, 255), 9]);

/** What HTTP lets stand in a header's value. */
export const headerText = (random: SeededRandom, most: number): string =>
  String.fromCharCode(...several(random, 0, most, () => visible(random)));

/** A JSON value of no sense; `marker` is one of the texts in it. */
export function jsonValue(random: SeededRandom, marker: string, depth = 3): unknown {
  const leaves = [
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    '',
    marker,
    oddText(random),
    word(random),
    [],
    {},
  ];
  if (depth === 0 || random.integer(0, 2) === 0) return anyOf(random, leaves);
  const inner = () => jsonValue(random, marker, depth - 1);
  return random.pick([true, false])
    ? several(random, 0, 4, inner)
    : Object.fromEntries(several(random, 0, 4, () => [word(random), inner()]));
}

const shapes: readonly string[] = [
  'arn:aws:iam::987654321098:role/MultiCloudManagerRole',
  'arn:aws:iam::987654321098:role/TooOpen',
  'arn:aws:iam::123456789012:role/Unknown',
  'arn:aws:iam::987654321098:role/path/to/MultiCloudManagerRole',
  'arn:aws-cn:iam::987654321098:role/MultiCloudManagerRole',
  'arn:aws:iam::987654321098:user/MultiCloudManagerRole',
  'arn:aws:iam::98765432109:role/MultiCloudManagerRole',
  'arn:aws:iam::987654321098:role/',
  'arn:aws:iam::987654321098:role/a b',
  ' arn:aws:iam::987654321098:role/MultiCloudManagerRole',
  'arn:aws:iam::987654321098:role/MultiCloudManagerRole\n',
  'ARN:AWS:IAM::987654321098:ROLE/MultiCloudManagerRole',
  'arn:aws:iam::\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660\u0661\u0662:role/x',
  `arn:aws:iam::987654321098:role/${'a'.repeat(65)}`,
  `arn:aws:iam::987654321098:role/${'a/'.repeat(256)}x`,
  `arn:aws:iam::987654321098:role/${'!/'.repeat(1500)}`,
  'arn:aws:sts::987654321098:assumed-role/x/y',
  'arn',
];

/** The ARN of a role that can be connected, of another, or what looks a little like one. */
export const roleArn = (random: SeededRandom, marker: string): string =>
  anyOf(
    random,
    random.integer(0, 9) === 0
      ? shapes.slice(0, 1)
      : [...shapes, oddText(random), `arn:aws:iam::1:role/${marker}`],
  );

/** The id of an account, or what looks like one. */
export const accountId = (random: SeededRandom, marker: string): string =>
  anyOf(random, [
    'azure:12345678-1234-1234-1234-123456789012',
    'gcp:john.doe@example.com',
    'aws:arn:aws:iam::987654321098:role/MultiCloudManagerRole',
    'azure:12345678-1234-1234-1234-123456789012/abcd1234-5678-90ab-cdef-1234567890ab',
    'azure:',
    'gcp:',
    ':',
    `gcp:${marker}`,
    `aws:${oddText(random)}`,
    oddText(random),
  ]);
