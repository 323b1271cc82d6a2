import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawAnswer, rawRequest, readAnswers } from '../support/raw-request.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

/** Whole requests, with what no client would send. */
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
const post = (headers: string, body: string) =>
  `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
const good = '{"query":"{me{loggedIn}}"}';
const lengthOf = (body: string) => `Content-Length: ${body.length}\r\n`;

type Row = [title: string, bytes: string | Uint8Array, status: number, code: string];
const bad = (title: string, bytes: string | Uint8Array): Row => [title, bytes, 400, 'BAD_REQUEST'];

/** What Node's parser refuses, so that no route sees it. The connection is over then, as nobody knows where it is. */
const unreadable: Row[] = [
  bad('no HTTP at all', 'hello\r\n\r\n'),
  bad('the start of TLS', Uint8Array.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0])),
  bad(
    'bytes of every kind',
    Uint8Array.from({ length: 256 }, (_, at) => at),
  ),
  bad('no method', ' /api/user HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  bad('a method that HTTP does not have', 'FOO /api/user HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  bad('a method of GraphQL', 'FOO /graphql HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  bad('a method in small letters', 'get /api/user HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  bad('no path', 'GET HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  bad('a space in the path', get('/api/us er')),
  bad('a tab in the path', get('/api/us\ter')),
  bad('NUL in the path', get('/api/user\u0000')),
  bad('DEL in the path', get('/api/user\u007f')),
  bad('HTTP/0.9', 'GET /api/user\r\n'),
  bad('HTTP/1.2', 'GET /api/user HTTP/1.2\r\nHost: localhost\r\n\r\n'),
  bad('HTTP/9.9', 'GET /api/user HTTP/9.9\r\nHost: localhost\r\n\r\n'),
  bad('no version', 'GET /api/user HTTP/\r\nHost: localhost\r\n\r\n'),
  bad('another protocol', 'GET /api/user ICE/1.0\r\nHost: localhost\r\n\r\n'),
  bad('the start of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  bad('lines without CR', 'GET /api/user HTTP/1.1\nHost: localhost\n\n'),
  bad('lines without LF', 'GET /api/user HTTP/1.1\rHost: localhost\r\r'),
  bad('a header without colon', get('/api/user', 'nonsense\r\n')),
  bad('a header without name', get('/api/user', ': x\r\n')),
  bad('a space in the name of a header', get('/api/user', 'a b: x\r\n')),
  bad('a space before the colon', get('/api/user', 'Content-Length : 0\r\n')),
  bad('a line break in a header', get('/api/user', 'a: b\rc\r\n')),
  bad('NUL in a header', get('/api/user', 'a: b\u0000c\r\n')),
  bad('NUL in a cookie', get('/api/user', 'Cookie: mcm_session=\u0000\r\n')),
  bad('no ASCII in the name of a header', get('/api/user', '\u00fc: x\r\n')),
  bad('a negative length', post('Content-Length: -1\r\n', good)),
  bad('a length that is no number', post('Content-Length: x\r\n', good)),
  bad('a length in hexadecimal', post('Content-Length: 0x1a\r\n', good)),
  bad('a length with a sign', post('Content-Length: +26\r\n', good)),
  bad('a length of 30 digits', post(`Content-Length: ${'9'.repeat(30)}\r\n`, good)),
  bad('no length', post('Content-Length: \r\n', good)),
  bad('two lengths', post(`${lengthOf(good)}Content-Length: 1\r\n`, good)),
  bad('two lengths in one', post('Content-Length: 26, 26\r\n', good)),
  bad('a length and chunks', post(`${lengthOf(good)}Transfer-Encoding: chunked\r\n`, '0\r\n\r\n')),
  bad('chunks and a length', post(`Transfer-Encoding: chunked\r\n${lengthOf(good)}`, '0\r\n\r\n')),
  bad('a transfer that is not known', post('Transfer-Encoding: nonsense\r\n', good)),
  bad('chunks before another transfer', post('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n')),
  bad('a chunk without length', post('Transfer-Encoding: chunked\r\n', `zz\r\n${good}\r\n0\r\n\r\n`)),
  bad('a chunk of negative length', post('Transfer-Encoding: chunked\r\n', `-1\r\n${good}\r\n0\r\n\r\n`)),
  bad('a chunk of 2^68 bytes', post('Transfer-Encoding: chunked\r\n', `${'f'.repeat(17)}\r\n${good}`)),
  bad('a chunk longer than it says', post('Transfer-Encoding: chunked\r\n', `1\r\n${good}\r\n0\r\n\r\n`)),
  bad('chunks that do not end', post('Transfer-Encoding: chunked\r\n', `1a\r\n${good}\r\n`)),
  bad('a body that does not end', post('Content-Length: 1000\r\n', good)),
  bad('headers that do not end', 'GET /api/user HTTP/1.1\r\nHost: localhost\r\n'),
  ['headers of 100 kB', get('/api/user', `a: ${'x'.repeat(100_000)}\r\n`), 431, 'BAD_REQUEST'],
  ['5,000 headers', get('/api/user', 'a: xxxxxxxxxxxxxx\r\n'.repeat(5000)), 431, 'BAD_REQUEST'],
  [
    'a cookie of 20 kB',
    get('/api/user', `Cookie: mcm_session=${'x'.repeat(20_000)}\r\n`),
    431,
    'BAD_REQUEST',
  ],
  ['a path of 100 kB', get(`/${'x'.repeat(100_000)}`), 431, 'BAD_REQUEST'],
  ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
  [
    'a tunnel to itself',
    'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    405,
    'METHOD_NOT_ALLOWED',
  ],
];

/** What is HTTP, and refused by the gateway itself. */
const refused: Row[] = [
  bad('HTTP/0.9 with headers', 'GET /api/user\r\nHost: localhost\r\n\r\n'),
  bad('no host', 'GET /api/user HTTP/1.1\r\n\r\n'),
  bad('two hosts', get('/api/user', 'Host: evil.example\r\n')),
  bad('the same host twice', get('/api/user', 'host: localhost\r\n')),
  bad('no host for GraphQL', 'GET /graphql HTTP/1.1\r\n\r\n'),
  bad('http://[/', get('http://[/')),
  bad('foo://bar', get('foo://bar')),
  bad('*', get('*')),
  bad('a port that is none', get('https://[::1]:x/getAToken')),
  bad('an address without slash', get('api/user')),
  bad('WebSocket to GraphQL', get('/graphql', 'Upgrade: websocket\r\nConnection: Upgrade\r\n')),
  ['WebSocket', get('/socket', 'Upgrade: websocket\r\nConnection: Upgrade\r\n'), 404, 'NOT_FOUND'],
  ['another host’s path', get('http://evil.example/nothing'), 404, 'NOT_FOUND'],
  ['another host’s path by slashes', get('http://evil.example//api/user'), 404, 'NOT_FOUND'],
];

/** What looks odd and is as good as any. */
const answered: [title: string, bytes: string][] = [
  ['HTTP/1.0 without host', 'GET /api/user HTTP/1.0\r\n\r\n'],
  ['HTTP/1.0 that wants to stay', 'GET /api/user HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'],
  ['an absolute address', get('http://localhost/api/user')],
  ['an absolute address of another host', get('https://evil.example/api/user')],
  ['an empty host', 'GET /api/user HTTP/1.1\r\nHost: \r\n\r\n'],
  ['a host that is none', 'GET /api/user HTTP/1.1\r\nHost: [/@:\r\n\r\n'],
  ['empty lines in front', `\r\n\r\n${get('/api/user')}`],
  ['a header twice', get('/api/user', 'X-Request-Id: a\r\nX-Request-Id: b\r\nAccept: a\r\nAccept: b\r\n')],
  ['an offer of WebSocket', get('/api/user', 'Upgrade: websocket\r\nConnection: Upgrade\r\n')],
  ['an offer of HTTP/2', get('/api/user', 'Upgrade: h2c\r\nConnection: Upgrade\r\n')],
  ['bytes in a header that are no ASCII', get('/api/user', 'User-Agent: \u00fc\u00ff\r\n')],
];

describe('on the wire', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const send = async (bytes: string | Uint8Array): Promise<RawAnswer[]> =>
    readAnswers(
      await rawRequest(
        Number(new URL(gateway.url).port),
        typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes,
      ),
    );

  function expectRefusal(answer: RawAnswer | undefined, status: number, code: string): void {
    const { headers = {}, body = '{}' } = answer ?? {};
    expect({ status: answer?.status, body }).toEqual({ status, body: expect.stringContaining(`"${code}"`) });
    expect(headers['content-type']).toMatch(/^application\/(graphql-response\+)?json; charset=utf-8$/);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
    const requestId = headers['x-request-id'];
    expect(requestId).toMatch(/^[\w-]{36}$/);
    const told = JSON.parse(body);
    expect('errors' in told ? told.errors[0].extensions : told).toMatchObject({ code, requestId });
    expect(body).not.toMatch(/node_modules|\n\s*at |HPE_|Parse Error/);
  }

  it.each(unreadable)(
    'what is not HTTP is refused and ends the connection: %s',
    async (_title, bytes, status, code) => {
      const [answer, ...more] = await send(bytes);
      expectRefusal(answer, status, code);
      expect(answer?.headers.connection).toBe('close');
      expect(JSON.parse(answer?.body ?? '')).toEqual({
        error: expect.any(String),
        code,
        requestId: answer?.headers['x-request-id'],
      });
      expect(more).toEqual([]);
      if (status === 405) expect(answer?.headers.allow).toContain('GET');
    },
  );

  it.each(refused)('refused: %s', async (_title, bytes, status, code) => {
    const [answer, ...more] = await send(bytes);
    expectRefusal(answer, status, code);
    expect(more).toEqual([]);
  });

  it.each(answered)('answered as ever: %s', async (_title, bytes) => {
    const answers = await send(bytes);
    expect(answers).toMatchObject([{ status: 200, body: '{"logged_in":false}' }]);
    expect(answers[0]?.headers['cache-control']).toBe('no-store');
  });

  it('requests that follow each other at once are answered in their order', async () => {
    const answers = await send(
      [get('/healthz'), post(lengthOf(good), good), get('/api/nothing'), get('/api/user')].join(''),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 200]);
    expect(answers[1]?.body).toBe('{"data":{"me":{"loggedIn":false}}}\n');
  });

  it('what is not HTTP takes no answer from the requests before it', async () => {
    const answers = await send(`${get('/healthz')}${post(lengthOf(good), good)}GARBAGE\r\n\r\n`);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
    expectRefusal(answers[2], 400, 'BAD_REQUEST');
    expect(answers[1]?.body).toBe('{"data":{"me":{"loggedIn":false}}}\n');
  });

  it('an offer of another protocol is the last request of its connection', async () => {
    const offer = get('/healthz', 'Upgrade: x\r\nConnection: Upgrade\r\n');
    const answers = await send(`${offer}GET %2f HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(answers).toMatchObject([{ status: 200, headers: { connection: 'close' } }]);
  });

  it('a request behind a bad one is not answered', async () => {
    const answers = await send(`FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n${get('/api/user')}`);
    expect(answers).toMatchObject([{ status: 400 }]);
  });

  it('a request hidden in the body of another is never one', async () => {
    const hidden = get('/api/logout');
    const [answer, ...more] = await send(
      post(`${lengthOf(hidden)}Transfer-Encoding: chunked\r\n`, `0\r\n\r\n${hidden}`),
    );
    expectRefusal(answer, 400, 'BAD_REQUEST');
    expect(more).toEqual([]);
    expect(gateway.log.text()).not.toContain('"path":"/api/logout"');
  });

  it('the gateway lives on, and has nothing to say of its own failures', async () => {
    expect(await send(get('/readyz'))).toMatchObject([{ status: 200, body: '{"status":"ready"}' }]);
    expect(gateway.log.entries().filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});
