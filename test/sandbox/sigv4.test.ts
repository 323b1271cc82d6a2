import { expect, test } from 'vitest';
import { createSignature, parseAuthorization } from '../../src/sandbox/aws/sigv4.ts';

/** AWS's own test suite for Signature Version 4: the request of each case, and the signature it must have. */
const CASES = [
  { name: 'get-vanilla', signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31' },
  {
    name: 'get-vanilla-query-order-key-case',
    path: '/?Param2=value2&Param1=value1',
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  {
    name: 'get-header-value-trim',
    headers: { 'my-header1': ' value1', 'my-header2': ' "a   b   c"' },
    signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  },
  {
    name: 'post-vanilla',
    method: 'POST',
    signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  },
  {
    name: 'post-x-www-form-urlencoded',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Param1=value1',
    signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  },
];

test.each(CASES)(
  'a request is signed as in AWS’s test suite: $name',
  ({ method = 'GET', path = '/', headers: extra = {}, body = '', signature }) => {
    const url = new URL(path, 'https://example.amazonaws.com');
    const headers = new Map([
      ...Object.entries<string>(extra),
      ['host', url.host],
      ['x-amz-date', '20150830T123600Z'],
    ]);
    const signedWith = {
      accessKeyId: 'AKIDEXAMPLE',
      date: '20150830',
      region: 'us-east-1',
      service: 'service',
      signedHeaders: [...headers.keys()].sort(),
    };
    const request = { method, url, headers, body: Buffer.from(body) };
    expect(createSignature(request, signedWith, 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY')).toBe(signature);
  },
);

const SIGNATURE = 'a'.repeat(64);

test('an Authorization header is read', () => {
  const credential = 'AKIDEXAMPLE/20150830/eu-west-1/sts/aws4_request';
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${SIGNATURE}`;
  expect(parseAuthorization(authorization)).toEqual({
    accessKeyId: 'AKIDEXAMPLE',
    date: '20150830',
    region: 'eu-west-1',
    service: 'sts',
    signedHeaders: ['host', 'x-amz-date'],
    signature: SIGNATURE,
  });
});

test.each([
  'Bearer abc',
  `AWS4-HMAC-SHA256 Credential=A/20150830/r/sts/aws4_request, SignedHeaders=host`,
  `AWS4-HMAC-SHA256 Credential=A/20150830/r/sts, SignedHeaders=host, Signature=${SIGNATURE}`,
  `AWS4-HMAC-SHA256 Credential=A/20150830/r/sts/aws4_request/x, SignedHeaders=host, Signature=${SIGNATURE}`,
  `AWS4-HMAC-SHA1 Credential=A/20150830/r/sts/aws4_request, SignedHeaders=host, Signature=${SIGNATURE}`,
])('an Authorization header that is no complete signature is refused: %s', (authorization) => {
  expect(parseAuthorization(authorization)).toBeUndefined();
});
