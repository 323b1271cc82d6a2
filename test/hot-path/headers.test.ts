import { describe, expect, it } from 'vitest';
import { plainBody } from './odd-bodies.ts';
import type { Sent } from './pair.ts';
import { type RawOptions, usePair } from './scene.ts';

const scene = usePair();

describe('a header is read the same on the hot path', () => {
  const weights = ['application/json;q=0.5, application/graphql-response+json', 'application/json;q=0, */*'];
  it.each([
    ...['*/*', 'application/json', 'application/graphql-response+json', ...weights],
    ...[
      'application/graphql-response+json, application/json',
      'application/*',
      'text/html',
      'text/html, */*;q=0.1',
    ],
    ...[
      'multipart/mixed',
      'multipart/mixed;deferSpec=20220824, application/json',
      'application/json; charset=utf-8',
    ],
    ...[
      'image/*',
      '',
      ';',
      'application/graphql-response+json;q=1, application/json;q=0.9',
      `${'a/b, '.repeat(60)}*/*`,
    ],
  ])('Accept: %s', async (accept) => {
    await scene.expectSame((sent) => ({ pieces: [scene.post(sent, [['Accept', accept]])] }));
  });

  it.each([
    ...['http://localhost:3000', 'http://localhost:3001', 'https://evil.example', 'null', '', 'x'],
    ...['HTTP://LOCALHOST:3000', 'http://localhost:3000/', 'http://localhost:3000, http://localhost:3000'],
  ])('Origin: %s', async (origin) => {
    await scene.expectSame((sent) => ({ pieces: [scene.post(sent, [['Origin', origin]])] }));
    const get = ['Origin', origin] as const;
    await scene.expectSame(({ way, id }) => ({
      pieces: [scene.rest({ way, id }, { target: '/api/user', headers: [get] })],
    }));
    expect(await scene.hotRequests()).toBe(['http://localhost:3000'].includes(origin) ? 2 : 0);
  });

  it.each<[string, RawOptions]>([
    ['Origin twice', { headers: ['Origin: http://localhost:3000', 'Origin: http://localhost:3000'] }],
    ['Accept twice', { headers: ['Accept: text/html', 'Accept: application/json'] }],
    ['no Host', { host: [] }],
    ['Host twice', { host: ['Host: localhost', 'Host: localhost'] }],
    ['Host twice, written otherwise', { host: ['HOST: localhost', 'host: evil.example'] }],
    ['an empty Host', { host: ['Host:'] }],
    ['another Host', { host: ['Host: evil.example'] }],
    ['HTTP/1.0', { line: 'POST /graphql HTTP/1.0' }],
    ['HTTP/1.0 without Host', { line: 'POST /graphql HTTP/1.0', host: [] }],
    ['HTTP/1.0 that is kept', { line: 'POST /graphql HTTP/1.0', headers: ['Connection: keep-alive'] }],
    ['Connection: close', { headers: ['Connection: close'] }],
    ['Connection: cookie', { headers: ['Connection: cookie'] }],
    ['an upgrade', { headers: ['Connection: Upgrade', 'Upgrade: websocket'] }],
    ['an upgrade that is none', { headers: ['Upgrade: h2c'] }],
    ['an expectation that nobody knows', { headers: ['Expect: 200-ok'] }],
    ['a length twice', { headers: [`Content-Length: ${plainBody.length}`] }],
    ['another length', { headers: ['Content-Length: 1'] }],
    ['a length beside chunks', { headers: ['Content-Length: 5', 'Transfer-Encoding: chunked'] }],
    ['trailers', { headers: ['TE: trailers', 'Trailer: x'] }],
    ['a range and a condition', { headers: ['Range: bytes=0-1', 'If-None-Match: *'] }],
    ['the target in absolute form', { line: 'POST http://evil.example/graphql HTTP/1.1' }],
    ['a target with a query', { line: 'POST /graphql?query={me{name}} HTTP/1.1' }],
    ['a target with a slash at its end', { line: 'POST /graphql/ HTTP/1.1' }],
    ['a target in capitals', { line: 'POST /GraphQL HTTP/1.1' }],
    ['a target with an escape', { line: 'POST /graphq%6c HTTP/1.1' }],
    ['a target with two slashes', { line: 'POST //graphql HTTP/1.1' }],
    ['another method', { line: 'PUT /graphql HTTP/1.1' }],
    ['a method of another', { headers: ['X-HTTP-Method-Override: PUT'] }],
    ['a foreign page', { headers: ['Sec-Fetch-Site: cross-site', 'Referer: https://evil.example/'] }],
    ['a trace', { headers: ['Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'] }],
  ])('%s', async (_title, options) => {
    await scene.expectSame((sent) => ({ pieces: [scene.raw(sent, options)] }));
  });

  it('an expectation that is met', async () => {
    const statuses = await scene.expectSame(
      (sent) => ({ pieces: [scene.raw(sent, { headers: ['Expect: 100-continue'] })] }),
      2,
    );
    expect(statuses).toEqual([100, 200]);
  });

  it.each(['a'.repeat(128), 'a'.repeat(129), 'a b', '', '{"level":"error"}', 'ą', 'x, y'])(
    'X-Request-Id: %s',
    async (id) => {
      const make = ({ way }: Sent) => ({
        pieces: [scene.post({ way, id: Buffer.from(id).toString('latin1') })],
      });
      expect(await scene.expectSame(make)).toEqual([200]);
      expect(await scene.hotRequests()).toBe(1);
    },
  );

  it('X-Request-Id twice', async () => {
    await scene.expectSame(({ way }) => ({
      pieces: [scene.raw({ way, id: 'first' }, { headers: ['X-Request-Id: second'] })],
    }));
  });
});

scene.tellsTheSame(60);
