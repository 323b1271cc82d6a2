import { describe, expect, it } from 'vitest';
import { known } from './odd-bodies.ts';
import type { Sent } from './pair.ts';
import { type RestOptions, usePair } from './scene.ts';

const scene = usePair();

describe.each(['/api/user', '/api/accounts'])('%s is answered the same on the hot path', (path) => {
  it.each<[string, Omit<RestOptions, 'target'> & { target?: string }, boolean]>([
    ['as it is', {}, true],
    ['for a client that takes something else', { headers: [['Accept', 'text/html']] }, true],
    ['with a length of nothing', { headers: [['Content-Length', '0']] }, true],
    ['in absolute form', { target: `http://evil.example${path}` }, true],
    ['with a query', { target: `${path}?a=b` }, false],
    ['with an empty query', { target: `${path}?` }, false],
    ['with a slash at its end', { target: `${path}/` }, false],
    ['in capitals', { target: path.toUpperCase() }, false],
    ['with an escape', { target: path.replace('a', '%61') }, false],
    ['with a fragment', { target: `${path}#a` }, false],
    ['with dots', { target: `/x/..${path}` }, false],
    ['with a body', { body: '{"a":1}' }, false],
    [
      'with a body that calls itself JSON',
      { body: '{', headers: [['Content-Type', 'application/json']] },
      false,
    ],
    ['as POST', { method: 'POST', body: '{}' }, false],
    ['as OPTIONS', { method: 'OPTIONS', headers: [['Origin', 'http://localhost:3000']] }, false],
    ['as a method that nobody knows', { method: 'PURGE' }, false],
    [
      'with an upgrade',
      {
        headers: [
          ['Upgrade', 'websocket'],
          ['Connection', 'Upgrade'],
        ],
      },
      false,
    ],
  ])('%s', async (_title, options, isHot) => {
    await scene.expectSame((sent) => ({ pieces: [scene.rest(sent, { target: path, ...options })] }));
    expect(await scene.hotRequests()).toBe(isHot ? 1 : 0);
  });

  it('as HEAD', async () => {
    const head = (sent: Sent) => ({
      pieces: [scene.rest(sent, { method: 'HEAD', target: path })],
      isHead: true,
    });
    expect(await scene.expectSame(head)).toEqual([200]);
  });
});

it('a query that was admitted by GET is answered by POST, and is not by GET', async () => {
  const target = `/graphql?query=${encodeURIComponent(known)}`;
  const get = (sent: Sent) => scene.rest(sent, { target, headers: [['Apollo-Require-Preflight', '1']] });
  for (let time = 0; time < 2; time++)
    expect(await scene.expectSame((sent) => ({ pieces: [get(sent)] }))).toEqual([200]);
  expect(await scene.hotRequests()).toBe(0);
});

scene.tellsTheSame(30);
