import { anyOf, chance, several } from './chances.ts';
import type { Making, SessionName, StartedSignIn } from './inputs.ts';
import { headerText, oddText, word } from './junk.ts';

export type Header = readonly [name: string, value: string];

const mediaTypes: readonly string[] = [
  'application/json',
  'application/graphql-response+json',
  'text/html',
  '*/*',
  'application/*',
  'text/*',
  'multipart/mixed',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/graphql',
  'application/json/x',
  'json',
  '/',
  'a/b/c',
  'application/vnd.api+json',
  ';',
  'application/json; charset',
];

/** Values that the charset of a JSON body may be given. */
const charsets: readonly string[] = [
  'utf-8',
  'UTF-8',
  '"utf-8"',
  'utf8',
  'utf-7',
  'utf-16',
  'utf-16le',
  'utf-32',
  'iso-8859-1',
  'shift_jis',
  'x',
  '',
  '"',
  'utf-8; charset=utf-16',
];

const weights = ['', '', ';q=0', ';q=1', ';q=0.5', ';q=x', ';q=-1', ';level=1', '; q = 1'];

const origins: readonly string[] = [
  'http://localhost:3000',
  'http://localhost:5000',
  'null',
  'https://evil.example',
  'http://localhost',
  'http://localhost:3000/',
  'HTTP://LOCALHOST:3000',
  'http://localhost:3000.evil.example',
  'file://',
  'http://[::1]:3000',
  'x',
  '',
];

const sites = ['none', 'same-origin', 'same-site', 'cross-site', 'x', ''];
const addresses = [
  '127.0.0.1',
  '10.0.0.1, 1.2.3.4',
  '::1',
  '[::1]:80',
  'unknown',
  '1.2.3.4:99999',
  '999.999.999.999',
  ',,,',
  '_hidden',
];
const hex = (length: number): string => '0af7651916cd43dd8448eb211c80319c'.slice(0, length);
const parents = [
  `00-${hex(32)}-${hex(16)}-01`,
  `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`,
  `ff-${hex(32)}-${hex(16)}-01`,
  `00-${hex(31)}-${hex(16)}-01`,
  '00',
  '----',
  `00-${hex(32)}-${hex(16)}-01-x`,
];

type HeaderMaker = (making: Making) => Header;

/** Those that the gateway, Express or Node look at; each is left to chance. */
const makers: readonly HeaderMaker[] = [
  ({ random }) => [
    'Accept',
    several(
      random,
      0,
      random.pick([1, 3, 50]),
      () => anyOf(random, mediaTypes) + anyOf(random, weights),
    ).join(', '),
  ],
  ({ random }) => ['Accept-Encoding', random.pick(['gzip', 'br', 'identity;q=0', '*;q=0', 'x', ''])],
  ({ random }) => ['Accept-Charset', anyOf(random, charsets)],
  ({ random }) => ['Origin', anyOf(random, origins)],
  ({ random }) => ['Referer', anyOf(random, origins)],
  ({ marker }) => ['Referer', `http://localhost:3000/?code=${marker}`],
  ({ random }) => ['Sec-Fetch-Site', anyOf(random, sites)],
  ({ random }) => ['Sec-Fetch-Dest', random.pick(['document', 'empty', 'image', 'iframe', 'x'])],
  ({ random }) => ['Sec-Fetch-Mode', random.pick(['navigate', 'cors', 'no-cors', 'x'])],
  ({ random }) => ['X-Forwarded-For', anyOf(random, addresses)],
  ({ random }) => ['X-Forwarded-Proto', random.pick(['https', 'http', 'x', 'https,http', ''])],
  ({ random }) => ['X-Forwarded-Host', random.pick(['evil.example', 'localhost', '', 'a b', '[::'])],
  ({ random }) => [
    'Forwarded',
    random.pick(['for=1.2.3.4;proto=https;host=evil.example', 'for="[::1]"', ';;;', 'for=']),
  ],
  ({ random }) => ['Traceparent', anyOf(random, parents)],
  ({ random }) => ['Tracestate', random.pick(['a=b', 'a=b,'.repeat(100), '=', oddText(random)])],
  ({ random }) => ['Baggage', random.pick(['a=b', 'a=b;c,'.repeat(300), oddText(random)])],
  ({ random }) => [
    'X-Request-Id',
    random.pick([
      word(random),
      'a'.repeat(128),
      'a'.repeat(129),
      '{"level":"error"}',
      oddText(random),
      headerText(random, 40),
    ]),
  ],
  ({ marker }) => ['Authorization', `Bearer ${marker}`],
  ({ marker }) => ['Authorization', `Basic ${Buffer.from(`x:${marker}`).toString('base64')}`],
  ({ marker }) => ['X-Api-Key', marker],
  ({ marker }) => ['User-Agent', marker],
  ({ random }) => ['Apollo-Require-Preflight', random.pick(['1', '', 'x'])],
  ({ random, marker }) => ['X-Apollo-Operation-Name', random.pick(['x', '', marker])],
  ({ random }) => ['X-HTTP-Method-Override', random.pick(['DELETE', 'GET', 'POST', 'x'])],
  ({ random }) => ['Access-Control-Request-Method', random.pick(['POST', 'DELETE', '', 'x'])],
  ({ random }) => [
    'Access-Control-Request-Headers',
    random.pick(['content-type', 'x'.repeat(3000), '', ',,']),
  ],
  ({ random }) => ['Range', random.pick(['bytes=0-1', 'bytes=5-1', 'bytes=-1', 'bytes=0-0,0-0,0-0', 'x'])],
  ({ random }) => ['If-None-Match', random.pick(['*', '"x"', 'W/"x"', ''])],
  ({ random }) => ['If-Modified-Since', random.pick(['Thu, 01 Jan 1970 00:00:00 GMT', 'x', '9'.repeat(50)])],
  ({ random }) => ['Expect', random.pick(['100-continue', '200-ok', ''])],
  ({ random }) => ['Connection', random.pick(['close', 'keep-alive', 'upgrade', 'x, y', 'cookie, host'])],
  ({ random }) => ['Upgrade', random.pick(['websocket', 'h2c', 'x'])],
  ({ random }) => ['TE', random.pick(['trailers', 'gzip', ''])],
  ({ random }) => [word(random), headerText(random, random.pick([20, 300, 8000]))],
  ({ random }) => [
    random.pick(['__proto__', 'constructor', 'toString', 'x-y', 'a.b', '~', '!', '0']),
    oddText(random),
  ],
];

