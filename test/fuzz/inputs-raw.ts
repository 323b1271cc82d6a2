import { anyOf, chance, oneOf, several, weighted } from './chances.ts';
import type { Made, Making } from './inputs.ts';
import { sessionFor } from './inputs.ts';
import { bytes, headerText, oddText } from './junk.ts';
import { damaged, httpAlphabet } from './mutations.ts';
import { brokenChunks, conflictingFraming } from './raw-framing.ts';
import { requestText } from './request-text.ts';

/** Requests that nothing is wrong with, for each kind of route. */
const goodRequests = [
  { target: '/api/user' },
  { target: '/api/accounts' },
  { target: '/api/subscriptions' },
  { target: '/api/account/aws/config' },
  { target: '/healthz', method: 'HEAD' },
  { target: '/readyz' },
  { target: '/' },
  { target: '/icon.svg' },
  { target: '/api/logout' },
  { target: '/api/login/azure?returnTo=/x' },
  { target: '/getAToken?code=x&state=y' },
  { target: '/graphql?query={me{loggedIn}}' },
  { target: '/graphql', method: 'OPTIONS' },
  { target: '/nothing' },
  {
    target: '/graphql',
    method: 'POST',
    body: '{"query":"{ me { loggedIn name } accounts { __typename } }"}',
  },
  { target: '/graphql', method: 'POST', body: '{"query":"mutation { logout { message } }"}' },
  { target: '/api/account/aws/add', method: 'POST', body: '{"roleArn":"arn:aws:iam::1:role/x"}' },
  { target: '/api/account/aws/add', method: 'POST', body: '{}', chunkSizes: [1] },
  { target: '/api/user', method: 'POST', body: 'x'.repeat(300), chunkSizes: [100] },
] as const;

/** A request that nothing is wrong with; of a signed-in browser, more often than not. */
export function goodRequest({ random, world }: Making): string {
  const request = anyOf(random, goodRequests);
  const signedIn = chance(random, 60);
  const cookie = world.cookies[sessionFor(`${request.target}${'body' in request ? request.body : ''}`)];
  return requestText({
    ...request,
    headers: [
      ['Host', `localhost:${world.port}`],
      ['Accept', '*/*'],
      ...('body' in request ? [['Content-Type', 'application/json'] as const] : []),
      ...(signedIn ? [['Cookie', cookie] as const] : []),
      ...(chance(random, 10)
        ? [['Connection', random.pick(['close', 'keep-alive', 'upgrade', 'x'])] as const]
        : []),
    ],
  });
}

const anything = ({ random }: Making): string =>
  oneOf(random, [
    () => bytes(random, 1, 40),
    () => bytes(random, 1, 2000),
    () => several(random, 1, 40, () => anyOf(random, httpAlphabet)).join(''),
    () => headerText(random, 500),
    () => `${headerText(random, 60)}\r\n${headerText(random, 60)}\r\n\r\n`,
    () => '\r\n'.repeat(random.integer(1, 300)),
    () => '\0'.repeat(random.integer(1, 300)),
  ]);

const mutated = (making: Making): string =>
  damaged(goodRequest(making), {
    random: making.random,
    times: making.random.integer(1, making.random.pick([1, 3, 12])),
    alphabet: httpAlphabet,
  });

/** Head of a request with one part of it far too large. */
function overflowing({ random }: Making): string {
  const size = random.pick([100, 8_000, 16_300, 16_384, 17_000, 70_000]);
  const long = 'a'.repeat(size);
  const many = random.integer(1, 3000);
  return oneOf(random, [
    () =>
      requestText({
        headers: [
          ['Host', 'x'],
          ['X-Long', long],
        ],
      }),
    () =>
      requestText({
        headers: [
          ['Host', 'x'],
          [long, 'x'],
        ],
      }),
    () =>
      requestText({
        headers: [['Host', 'x'], ...Array.from({ length: many }, (_, at) => [`X-${at}`, 'x'] as const)],
      }),
    () =>
      requestText({
        headers: [['Host', 'x'], ...Array.from({ length: many }, () => ['Cookie', 'a=b'] as const)],
      }),
    () =>
      requestText({
        headers: [
          ['Host', 'x'],
          ['Cookie', `mcm_session=${long}`],
        ],
      }),
    () => requestText({ target: `/${long}`, headers: [['Host', 'x']] }),
    () => requestText({ target: `/api/user?${long}`, headers: [['Host', 'x']] }),
    () => requestText({ method: long.slice(0, 20_000), headers: [['Host', 'x']] }),
    () => `GET / HTTP/1.1\r\nHost: x\r\nX-Folded: a\r\n${' b\r\n'.repeat(many)}\r\n`,
    () => long,
  ]);
}

