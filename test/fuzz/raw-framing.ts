import { anyOf, chance, oneOf, several } from './chances.ts';
import type { Making } from './inputs.ts';
import { headerText, oddText } from './junk.ts';
import { chunked } from './request-text.ts';

const query = '{"query":"{ me { loggedIn } }"}';

/** A POST of a signed-in browser, whose framing is left to `lines`. */
const post = ({ world }: Making, lines: readonly string[], body: string): string =>
  [
    'POST /graphql HTTP/1.1',
    `Host: localhost:${world.port}`,
    'Content-Type: application/json',
    `Cookie: ${world.cookies.lasting}`,
    ...lines,
    '',
    body,
  ].join('\r\n');

/** A body in chunks that are not right (RFC 9112, section 7.1). */
export function brokenChunks(making: Making): string {
  const { random } = making;
  const good = chunked(query, [random.integer(1, 31)]);
  const size = random.pick([
    '0',
    'ffffffff',
    'fffffffffffffffff',
    '-1',
    '0x1f',
    '1f ',
    ' 1f',
    'g',
    '',
    '1.5',
    '+1f',
    '1f\0',
    '0000000000000000001f',
    oddText(random),
  ]);
  const extension = random.pick([
    ';a',
    ';a=b',
    ';a="b"',
    ';',
    ';\0',
    ';a="',
    `;${'a'.repeat(random.pick([10, 16_000, 20_000]))}`,
    `;${headerText(random, 40)}`,
  ]);
  const trailers = several(random, 0, random.pick([1, 3, 200]), () =>
    random.pick([
      'A: b',
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      'Host: evil',
      'a',
      ': b',
      `X: ${'a'.repeat(17_000)}`,
      headerText(random, 30),
    ]),
  );
  const body = oneOf(random, [
    () => `${size}\r\n${query}\r\n0\r\n\r\n`,
    () => `1f${extension}\r\n${query}\r\n0\r\n\r\n`,
    () => good.replace('0\r\n\r\n', `0\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`),
    () => good.slice(0, random.integer(0, good.length - 1)),
    () => good.replaceAll('\r\n', random.pick(['\n', '\r', '\n\r', '\r\r\n'])),
    () => `1f\r\n${query}x\r\n0\r\n\r\n`,
    () => `1f\r\n${query}0\r\n\r\n`,
    () => `0\r\n\r\n${good}`,
    () => `1\r\n${'{'}\r\n`.repeat(random.integer(1, 2000)),
    () => query,
    () => '',
  ]);
  return post(making, ['Transfer-Encoding: chunked'], body);
}

const lengths = [
  '31',
  '30',
  '32',
  '0',
  '-1',
  '+31',
  '031',
  '0x1f',
  '31.0',
  '3 1',
  '1e2',
  '',
  ' ',
  '31,31',
  '31, 32',
  '102400',
  '102401',
  '99999999',
  '9007199254740993',
  '99999999999999999999',
  '31\0',
  'x',
];
const codings = [
  'chunked',
  'Chunked',
  'identity',
  'gzip, chunked',
  'chunked, gzip',
  'chunked, chunked',
  'xchunked',
  'chunked\0',
  '"chunked"',
  'chunked;q=1',
  '',
  'x',
  '\tchunked',
  'chunked,',
];
const names = [
  'Content-Length',
  'content-length',
  'Content-Length ',
  'Content_Length',
  'Content-Length\t',
  ' Content-Length',
];
const encodingNames = [
  'Transfer-Encoding',
  'transfer-encoding',
  'Transfer-Encoding ',
  'Transfer_Encoding',
  'X\r\nTransfer-Encoding',
  'X: y\nTransfer-Encoding',
  'X: y\rTransfer-Encoding',
];

/** Two ways to say how long a body is, or one that says nothing: what request smuggling is made of (CWE-444). */
export function conflictingFraming(making: Making): string {
  const { random } = making;
  const ofLength = () => `${anyOf(random, names)}: ${anyOf(random, lengths)}`;
  const ofCoding = () => `${anyOf(random, encodingNames)}: ${anyOf(random, codings)}`;
  const lines = several(random, 1, 3, () => (chance(random, 50) ? ofLength() : ofCoding()));
  const smuggled = `GET /api/user HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const body = random.pick([
    query,
    chunked(query, [31]),
    `0\r\n\r\n${smuggled}`,
    `${query}${smuggled}`,
    '',
    `${chunked(query, [10])}${smuggled}`,
  ]);
  return post(making, lines, body);
}
