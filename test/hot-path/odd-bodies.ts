import { gzipSync } from 'node:zlib';
import { chunked, utf8 } from '../fuzz/request-text.ts';

/** A body with the headers that say how it is sent; latin1. */
export type OddBody = { title: string; body: string; headers?: [string, string][]; contentType?: string };

/** The query that is sent in all of them: one that Apollo has admitted. */
export const known = '{ me { name email } accounts { __typename } }';

const json = JSON.stringify({ query: known });
const gzipped = gzipSync(json).toString('latin1');
const large = (length: number) => JSON.stringify({ query: known, x: 'x'.repeat(length) });

const members: [title: string, members: string][] = [
  ['the query alone', `"query":${JSON.stringify(known)}`],
  ['the query twice, the other one first', `"query":"{ me { loggedIn } }","query":${JSON.stringify(known)}`],
  ['the query twice, the other one last', `"query":${JSON.stringify(known)},"query":"{ me { loggedIn } }"`],
  ['the name of a prototype', `"__proto__":{"query":"{ me { loggedIn } }"},"query":${JSON.stringify(known)}`],
  ['the query in a prototype alone', `"__proto__":{"query":${JSON.stringify(known)}}`],
  ['a constructor', `"query":${JSON.stringify(known)},"constructor":{"prototype":{"query":"{"}}`],
  ['escapes in its text', `"query":"\\u007b me { name email } accounts { __typename } }"`],
  ['half a character', `"query":${JSON.stringify(known)},"x":"\\ud800"`],
  ['a documentId beside it', `"query":${JSON.stringify(known)},"documentId":"x"`],
  ...['variables', 'extensions', 'operationName'].flatMap((name) =>
    ['null', '1', 'true', '"x"', '""', '[]', '{}', '[1]', '{"a":[{}]}', '{"__proto__":null}'].map(
      (value): [string, string] => [
        `${name}: ${value}`,
        `"query":${JSON.stringify(known)},"${name}":${value}`,
      ],
    ),
  ),
  ...['null', '1', '[]', '{}', '""', '" "', `["${known}"]`].map((value): [string, string] => [
    `query: ${value}`,
    `"query":${value}`,
  ]),
];

/** Bodies of every kind, most of which ask for what is known. */
export const oddBodies: OddBody[] = [
  ...members.map(([title, text]) => ({ title, body: utf8(`{${text}}`) })),
  { title: 'nothing', body: '' },
  { title: 'spaces around it', body: ` \r\n\t${json}\n ` },
  { title: 'a list of one', body: `[${json}]` },
  { title: 'a list of two', body: `[${json},${json}]` },
  { title: 'an empty list', body: '[]' },
  ...[
    'null',
    '1',
    '"x"',
    'true',
    '{',
    '{}',
    `${json}}`,
    `${json}${json}`,
    '{"query":',
    'query={me{name}}',
  ].map((body) => ({ title: `the body ${body.slice(0, 20)}`, body })),
  { title: 'a byte order mark', body: `\u00ef\u00bb\u00bf${json}` },
  { title: 'bytes that are no UTF-8', body: `{"query":"${known} # \u00ff\u00c3 \u00f0\u009f\u0098"}` },
  { title: 'half a character in bytes', body: `{"query":"${known} # \u00ed\u00a0\u0080"}` },
  { title: 'a NUL', body: `{"query":"${known}\u0000"}` },
  { title: 'UTF-16', body: Buffer.from(json, 'utf16le').toString('latin1') },
  { title: 'as much as fits into a packet', body: large(50_000) },
  { title: 'as much as is allowed', body: large(102_400 - large(0).length) },
  { title: 'a byte more than is allowed', body: large(102_401 - large(0).length) },
  { title: 'far more than is allowed', body: large(300_000) },
  { title: 'gzip', body: gzipped, headers: [['Content-Encoding', 'gzip']] },
  { title: 'gzip that is none', body: json, headers: [['Content-Encoding', 'gzip']] },
  { title: 'an encoding that nobody knows', body: json, headers: [['Content-Encoding', 'x']] },
  { title: 'an encoding that is none', body: json, headers: [['Content-Encoding', 'identity']] },
  ...[
    'application/json; charset=utf-8',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'application/json; charset="utf-8"',
    'APPLICATION/JSON',
    ' application/json ',
    'application/json; charset=utf-16',
    'application/json; charset=utf-7',
    'application/json; x=y',
    'application/json,application/json',
    'application/graphql+json',
    'application/graphql',
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    'x',
    `application/json; a=${'x'.repeat(300)}`,
    '',
  ].map((contentType) => ({
    title: `the content-type ${contentType.slice(0, 50)}`,
    body: json,
    contentType,
  })),
];

/** The bytes of a body in chunks, with the header that says so. */
export const inChunks = (sizes: readonly number[]): { body: string; header: string } => ({
  body: chunked(json, sizes),
  header: 'Transfer-Encoding: chunked',
});

export const plainBody = json;