/** Requests one after the other, some of them damaged. */
const pipelined = (making: Making): string =>
  several(making.random, 2, making.random.pick([3, 12]), () =>
    chance(making.random, 15) ? mutated(making) : goodRequest(making),
  ).join(chance(making.random, 10) ? '\r\n' : '');

/** What comes before the rest that never comes. */
function half(making: Making): string {
  const whole = goodRequest(making);
  return whole.slice(0, making.random.integer(0, whole.length - 1));
}

function oddHosts({ random, world }: Making): string {
  const hosts = several(random, 0, 4, () =>
    random.pick([
      `localhost:${world.port}`,
      'localhost',
      'evil.example',
      '',
      '[::1]',
      '[',
      'a b',
      'x:99999',
      'x:-1',
      'user@x',
      'x/y?z',
      '127.1',
      oddText(random),
      headerText(random, 30),
    ]),
  );
  return requestText({
    target: random.pick([
      '/api/user',
      '/api/login/azure',
      '/api/login/google',
      '/',
      '/graphql?query={me{name}}',
    ]),
    version: random.pick(['HTTP/1.1', 'HTTP/1.0']),
    headers: hosts.map((host) => [random.pick(['Host', 'host', 'HOST', 'Host ', ' Host']), host] as const),
  });
}

function oddStart({ random, world }: Making): string {
  const method = random.pick([
    'GET',
    'get',
    'G',
    'PRI',
    'CONNECT',
    'TRACE',
    'PURGE',
    'HEAD',
    'OPTIONS',
    'POST',
    'M-SEARCH',
    'SOURCE',
    'QUERY',
    'G\0T',
    '',
    headerText(random, 5),
  ]);
  const target = random.pick([
    '/api/user',
    '*',
    '',
    '/',
    '//',
    `http://localhost:${world.port}/api/user`,
    'http://',
    'https://[::1/',
    'ftp://x/y',
    'x:80',
    'api/user',
    '/a b',
    '/%',
    '/\u00ff',
    '?',
    '#',
    `/${oddText(random)}`,
  ]);
  const version = random.pick([
    'HTTP/1.1',
    'HTTP/1.0',
    'HTTP/0.9',
    'HTTP/2.0',
    'HTTP/1.2',
    'HTTP/9.9',
    'HTTP/1',
    'HTTP/11',
    'http/1.1',
    'HTTP/1.1x',
    'HTTPS/1.1',
    'HTTP/-1.1',
    '',
    'ICE/1.0',
    'RTSP/1.0',
  ]);
  const start = weighted(random, [
    [6, `${method} ${target} ${version}`],
    [1, `${method} ${target}`],
    [1, `${method}  ${target}  ${version}`],
    [1, `${method}\t${target}\t${version}`],
  ]);
  const lineEnd = random.pick(['\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n']);
  return `${start}${lineEnd}Host: localhost${lineEnd}${lineEnd}`;
}

/** What other protocols begin with. */
const otherProtocols = ({ random }: Making): string =>
  random.pick([
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0',
    `\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003${bytes(random, 32, 200)}`,
    'SSH-2.0-OpenSSH_9.6\r\n',
    'PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n',
    '*1\r\n$4\r\nPING\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  ]);

const kinds = [
  [2, anything],
  [5, mutated],
  [3, brokenChunks],
  [3, conflictingFraming],
  [1, overflowing],
  [2, pipelined],
  [2, half],
  [2, oddHosts],
  [2, oddStart],
  [1, otherProtocols],
] as const;

/** Bytes that are HTTP, almost HTTP, or nothing like it, on a connection of their own. */
export function rawInput(making: Making): Made {
  const { random } = making;
  const make = weighted<(making: Making) => string>(random, kinds);
  const text = withSecret(make(making), making);
  return { pieces: inPieces(text, making), isHead: false, endsAfterMs: random.pick([0, 0, 5, 20]) };
}

/** A secret in a header of its own; after all damage is done, as that could make it a part of the path. */
function withSecret(text: string, { random, marker }: Making): string {
  const lineEnd = text.indexOf('\r\n');
  if (lineEnd < 0 || !chance(random, 50)) return text;
  const header = random.pick([
    'Authorization: Bearer ',
    'Cookie: mcm_session=',
    'X-Api-Key: ',
    'Referer: http://x/?code=',
  ]);
  return `${text.slice(0, lineEnd)}\r\n${header}${marker}${text.slice(lineEnd)}`;
}

/** As the network may deliver it. */
function inPieces(text: string, { random }: Making): string[] {
  const cuts = several(random, 0, random.pick([0, 0, 1, 4]), () => random.integer(0, text.length)).sort(
    (a, b) => a - b,
  );
  return [0, ...cuts].map((from, at) => text.slice(from, cuts[at] ?? text.length));
}
