import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { anyOf, chance, oneOf } from './chances.ts';
import type { Header } from './http-headers.ts';
import type { Making } from './inputs.ts';
import { accountId, bytes, jsonValue, oddText, roleArn, word } from './junk.ts';
import { damaged, textAlphabet } from './mutations.ts';
import { utf8 } from './request-text.ts';

/** The largest body that the gateway takes, in bytes. */
const mostBytes = 100 * 1024;

/** What inflates to a hundred times the limit. */
const bomb = gzipSync(Buffer.alloc(mostBytes * 100, ' ')).toString('latin1');

const queries: readonly string[] = [
  '{ me { loggedIn name email sessionExpiresAt } }',
  '{ accounts { __typename ... on ConnectedAccount { id } ... on GcpAccount { accessToken refreshToken } } }',
  '{ azureSubscriptions { id displayName } }',
  'mutation ($id: ID!) { disconnectAccount(id: $id) { id } }',
  'mutation ($roleArn: String!) { connectAwsAccount(roleArn: $roleArn) { account { id } } }',
  'mutation { logout { message } }',
  'query A { me { name } } query B { me { email } }',
];

/** A JSON body, as text, that the routes could make something of. */
function sensible(making: Making): string {
  const { random, marker } = making;
  return JSON.stringify(
    random.pick([true, false])
      ? {
          query: anyOf(random, queries),
          variables: { id: accountId(random, marker), roleArn: roleArn(random, marker) },
          operationName: random.pick([undefined, null, 'A', marker]),
        }
      : { roleArn: roleArn(random, marker), externalId: marker },
  );
}

/** The right members with values of any type. */
function wrongTypes(making: Making): string {
  const { random, marker } = making;
  const value = () => jsonValue(random, marker);
  const names = [
    'query',
    'variables',
    'operationName',
    'extensions',
    'roleArn',
    'id',
    'doc_id',
    'documentId',
    '__proto__',
    'constructor',
  ];
  const members = names
    .filter(() => chance(random, 50))
    .map((name) => `"${name}":${JSON.stringify(value())}`);
  const first = chance(random, 50) ? [`"query":${JSON.stringify(anyOf(random, queries))}`] : [];
  const persisted = chance(random, 20)
    ? ['"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}']
    : [];
  return `{${[...members, ...first, ...persisted].join(',')}}`;
}

function deep({ random }: Making): string {
  const depth = random.pick([10, 100, 1000, 10_000, 25_000]);
  const whole = chance(random, 70) ? depth : 0;
  const value = random.pick([
    '['.repeat(depth) + ']'.repeat(whole),
    `${'{"a":'.repeat(depth)}1${'}'.repeat(whole)}`,
    `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(whole / 2)}`,
  ]);
  return random.pick([
    value,
    `{"query":"{ me { name } }","variables":{"a":${value}}}`,
    `{"roleArn":${value}}`,
    `{"query":${value}}`,
  ]);
}

/** Within some bytes of the limit. */
function large({ random }: Making): string {
  const size = mostBytes + random.integer(-60, 60);
  const [before, after] = anyOf(random, [
    ['{"query":"{ me { name } }","x":"', '"}'],
    ['{"query":"{ ', ' }"}'],
    ['{"roleArn":"', '"}'],
    ['', ''],
  ] as const);
  const filler = random.pick(['a', ' ', '{', '\\\\', 'a ']);
  return before + filler.repeat(size).slice(0, size - before.length - after.length) + after;
}

const plain = (making: Making): string =>
  oneOf(making.random, [
    () => utf8(sensible(making)),
    () => utf8(wrongTypes(making)),
    () => utf8(wrongTypes(making)),
    () =>
      damaged(utf8(sensible(making)), {
        random: making.random,
        times: making.random.integer(1, 5),
        alphabet: textAlphabet,
      }),
    () => utf8(JSON.stringify(jsonValue(making.random, making.marker))),
    () => utf8(JSON.stringify([JSON.parse(sensible(making)), JSON.parse(sensible(making))])),
    () => `\u00ef\u00bb\u00bf${utf8(sensible(making))}`,
    () => Buffer.from(sensible(making), 'utf16le').toString('latin1'),
    () => bytes(making.random, 0, 300),
    () => utf8(oddText(making.random)),
    () => new URLSearchParams({ query: anyOf(making.random, queries), roleArn: making.marker }).toString(),
    () =>
      `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${utf8(sensible(making))}\r\n--x--\r\n`,
    () => `{"query":"{ ${word(making.random)} }","query":"{ me { name } }","variables":{"a":1,"a":2}}`,
    () => '',
  ]);

const compressions = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
} as const;

/** `plain` is what the gateway may read in it, however it is packed. */
export type Body = { text: string; headers: Header[]; plain: string };

/** A body that may be anything, packed in a way that is right, or not. */
export function body(making: Making): Body {
  const { random } = making;
  if (chance(random, 5)) return unpacked(deep(making));
  if (chance(random, 3)) return unpacked(large(making));
  const content = plain(making);
  if (chance(random, 80)) return unpacked(content);
  const encoding = random.pick(['gzip', 'gzip', 'gzip', 'x-gzip', 'deflate', 'br'] as const);
  const packed = compressions[encoding](Buffer.from(content, 'latin1')).toString('latin1');
  const text = random.pick([
    packed,
    packed,
    packed.slice(0, random.integer(0, packed.length)),
    damaged(packed, { random, times: 2, alphabet: textAlphabet }),
    packed + packed,
    content,
    bomb,
  ]);
  const named = chance(random, 80)
    ? encoding
    : random.pick(['GZIP', 'gzip, gzip', 'identity', 'x', '', 'zstd', 'compress']);
  return { text, headers: [['Content-Encoding', named]], plain: content };
}

const unpacked = (text: string): Body => ({ text, headers: [], plain: text });