/** Any number of headers of any sense. */
export const oddHeaders = (making: Making): Header[] =>
  several(making.random, 0, making.random.pick([1, 4, 12]), () => anyOf(making.random, makers)(making));

/** Whom the request says that it is for. */
export function host({ random, world }: Making): Header[] {
  if (chance(random, 92)) return [['Host', `localhost:${world.port}`]];
  return [
    [
      'Host',
      random.pick([
        '127.0.0.1',
        'evil.example',
        'localhost:3000',
        '[::1]:80',
        'localhost:99999',
        'a..b',
        'x'.repeat(300),
        `localhost:${world.port}, evil`,
        '%00',
        'xn--a',
        '\u00ff',
        headerText(random, 20),
      ]),
    ],
  ];
}

/** What a body says that it is: mostly what the gateway takes. */
export function contentType({ random }: Making): Header[] {
  if (chance(random, 60)) return [['Content-Type', 'application/json']];
  if (chance(random, 10)) return [];
  const charset = chance(random, 60) ? `; charset=${anyOf(random, charsets)}` : '';
  return [['Content-Type', (chance(random, 60) ? 'application/json' : anyOf(random, mediaTypes)) + charset]];
}

/** None, one of a signed-in session, such a one with a fault in it, or rubbish. */
export function cookies(
  making: Making,
  options: { session: SessionName; started?: StartedSignIn | undefined },
): Header[] {
  const { random, world, marker } = making;
  const valid = world.cookies[options.session];
  const flow = options.started ? [options.started.cookie] : [];
  const at = random.integer(0, valid.length - 1);
  const cookie = random.pick<string | undefined>([
    valid,
    valid,
    valid,
    undefined,
    valid.slice(0, at),
    `${valid.slice(0, at)}${random.pick(['A', '%', '.', ' ', '%00', '"'])}${valid.slice(at + 1)}`,
    `mcm_session=${marker}; ${valid}`,
    `${valid}; mcm_session=s%3A${marker}.x`,
    valid.replace('s%3A', 'j%3A'),
    `mcm_session=j:{"${marker}":1}`,
    `mcm_session="${marker}"`,
    `mcm_session=s:${marker}`,
    `__Host-${valid}`,
    `mcm_sign_in=${marker.padEnd(32, 'x')}; ${oddText(random)}`,
    `${'a=b; '.repeat(random.integer(1, 1500))}${valid}`,
    headerText(random, 200),
    '; ;=;;',
  ]);
  const values = [...flow, ...(cookie === undefined ? [] : [cookie])];
  if (values.length === 0) return [];
  return chance(random, 90)
    ? [['Cookie', values.join('; ')]]
    : values.map((value) => ['Cookie', value] as const);
}
