import { describe, expect, it } from 'vitest';
import { requestText } from '../fuzz/request-text.ts';
import { inChunks, oddBodies } from './odd-bodies.ts';
import { graphqlPost, type Sent } from './pair.ts';
import { usePair } from './scene.ts';

const scene = usePair();

describe('a body is read the same on the hot path', () => {
  it.each(oddBodies)('$title', async ({ body, headers = [], contentType = 'application/json' }) => {
    await scene.expectSame(({ way, id }) => ({
      pieces: [
        requestText({
          method: 'POST',
          target: '/graphql',
          headers: [
            ['Host', 'localhost'],
            ['X-Request-Id', id],
            ['Cookie', scene.cookieOf({ way, id })],
            ...(contentType === '' ? [] : [['Content-Type', contentType] as const]),
            ...headers,
          ],
          body,
        }),
      ],
    }));
  });

  it.each([
    ['one chunk', [1000]],
    ['several chunks', [10, 1, 20]],
  ])('%s', async (_title, sizes) => {
    const { body, header } = inChunks(sizes);
    expect(
      await scene.expectSame((sent) => ({ pieces: [scene.raw(sent, { headers: [header], body })] })),
    ).toEqual([200]);
    expect(await scene.hotRequests()).toBe(0);
  });

  it('in a packet of its own, behind that of its head', async () => {
    expect(
      await scene.expectSame((sent) => {
        const text = scene.post(sent);
        const at = text.indexOf('\r\n\r\n') + 4;
        return { pieces: [text.slice(0, at), text.slice(at)] };
      }),
    ).toEqual([200]);
  });

  it('in the middle of two packets', async () => {
    expect(
      await scene.expectSame((sent) => ({
        pieces: [scene.post(sent).slice(0, -10), scene.post(sent).slice(-10)],
      })),
    ).toEqual([200]);
  });

  it('cut', async () => {
    await scene.expectSame((sent) => ({ pieces: [scene.post(sent).slice(0, -10)], ends: true }));
  });

  it('several requests in one packet, hot ones and others, are answered in their order', async () => {
    const user = ({ way, id }: Sent) =>
      `GET /api/user HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: ${id}\r\nCookie: ${scene.cookieOf({ way, id })}\r\n\r\n`;
    const pieces = (sent: Sent) => {
      const anew = graphqlPost(sent, {
        cookie: scene.cookieOf(sent),
        body: { query: '{ __schema { __typename } }' },
      });
      return [scene.post(sent) + anew + user(sent) + scene.post(sent) + scene.post(sent) + user(sent)];
    };
    const answers = 6;
    expect(await scene.expectSame((sent) => ({ pieces: pieces(sent), answers }), answers)).toEqual(
      Array(6).fill(200),
    );
    expect(await scene.hotRequests()).toBe(5);
  });
});

scene.tellsTheSame(80);
