import { brotliCompressSync, gzipSync } from 'node:zlib';
import {
  addPath,
  arn,
  type BadRequest,
  badRequest,
  post,
  type Refusal,
  type Row,
  refusedWith,
  roleArn,
  unauthenticated,
} from './bad-request.ts';

const tooLarge: Refusal = { status: 413, code: 'PAYLOAD_TOO_LARGE' };
const unsupported: Refusal = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' };

/** Bodies that are not what `POST /api/account/aws/add` takes. */
export const badRoles: BadRequest[] = [
  ...refusedWith({ ...badRequest, signedOut: unauthenticated }, [
    ['no body', addPath, post()],
    ['an empty body', addPath, post('')],
    ['an empty object', addPath, post('{}')],
    ['an array', addPath, post('[]')],
    ['a batch', addPath, post(`[${roleArn}]`)],
    ['an array in arrays', addPath, post('[[[]]]')],
    ['10,000 brackets', addPath, post('['.repeat(10_000) + ']'.repeat(10_000))],
    ...[null, 1, 1e300, true, '', [], [arn], {}, { toString: 1 }].map(
      (value): Row => [`roleArn ${JSON.stringify(value)}`, addPath, post(JSON.stringify({ roleArn: value }))],
    ),
    ['roleArn 1e400', addPath, post('{"roleArn": 1e400}')],
    ['roleArn below __proto__', addPath, post(`{"__proto__": ${roleArn}}`)],
    ['roleArn below constructor', addPath, post(`{"constructor": {"prototype": ${roleArn}}}`)],
    ['roleArn of another case', addPath, post(`{"rolearn": "${arn}"}`)],
  ]),
  ...refusedWith(badRequest, [
    ...['null', '1', '"text"', 'true', '{', '{"roleArn":', "{'roleArn': 1}", 'roleArn=x', '\u0000'].map(
      (body): Row => [`the body ${JSON.stringify(body)}`, addPath, post(body)],
    ),
    ['a body with more behind it', addPath, post(`${roleArn}x`)],
    ['a byte order mark before a body', addPath, post(`\ufeff\ufeff${roleArn}`)],
    ['bytes that are no UTF-8', addPath, post(Buffer.from([0xff, 0xfe, 0x7b, 0x00]))],
    ['a body that is no gzip', addPath, post(roleArn, { 'content-encoding': 'gzip' })],
    ['half a gzip', addPath, post(gzipSync(roleArn).subarray(0, 20), { 'content-encoding': 'gzip' })],
  ]),
  ...refusedWith(
    { status: 400, code: 'AWS_ROLE_INVALID', signedOut: unauthenticated },
    [
      'x',
      ' ',
      `${arn} `,
      `${arn}\n`,
      `${arn}\u0000`,
      `${arn}\ud800`,
      'arn:aws:iam::1:role/A',
      'arn:aws:iam::987654321098:user/A',
      'arn:aws:iam::987654321098:role/',
      'arn:evil:iam::987654321098:role/A',
      'arn:aws:iam::\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660\u0661\u0662:role/A',
      `arn:aws:iam::987654321098:role/${'a'.repeat(65)}`,
      `arn:aws:iam::987654321098:role/${'a/'.repeat(40_000)}b`,
      '__proto__',
    ].map(
      (value): Row => [
        `the ARN ${JSON.stringify(value).slice(0, 60)}`,
        addPath,
        post(JSON.stringify({ roleArn: value })),
      ],
    ),
  ),
  ...refusedWith(unauthenticated, [
    ['a good ARN, with a cookie of nobody', addPath, post(roleArn, { cookie: 'mcm_session=x' })],
  ]),
];

/** Faults of a body that both paths that take one refuse alike; `body` is a good one. */
export const faultsOfBodies = (path: string, body: string): BadRequest[] => {
  const large = `{"query": "${'x'.repeat(110_000)}"}`;
  const bomb = Buffer.alloc(20_000_000, ' ');
  return [
    ...refusedWith(tooLarge, [
      ['too large', path, post(large)],
      ['too large, in chunks', path, { ...post(large), chunked: true }],
      ['said to be too large', path, post(body, { 'content-length': '10000000000' })],
      ['a gzip bomb', path, post(gzipSync(bomb), { 'content-encoding': 'gzip' })],
      [
        'a gzip bomb, in chunks',
        path,
        { ...post(gzipSync(bomb), { 'content-encoding': 'gzip' }), chunked: true },
      ],
      ['a Brotli bomb', path, post(brotliCompressSync(bomb), { 'content-encoding': 'br' })],
    ]),
    ...refusedWith(unsupported, [
      ...['utf-7', 'utf-16', 'utf-16le', 'utf-32', 'iso-8859-1', 'us-ascii', 'none'].map(
        (charset): Row => [
          `the charset ${charset}`,
          path,
          post(body, { 'content-type': `application/json; charset=${charset}` }),
        ],
      ),
      ...[
        'text/plain',
        'text/json',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/xml',
        'application/jsonp',
        'application/graphql',
        'application/json-patch+json',
        'application/graphql-response+json',
        'application/*',
        'json',
        'application/json, text/plain',
        'text/plain; application/json',
        `application/json;a=b${' '.repeat(15_000)}c`,
        '',
      ].map(
        (type): Row => [`the media type "${type.slice(0, 40)}"`, path, post(body, { 'content-type': type })],
      ),
      ['no media type', path, { method: 'POST', body }],
      ['no media type, in chunks', path, { method: 'POST', body, chunked: true }],
      ...['x-none', 'compress', 'gzip, gzip', 'utf-8'].map(
        (encoding): Row => [`the encoding ${encoding}`, path, post(body, { 'content-encoding': encoding })],
      ),
    ]),
  ];
};
